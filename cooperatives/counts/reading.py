"""Reading a count: its lines with what moved since, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from cooperatives import places
from cooperatives.counts.sums import Frozen, Moved, State, Told, Verdict, verdict
from cooperatives.lot_codes import code_of
from cooperatives.models import (
    CounterLease,
    Level,
    Lot,
    Movement,
    Place,
    StockCount,
    StockCountLine,
)
from cooperatives.models.counting import StockCountNumber
from core import clock
from core.actors import Actor
from core.db import Reader
from core.errors import NotFound
from core.people import Person
from sellers.models import Category, Listing, Seller, Variant

LIST_MAX = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One lot of a count, with all that is known of it."""

    line: StockCountLine
    owner_id: int
    terms_id: int
    organisation_id: int
    owner: str
    name: str
    unit: str
    batch: str
    best_before: date | None
    price: int
    on_hand: int
    moves: Sequence[Moved]
    told: Sequence[Told]
    late: Sequence[Told]

    @property
    def lot_id(self) -> int:
        """The lot."""
        return self.line.lot_id

    @property
    def code(self) -> str:
        """What its label says."""
        return code_of(self.line.lot_id)

    @property
    def frozen(self) -> Frozen:
        """The point from which its difference is told."""
        return Frozen(self.line.on_record, self.line.seen_id, self.line.frozen_at)

    def verdict(self, page_saw: int | None = None) -> Verdict:
        """What it says; once posted, what was posted."""
        if self.line.difference is not None:
            state = State.DIFFERS if self.line.difference else State.SAME
            return Verdict(state, self.line.difference)
        return verdict(
            self.frozen,
            self.moves,
            self.told,
            choice=self.line.choice,
            kept_until=self.line.kept_until or 0,
            page_saw=page_saw,
        )

    def late_units(self, count: StockCount) -> int:
        """Units that had come or gone before she counted, and came in after it was posted."""
        if not self.told or count.state != "posted":
            return 0
        at = max(self.told[-1].at, self.frozen.at)
        late = (m for m in self.moves if m.id > count.ended_seen and not m.is_paper)
        return sum(move.units for move in late if move.at <= at)

    def is_hidden(self, count: StockCount) -> bool:
        """Whether its record and the numbers of others stay unseen: the count is blind, and not
        two people have counted it yet.
        """
        is_blind = count.is_blind and count.state == "open" and count.shown_at is None
        return is_blind and len(self.told) < 2

    def of(self, person_id: int | None) -> int | None:
        """The number that one person wrote."""
        return next((one.quantity for one in self.told if one.person_id == person_id), None)


def get(db: Session, actor: Actor, count_id: UUID) -> tuple[StockCount, Place]:
    """A count of a place that the actor tends; raises NotFound."""
    count = db.get(StockCount, count_id)
    if count is None:
        raise NotFound
    return count, places.tended(db, actor, count.place_id)


def rows(db: Reader, count: StockCount, lot_ids: Sequence[int] | None = None) -> list[Row]:
    """The lines of a count by owner and name; the caller has checked who asks."""
    query = (
        select(
            StockCountLine, Lot.owner_id, Lot.terms_id, Lot.organisation_id, Seller.store_name,
            Listing.name, Variant.name, Variant.unit, Lot.batch, Lot.best_before, Variant.price,
            func.coalesce(Level.on_hand, 0),
        )
        .join(Lot, Lot.id == StockCountLine.lot_id)
        .join(Seller, Seller.id == Lot.owner_id)
        .join(Variant, Variant.id == Lot.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .outerjoin(Level, and_(Level.lot_id == Lot.id, Level.place_id == count.place_id))
        .where(StockCountLine.count_id == count.id)
        .order_by(Seller.store_name, Seller.id, Listing.name, Variant.name, Lot.id)
    )  # fmt: skip
    if lot_ids is not None:
        query = query.where(StockCountLine.lot_id.in_(lot_ids))
    moves, told = _moves(db, count), _told(db, count)
    return [
        Row(
            line, owner_id, terms_id, organisation_id, owner, f"{name} {size}".strip(), unit,
            batch, until, price, on_hand,
            moves.get(line.lot_id, ()), told.get((line.lot_id, False), ()),
            told.get((line.lot_id, True), ()),
        )
        for (
            line, owner_id, terms_id, organisation_id, owner, name, size, unit, batch, until,
            price, on_hand,
        ) in db.execute(query)
    ]  # fmt: skip


def _moves(db: Reader, count: StockCount) -> dict[int, list[Moved]]:
    """What came and went since the frozen point. A reversal belongs to the moment of its slip."""
    slip = aliased(Movement)
    happened = func.coalesce(slip.device_at, slip.posted_at, Movement.device_at, Movement.posted_at)
    here = or_(Movement.from_place_id == count.place_id, Movement.to_place_id == count.place_id)
    query = (
        select(
            Movement.lot_id, Movement.id, Movement.quantity,
            (Movement.to_place_id == count.place_id).label("came"), happened,
            or_(Movement.kind == "count", slip.kind == "count"),
        )
        .join(StockCountLine, StockCountLine.lot_id == Movement.lot_id)
        .outerjoin(slip, slip.id == Movement.reverses_id)
        .where(StockCountLine.count_id == count.id, Movement.id > StockCountLine.seen_id, here)
        .order_by(Movement.id)
    )  # fmt: skip
    found: dict[int, list[Moved]] = {}
    for lot_id, number, quantity, came, at, is_paper in db.execute(query):
        units = quantity if came else -quantity
        found.setdefault(lot_id, []).append(Moved(number, units, at, bool(is_paper)))
    return found


def _told(db: Reader, count: StockCount) -> dict[tuple[int, bool], list[Told]]:
    query = (
        select(
            StockCountNumber.lot_id, StockCountNumber.is_late, StockCountNumber.person_id,
            StockCountNumber.quantity, StockCountNumber.counted_at,
        )
        .where(StockCountNumber.count_id == count.id)
        .order_by(StockCountNumber.counted_at, StockCountNumber.person_id)
    )  # fmt: skip
    found: dict[tuple[int, bool], list[Told]] = {}
    for lot_id, is_late, person_id, quantity, at in db.execute(query):
        found.setdefault((lot_id, is_late), []).append(Told(person_id, quantity, at))
    return found


def counters(db: Reader, count: StockCount) -> dict[int, str]:
    """Who wrote numbers in time, by name."""
    wrote = select(StockCountNumber.person_id).where(
        StockCountNumber.count_id == count.id, StockCountNumber.is_late.is_(False)
    )
    query = select(Person.id, Person.call_me).where(Person.id.in_(wrote))
    return {row.id: row.call_me for row in db.execute(query)}


def latest_at(db: Session, place_id: int) -> Sequence[StockCount]:
    """The newest counts of a place, open ones first."""
    query = (
        select(StockCount)
        .where(StockCount.place_id == place_id)
        .order_by(StockCount.state != "open", StockCount.opened_at.desc())
        .limit(LIST_MAX)
    )
    return db.scalars(query).all()


def shelves(db: Reader, place_id: int) -> Any:
    """What stands at a place, to choose a shelf from: owners and kinds, with how many lots."""
    on = (
        select(Level.id)
        .join(Lot, Lot.id == Level.lot_id)
        .join(Seller, Seller.id == Lot.owner_id)
        .join(Variant, Variant.id == Lot.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .outerjoin(Category, Category.id == Listing.category_id)
        .where(Level.place_id == place_id, Level.on_hand > 0)
    )
    owners = on.with_only_columns(Seller.id, Seller.store_name.label("name")).distinct()
    kinds = on.with_only_columns(Category.id, Category.name.label("name")).distinct()
    return (
        db.execute(owners.order_by(Seller.store_name)).all(),
        db.execute(kinds.where(Category.id.is_not(None)).order_by(Category.name)).all(),
    )


def is_till_open(db: Reader, place_id: int) -> bool:
    """Whether a till is open there, that may still hold sales nobody has heard of."""
    query = select(CounterLease.place_id).where(
        CounterLease.place_id == place_id, CounterLease.until > clock.now()
    )
    return db.execute(query).first() is not None


def called(db: Session, count: StockCount) -> str:
    """Which shelf a count is about, in words."""
    if count.cut_by == "expiry":
        return str(_("Habis dalam %(n)s hari", n=count.shelf))
    if count.cut_by == "owner":
        return db.get_one(Seller, count.shelf).store_name
    if count.cut_by == "category":
        return db.get_one(Category, count.shelf).name
    return str(_("Seluruh rak"))
