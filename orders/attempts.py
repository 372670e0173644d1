"""Tries to pay: opened with the order, replaced when the buyer chooses another way."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Uuid, bindparam, insert, literal_column, or_, select
from sqlalchemy.orm import Session

from core.actors import SYSTEM
from core.db import Reader, Ready
from core.errors import NotFound
from orders import treasury_tasks
from orders.gateways import Invoice
from orders.methods import Method
from orders.models import Attempt, Order
from orders.states import ATTEMPT_MOVES, AttemptEvent, AttemptState, move

_ATTEMPTS = insert(Attempt)
OPEN_STATES = ("created", "pending", "unknown")


def open_first(
    db: Session, *, order_id: UUID, number: str, method: Method, amount: int, now: datetime
) -> None:
    """Open attempt 1 of a new order, by bare columns: checkout is the busiest place we have."""
    row = _row(order_id, number, 1, method, amount, now)
    db.connection().execute(_ATTEMPTS, [row])
    _ask_treasurers(db, Attempt(**row), number)


def open_next(db: Session, *, order: Order, method: Method, amount: int, now: datetime) -> Attempt:
    """Open another attempt of a locked order; the caller has closed the one before."""
    newest = select(Attempt.number).where(Attempt.order_id == order.id)
    last = db.scalar(newest.order_by(Attempt.number.desc()).limit(1)) or 0
    attempt = Attempt(**_row(order.id, order.number, last + 1, method, amount, now))
    db.add(attempt)
    db.flush()
    _ask_treasurers(db, attempt, order.number)
    return attempt


def _ask_treasurers(db: Session, attempt: Attempt, number: str) -> None:
    """Only a person can see a transfer come; gateways tell by themselves, cash is in a hand."""
    if attempt.method == "transfer":
        treasury_tasks.transfer_awaited(
            db,
            attempt_id=attempt.id,
            number=number,
            amount=attempt.amount,
            due_at=attempt.expires_at,
        )


def _row(
    order_id: UUID, number: str, count: int, method: Method, amount: int, now: datetime
) -> dict[str, object]:
    return {
        "id": uuid4(),
        "order_id": order_id,
        "number": count,
        "method": method.code,
        "state": "created",
        "gateway_key": f"{number}-{count}",
        "amount": amount,
        "expires_at": method.hold_ends(now),
        "created_at": now,
    }


_NEWEST_OPEN = (
    select(Attempt)
    .where(
        Attempt.order_id == bindparam("order_id", type_=Uuid),
        or_(*(Attempt.state == literal_column(f"'{state}'") for state in OPEN_STATES)),
    )
    .order_by(Attempt.number.desc())
    .limit(literal_column("1"))
)
_SEEN_OPEN = Ready(_NEWEST_OPEN)


def newest_open(db: Session, order_id: UUID) -> Attempt | None:
    """The attempt that is still waiting for money, if any."""
    return db.scalar(_NEWEST_OPEN, {"order_id": order_id})


def see_open(db: Reader, order_id: UUID) -> Any:
    """The same as a row to read, with the columns of Attempt; None where nothing is awaited."""
    return next(iter(_SEEN_OPEN.rows(db, {"order_id": order_id})), None)


def expire_open(db: Session, order_id: UUID) -> None:
    """Close what still waits for money; whoever calls has closed it at its gateway."""
    query = select(Attempt).where(Attempt.order_id == order_id, Attempt.state.in_(OPEN_STATES))
    for attempt in db.scalars(query.with_for_update()):
        state = AttemptState(attempt.state)
        attempt.state = move(ATTEMPT_MOVES, state, AttemptEvent.EXPIRE).value
        treasury_tasks.transfer_over(db, actor=SYSTEM, attempt=attempt)


def get_attempt(db: Session, attempt_id: UUID) -> Attempt:
    """One attempt; raises NotFound."""
    found = db.get(Attempt, attempt_id)
    if found is None:
        raise NotFound
    return found


def invoice(attempt: Attempt) -> Invoice:
    """An attempt in the words of a gateway."""
    assert attempt.expires_at is not None
    return Invoice(
        attempt.id, attempt.gateway_key, attempt.amount, attempt.currency, attempt.expires_at
    )
