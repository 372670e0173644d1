"""What a size cost before: labels printed then are still on the shelf."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.db import Reader
from sellers.models import PriceChange, Variant


@dataclass(frozen=True, slots=True)
class OldPrice:
    """A price that counted until a moment."""

    price: int
    until: datetime


def changed(db: Session, variant_id: int, was: int, price: int) -> None:
    """Note that a price was another one until now."""
    db.add(PriceChange(variant_id=variant_id, was=was, price=price, changed_at=clock.now()))


def prices_since(
    db: Reader, variant_ids: Collection[int], since: datetime
) -> dict[int, list[OldPrice]]:
    """Prices that counted at some time since then and do no more, the newest first, each once.

    A size whose price is the same as ever since is left out; today's price is never among them.
    """
    query = (
        select(PriceChange.variant_id, PriceChange.was, PriceChange.changed_at)
        .join(Variant, Variant.id == PriceChange.variant_id)
        .where(PriceChange.variant_id.in_(variant_ids), PriceChange.changed_at > since)
        .where(PriceChange.was != Variant.price)
        .order_by(PriceChange.variant_id, PriceChange.id.desc())
    )
    found: dict[int, list[OldPrice]] = {}
    for variant_id, was, until in db.execute(query):
        known = found.setdefault(variant_id, [])
        if was not in {one.price for one in known}:
            known.append(OldPrice(was, until))
    return found
