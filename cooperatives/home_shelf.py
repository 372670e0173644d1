"""What stands at her home, size by size, for her own pages; `home_stock` is how it changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from cooperatives.home_stock import DOC, PRESSED
from cooperatives.models.stock import Level, Lot, Movement, Place
from core import clock
from core.db import Reader
from sellers.models import Listing, Variant

UNDO_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Pressed:
    """The last press on a size that can still be taken back."""

    act_id: str
    units: int
    is_more: bool
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Shelf:
    """One size at her home."""

    variant_id: int
    listing_id: int
    name: str
    net_weight_grams: int | None
    left: int
    promised: int
    pressed: Pressed | None


def of_listings(db: Reader, listing_ids: Sequence[int]) -> dict[int, list[Shelf]]:
    """The sizes of these products with what stands at home; the caller has checked whose they are.

    Two queries, however many products.
    """
    found: dict[int, list[Shelf]] = {}
    rows = db.execute(_standing(listing_ids)).all()
    last = _last_presses(db, [row.id for row in rows])
    for row in rows:
        shelf = Shelf(
            row.id,
            row.listing_id,
            row.name,
            row.net_weight_grams,
            int(row.left),
            int(row.promised),
            last.get(row.id),
        )
        found.setdefault(row.listing_id, []).append(shelf)
    return found


def _standing(listing_ids: Sequence[int]) -> Select[int, int, str, int | None, int, int]:
    at_her_home = and_(Place.kind == "home", Place.seller_id == Listing.seller_id)
    here = and_(Level.variant_id == Variant.id, Level.place_id == Place.id)
    return (
        select(
            Variant.id,
            Variant.listing_id,
            Variant.name,
            Variant.net_weight_grams,
            func.coalesce(func.sum(Level.on_hand), 0).label("left"),
            func.coalesce(func.sum(Level.reserved), 0).label("promised"),
        )
        .join(Listing, Listing.id == Variant.listing_id)
        .outerjoin(Place, at_her_home)
        .outerjoin(Level, here)
        .where(Variant.listing_id.in_(listing_ids), Variant.archived_at.is_(None))
        .group_by(Variant.id)
        .order_by(Variant.position, Variant.id)
    )


def _last_presses(db: Reader, variant_ids: Sequence[int]) -> dict[int, Pressed]:
    """The newest press on each size, where it is young and has not been taken back."""
    undone = aliased(Movement)
    units = func.sum(Movement.quantity).over(partition_by=(Lot.variant_id, Movement.doc_id))
    is_undone = select(undone.id).where(undone.reverses_id == Movement.id).exists()
    query = (
        select(
            Lot.variant_id,
            Movement.doc_id,
            units.label("units"),
            case((Movement.kind == "receive", True), else_=False).label("is_more"),
            Movement.reason,
            Movement.posted_at,
            is_undone.label("is_undone"),
        )
        .ext(distinct_on(Lot.variant_id))
        .join(Lot, Lot.id == Movement.lot_id)
        .where(Lot.variant_id.in_(variant_ids), Movement.doc_type == DOC)
        .where(Movement.kind.in_(PRESSED), Movement.posted_at > clock.now() - UNDO_FOR)
        .order_by(Lot.variant_id, Movement.id.desc())
    )
    return {
        row.variant_id: Pressed(
            row.doc_id, int(row.units), row.is_more, row.reason, row.posted_at
        )
        for row in db.execute(query)
        if not row.is_undone
    }  # fmt: skip
