"""One cooking of a product as whoever scanned its label may know it: until when it is good."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from cooperatives.models.stock import Lot
from core.db import Reader
from sellers.models import Variant

CODE_MAX = 40


@dataclass(frozen=True, slots=True)
class Batch:
    """The code on the label, and the day until which the first of its units are good."""

    code: str
    best_before: date | None


def find(db: Reader, listing_id: int, variant_id: int, code: str) -> Batch | None:
    """The batch of one size, where goods with that code came in; nothing else about the lots."""
    code = code.strip()
    if not code or len(code) > CODE_MAX or not code.isprintable():
        return None
    query = (
        select(func.min(Lot.batch), func.min(Lot.best_before), func.count())
        .join(Variant, Variant.id == Lot.variant_id)
        .where(
            Variant.listing_id == listing_id,
            Lot.variant_id == variant_id,
            func.lower(Lot.batch) == code.lower(),
        )
    )
    found, best_before, count = db.execute(query).one()
    return Batch(found, best_before) if count else None
