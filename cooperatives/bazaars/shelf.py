"""What of a member's goods can go to a bazaar or come back: lots by the place where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.bazaars.loads import lines_of
from cooperatives.lot_codes import code_of
from cooperatives.models import BazaarLoad, BazaarLoadLine, Level, Lot, Place
from cooperatives.rights import COORDINATE, KEEP
from core import access
from core.actors import Actor
from sellers.models import Listing, Variant
from sellers.rights import STOCK


@dataclass(frozen=True, slots=True)
class Standing:
    """Units of one lot that are promised to nobody, at one place."""

    lot_id: int
    name: str
    code: str
    place_id: int
    place: str
    units: int


@dataclass(frozen=True, slots=True)
class Load:
    """A load with its lines: lot, name, units sent and arrived."""

    row: BazaarLoad
    lines: list[tuple[int, str, int, int | None]]

    @property
    def is_missing(self) -> bool:
        """Whether something did not arrive and nobody has said what became of it."""
        return self.row.taken_in_at is not None and self.row.settled_at is None


def to_send(db: Session, actor: Actor, seller_id: int) -> list[Standing]:
    """Her goods at homes and kiosks that the actor tends."""
    kept = access.subjects(db, actor, KEEP)
    boards = access.subjects(db, actor, COORDINATE)
    homes = access.subjects(db, actor, STOCK)
    tended = (
        (Place.kind == "kiosk") & (Place.id.in_(kept) | Place.organisation_id.in_(boards))
    ) | ((Place.kind == "home") & Place.seller_id.in_(homes))
    return _standing(db, seller_id, tended)


def in_box(db: Session, place_id: int, seller_id: int) -> list[Standing]:
    """What the record says is still there."""
    return _standing(db, seller_id, Place.id == place_id)


def _standing(db: Session, seller_id: int, where: Any) -> list[Standing]:
    free = (Level.on_hand - Level.reserved).label("units")
    query = (
        select(Lot.id, Listing.name, Variant.name.label("size"), Place.id.label("place_id"))
        .add_columns(Place.name.label("place"), free)
        .join(Level, Level.lot_id == Lot.id)
        .join(Place, Place.id == Level.place_id)
        .join(Variant, Variant.id == Lot.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .where(Lot.owner_id == seller_id, free > 0, where)
        .order_by(Place.name, Listing.name, Lot.best_before.nulls_last(), Lot.id)
    )
    return [
        Standing(
            row.id,
            f"{row.name} {row.size}".strip(),
            code_of(row.id),
            row.place_id,
            row.place,
            row.units,
        )
        for row in db.execute(query)
    ]


def loads_of(db: Session, bazaar_id: int, seller_id: int) -> list[Load]:
    """Every load of a member, the newest first."""
    query = select(BazaarLoad).where(
        BazaarLoad.bazaar_id == bazaar_id, BazaarLoad.seller_id == seller_id
    )
    found = db.scalars(query.order_by(BazaarLoad.sent_at.desc())).all()
    names = _names(db, [load.id for load in found])
    return [
        Load(
            load,
            [(n.lot_id, names[n.lot_id], n.sent, n.arrived) for n in lines_of(db, load.id)],
        )
        for load in found
    ]


def _names(db: Session, load_ids: Sequence[Any]) -> dict[int, str]:
    query = (
        select(Lot.id, Listing.name, Variant.name.label("size"))
        .join(BazaarLoadLine, BazaarLoadLine.lot_id == Lot.id)
        .join(Variant, Variant.id == Lot.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .where(BazaarLoadLine.load_id.in_(load_ids))
    )
    return {row.id: f"{row.name} {row.size}".strip() for row in db.execute(query)}
