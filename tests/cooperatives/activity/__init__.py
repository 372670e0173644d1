"""Activity reports."""
