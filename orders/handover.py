"""Goods change hands: given to the courier, brought to the door, or picked up at the kiosk.

Only here the stock says *sold*, and cash is noted by whoever took it, in the same transaction. A
pick-up is proved by its short code; after five wrong ones the keeper asks name and phone digits.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from cooperatives import handover as goods_out
from cooperatives.accounts import Page
from cooperatives.days import books_of
from cooperatives.days.drawers import drawer
from cooperatives.models import Place
from cooperatives.rights import KEEP
from core import access, clock, limits, news, orgs
from core.actors import SYSTEM, Actor
from core.config import settings
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from orders import (
    attempts,
    fulfilment,
    money_pages,
    parcels,
    payment,
    pickup_codes,
    working_days,
)
from orders.checkout import order_doc
from orders.gateways import Reading
from orders.models import Contact, Line, Order, Parcel
from orders.parcels import Handled
from orders.settings import OrderSettings
from orders.states import AttemptEvent, OrderState, ParcelEvent, ParcelState
from sellers.owning import refuse_helpers

CODE_TRIES, NAME_TRIES, CODE_SECONDS = 5, 10, 15 * 60


class CashMissing(DomainError):
    """The order is to be paid now, and nobody has said that the money is there."""

    status = 409
    sentence = _("Pesanan ini belum dibayar. Terima uangnya dulu, lalu centang.")


class CashChanged(DomainError):
    """The bill is not what the page of who took the cash had shown."""

    status = 409
    sentence = _("Jumlah uangnya baru berubah. Lihat jumlah yang baru, lalu terima uangnya.")


class CodeNeeded(DomainError):
    """A pick-up leaves the kiosk only by the buyer's code."""

    status = 409
    sentence = _("Paket ini diambil dengan kode. Serahkan di halaman Ambil di kios.")


class WrongCode(NotFound):
    """No parcel that waits here has this code; the sentence says how many tries are left."""

    def __init__(self, left: int) -> None:
        if left:
            super().__init__(_("Kode ini tidak cocok. Masih bisa dicoba %(left)s kali.", left=left))
        else:
            super().__init__(_("Kode ini tidak cocok. Sekarang tanyakan nama dan nomor HP-nya."))


class WrongName(NotFound):
    """Name and digits do not lead to exactly one parcel that waits here."""

    sentence = _("Nama dan nomor ini tidak cocok dengan paket di sini. Tanyakan lagi keduanya.")


@in_transaction(retries=3)
def hand_over(
    db: Session,
    *,
    actor: Actor,
    parcel_id: int,
    tracking: str = "",
    cash_taken: bool = False,
    cash_seen: int | None = None,
) -> None:
    """The parcel leaves the maker's or keeper's hands; a pick-up has arrived by that.

    `cash_seen` is what the actor's page told her to take. Raises CashMissing, CashChanged,
    BeingMended, IllegalMove, NotFound and what the stock raises.
    """
    handled = parcels.lock(db, actor, parcel_id)
    parcel = handled.parcel
    parcels.refuse_broken(db, handled)
    if parcel.handed_over_at is None:
        parcel.tracking_number = tracking.strip().upper()  # Her message tells it.
    fulfilment.step(db, handled, ParcelEvent.HAND_OVER, actor)
    if parcel.handed_over_at is not None:
        return
    if parcel.way == "pickup":
        _take_cash(db, actor, handled, cash_taken, cash_seen)
    taken = {line.lot_id: line.given for line in parcels.goods(db, parcel_id) if line.lot_id}
    goods_out.consume(
        db,
        actor=actor,
        doc=order_doc(handled.order.id),
        place_id=parcel.place_id,
        taken=taken,
    )
    parcel.handed_over_at = clock.now()
    fulfilment.forget_tasks(db, actor, parcel.id, "handed over")
    news.tell(db, "parcel_handed_over", parcel_id=parcel.id)
    if parcel.way == "pickup":
        _arrived(db, handled, actor)


@in_transaction(retries=3)
def send(db: Session, *, actor: Actor, parcel_id: int, tracking: str = "") -> None:
    """A parcel goes to the courier or is carried to the door; a pick-up goes out by its code only.

    Raises CodeNeeded and what `hand_over` raises.
    """
    if parcels.lock(db, actor, parcel_id).parcel.way == "pickup":
        raise CodeNeeded
    hand_over.within(db, actor=actor, parcel_id=parcel_id, tracking=tracking)


@in_transaction(retries=3)
def give_out(db: Session, *, actor: Actor, parcel_id: int, cash_seen: int | None = None) -> None:
    """Hand a pick-up to the buyer at the counter; what nobody has answered yet is accepted by it.

    Raises what `accept` and `hand_over` raise.
    """
    if parcels.lock(db, actor, parcel_id).parcel.state == ParcelState.TO_ACCEPT:
        fulfilment.accept.within(db, actor=actor, parcel_id=parcel_id)
    hand_over.within(db, actor=actor, parcel_id=parcel_id, cash_taken=True, cash_seen=cash_seen)


@in_transaction(retries=3)
def deliver(
    db: Session,
    *,
    actor: Actor,
    parcel_id: int,
    cash_taken: bool = False,
    cash_seen: int | None = None,
) -> None:
    """The parcel has reached the buyer: said by who brought it. Cash at the door is noted now."""
    handled = parcels.lock(db, actor, parcel_id)
    _take_cash(db, actor, handled, cash_taken, cash_seen)
    _arrived(db, handled, actor)


@in_transaction(retries=3)
def receive(db: Session, *, actor: Actor, order_id: UUID, parcel_id: int) -> None:
    """The buyer says herself that it came; the caller has checked that it is her order."""
    handled = parcels.lock(db, SYSTEM, parcel_id)
    if handled.order.id != order_id:
        raise NotFound
    _arrived(db, handled, actor)


def _arrived(db: Session, handled: Handled, actor: Actor) -> None:
    fulfilment.step(db, handled, ParcelEvent.DELIVER, actor)
    parcel = handled.parcel
    if parcel.delivered_at is None:
        parcel.delivered_at = clock.now()
        parcel.quiet_until = quiet_until(parcel.delivered_at)


def cash_due(db: Session, order: Order) -> int:
    """Rupiah to take when the goods change hands; nothing where it is paid."""
    if order.state != OrderState.ON_DELIVERY:
        return 0
    attempt = attempts.newest_open(db, order.id)
    return attempt.amount if attempt else 0


def _take_cash(
    db: Session, actor: Actor, handled: Handled, cash_taken: bool, cash_seen: int | None
) -> None:
    order = handled.order
    if order.state != OrderState.ON_DELIVERY:
        return
    refuse_helpers(actor)
    if not cash_taken:
        raise CashMissing
    attempt = attempts.newest_open(db, order.id)
    if attempt is None:
        raise NotFound
    if cash_seen not in (None, attempt.amount):
        raise CashChanged
    payment.apply.within(
        db,
        actor=actor,
        attempt_id=attempt.id,
        reading=Reading(AttemptEvent.CAPTURE, attempt.amount),
        page=_where(db, handled.place),
    )


def _where(db: Session, place: Place) -> Page:
    if place.kind == "kiosk":
        books_of(db, place.id, clock.now())
        return drawer(place.organisation_id, place.slug)
    assert place.seller_id is not None
    return money_pages.carried(orgs.operator_id(db), place.seller_id)


def quiet_until(delivered_at: datetime) -> datetime:
    """When the buyer may no longer complain: working days after receipt (PP 80/2019)."""
    return working_days.end_of(delivered_at, settings(OrderSettings).complaint_days)


def find_pickup(
    db: Session, *, actor: Actor, place_id: int, code: str = "", name: str = "", last_four: str = ""
) -> Parcel:
    """The open pick-up at the actor's kiosk behind a code, or behind a name and four phone digits.

    Wrong codes are counted per place; once five were wrong only name and digits help, and not
    before. Raises WrongCode, WrongName, NotFound, TooMany.
    """
    access.require(db, actor, KEEP, place_id)
    key = f"pickup:{place_id}"
    if code:
        limits.spend(key=key, most=CODE_TRIES, seconds=CODE_SECONDS)
        waiting = db.scalars(_waiting(place_id).where(Parcel.pickup_code != ""))
        found = [parcel for parcel in waiting if pickup_codes.is_same(code, parcel.pickup_code)]
        if not found:
            raise WrongCode(tries_left(db, place_id))
        limits.forget(key=key)
        return found[0]
    if tries_left(db, place_id):
        raise WrongName
    limits.spend(key=f"{key}:name", most=NAME_TRIES, seconds=CODE_SECONDS)
    is_hers = func.lower(Contact.name) == name.strip().lower()
    ends_so = func.right(Contact.phone, 4) == last_four
    found = list(db.scalars(_waiting(place_id).where(is_hers, ends_so).limit(2)))
    if len(found) != 1:
        raise WrongName
    return found[0]


def tries_left(db: Reader, place_id: int) -> int:
    """How often a code may still be tried at this place."""
    return limits.left(db, key=f"pickup:{place_id}", most=CODE_TRIES, seconds=CODE_SECONDS)


def is_awaited() -> ColumnElement[bool]:
    """The condition on `Place` that something is still to be fetched at that bazaar."""
    return (
        select(Parcel.id)
        .where(Parcel.fetch_place_id == Place.id, Parcel.pickup_code != "")
        .where(Parcel.handed_over_at.is_(None), Parcel.ended_at.is_(None))
        .exists()
    )


def awaited_at(db: Reader, place_id: int) -> Sequence[Any]:
    """What makers bring to a bazaar: number, shop, units, packed_at; no buyer is named. The caller
    has checked who asks.
    """
    query = (
        select(Order.number, Place.name.label("shop"), Parcel.packed_at)
        .add_columns(func.sum(Line.quantity).label("units"))
        .join(Order, Order.id == Parcel.order_id)
        .join(Place, Place.id == Parcel.place_id)
        .join(Line, Line.parcel_id == Parcel.id)
        .where(Parcel.fetch_place_id == place_id, Parcel.pickup_code != "")
        .where(Parcel.handed_over_at.is_(None), Parcel.ended_at.is_(None))
        .group_by(Parcel.id, Order.number, Place.name)
        .order_by(Place.name, Order.number)
    )
    return db.execute(query.limit(parcels.LIST_MAX)).all()


def _waiting(place_id: int) -> Select[Parcel]:
    return (
        select(Parcel)
        .join(Order, Order.id == Parcel.order_id)
        .join(Contact, Contact.order_id == Order.id)
        .where(
            parcels.waits_at(place_id),
            Parcel.way == "pickup",
            Parcel.handed_over_at.is_(None),
            Parcel.ended_at.is_(None),
            Order.state.in_(parcels.DUE),
        )
    )
