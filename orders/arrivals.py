"""Transferred money as it really came: the sum that was asked, too little, too much, or once more.

A person saw it, on the statement or in its file. Whatever it is goes through `payment.apply`: it
pays the order, waits as a part for its rest, or goes back as a surplus.
"""

from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, func, literal_column, select
from sqlalchemy.orm import Session

from core.actors import Actor
from core.db import Reader
from orders import attempts, payment, surplus, treasury_tasks, unique_digits
from orders.gateways import Reading
from orders.models import Attempt, Order
from orders.states import AttemptEvent, AttemptState, OrderState

PAYABLE = (OrderState.AWAITING_PAYMENT, OrderState.ON_DELIVERY, OrderState.LAPSED)


def come_of(order_id: UUID | ColumnElement[UUID]) -> Select[int]:
    """What has come for an order in parts and waits for its rest, as SQL."""
    return select(func.coalesce(func.sum(Attempt.reached), 0).cast(BigInteger)).where(
        Attempt.order_id == order_id, Attempt.state == literal_column(f"'{AttemptState.PART}'")
    )


def come(db: Reader, order_id: UUID) -> int:
    """What has come for an order in parts and waits for its rest."""
    return db.scalar(come_of(order_id)) or 0


def asked(db: Reader, attempt: Attempt) -> int:
    """What is still to come for an attempt."""
    return max(1, attempt.amount - come(db, attempt.order_id))


def take(db: Session, *, actor: Actor, attempt_id: UUID, amount: int) -> Attempt:
    """Book money that a person saw come for this attempt; answers with the attempt that holds it:
    this one, or an extra one for a part or a surplus.
    """
    order, attempt = attempts.locked(db, attempt_id)
    holder, event = attempt, AttemptEvent.CAPTURE
    if not _pays(db, order, attempt, amount):
        holder = attempts.open_extra(db, order=order, amount=amount)
        waits = order.state == OrderState.AWAITING_PAYMENT and attempt.captured_at is None
        event = AttemptEvent.CAPTURE_PART if waits else AttemptEvent.CAPTURE_SECOND
    payment.apply.within(
        db, actor=actor, attempt_id=holder.id, reading=Reading(event, amount), is_seen=True
    )
    if event is AttemptEvent.CAPTURE_PART:
        rest = asked(db, attempt)
        treasury_tasks.rest_awaited(db, actor=actor, attempt=attempt, order=order, rest=rest)
    return holder


def _pays(db: Session, order: Order, attempt: Attempt, amount: int) -> bool:
    """Whether this money, with the parts that came before, is enough for what the order costs."""
    if attempt.captured_at is not None or attempt.method != "transfer":
        return False
    if amount == attempt.amount:
        return True  # Just what was asked: the table of the states says what it means now.
    before = sum(part.reached for part in surplus.parts_of(db, order))
    whole = amount if amount >= attempt.amount else amount + before
    return order.state in PAYABLE and whole + _tolerance(attempt) >= order.total


def _tolerance(attempt: Attempt) -> int:
    """What may be missing: the last digits, or as much as last digits may be."""
    return max(attempt.unique_code, unique_digits.most())
