"""How a buyer finds her order again: by its long link, by number and phone, or in her account."""

from dataclasses import dataclass
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.models import Place
from core.actors import Actor
from core.db import Reader
from core.errors import DomainError, NotFound
from orders.models import Contact, Event, Line, Order, Parcel

LIST_MAX = 50


class NotThatOrder(DomainError):
    """Number and phone do not belong together; we do not say which is wrong."""

    status = 404
    sentence = _("Nomor pesanan dan nomor HP belum cocok. Periksa lagi keduanya.")


@dataclass(frozen=True, slots=True)
class Sent:
    """A parcel of an order as its buyer sees it."""

    parcel: Parcel
    place_kind: str
    place_name: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Whole:
    """An order with everything its buyer may see."""

    order: Order
    contact: Contact
    parcels: list[Sent]
    other_lines: list[Line]
    events: list[Event]


def by_code(db: Session, code: str) -> Order:
    """The order behind a link; raises NotFound."""
    found = db.scalar(select(Order).where(Order.code == code))
    if found is None:
        raise NotFound
    return found


def by_number(db: Session, *, number: str, phone: str) -> Order:
    """The order behind a number and the phone it was placed with; count the try before."""
    query = (
        select(Order)
        .join(Contact, Contact.order_id == Order.id)
        .where(Order.number == number.strip().upper(), Contact.phone == phone)
    )
    found = db.scalar(query)
    if found is None:
        raise NotThatOrder
    return found


def list_of(db: Reader, actor: Actor) -> list[Order]:
    """The actor's own orders, newest first."""
    query = select(Order).where(Order.buyer_id == actor.person_id, Order.buyer_id.is_not(None))
    found = db.execute(query.order_by(Order.placed_at.desc()).limit(LIST_MAX))
    return [row[0] for row in found]


def last_delivery(db: Session, actor: Actor) -> Contact | None:
    """Where the actor's newest shipped order went, to be offered again; None for guests."""
    if actor.person_id is None:
        return None
    query = (
        select(Contact)
        .join(Order, Order.id == Contact.order_id)
        .where(
            Order.buyer_id == actor.person_id,
            Contact.district_code != "",
            Contact.erased_at.is_(None),
        )
    )
    return db.scalar(query.order_by(Order.placed_at.desc()).limit(1))


def whole(db: Session, order: Order) -> Whole:
    """Everything of an order, in five queries however large it is."""
    lines = list(db.scalars(select(Line).where(Line.order_id == order.id).order_by(Line.position)))
    rows = db.execute(
        select(Parcel, Place.kind, Place.name)
        .join(Place, Place.id == Parcel.place_id)
        .where(Parcel.order_id == order.id)
        .order_by(Parcel.position)
    )
    sent = [
        Sent(
            row[0],
            row[1],
            row[2],
            [line for line in lines if line.parcel_id == row[0].id and line.kind == "goods"],
        )
        for row in rows
    ]
    events = db.scalars(select(Event).where(Event.order_id == order.id).order_by(Event.id))
    return Whole(
        order,
        db.get_one(Contact, order.id),
        sent,
        [line for line in lines if line.kind != "goods"],
        list(events),
    )


def parcel_of(db: Session, order_id: UUID, parcel_id: int) -> Parcel:
    """A parcel of this very order; raises NotFound."""
    query = select(Parcel).where(Parcel.id == parcel_id, Parcel.order_id == order_id)
    found = db.scalar(query)
    if found is None:
        raise NotFound
    return found
