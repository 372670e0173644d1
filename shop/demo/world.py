"""Loads the demo world once, on an empty database, in the order in which a real house fills."""

from core.db import db
from shop.demo import people


def load() -> bool:
    """Load everything; says whether it did. On a house where somebody lives it does nothing."""
    if not people.is_empty(db.session()):
        return False
    people.load()
    return True
