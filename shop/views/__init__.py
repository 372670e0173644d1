"""Pages of the shop floor: what a buyer sees."""
