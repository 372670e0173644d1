"""Parcels as their people see them: who may handle one, and what is in it.

A parcel from a home is handled by whoever may sell for that seller, one from a kiosk by its keeper;
the coordinator of the place's organisation may step in for both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from cooperatives.models import Place
from cooperatives.rights import COORDINATE, KEEP
from cooperatives.sharing import Shares
from core import access
from core.actors import Actor
from core.db import Reader
from core.errors import NotFound
from orders.models import Contact, Line, Order, Parcel
from orders.states import OrderState, ParcelState
from sellers.rights import SELL

DUE = (OrderState.PAID, OrderState.ON_DELIVERY, OrderState.COMPLETED)
OPEN = (ParcelState.TO_ACCEPT, ParcelState.ACCEPTED, ParcelState.PACKED, ParcelState.HANDED_OVER)
LIST_MAX = 100


@dataclass(frozen=True, slots=True)
class Handled:
    """A parcel with the order it belongs to and the place it leaves."""

    parcel: Parcel
    order: Order
    place: Place


def may_handle(db: Reader, actor: Actor) -> ColumnElement[bool]:
    """The SQL condition on `Place` for parcels this actor may handle."""
    return or_(
        and_(Place.kind == "home", Place.seller_id.in_(access.subjects(db, actor, SELL))),
        Place.id.in_(access.subjects(db, actor, KEEP)),
        Place.organisation_id.in_(access.subjects(db, actor, COORDINATE)),
    )


def lock(db: Session, actor: Actor, parcel_id: int) -> Handled:
    """The order and then the parcel, locked, for an actor who may handle it; raises NotFound."""
    found = db.execute(
        select(Parcel.order_id, Place)
        .join(Place, Place.id == Parcel.place_id)
        .where(Parcel.id == parcel_id, _reachable(db, actor))
    ).first()
    if found is None:
        raise NotFound
    order = db.get_one(Order, found[0], with_for_update=True, populate_existing=True)
    parcel = db.get_one(Parcel, parcel_id, with_for_update=True, populate_existing=True)
    if order.state not in DUE:
        raise NotFound
    return Handled(parcel, order, found[1])


def _reachable(db: Reader, actor: Actor) -> ColumnElement[bool]:
    """`may_handle`, and everything for the house itself."""
    return Place.id.is_not(None) if actor.is_system else may_handle(db, actor)


def list_open(db: Session, actor: Actor, *, kind: str) -> list[Handled]:
    """Open parcels of homes or of kiosks that the actor handles, most urgent first."""
    query = (
        select(Parcel, Order, Place)
        .join(Order, Order.id == Parcel.order_id)
        .join(Place, Place.id == Parcel.place_id)
        .where(Parcel.state.in_(OPEN), Order.state.in_(DUE), Place.kind == kind)
        .where(may_handle(db, actor))
        .order_by(Parcel.accept_by.nulls_last(), Parcel.id)
        .limit(LIST_MAX)
    )
    return [Handled(row[0], row[1], row[2]) for row in db.execute(query)]


def get_handled(db: Session, actor: Actor, parcel_id: int) -> Handled:
    """One parcel the actor handles, to look at; raises NotFound."""
    row = db.execute(
        select(Parcel, Order, Place)
        .join(Order, Order.id == Parcel.order_id)
        .join(Place, Place.id == Parcel.place_id)
        .where(Parcel.id == parcel_id, Order.state.in_(DUE), may_handle(db, actor))
    ).first()
    if row is None:
        raise NotFound
    return Handled(row[0], row[1], row[2])


def goods(db: Session, parcel_id: int) -> list[Line]:
    """The goods lines of a parcel."""
    query = select(Line).where(Line.parcel_id == parcel_id, Line.kind == "goods")
    return list(db.scalars(query.order_by(Line.position)))


def contact(db: Session, order_id: UUID) -> Contact:
    """Who gets it; only for those who handle or own the order."""
    return db.get_one(Contact, order_id)


def frozen(line: Line) -> Shares:
    """Everybody's part of a whole line, as frozen at the sale."""
    return Shares(
        kiosk=line.kiosk_part,
        cooperative=line.cooperative_part,
        operator=line.operator_part,
        affiliate=line.affiliate_part,
        maker=line.maker_part,
    )


def given_shares(line: Line) -> Shares:
    """Everybody's part of what was really given."""
    return frozen(line).units(line.given, line.quantity)


def missing_worth(lines: Sequence[Line]) -> int:
    """Rupiah for what was ordered and is not given."""
    return sum(line.total - given_shares(line).gross for line in lines)
