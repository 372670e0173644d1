"""Pages of what members share."""
