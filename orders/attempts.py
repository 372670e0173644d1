"""Tries to pay: opened with the order, replaced when the buyer chooses another way."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Uuid, bindparam, literal_column, or_, select, text
from sqlalchemy.orm import Session

from core import clock
from core.actors import SYSTEM
from core.config import settings
from core.db import Reader, Ready
from core.errors import NotFound
from core.inserts import Insert
from core.settings import CoreSettings
from orders import methods, treasury_tasks, unique_digits
from orders.gateways import Invoice, Item, Presented
from orders.methods import Method
from orders.models import Attempt, Line, Order
from orders.states import ATTEMPT_MOVES, AttemptEvent, AttemptState, move

_ATTEMPTS = Insert(Attempt)
_UNLESS_TAKEN = Insert(
    Attempt,
    lambda rows: rows.on_conflict_do_nothing(
        index_elements=[Attempt.amount],
        index_where=text("unique_code > 0 and state in ('created','pending','unknown')"),
    ).returning(Attempt.id),
)
OPEN_STATES = unique_digits.OPEN_STATES
ASKED = ("pending", "unknown")  # A gateway was asked, and we wait for its word.
GATEWAY_ENDS_EARLIER = timedelta(minutes=2)


def open_first(
    db: Session, *, order_id: UUID, number: str, method: Method, amount: int, now: datetime
) -> None:
    """Open attempt 1 of a new order, by bare columns: checkout is the busiest place we have."""
    row = _written(db, _row(order_id, number, 1, method, amount, now))
    _ask_treasurers(db, Attempt(**row), number)


def open_next(db: Session, *, order: Order, method: Method, amount: int, now: datetime) -> Attempt:
    """Open another attempt of a locked order; the caller has closed the one before."""
    db.flush()  # What was closed before must be seen closed.
    row = _written(db, _row(order.id, order.number, _next(db, order), method, amount, now))
    attempt = db.get_one(Attempt, row["id"])
    _ask_treasurers(db, attempt, order.number)
    return attempt


def open_extra(db: Session, *, order: Order, amount: int) -> Attempt:
    """An attempt for transferred money that fits none that is open; nobody was asked for it."""
    method, now = methods.known("transfer"), clock.now()
    row = _row(order.id, order.number, _next(db, order), method, amount, now)
    db.flush()
    _ATTEMPTS.rows(db, [row])
    return db.get_one(Attempt, row["id"])


def _next(db: Session, order: Order) -> int:
    newest = select(Attempt.number).where(Attempt.order_id == order.id)
    return (db.scalar(newest.order_by(Attempt.number.desc()).limit(1)) or 0) + 1


def _written(db: Session, row: dict[str, Any]) -> dict[str, Any]:
    """Write an attempt; a transfer gets digits of its own, if any are free."""
    if row["method"] == "transfer":
        for code in unique_digits.draw(db, row["amount"]):
            asked = row | {"amount": row["amount"] - code, "unique_code": code}
            if _UNLESS_TAKEN.rows(db, [asked]):
                return asked
    _ATTEMPTS.rows(db, [row])
    return row


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
) -> dict[str, Any]:
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


def step(attempt: Attempt, event: AttemptEvent) -> None:
    """Move a locked attempt by the table. Raises IllegalMove."""
    attempt.state = move(ATTEMPT_MOVES, AttemptState(attempt.state), event).value


def expire_open(db: Session, order_id: UUID) -> None:
    """Close what still waits for money; whoever calls has closed it at its gateway."""
    query = select(Attempt).where(Attempt.order_id == order_id, Attempt.state.in_(OPEN_STATES))
    for attempt in db.scalars(query.with_for_update()):
        step(attempt, AttemptEvent.EXPIRE)
        treasury_tasks.transfer_over(db, actor=SYSTEM, attempt=attempt)


def get_attempt(db: Session, attempt_id: UUID) -> Attempt:
    """One attempt; raises NotFound."""
    found = db.get(Attempt, attempt_id)
    if found is None:
        raise NotFound
    return found


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


def invoice(db: Session, attempt: Attempt) -> Invoice:
    """An attempt in the words of a gateway; it ends there before the goods are let go here."""
    assert attempt.expires_at is not None
    order = db.get_one(Order, attempt.order_id)
    lines = db.scalars(select(Line).where(Line.order_id == order.id).order_by(Line.position))
    key = attempt.gateway_key
    return Invoice(
        attempt_id=attempt.id,
        key=key,
        amount=attempt.amount,
        currency=attempt.currency,
        expires_at=attempt.expires_at - GATEWAY_ENDS_EARLIER,
        method=attempt.method,
        number=order.number,
        items=tuple(map(_item, lines)),
        presented=presented(attempt),
        gateway_id=attempt.gateway_id,
        return_url=f"{settings(CoreSettings).public_url}/pesanan/kembali?pembayaran={key}",
        language=order.language,
    )


def _item(line: Line) -> Item:
    if line.kind == "discount":
        return Item(line.name, -line.total)
    return Item(line.name, line.price, line.quantity)


def presented(attempt: Attempt) -> Presented | None:
    """What a buyer abroad pays for it in her own money, if she does."""
    if attempt.presented_amount is None:
        return None
    return Presented(attempt.presented_amount, attempt.presented_currency)
