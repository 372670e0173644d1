"""The one way in for money: whatever tells us of a payment, `apply` decides what it means.

It locks the order and then the attempt, obeys the table in `orders.states`, and books the money.
Money counts whenever it comes: for an order that has lapsed the goods are promised anew, and if
they are gone, or the order is paid already, the money is a surplus that goes back.
"""

from datetime import timedelta
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import holds, postings
from cooperatives.accounts import Page
from cooperatives.allocation import OutOfStock, Wish, allocate
from cooperatives.models.books import Kind
from cooperatives.postings import Sale
from core import audit, clock, news, orgs
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from orders import money_pages, treasury_tasks
from orders.checkout import order_doc
from orders.gateways import Reading
from orders.models import Attempt, Event, Line, Order, Parcel, Refund
from orders.states import (
    ATTEMPT_MOVES,
    ORDER_MOVES,
    AttemptEvent,
    AttemptState,
    OrderEvent,
    OrderState,
    move,
)

HAS_MONEY = (AttemptState.CAPTURED, AttemptState.SURPLUS)
LATE_HOLD = timedelta(minutes=10)


class AmountDiffers(DomainError):
    """What came is not what was asked: a person must look at it."""

    sentence = _("Jumlah uang tidak sama dengan tagihan. Periksa lagi angkanya.")


def locked(db: Session, attempt_id: UUID) -> tuple[Order, Attempt]:
    """The order and then the attempt, locked in this order by everybody; raises NotFound."""
    owner = select(Attempt.order_id).where(Attempt.id == attempt_id).scalar_subquery()
    fresh = {"populate_existing": True}
    order = db.scalar(
        select(Order).where(Order.id == owner).with_for_update().execution_options(**fresh)
    )
    attempt = db.get(Attempt, attempt_id, with_for_update=True, populate_existing=True)
    if order is None or attempt is None:
        raise NotFound
    return order, attempt


@in_transaction(retries=3)
def apply(
    db: Session, *, actor: Actor, attempt_id: UUID, reading: Reading, page: Page | None = None
) -> Order:
    """Take in what is known of an attempt now; hearing it again changes nothing.

    `page` is where the money is, if it is not where this method's money always is. Raises
    AmountDiffers, IllegalMove, NotFound.
    """
    order, attempt = locked(db, attempt_id)
    event = reading.event
    if event is AttemptEvent.CAPTURE and attempt.state not in HAS_MONEY:
        if (reading.amount, reading.currency) != (attempt.amount, attempt.currency):
            raise AmountDiffers
        event = _what_money_means(db, order)
    before = AttemptState(attempt.state)
    after = move(ATTEMPT_MOVES, before, event)
    if after is before:
        return order
    attempt.state = after.value
    audit.record(db, actor, f"attempt.{after.value}", "attempt", attempt.id)
    if after in HAS_MONEY and before not in HAS_MONEY:
        _take_money(db, actor, order, attempt, page)
    treasury_tasks.transfer_over(db, actor=actor, attempt=attempt)
    return order


def _what_money_means(db: Session, order: Order) -> AttemptEvent:
    """A first payment, or a surplus: paid twice, or too late with the goods gone."""
    if order.state in (OrderState.AWAITING_PAYMENT, OrderState.ON_DELIVERY):
        return AttemptEvent.CAPTURE
    if order.state == OrderState.LAPSED and _promise_anew(db, order):
        return AttemptEvent.CAPTURE
    return AttemptEvent.CAPTURE_SECOND


def _promise_anew(db: Session, order: Order) -> bool:
    """Hold the very same lots again for money that came too late; all of them or none."""
    lines = db.execute(
        select(Line.variant_id, Line.lot_id, Line.quantity, Parcel.place_id)
        .join(Parcel, Parcel.id == Line.parcel_id)
        .where(Line.order_id == order.id, Line.kind == "goods")
    ).all()
    until = clock.now() + LATE_HOLD
    try:
        with db.begin_nested():
            picks = allocate(
                db,
                [Wish(line.variant_id, line.quantity) for line in lines],
                until=until,
                doc=order_doc(order.id),
                buyer_key=f"late:{order.id}",
                place_ids=sorted({line.place_id for line in lines}),
            )
            wanted = {(line.lot_id, line.place_id, line.quantity) for line in lines}
            if {(p.lot_id, p.place_id, p.quantity) for p in picks} != wanted:
                raise OutOfStock({lines[0].variant_id: 0}, {lines[0].variant_id: 1})
    except OutOfStock:
        return False
    return True


def _take_money(
    db: Session, actor: Actor, order: Order, attempt: Attempt, page: Page | None
) -> None:
    now = clock.now()
    is_first = attempt.state == AttemptState.CAPTURED
    attempt.reached, attempt.captured_at, attempt.is_capture = attempt.amount, now, is_first
    house = orgs.operator_id(db)
    postings.captured(
        db,
        actor=actor,
        sale=Sale(house, str(order.id)),
        attempt_id=attempt.id,
        money=page or money_pages.of_method(house, attempt.method),
        amount=attempt.amount,
        kept=Kind.HELD if is_first else Kind.SURPLUS_DUE,
    )
    if not is_first:
        _owe_surplus(db, order, attempt)
        return
    was_cash = order.state == OrderState.ON_DELIVERY
    order.state = move(ORDER_MOVES, OrderState(order.state), OrderEvent.PAY).value
    order.paid_at, order.pay_by = now, None
    holds.confirm(db, order_doc(order.id))
    db.add(Event(order_id=order.id, what="paid", at=now, actor_id=actor.person_id))
    if not was_cash:
        news.tell(db, "order_due", order_id=str(order.id))


def _owe_surplus(db: Session, order: Order, attempt: Attempt) -> None:
    refund = Refund(
        id=uuid4(),
        attempt_id=attempt.id,
        amount=attempt.amount,
        reason="surplus",
        doc_type="attempt",
        doc_id=str(attempt.id),
    )
    db.add(refund)
    db.add(Event(order_id=order.id, what="surplus"))
    treasury_tasks.refund_due(db, refund=refund, order=order)
