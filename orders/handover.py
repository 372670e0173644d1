"""Goods change hands: given to the courier, brought to the door, or picked up at the kiosk.

Only here the stock says *sold*, and cash is noted by whoever took it, in the same transaction. A
pick-up is proved by its short code; after five wrong ones the keeper asks name and phone digits.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives import handover as goods_out
from cooperatives.accounts import Page
from cooperatives.models import Place
from cooperatives.rights import KEEP
from core import access, clock, limits, news, orgs
from core.actors import SYSTEM, Actor
from core.clock import WIB
from core.config import settings
from core.db import in_transaction
from core.errors import DomainError, NotFound
from orders import attempts, fulfilment, money_pages, parcels, payment
from orders.checkout import order_doc
from orders.gateways import Reading
from orders.models import Contact, Order, Parcel
from orders.parcels import Handled
from orders.settings import OrderSettings
from orders.states import AttemptEvent, OrderState, ParcelEvent, ParcelState

CODE_TRIES, CODE_SECONDS = 5, 15 * 60
SATURDAY = 5


class CashMissing(DomainError):
    """The order is to be paid now, and nobody has said that the money is there."""

    status = 409
    sentence = _("Pesanan ini belum dibayar. Terima uangnya dulu, lalu centang.")


@in_transaction(retries=3)
def hand_over(
    db: Session, *, actor: Actor, parcel_id: int, tracking: str = "", cash_taken: bool = False
) -> None:
    """The parcel leaves the maker's or keeper's hands; a pick-up has arrived by that.

    Raises CashMissing, IllegalMove, NotFound and what the stock raises.
    """
    handled = parcels.lock(db, actor, parcel_id)
    parcel = handled.parcel
    fulfilment.step(db, handled, ParcelEvent.HAND_OVER, actor)
    if parcel.handed_over_at is not None:
        return
    if parcel.way == "pickup":
        _take_cash(db, actor, handled, cash_taken)
    taken = {line.lot_id: line.given for line in parcels.goods(db, parcel_id) if line.lot_id}
    goods_out.consume(
        db,
        actor=actor,
        doc=order_doc(handled.order.id),
        place_id=parcel.place_id,
        taken=taken,
    )
    parcel.handed_over_at = clock.now()
    parcel.tracking_number = tracking.strip().upper()
    news.tell(db, "parcel_handed_over", parcel_id=parcel.id)
    if parcel.way == "pickup":
        _arrived(db, handled, actor)


@in_transaction(retries=3)
def deliver(db: Session, *, actor: Actor, parcel_id: int, cash_taken: bool = False) -> None:
    """The parcel has reached the buyer: said by who brought it. Cash at the door is noted now."""
    handled = parcels.lock(db, actor, parcel_id)
    _take_cash(db, actor, handled, cash_taken)
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


def _take_cash(db: Session, actor: Actor, handled: Handled, cash_taken: bool) -> None:
    order = handled.order
    if order.state != OrderState.ON_DELIVERY:
        return
    if not cash_taken:
        raise CashMissing
    attempt = attempts.newest_open(db, order.id)
    if attempt is None:
        raise NotFound
    payment.apply.within(
        db,
        actor=actor,
        attempt_id=attempt.id,
        reading=Reading(AttemptEvent.CAPTURE, attempt.amount),
        page=_where(db, handled.place),
    )


def _where(db: Session, place: Place) -> Page:
    if place.kind == "kiosk":
        return money_pages.drawer(place.organisation_id, place.slug)
    assert place.seller_id is not None
    return money_pages.carried(orgs.operator(db).id, place.seller_id)


def quiet_until(delivered_at: datetime) -> datetime:
    """When the buyer may no longer complain: working days after receipt (PP 80/2019)."""
    day: date = delivered_at.astimezone(WIB).date()
    left = settings(OrderSettings).complaint_days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), WIB)


def find_pickup(
    db: Session, *, actor: Actor, place_id: int, code: str = "", name: str = "", last_four: str = ""
) -> Parcel:
    """The open pick-up at the actor's kiosk behind a code, or behind a name and four phone digits.

    Wrong codes are counted per place; from the sixth on only name and digits help. Raises NotFound,
    TooMany.
    """
    access.require(db, actor, KEEP, place_id)
    query = (
        select(Parcel)
        .join(Order, Order.id == Parcel.order_id)
        .join(Contact, Contact.order_id == Order.id)
        .where(
            Parcel.place_id == place_id,
            Parcel.way == "pickup",
            Parcel.handed_over_at.is_(None),
            Parcel.ended_at.is_(None),
            Order.state.in_(parcels.DUE),
        )
    )
    if code:
        limits.spend(key=f"pickup:{place_id}", most=CODE_TRIES, seconds=CODE_SECONDS)
        query = query.where(Parcel.pickup_code == code)
    else:
        query = query.where(
            func.lower(Contact.name) == name.strip().lower(),
            func.right(Contact.phone, 4) == last_four,
        )
    found = db.scalars(query.limit(2)).all()
    if len(found) != 1:
        raise NotFound
    if code:
        limits.forget(key=f"pickup:{place_id}")
    return found[0]


def is_ready(parcel: Parcel) -> bool:
    """Whether it may be handed over now."""
    return parcel.state in (ParcelState.ACCEPTED, ParcelState.PACKED)
