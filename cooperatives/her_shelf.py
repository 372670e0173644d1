"""What stands of hers at kiosks and bazaars now, and what was sold of it today."""

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import Select, case, func, select

from cooperatives.her_goods import CONSIGNED
from cooperatives.models.stock import Level, Lot, Movement, Place
from core import clock
from core.actors import Actor
from core.clock import WIB
from core.db import Reader
from sellers.owning import mine

REVERSED = Movement.__table__.alias("reversed")


@dataclass(frozen=True, slots=True)
class Figures:
    """`left` is by level, as on her page; both sums are of all her goods at others' places."""

    shelf: int
    sold: int
    left: dict[int, int]


def now(db: Reader, actor: Actor, seller_id: int) -> Figures:
    """As of this moment; nothing for a shop that is not hers."""
    rows = db.execute(_levels(actor, seller_id)).all()
    return Figures(
        shelf=sum(row.on_hand for row in rows),
        sold=_sold_today(db, {row.lot_id for row in rows}, {row.place_id for row in rows}),
        left={row.id: row.on_hand for row in rows if row.on_hand or row.is_of_today},
    )


def _levels(actor: Actor, seller_id: int) -> Select[int, int, int, int, bool]:
    since = _midnight()
    moved = select(Movement.id).where(
        Movement.lot_id == Level.lot_id,
        Movement.from_place_id == Level.place_id,
        Movement.posted_at >= since,
    )
    return (
        select(
            Level.id,
            Level.lot_id,
            Level.place_id,
            Level.on_hand,
            moved.exists().label("is_of_today"),
        )
        .join(Lot, Lot.id == Level.lot_id)
        .join(Place, Place.id == Level.place_id)
        .where(Place.kind.in_(CONSIGNED), Lot.owner_id == seller_id, mine(actor, Lot.owner_id))
        .order_by(Level.id)
    )


def _midnight() -> datetime:
    return datetime.combine(clock.today(), time(), WIB)


def _sold_today(db: Reader, lot_ids: set[int], place_ids: set[int]) -> int:
    """Sales of today less those of them that were undone."""
    units = case((Movement.kind == "sale", Movement.quantity), else_=-Movement.quantity)
    undone = select(REVERSED.c.id).where(
        REVERSED.c.id == Movement.reverses_id, REVERSED.c.kind == "sale"
    )
    query = select(func.coalesce(func.sum(units), 0)).where(
        Movement.lot_id.in_(lot_ids),
        Movement.posted_at >= _midnight(),
        ((Movement.kind == "sale") & Movement.from_place_id.in_(place_ids)) | undone.exists(),
    )
    return int(db.scalar(query) or 0)
