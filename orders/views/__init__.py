"""Pages of the orders' floor: the buyer's order, the maker's parcels, the keeper's desk."""
