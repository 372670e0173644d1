"""Counting shelves: what is there against what the record says, and who answers for the rest."""
