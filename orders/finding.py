"""How a buyer finds her order again: by its long link, by number and phone, or in her account."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import String, Uuid, bindparam, select
from sqlalchemy.orm import Session

from cooperatives.models import Place
from core.actors import Actor
from core.db import Reader, Ready
from core.errors import DomainError, NotFound
from orders.models import Contact, Event, Line, Order, Parcel

LIST_MAX = 50


class NotThatOrder(DomainError):
    """Number and phone do not belong together; we do not say which is wrong."""

    status = 404
    sentence = _("Nomor pesanan dan nomor HP belum cocok. Periksa lagi keduanya.")


@dataclass(frozen=True, slots=True)
class Sent:
    """A parcel of an order as its buyer sees it: the columns of Parcel and of its goods lines."""

    parcel: Any
    place_kind: str
    place_name: str
    lines: list[Any]


@dataclass(frozen=True, slots=True)
class Whole:
    """An order with everything its buyer may see, as rows to read: nothing of it is written back.

    They have the columns of Order, Parcel, Line and Event, but are none: the page of an order is
    opened again and again, and to make things of rows costs more than to read them.
    """

    order: Any
    parcels: list[Sent]
    other_lines: list[Any]
    events: Sequence[Any]


_BY_CODE = select(Order).where(Order.code == bindparam("code", type_=String))
_SEEN = Ready(_BY_CODE)


def by_code(db: Session, code: str) -> Order:
    """The order behind a link; raises NotFound."""
    found = db.scalar(_BY_CODE, {"code": code})
    if found is None:
        raise NotFound
    return found


def whole_by_code(db: Reader, code: str) -> Whole:
    """Everything of the order behind a link; raises NotFound."""
    found = _SEEN.rows(db, {"code": code})
    if not found:
        raise NotFound
    return whole(db, found[0])


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


_order_id = bindparam("order_id", type_=Uuid)
_PARCELS = Ready(
    select(Parcel, Place.kind.label("place_kind"), Place.name.label("place_name"))
    .join(Place, Place.id == Parcel.place_id)
    .where(Parcel.order_id == _order_id)
    .order_by(Parcel.position)
)
_LINES = Ready(select(Line).where(Line.order_id == _order_id).order_by(Line.position))
_EVENTS = Ready(select(Event).where(Event.order_id == _order_id).order_by(Event.id))


def whole(db: Reader, order: Any) -> Whole:
    """Everything of an order, in three queries however large it is."""
    key = {"order_id": order.id}
    lines = _LINES.rows(db, key)
    goods: dict[int, list[Any]] = {}
    for line in lines:
        if line.kind == "goods":
            goods.setdefault(line.parcel_id, []).append(line)
    return Whole(
        order,
        [
            Sent(parcel, parcel.place_kind, parcel.place_name, goods.get(parcel.id, []))
            for parcel in _PARCELS.rows(db, key)
        ],
        [line for line in lines if line.kind != "goods"],
        _EVENTS.rows(db, key),
    )


def parcel_of(db: Session, order_id: UUID, parcel_id: int) -> Parcel:
    """A parcel of this very order; raises NotFound."""
    query = select(Parcel).where(Parcel.id == parcel_id, Parcel.order_id == order_id)
    found = db.scalar(query)
    if found is None:
        raise NotFound
    return found
