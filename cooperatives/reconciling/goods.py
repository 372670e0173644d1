"""Goods that add up: by place, by owner or by lot, each line opening into the next.

What stands now is the level, which the doctor compares with the movements (S1); what stood before
is told from there, back through the movements since. So a page costs what happened in its days
and not what happened in all the years before. One lot alone is added up from its very first
movement, and compared with its levels.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Subquery, cast, func, or_, select, union_all
from sqlalchemy.orm import Session

from cooperatives.models.stock import Level, Lot, Movement, Place
from cooperatives.reconciling import sight
from cooperatives.reconciling.asked import Scope, Sums, added
from cooperatives.reconciling.sight import Sight
from core.actors import Actor
from sellers.models import Listing, Seller, Variant

ADJUSTING = ("count", "reversal")
"""Movements that put a record right; all others are goods that came or left."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a place, an owner, or a lot at a place; the ids lead to what it is made of."""

    place_id: int
    place: str
    sums: Sums
    owner_id: int | None = None
    owner: str = ""
    lot_id: int | None = None
    name: str = ""
    batch: str = ""
    best_before: date | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """All lines, and what they add up to."""

    lines: list[Line]
    total: Sums
    is_whole: bool


def account(db: Session, actor: Actor, scope: Scope) -> Account:
    """What she asked for, line by line; raises NotFound where nothing of it is hers to see."""
    seen = sight.of(db, actor, scope)
    rows = db.execute(_lines(scope, seen)).all() if seen.place_ids else []
    lines = [_line(row) for row in rows]
    is_whole = all(row.closing == row.counted for row in rows)
    return Account(lines, added([line.sums for line in lines]), is_whole)


def _line(row: Any) -> Line:
    sums = Sums(row.opening, row.came, row.went, row.adjusted, row.closing)
    more = {
        name: getattr(row, name)
        for name in ("owner_id", "owner", "lot_id", "batch", "best_before")
        if hasattr(row, name)
    }
    if hasattr(row, "size"):
        more["name"] = f"{row.name} {row.size}".strip()
    return Line(place_id=row.place_id, place=row.place, sums=sums, **more)


def _lines(scope: Scope, seen: Sight) -> Select[*tuple[Any, ...]]:
    """Sums by place; of one place by owner; of one owner or lot by lot and place."""
    each = _of_each(scope, seen)
    keys: list[Any] = [Place.id.label("place_id"), Place.name.label("place")]
    order: list[Any] = [Place.name, Place.id]
    if scope.place_id or scope.owner_id or scope.lot_id:
        keys += [Seller.id.label("owner_id"), Seller.store_name.label("owner")]
        order = [Seller.store_name, Seller.id, *order]
    if scope.owner_id or scope.lot_id:
        keys += [Lot.id.label("lot_id"), Lot.batch, Lot.best_before,
                 Listing.name, Variant.name.label("size")]  # fmt: skip
        order = [Listing.name, Lot.best_before.nulls_last(), Lot.id, *order]
    query = (
        select(*keys, *(_whole(each.c[name]) for name in _FIGURES))
        .select_from(each)
        .join(Lot, Lot.id == each.c.lot_id)
        .join(Place, Place.id == each.c.place_id)
        .join(Seller, Seller.id == Lot.owner_id)
        .where(seen.of_hers())
    )
    if scope.owner_id:
        query = query.where(Lot.owner_id == scope.owner_id)
    if scope.owner_id or scope.lot_id:
        query = query.join(Variant, Variant.id == Lot.variant_id)
        query = query.join(Listing, Listing.id == Variant.listing_id)
    bare = [getattr(key, "element", key) for key in keys]
    return query.group_by(*bare).order_by(*order)


_FIGURES = ("opening", "came", "went", "adjusted", "closing", "counted")


def _whole(column: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(func.sum(column), Integer).label(column.key)


def _of_each(scope: Scope, seen: Sight) -> Subquery:
    """Of each lot at each place: what stood, came, left, was put right and stands, and by level.

    Where one lot is asked for, `opening` is added up from its beginning; else it follows from the
    level, so `counted` differs from `closing` only there.
    """
    stands = select(Level.lot_id, Level.place_id, Level.on_hand)
    stands = stands.where(Level.place_id.in_(seen.place_ids))
    stands = stands.where(Level.lot_id == scope.lot_id if scope.lot_id else Level.on_hand > 0)
    now, moved = stands.subquery("now"), _moved(scope, seen)
    both = (now.c.lot_id == moved.c.lot_id) & (now.c.place_id == moved.c.place_id)
    was = {name: func.coalesce(moved.c[name], 0) for name in ("before", "came", "went", "adjusted")}
    then = func.coalesce(now.c.on_hand, 0) - func.coalesce(moved.c.after, 0)
    flow = was["came"] - was["went"] + was["adjusted"]
    opening = was["before"] if scope.lot_id else then - flow
    query = select(
        func.coalesce(now.c.lot_id, moved.c.lot_id).label("lot_id"),
        func.coalesce(now.c.place_id, moved.c.place_id).label("place_id"),
        opening.label("opening"),
        was["came"].label("came"),
        was["went"].label("went"),
        was["adjusted"].label("adjusted"),
        (opening + flow).label("closing"),
        then.label("counted"),
    ).select_from(now.join(moved, both, full=True))
    each = query.subquery()
    happened = or_(*(each.c[name] != 0 for name in _FIGURES))
    return select(each).where(happened).subquery("each")


def _moved(scope: Scope, seen: Sight) -> Subquery:
    """What moved at either end, by lot and place, before, in and after the days asked for."""
    days = scope.days
    ends = []
    for place, units in (
        (Movement.to_place_id, Movement.quantity),
        (Movement.from_place_id, -Movement.quantity),
    ):
        end = select(
            Movement.lot_id,
            place.label("place_id"),
            units.label("units"),
            Movement.kind,
            Movement.posted_at,
        ).where(place.in_(seen.place_ids))
        ends.append(
            end.where(Movement.lot_id == scope.lot_id)
            if scope.lot_id
            else end.where(Movement.posted_at >= days.since)
        )
    found = union_all(*ends).subquery("found")
    within = (found.c.posted_at >= days.since) & (found.c.posted_at < days.until)
    flows = within & found.c.kind.not_in(ADJUSTING)
    parts = {
        "before": (found.c.units, found.c.posted_at < days.since),
        "came": (found.c.units, flows & (found.c.units > 0)),
        "went": (-found.c.units, flows & (found.c.units < 0)),
        "adjusted": (found.c.units, within & found.c.kind.in_(ADJUSTING)),
        "after": (found.c.units, found.c.posted_at >= days.until),
    }
    sums = [
        func.coalesce(func.sum(units).filter(where), 0).label(name)
        for name, (units, where) in parts.items()
    ]
    each = (found.c.lot_id, found.c.place_id)
    return select(*each, *sums).group_by(*each).subquery("moved")
