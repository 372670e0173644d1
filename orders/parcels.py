"""Parcels as their people see them: who may handle one, and what is in it.

A parcel from a home is handled by whoever may sell for that seller, one from a kiosk by its keeper;
the coordinator of the place's organisation may step in for both.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from cooperatives import holds, shortfalls
from cooperatives.models import Place
from cooperatives.models.stock import Hold
from cooperatives.rights import COORDINATE, KEEP
from cooperatives.sharing import Shares
from core import access
from core.access import Right
from core.actors import Actor
from core.db import Reader
from core.errors import DomainError, NotFound
from orders.checkout import order_doc
from orders.models import Contact, Line, Order, Parcel
from orders.states import IllegalMove, OrderState, ParcelState
from sellers.rights import ORDERS, SELL

DUE = (OrderState.PAID, OrderState.ON_DELIVERY, OrderState.COMPLETED)
WAS_ASKED = or_(Order.state.in_(DUE), Parcel.accept_by.is_not(None))
"""The condition under which a parcel has a page at a desk, even after its order has ended."""
BEFORE_HANDOVER = (ParcelState.TO_ACCEPT, ParcelState.ACCEPTED, ParcelState.PACKED)
OPEN = (*BEFORE_HANDOVER, ParcelState.HANDED_OVER)
DESKS = (ORDERS, KEEP, COORDINATE)
LIST_MAX = 100


class BeingMended(DomainError):
    """Promised goods went missing, and what the buyer gets instead is being worked out."""

    status = 409
    sentence = _("Sebagian barang ternyata kurang. Pesanan sedang disesuaikan, coba lagi sebentar.")


@dataclass(frozen=True, slots=True)
class Handled:
    """A parcel with the order it belongs to and the place it leaves."""

    parcel: Parcel
    order: Order
    place: Place


def on_desk(db: Reader, actor: Actor, desk: Right) -> ColumnElement[bool]:
    """The condition on `Place` under which a parcel is on this desk of the actor."""
    subjects = access.subjects(db, actor, desk)
    if desk.subject_kind == SELL.subject_kind:
        return and_(Place.kind == "home", Place.seller_id.in_(subjects))
    return (Place.id if desk is KEEP else Place.organisation_id).in_(subjects)


def may_handle(db: Reader, actor: Actor) -> ColumnElement[bool]:
    """The SQL condition on `Place` for parcels this actor may handle, at whichever desk."""
    return or_(*(on_desk(db, actor, desk) for desk in DESKS))


def lock(db: Session, actor: Actor, parcel_id: int) -> Handled:
    """The order and then the parcel, locked, for an actor who may handle it.

    Raises NotFound for what was never hers to handle, IllegalMove where the order has ended since.
    """
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
        raise NotFound if parcel.accept_by is None else IllegalMove
    return Handled(parcel, order, found[1])


def _reachable(db: Reader, actor: Actor) -> ColumnElement[bool]:
    """`may_handle`, what is fetched at a bazaar the actor keeps, and everything for the house."""
    if actor.is_system:
        return Place.id.is_not(None)
    return or_(may_handle(db, actor), Parcel.fetch_place_id.in_(access.subjects(db, actor, KEEP)))


def waits_at(place_id: int) -> ColumnElement[bool]:
    """The condition that a pick-up is fetched at this place."""
    here = and_(Parcel.place_id == place_id, Parcel.fetch_place_id.is_(None))
    return or_(here, Parcel.fetch_place_id == place_id)


def everything() -> Select[Parcel, Order, Place]:
    """Parcels with their orders and places; the caller narrows it to whose they are."""
    return (
        select(Parcel, Order, Place)
        .join(Order, Order.id == Parcel.order_id)
        .join(Place, Place.id == Parcel.place_id)
    )


def list_open(db: Session, actor: Actor, desk: Right, *, words: str = "") -> list[Handled]:
    """Open parcels on a desk, most urgent first, brought ones whose cash nobody has noted, and
    refused ones whose goods are not back yet.

    `words` looks for a part of the order's number.
    """
    is_open = Parcel.state.in_(OPEN)
    owes_cash = and_(Parcel.state == ParcelState.DELIVERED, Order.state == OrderState.ON_DELIVERY)
    comes_back = and_(Parcel.state == ParcelState.REFUSED, Parcel.handed_over_at.is_not(None))
    is_due = and_(or_(is_open, owes_cash), Order.state.in_(DUE))
    query = (
        everything()
        .where(or_(is_due, comes_back), on_desk(db, actor, desk))
        .order_by(Parcel.accept_by.nulls_last(), Parcel.id)
        .limit(LIST_MAX)
    )
    if words:
        query = query.where(Order.number.icontains(words, autoescape=True))
    return [Handled(row[0], row[1], row[2]) for row in db.execute(query)]


def get_handled(db: Session, actor: Actor, parcel_id: int, desk: Right) -> Handled:
    """One parcel on a desk, to look at, even after its order has ended; raises NotFound."""
    row = db.execute(
        everything().where(Parcel.id == parcel_id, WAS_ASKED, on_desk(db, actor, desk))
    ).one_or_none()
    if row is None:
        raise NotFound
    return Handled(row[0], row[1], row[2])


def fetched_here(db: Session, actor: Actor, parcel_id: int) -> Handled:
    """A pick-up at a kiosk or a bazaar that the actor keeps; raises NotFound."""
    kept = access.subjects(db, actor, KEEP)
    here = or_(Place.id.in_(kept), Parcel.fetch_place_id.in_(kept))
    row = db.execute(everything().where(Parcel.id == parcel_id, here)).one_or_none()
    if row is None:
        raise NotFound
    return Handled(row[0], row[1], row[2])


def handlers(place: Place) -> tuple[Right, int]:
    """Whose parcels leave a place: the right and its subject."""
    if place.kind == "home":
        assert place.seller_id is not None
        return ORDERS, place.seller_id
    return KEEP, place.id


def address_of(parcel_id: int, place: Place) -> str:
    """The page of a parcel on the desk of those whose task it is."""
    return f"/{'ibu/pesanan' if place.kind == 'home' else 'kios-kerja/paket'}/{parcel_id}"


def goods(db: Session, parcel_id: int) -> list[Line]:
    """The goods lines of a parcel."""
    query = select(Line).where(Line.parcel_id == parcel_id, Line.kind == "goods")
    return list(db.scalars(query.order_by(Line.position)))


def pieces(db: Reader, found: Sequence[Handled]) -> dict[int, int]:
    """How many pieces were ordered in each of these parcels, in one query."""
    ids = [handled.parcel.id for handled in found]
    query = select(Line.parcel_id, func.sum(Line.quantity)).where(
        Line.parcel_id.in_(ids), Line.kind == "goods"
    )
    return {row[0] or 0: int(row[1]) for row in db.execute(query.group_by(Line.parcel_id))}


def contact(db: Session, order_id: UUID) -> Contact:
    """Who gets it; only for those who handle or own the order."""
    return db.get_one(Contact, order_id)


def promised(db: Reader, handled: Handled) -> Counter[int]:
    """Units of each lot that stand at the parcel's place for its order."""
    query = select(Hold.lot_id, func.sum(Hold.quantity)).where(
        holds.of_doc(order_doc(handled.order.id)),
        Hold.place_id == handled.parcel.place_id,
        Hold.state.in_(holds.OPEN),
    )
    return Counter({row[0]: int(row[1]) for row in db.execute(query.group_by(Hold.lot_id))})


def expected(db: Reader, handled: Handled, lines: Sequence[Line]) -> Mapping[int, int]:
    """Units the buyer still expects, by line id: what is promised, and once answered what is given.

    Fewer than ordered are promised after a shortfall; that part has been paid back then.
    """
    if handled.parcel.state != ParcelState.TO_ACCEPT:
        return {line.id: line.given for line in lines}
    units = promised(db, handled)
    return {line.id: min(line.quantity, units[line.lot_id or 0]) for line in lines}


def refuse_broken(db: Session, handled: Handled) -> None:
    """Raise BeingMended while a broken promise of this parcel has not been mended."""
    if shortfalls.open_of(db, order_doc(handled.order.id), handled.parcel.place_id):
        raise BeingMended


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
