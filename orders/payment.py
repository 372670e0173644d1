"""The one way in for money: whatever tells us of a payment, `apply` decides what it means.

It locks the order and then the attempt, obeys the table in `orders.states`, and books the money.
Money counts whenever it comes: for an order that has lapsed the goods are promised anew, and if
they are gone, or the order is paid already, the money is a surplus that goes back by itself. What
a bank takes back afterwards is in `orders.taken_back`.
"""

from datetime import timedelta
from uuid import UUID

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
from core.errors import DomainError
from orders import (
    attempts,
    events,
    money_pages,
    refunds,
    surplus,
    taken_back,
    treasury_tasks,
    unique_digits,
)
from orders.checkout import order_doc
from orders.gateways import Presented, Reading
from orders.models import Attempt, Line, Order, Parcel
from orders.states import (
    ATTEMPT_MOVES,
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

HAS_MONEY = (AttemptState.CAPTURED, AttemptState.SURPLUS, AttemptState.PART)
COMES_AFTER_ALL = {
    (AttemptState.CHARGED_BACK, AttemptEvent.WIN),
    (AttemptState.REVERSED, AttemptEvent.CAPTURE),
}
"""Money that was booked as gone and is back: rare, and never booked by guess."""
LATE_HOLD = timedelta(minutes=10)


class AmountDiffers(DomainError):
    """What came is not what was asked: a person must look at it."""

    sentence = _("Jumlah uang tidak sama dengan tagihan. Periksa lagi angkanya.")


@in_transaction(retries=3)
def apply(
    db: Session,
    *,
    actor: Actor,
    attempt_id: UUID,
    reading: Reading,
    page: Page | None = None,
    is_seen: bool = False,
) -> Order:
    """Take in what is known of an attempt now; hearing it again changes nothing.

    `page` is where the money is, if it is not where this method's money always is. `is_seen` says
    that a person saw this very amount come (orders.arrivals): more than was asked goes back, less
    takes along the parts that came before. Raises AmountDiffers, IllegalMove, NotFound.
    """
    order, attempt = attempts.locked(db, attempt_id)
    event = _meaning(db, order, attempt, reading, is_seen)
    before = AttemptState(attempt.state)
    after = move(ATTEMPT_MOVES, before, event)
    if after is not before:
        attempt.state = after.value
        attempt.channel = reading.channel or attempt.channel
        audit.record(db, actor, f"attempt.{after.value}", "attempt", attempt.id)
        if attempt.captured_at is None and after in HAS_MONEY:
            attempt.paid_as = reading.theirs
            came = reading.amount if is_seen else attempt.amount
            _take_money(db, actor, order, attempt, came, page)
        elif attempt.captured_at is not None:
            taken_back.book(db, actor, order, attempt, after, reading.returned)
        treasury_tasks.transfer_over(db, actor=actor, attempt=attempt)
    if (after, event) in COMES_AFTER_ALL:
        treasury_tasks.look_at(db, attempt=attempt, order=order)
    if reading.returned and after not in taken_back.BY_THE_BANK:
        refunds.hear_returned(db, actor=actor, order=order, attempt=attempt, told=reading.returned)
    return order


def _meaning(
    db: Session, order: Order, attempt: Attempt, reading: Reading, is_seen: bool
) -> AttemptEvent:
    """What the reading means for this attempt, whose story the gateway does not know."""
    event = reading.event
    if event is AttemptEvent.CAPTURE and attempt.captured_at is None:
        asked = attempts.presented(attempt) or Presented(attempt.amount, attempt.currency)
        is_asked = (reading.amount, reading.currency) == (asked.amount, asked.currency)
        if not is_asked and not is_seen:
            raise AmountDiffers
        if reading.returned >= reading.amount:
            return AttemptEvent.FAIL  # Paid and given back before we first heard of it.
        return _what_money_means(db, order)
    was_paid_by_it = bool(reading.theirs) and reading.theirs == attempt.paid_as
    if event is AttemptEvent.FAIL and was_paid_by_it and attempt.state in HAS_MONEY:
        return taken_back.undoing(db, order, attempt)  # Settled, and denied minutes later.
    return event


def _what_money_means(db: Session, order: Order) -> AttemptEvent:
    """A first payment, or a surplus: paid twice, or too late with the goods gone."""
    if order.state in (OrderState.AWAITING_PAYMENT, OrderState.ON_DELIVERY):
        return AttemptEvent.CAPTURE
    if order.state == OrderState.LAPSED and _promise_anew(db, order):
        return AttemptEvent.CAPTURE
    return AttemptEvent.CAPTURE_SECOND


def _promise_anew(db: Session, order: Order) -> bool:
    """Hold the very same lots again for money that came too late, and open the parcels that the
    lapse closed; all of them or none.
    """
    lines = db.execute(
        select(Line.variant_id, Line.lot_id, Line.quantity, Parcel.place_id)
        .join(Parcel, Parcel.id == Line.parcel_id)
        .where(
            Line.order_id == order.id,
            Line.kind == "goods",
            Parcel.state == ParcelState.CANCELLED,
        )
    ).all()
    wanted = {(line.lot_id, line.place_id, line.quantity) for line in lines}
    try:
        with db.begin_nested():
            picks = allocate(
                db,
                [Wish(line.variant_id, line.quantity) for line in lines],
                until=clock.now() + LATE_HOLD,
                doc=order_doc(order.id),
                buyer_key=f"late:{order.id}",
                place_ids=sorted({line.place_id for line in lines}),
            )
            if {(p.lot_id, p.place_id, p.quantity) for p in picks} != wanted:
                raise OutOfStock({lines[0].variant_id: 0}, {lines[0].variant_id: 1})
    except OutOfStock:
        return False
    for parcel in db.scalars(select(Parcel).where(Parcel.order_id == order.id).with_for_update()):
        if parcel.state == ParcelState.CANCELLED:
            parcel.state = move(PARCEL_MOVES, ParcelState.CANCELLED, ParcelEvent.REVIVE).value
            parcel.ended_at = parcel.accept_by = None
            parcel.pickup_code = ""
    return True


def _take_money(
    db: Session, actor: Actor, order: Order, attempt: Attempt, came: int, page: Page | None
) -> None:
    attempt.captured_at = clock.now()
    attempt.is_capture = attempt.state == AttemptState.CAPTURED
    attempt.joined = _take_along(db, actor, order, attempt, came)
    attempt.reached = came + attempt.joined
    house = orgs.operator_id(db)
    postings.captured(
        db,
        actor=actor,
        sale=Sale(house, str(order.id)),
        attempt_id=attempt.id,
        money=page or money_pages.of_method(house, attempt.method),
        amount=attempt.reached,
        kept=Kind.HELD if attempt.is_capture else Kind.SURPLUS_DUE,
        joined=attempt.joined,
    )
    if attempt.is_capture:
        _is_paid(db, actor, order, attempt)
        return
    attempt.unique_code = 0
    if attempt.state == AttemptState.SURPLUS:
        refunds.owe_surplus(db, order=order, attempt=attempt)
    else:
        events.write(db, order, "part", doc=("attempt", attempt.id), amount=came)


def _take_along(db: Session, actor: Actor, order: Order, attempt: Attempt, came: int) -> int:
    """What came before in parts belongs to a capture that is too little without it."""
    if not attempt.is_capture or came >= attempt.amount:
        return 0
    return surplus.join_parts(db, actor, surplus.parts_of(db, order))


def _is_paid(db: Session, actor: Actor, order: Order, attempt: Attempt) -> None:
    """The order is paid by what came, and by a few rupiah that the operator takes off a transfer;
    since it was asked the order may have become smaller, so there may be too much.
    """
    over = attempt.reached - order.total
    if -over > unique_digits.CODE_MAX:
        raise AmountDiffers
    attempt.unique_code = max(0, -over)
    was_cash = order.state == OrderState.ON_DELIVERY
    order.state = move(ORDER_MOVES, OrderState(order.state), OrderEvent.PAY).value
    order.paid_at, order.pay_by, order.ended_at = attempt.captured_at, None, None
    holds.confirm(db, order_doc(order.id))
    events.write(db, order, "paid", actor=actor, at=order.paid_at)
    if over > 0:
        refunds.owe(
            db,
            actor=actor,
            order=order,
            attempt=attempt,
            amount=over,
            reason="over",
            doc=("attempt", attempt.id),
        )
    surplus.release_parts(db, actor, order)
    if not was_cash:
        news.tell(db, "order_due", order_id=str(order.id))
