"""One-page reports of what a group did, made from the figures that the house has already."""
