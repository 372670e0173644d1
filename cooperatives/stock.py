"""How much there is: what the web may sell of each variant, and what stands on a shelf, and whose.

These are the reads; the same conditions decide what `allocation` may promise, so a page and a sale
never disagree about what counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    BigInteger,
    any_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from cooperatives.levels import FREE
from cooperatives.models.stock import Level, Lot
from cooperatives.places import SELLABLE_ONLINE, TODAY
from core import clock
from core.db import PAGE_SIZE_MAX, Reader
from sellers.models import Listing, Seller, Variant
from sellers.publishing import SHOWN


@dataclass(frozen=True, slots=True)
class OnShelf:
    """One variant of one owner at a place: what a visitor may take home now."""

    variant_id: int
    listing_id: int
    listing_slug: str
    name: str
    name_en: str
    variant_name: str
    price: int
    owner_id: int
    owner_slug: str
    owner_name: str
    free: int
    best_before: date | None


VARIANTS, PLACES = (bindparam(n, type_=ARRAY(BigInteger)) for n in ("variants", "places"))
STILL_GOOD = or_(Lot.best_before.is_(None), Lot.best_before >= TODAY)
"""The lot may be sold: a best-before date is its last good day."""

SELLABLE = (FREE > 0, STILL_GOOD, Level.place_id.in_(SELLABLE_ONLINE))
"""What a level and its lot must be for the web to sell from it."""

ONLINE = (*SELLABLE, or_(PLACES.is_(None), Level.place_id == any_(PLACES)))
"""The same at some places only, where places are asked for."""

TOTALS = (
    select(Level.variant_id, func.sum(FREE).cast(BigInteger).label("free"))
    .join(Lot, Lot.id == Level.lot_id)
    .where(*ONLINE)
    .group_by(Level.variant_id)
)
"""`variant_id, free` of all the web may sell; a list page joins it, run with `asked()`."""

AVAILABLE = TOTALS.where(Level.variant_id == any_(VARIANTS))


def asked(
    variant_ids: Sequence[int] = (), place_ids: Sequence[int] | None = None
) -> dict[str, object]:
    """The values these statements are run with. They are built once: building costs more CPU than
    the database needs to answer.
    """
    places = None if place_ids is None else list(place_ids)
    return {"variants": list(variant_ids), "places": places, "today": clock.today()}


def available(
    db: Reader, variant_ids: Sequence[int], place_ids: Sequence[int] | None = None
) -> dict[int, int]:
    """Units of each variant that can be ordered online now, 0 where there are none; one query."""
    found = db.execute(AVAILABLE, asked(variant_ids, place_ids))
    return dict.fromkeys(variant_ids, 0) | {row.variant_id: row.free for row in found}


_UNPROMISED = Level.on_hand - Level.reserved
SHELF = (
    select(
        Variant.id,
        Listing.id,
        Listing.slug,
        Listing.name,
        Listing.name_en,
        Variant.name,
        Variant.price,
        Seller.id,
        Seller.slug,
        Seller.store_name,
        func.sum(_UNPROMISED).cast(BigInteger),
        func.min(Lot.best_before),
    )
    .join(Lot, Lot.id == Level.lot_id)
    .join(Variant, Variant.id == Level.variant_id)
    .join(Listing, Listing.id == Variant.listing_id)
    .join(Seller, Seller.id == Lot.owner_id)
    .where(Level.place_id == any_(PLACES), Level.on_hand > 0, _UNPROMISED > 0)
    .where(STILL_GOOD, Variant.archived_at.is_(None))
    .where(SHOWN)
    .group_by(Variant.id, Listing.id, Seller.id)
    .order_by(Listing.name, Variant.position, Variant.id, Seller.id)
    .limit(PAGE_SIZE_MAX)
)


def at_place(db: Reader, place_id: int) -> list[OnShelf]:
    """What stands on a shelf now and whose it is, live listings only; one query.

    Goods kept for the till are on the shelf too: who stands before it may buy them.
    """
    return [OnShelf(*tuple(row)) for row in db.execute(SHELF, asked(place_ids=[place_id]))]
