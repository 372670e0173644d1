"""What the books added up to is carried forward: pages cost their days, not all years."""
