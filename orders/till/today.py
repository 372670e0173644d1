"""A place's sales, for the keeper and the coordinator who answers for it."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives import places
from cooperatives.models import Lot, Place
from cooperatives.rights import COORDINATE, KEEP
from core import access, audit, clock, tasks
from core.actors import Actor
from core.clock import WIB
from core.db import PAGE_SIZE_MAX, Reader, in_transaction
from core.errors import NotFound
from core.people import Person
from orders.models import CounterLine, CounterSale, Line, Order
from orders.till import flags
from orders.till.sold import CHANNELS
from sellers.models import Seller


def places_of(db: Session, actor: Actor) -> list[Place]:
    """Places with a till that the actor keeps or whose organisation she coordinates, by name."""
    kept = access.subjects(db, actor, KEEP)
    coordinated = access.subjects(db, actor, COORDINATE)
    query = select(Place).where(
        Place.kind.in_(CHANNELS), Place.id.in_(kept) | Place.organisation_id.in_(coordinated)
    )
    return list(db.scalars(query.order_by(Place.name)))


def list_of(db: Reader, place: Place, day: date, *, only_flagged: bool = False) -> Sequence[Any]:
    """Sales of one day at a place, the newest first; the caller has checked the place.

    Columns: CounterSale, number, total.
    """
    begins = datetime.combine(day, time(), WIB)
    query = (
        select(CounterSale, Order.number, Order.total)
        .join(Order, Order.id == CounterSale.order_id)
        .where(CounterSale.place_id == place.id)
        .where(CounterSale.sold_at >= begins, CounterSale.sold_at < begins + timedelta(days=1))
        .order_by(CounterSale.sold_at.desc(), Order.number.desc())
        .limit(PAGE_SIZE_MAX)
    )
    if only_flagged:
        query = query.where(func.cardinality(CounterSale.flags) > 0)
    return db.execute(query).all()


def sums_of(db: Reader, place: Place, day: date) -> tuple[int, int, int]:
    """How many sales stand of a day at a place, and their cash and QRIS."""
    begins = datetime.combine(day, time(), WIB)
    query = select(
        func.count(CounterSale.order_id),
        func.coalesce(func.sum(CounterSale.cash), 0),
        func.coalesce(func.sum(CounterSale.qris), 0),
    ).where(
        CounterSale.place_id == place.id,
        CounterSale.undone_at.is_(None),
        CounterSale.sold_at >= begins,
        CounterSale.sold_at < begins + timedelta(days=1),
    )
    count, cash, qris = db.execute(query).one()
    return int(count), int(cash), int(qris)


def get_sale(db: Session, actor: Actor, order_id: UUID) -> tuple[CounterSale, Order, Place]:
    """One sale at a place the actor tends; raises NotFound."""
    sale = db.get(CounterSale, order_id, populate_existing=True)
    if sale is None:
        raise NotFound
    place = places.tended(db, actor, sale.place_id)
    return sale, db.get_one(Order, order_id), place


def lines_of(db: Reader, order_id: UUID) -> Sequence[Any]:
    """Its lines: Line, CounterLine, who (the maker's shop), batch, best_before."""
    query = (
        select(Line, CounterLine, Seller.store_name.label("who"), Lot.batch, Lot.best_before)
        .join(CounterLine, CounterLine.line_id == Line.id)
        .join(Seller, Seller.id == Line.seller_id)
        .join(Lot, Lot.id == Line.lot_id)
        .where(Line.order_id == order_id)
        .order_by(Line.position)
    )
    return db.execute(query).all()


def keeper_of(db: Session, sale: CounterSale) -> str:
    """Who sold it, as the house calls her."""
    return db.get_one(Person, sale.keeper_id).call_me


@in_transaction(retries=3)
def looked_at(db: Session, *, actor: Actor, order_id: UUID) -> None:
    """Somebody has looked at a flagged sale; it asks no more."""
    sale, order, _place = get_sale(db, actor, order_id)
    if sale.looked_at is None:
        sale.looked_at, sale.looked_by = clock.now(), actor.person_id
        tasks.close(db, flags.LOOK, actor=actor, doc=("order", order.id), reason="looked at")
        audit.record(db, actor, "till.looked", "order", order.id)
