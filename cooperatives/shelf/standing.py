"""What stands at a place, lot by lot: whose it is, until when, and what its owner gets of it.

Only levels with goods are read, so a shelf costs the same however long its history is.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from cooperatives import consignment
from cooperatives.lot_codes import code_of, lot_of
from cooperatives.models import ConsignNote, ConsignNoteLine, Level, Lot, Place, TermsRate
from cooperatives.notebook import stands
from cooperatives.receiving import notes
from cooperatives.receiving.intake import SOLD_AS
from cooperatives.sharing import Rate
from core import clock
from core.db import Reader
from sellers.models import Listing, Seller, Variant

ROWS_MAX = 200
FEW = 3
ASKED_DAYS = 90  # A kiosk asks again for what came in so long ago at most.


@dataclass(frozen=True, slots=True)
class Row:
    """One lot at a place. `state` is good, pull (its owner's terms take it off now) or past."""

    lot_id: int
    variant_id: int
    name: str
    unit: str
    owner_id: int
    owner: str
    batch: str
    best_before: date | None
    pull_on: date | None
    on_hand: int
    promised: int
    price: int
    for_owner: int
    state: str

    @property
    def code(self) -> str:
        """What its label says."""
        return code_of(self.lot_id)

    @property
    def free(self) -> int:
        """What may be moved: nobody was promised it."""
        return self.on_hand - self.promised


@dataclass(frozen=True, slots=True)
class Few:
    """A size of which little or nothing is left at a place."""

    variant_id: int
    name: str
    unit: str
    owner_id: int
    owner: str
    left: int


def of_place(
    db: Session, place: Place, *, order: str = "owner", words: str = "", owner_id: int = 0
) -> list[Row]:
    """The shelf by owner, or what expires first (`expiry`), or what must leave it (`pull`)."""
    query = _standing(place)
    if owner_id:
        query = query.where(Lot.owner_id == owner_id)
    if words:
        query = query.where(_said(words))
    if order == "pull":
        query = query.where(Lot.best_before.is_not(None), _pull_on() <= clock.today())
    by_date = (Lot.best_before.nulls_last(), Lot.received_at, Lot.id)
    by_owner = (func.lower(Seller.store_name), Seller.id, Listing.name, Variant.position)
    query = query.order_by(*(by_owner if order == "owner" else ()), *by_date).limit(ROWS_MAX)
    found = db.execute(query).all()
    sheets = consignment.sheets(db, list({row.terms_id for row in found}))
    return [_row(row, sheets[row.terms_id], place) for row in found]


def get_at(db: Session, place: Place, lot_id: int) -> Row | None:
    """One lot where it stands at the place."""
    found = db.execute(_standing(place).where(Lot.id == lot_id)).one_or_none()
    if found is None:
        return None
    return _row(found, consignment.sheets(db, [found.terms_id])[found.terms_id], place)


def _pull_days() -> ColumnElement[int]:
    return func.coalesce(TermsRate.pull_days, literal(Rate().pull_days))


def _pull_on() -> ColumnElement[date | None]:
    return Lot.best_before - cast(_pull_days(), Integer)  # PostgreSQL takes no bigint off a day.


def _standing(place: Place) -> Select[*tuple[Any, ...]]:
    channel, kind = SOLD_AS[place.kind]
    rate = and_(
        TermsRate.terms_id == Lot.terms_id,
        TermsRate.channel == channel,
        TermsRate.place_kind == kind,
    )
    return (
        select(
            Lot.id,
            Lot.variant_id,
            Lot.terms_id,
            Lot.batch,
            Lot.best_before,
            Level.on_hand,
            Level.reserved,
            Listing.name,
            Variant.name.label("size"),
            Variant.unit,
            Variant.price,
            Seller.id.label("owner_id"),
            Seller.store_name,
            _pull_days().label("pull_days"),
        )
        .select_from(Level)
        .join(Lot, Lot.id == Level.lot_id)
        .join(Variant, Variant.id == Lot.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .join(Seller, Seller.id == Lot.owner_id)
        .outerjoin(TermsRate, rate)
        .where(Level.place_id == place.id, Level.on_hand > 0)
    )


def _said(words: str) -> ColumnElement[bool]:
    """A label's code, or a part of a name."""
    if (lot_id := lot_of(words)) is not None:
        return Lot.id == lot_id
    like = f"%{words.replace('%', '').replace('_', '')}%"
    return or_(Listing.name.ilike(like), Seller.store_name.ilike(like), Lot.batch.ilike(like))


def _row(row: Any, terms: consignment.Sheet, place: Place) -> Row:
    today = clock.today()
    pull_on = row.best_before - timedelta(days=row.pull_days) if row.best_before else None
    is_past = row.best_before is not None and row.best_before < today
    state = "past" if is_past else "pull" if pull_on and pull_on <= today else "good"
    return Row(
        lot_id=row.id,
        variant_id=row.variant_id,
        name=f"{row.name} {row.size}".strip(),
        unit=row.unit,
        owner_id=row.owner_id,
        owner=row.store_name,
        batch=row.batch,
        best_before=row.best_before,
        pull_on=pull_on,
        on_hand=row.on_hand,
        promised=row.reserved,
        price=row.price,
        for_owner=notes.for_owner(terms, place.kind, row.price),
        state=state,
    )


def ending(organisation_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """Places of some organisations where goods must leave the shelf by their owners' terms, the
    soonest first: id, organisation_id, name, lots, units, soonest.
    """
    rate = and_(
        TermsRate.terms_id == Lot.terms_id,
        TermsRate.place_kind == Place.kind,
        or_(*(and_(Place.kind == kind, TermsRate.channel == channel)
              for kind, (channel, _kind) in SOLD_AS.items())),
    )  # fmt: skip
    soonest = func.min(Lot.best_before).label("soonest")
    return (
        select(
            Place.id, Place.organisation_id, Place.name, func.count().label("lots"),
            func.sum(Level.on_hand).label("units"), soonest,
        )
        .join(Level, Level.place_id == Place.id)
        .join(Lot, Lot.id == Level.lot_id)
        .outerjoin(TermsRate, rate)
        .where(Place.organisation_id.in_(organisation_ids), Place.kind.in_(SOLD_AS))
        .where(Level.on_hand > 0, Lot.best_before.is_not(None), _pull_on() <= clock.today())
        .group_by(Place.id)
        .order_by(soonest, Place.id)
    )  # fmt: skip


def due(db: Reader, owner: Seller) -> int | None:
    """What the books owe an owner today; a cooperative's own goods are no maker's money."""
    return stands(db, owner.person_id) if owner.person_id is not None else None


def few(db: Reader, place: Place) -> list[Few]:
    """Sizes that came in lately and are nearly or wholly gone, the emptiest first."""
    since = clock.now() - timedelta(days=ASKED_DAYS)
    brought = (
        select(ConsignNoteLine.variant_id, ConsignNote.owner_id)
        .join(ConsignNote, ConsignNote.id == ConsignNoteLine.note_id)
        .where(ConsignNote.place_id == place.id, ConsignNote.posted_at > since)
        .distinct()
        .subquery()
    )
    here = and_(
        Level.variant_id == brought.c.variant_id, Level.place_id == place.id, Level.on_hand > 0
    )
    left = func.coalesce(func.sum(Level.on_hand - Level.reserved), 0)
    query = (
        select(
            brought.c.variant_id, Listing.name, Variant.name.label("size"), Variant.unit,
            Seller.id.label("owner_id"), Seller.store_name, left.label("left"),
        )
        .select_from(brought)
        .join(Variant, Variant.id == brought.c.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .join(Seller, Seller.id == brought.c.owner_id)
        .outerjoin(Level, here)
        .where(Variant.archived_at.is_(None), Listing.state == "live", Seller.closed_at.is_(None))
        .group_by(brought.c.variant_id, Listing.id, Variant.id, Seller.id)
        .having(left <= FEW)
        .order_by(left, Listing.name)
        .limit(ROWS_MAX)
    )  # fmt: skip
    return [
        Few(
            row.variant_id, f"{row.name} {row.size}".strip(), row.unit, row.owner_id,
            row.store_name, int(row.left),
        )
        for row in db.execute(query)
    ]  # fmt: skip


def pieces(rows: Sequence[Row]) -> int:
    """How many stand there."""
    return sum(row.on_hand for row in rows)
