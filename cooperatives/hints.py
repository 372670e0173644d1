"""What a phone may tell at once, with or without signal: the house's own rules as plain data.

Nothing is decided here. The server reads every answer again and says the same.
"""

from collections.abc import Iterable
from typing import Any

from cooperatives.sharing import Rate
from sellers import claims, food_rules, shelf_words
from sellers.models import Category


def for_phone(shelves: Iterable[Category]) -> dict[str, Any]:
    """Words and their shelves, which of them are eaten, and what may not be written there."""
    by_slug = {one.slug: one for one in shelves if not one.closed_reason}
    known = shelf_words.vocabulary((one.slug, one.name) for one in by_slug.values())
    return {
        "words": {word: str(by_slug[slug].id) for word, slug in known.items()},
        "food": [str(one.id) for one in by_slug.values() if one.is_food],
        "edible": [str(one.id) for one in by_slug.values() if one.is_food or one.is_herbal],
        "claims": claims.as_data(),
        "permits": food_rules.as_data(),
    }


def shares(rate: Rate) -> list[int]:
    """What is taken of a price, in the order in which `sharing.split_line` takes it."""
    return [rate.kiosk_bp, rate.cooperative_bp, rate.operator_bp]
