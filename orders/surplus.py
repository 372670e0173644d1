"""Transferred money that does not fit: too much goes back by itself, too little waits for its rest.

A part stands on the order's page *surplus due* until the rest comes and takes it along; where the
order is paid otherwise, or ends, the part goes back like any surplus.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.actors import Actor
from orders import attempts, refunds
from orders.models import Attempt, Order
from orders.states import AttemptEvent, AttemptState


def parts_of(db: Session, order: Order) -> list[Attempt]:
    """The parts that came for a locked order and still wait for their rest, locked."""
    query = select(Attempt).where(Attempt.order_id == order.id, Attempt.state == AttemptState.PART)
    return list(db.scalars(query.order_by(Attempt.number).with_for_update()))


def join_parts(db: Session, actor: Actor, parts: list[Attempt]) -> int:
    """The rest has come: the parts are in it now. Their sum."""
    for part in parts:
        _step(db, actor, part, AttemptEvent.JOIN)
    return sum(part.reached for part in parts)


def release_parts(db: Session, actor: Actor, order: Order) -> None:
    """The rest is awaited no more: what came in parts goes back."""
    for part in parts_of(db, order):
        _step(db, actor, part, AttemptEvent.CAPTURE_SECOND)
        refunds.owe_surplus(db, order=order, attempt=part)


def _step(db: Session, actor: Actor, attempt: Attempt, event: AttemptEvent) -> None:
    attempts.step(attempt, event)
    audit.record(db, actor, f"attempt.{attempt.state}", "attempt", attempt.id)
