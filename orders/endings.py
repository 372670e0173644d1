"""Orders that end before their goods move: cancelled by the buyer, or lapsed by the clock.

The order of steps is always the same: close the payment at its gateway first, outside any
transaction; only then let the goods go. Money that slips in between makes it a paid order.
"""

from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import Uuid, bindparam, case, select
from sqlalchemy.orm import Session

from cooperatives import holds
from core import audit, clock, jobs, news
from core.actors import SYSTEM, Actor
from core.db import Reader, Ready, in_transaction
from core.db import db as database
from core.errors import DomainError, NotFound, RemoteError
from core.remote import remote
from orders import (
    attempts,
    cash_trust,
    events,
    methods,
    payment,
    refunds,
    surplus,
    treasury_tasks,
)
from orders.checkout import order_doc
from orders.gateways import GATEWAYS
from orders.models import Attempt, DeliveryRate, DeliveryService, Order, Parcel
from orders.states import (
    ORDER_MOVES,
    PARCEL_MOVES,
    AttemptEvent,
    AttemptState,
    OrderEvent,
    OrderState,
    ParcelEvent,
    ParcelState,
    move,
)

ENDS_UNPAID = (OrderState.AWAITING_PAYMENT, OrderState.ON_DELIVERY)
STILL_CANCELLABLE = (ParcelState.TO_ACCEPT, ParcelState.ACCEPTED, ParcelState.DECLINED)


class AlreadyPacked(DomainError):
    """A parcel is packed or gone: the buyer uses the complaint page from here on."""

    status = 409
    sentence = _("Paket sudah dikemas. Pesanan tidak bisa dibatalkan lagi.")


def close_payment(order_id: UUID) -> None:
    """Close the open attempt at its gateway, outside any transaction; money found is taken in."""
    db = database.session()
    attempt = attempts.newest_open(db, order_id)
    if attempt is None or attempt.state == AttemptState.CREATED:
        return  # Nothing was opened anywhere.
    name = methods.known(attempt.method).gateway
    invoice, gateway = attempts.invoice(db, attempt), GATEWAYS[name]
    reading = remote(name).call(lambda: gateway.cancel(invoice))
    if reading and reading.event is AttemptEvent.CAPTURE:
        payment.apply(actor=SYSTEM, attempt_id=attempt.id, reading=reading)


def cancel(*, actor: Actor, order_id: UUID) -> None:
    """The buyer wants it no more; the caller has checked that it is her order.

    Raises AlreadyPacked; RemoteError where the gateway does not answer and nothing was changed.
    """
    order = database.session().get(Order, order_id)
    if order is None:
        raise NotFound
    if order.state in ENDS_UNPAID:
        close_payment(order_id)
    end_order(actor=actor, order_id=order_id, event=OrderEvent.CANCEL)


@in_transaction(retries=3)
def end_order(db: Session, *, actor: Actor, order_id: UUID, event: OrderEvent) -> bool:
    """Let the goods go and owe back what was paid; a lapse leaves an order alone that got paid."""
    order = db.get(Order, order_id, with_for_update=True, populate_existing=True)
    if order is None:
        raise NotFound
    before = OrderState(order.state)
    if event is OrderEvent.LAPSE and before not in ENDS_UNPAID:
        return False
    after = move(ORDER_MOVES, before, event)
    if after is before:
        return False
    if event is OrderEvent.LAPSE and order.method == "cash_pickup" and _was_ready(db, order):
        events.write(db, order, "pickup_missed")
    _end_parcels(db, order)
    holds.release(db, order_doc(order.id), event.value, unpaid_only=event is OrderEvent.LAPSE)
    _end_attempts(db, actor, order)
    order.state, order.ended_at = after.value, clock.now()
    events.write(db, order, after.value, actor=actor)
    audit.record(db, actor, f"order.{after.value}", "order", order.id)
    news.tell(db, "order_ended", order_id=str(order.id))
    return True


def _was_ready(db: Session, order: Order) -> bool:
    """Whether a keeper had taken the order on, so that its buyer could have come for it."""
    accepted = select(Parcel.id).where(Parcel.order_id == order.id, Parcel.accepted_at.is_not(None))
    return db.scalar(accepted.limit(1)) is not None


def _end_parcels(db: Session, order: Order) -> None:
    query = select(Parcel).where(Parcel.order_id == order.id).with_for_update()
    for parcel in db.scalars(query.execution_options(populate_existing=True)):
        if parcel.state not in STILL_CANCELLABLE:
            raise AlreadyPacked
        state = move(PARCEL_MOVES, ParcelState(parcel.state), ParcelEvent.CANCEL)
        parcel.state, parcel.ended_at = state.value, clock.now()


def _end_attempts(db: Session, actor: Actor, order: Order) -> None:
    query = select(Attempt).where(Attempt.order_id == order.id).with_for_update()
    for attempt in db.scalars(query.execution_options(populate_existing=True)):
        if attempt.is_capture:
            rest = attempt.reached - refunds.owed(db, attempt.id)
            if rest:
                refunds.owe(
                    db,
                    actor=actor,
                    order=order,
                    attempt=attempt,
                    amount=rest,
                    reason="cancelled",
                    doc=("order", order.id),
                )
        elif attempt.state in attempts.OPEN_STATES:
            attempts.step(attempt, AttemptEvent.EXPIRE)
            treasury_tasks.transfer_over(db, actor=actor, attempt=attempt)
    surplus.release_parts(db, actor, order)


@jobs.job("orders.lapse_due", key=None, cron="* * * * *")
def lapse_due() -> None:
    """End what was not paid in time; one order after the other, each in its own transaction."""
    for order_id in overdue(clock.now()):
        try:
            close_payment(order_id)
            end_order(actor=SYSTEM, order_id=order_id, event=OrderEvent.LAPSE)
        except RemoteError:
            continue  # The gateway is silent: the goods stay held until it has said no.
        except AlreadyPacked:
            continue  # Packed since we looked.


def overdue(now: datetime) -> list[UUID]:
    """Unpaid orders whose time is up, oldest first.

    Once a parcel is packed or gone, and its cash is not noted yet, nothing lapses any more.
    """
    under_way = Parcel.state.not_in(STILL_CANCELLABLE) & (Parcel.order_id == Order.id)
    query = (
        select(Order.id)
        .where(Order.state.in_(ENDS_UNPAID), Order.pay_by <= now)
        .where(~select(Parcel.id).where(under_way).exists())
        .order_by(Order.pay_by)
        .limit(holds.LAPSED_BATCH_MAX)
    )
    return list(database.session().scalars(query))


@in_transaction(retries=3)
def change_method(db: Session, *, actor: Actor, order_id: UUID, method_code: str) -> Attempt:
    """Another way to pay while unpaid: the caller has closed the attempt before at its gateway.

    Goods stay held at least as long as the new method allows. Raises MethodClosed, IllegalMove.
    """
    order = db.get(Order, order_id, with_for_update=True, populate_existing=True)
    if order is None:
        raise NotFound
    method = refuse_method(db, order=order, method_code=method_code)
    event = OrderEvent.CHOOSE_CASH if method.is_cash else OrderEvent.CHOOSE_PREPAID
    order.state = move(ORDER_MOVES, OrderState(order.state), event).value
    now = clock.now()
    attempts.expire_open(db, order_id)
    order.method = method.code
    hold_on(db, order, method.hold_ends(now))
    attempt = attempts.open_next(db, order=order, method=method, amount=order.total, now=now)
    events.write(db, order, "method_changed", actor=actor, method=method.code)
    audit.record(db, actor, "order.method", "order", order_id, method=method.code)
    if method.is_cash:
        news.tell(db, "order_due", order_id=str(order_id))
    return attempt


def refuse_method(db: Session, *, order: Order, method_code: str) -> methods.Method:
    """The method of this code, if this order may be paid so. Raises MethodClosed with a reason."""
    method = methods.known(method_code)
    way, at_the_door = delivered_how(db, order.id)
    methods.refuse_unfit(method, way=way, total=order.total, takes_cash=at_the_door)
    if method.is_cash and (why := cash_trust.sentence_for(db, order)):
        raise cash_trust.CashRefused(why)
    return method


def hold_on(db: Session, order: Order, until: datetime) -> None:
    """Keep the goods of a locked unpaid order, and wait for its money, until another moment."""
    order.pay_by = until
    holds.prolong(db, order_doc(order.id), until)


_DELIVERED_HOW = Ready(
    select(
        case((Parcel.fetch_place_id.is_not(None), "fetch"), else_=Parcel.way).label("way"),
        DeliveryService.takes_cash,
    )
    .outerjoin(DeliveryRate, DeliveryRate.id == Parcel.rate_id)
    .outerjoin(DeliveryService, DeliveryService.id == DeliveryRate.service_id)
    .where(Parcel.order_id == bindparam("order_id", type_=Uuid))
)


def delivered_how(db: Reader, order_id: UUID) -> tuple[str, bool]:
    """The way of an order's parcels, and whether its one courier takes cash."""
    rows = _DELIVERED_HOW.rows(db, {"order_id": order_id})
    return rows[0].way, len(rows) == 1 and bool(rows[0].takes_cash)


def close_empty(db: Session, *, actor: Actor, order: Order) -> None:
    """Every parcel of a locked order was declined: nothing is left to wait for."""
    attempts.expire_open(db, order.id)
    surplus.release_parts(db, actor, order)
    order.state = move(ORDER_MOVES, OrderState(order.state), OrderEvent.CANCEL).value
    order.ended_at = clock.now()
    events.write(db, order, "cancelled", actor=actor)
    news.tell(db, "order_ended", order_id=str(order.id))


def complete(db: Session, *, actor: Actor, order: Order) -> None:
    """Every parcel of a locked order has come to its end and at least one reached the buyer."""
    order.state = move(ORDER_MOVES, OrderState(order.state), OrderEvent.COMPLETE).value
    order.ended_at = order.ended_at or clock.now()
    events.write(db, order, "completed", actor=actor)
