"""How a payment stands: asked of its gateway, and taken in by the one function for all.

Webhook, return page and poller all come here. A notice is only a reason to ask: what it says of
itself is never believed (Midtrans signs neither state nor currency).
"""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from core import audit, clock, jobs
from core.actors import SYSTEM, Actor
from core.db import db as database
from core.db import in_transaction
from core.errors import RemoteError
from core.remote import Down, remote
from orders import attempts, methods, payment, treasury_tasks
from orders.gateways import GATEWAYS, Reading
from orders.models import Attempt, Refund
from orders.payment import AmountDiffers
from orders.states import AttemptEvent

SILENT = timedelta(minutes=3)
ASK_EVERY = timedelta(minutes=2)
ASK_LATE_EVERY = timedelta(hours=1)
LATE_FOR = timedelta(days=8)  # No number of Midtrans lives longer than seven.
MAY_BE_UNDONE = timedelta(minutes=15)
BATCH_MAX = 50
BY_THE_BANK = (AttemptEvent.DISPUTE, AttemptEvent.CHARGE_BACK, AttemptEvent.WIN)


def learn(*, actor: Actor, attempt_id: UUID) -> str:
    """Ask how an attempt stands and take it in; returns its state afterwards in one word.

    Raises RemoteError where the gateway does not answer; nothing was changed then.
    """
    reading = _ask(attempt_id)
    if reading is None:
        return "only_people_know"
    _note_asked(attempt_id=attempt_id)
    return take_in(actor=actor, attempt_id=attempt_id, reading=reading)


def take_in(*, actor: Actor, attempt_id: UUID, reading: Reading) -> str:
    """Apply a reading; money of another amount or currency is set aside for a treasurer.

    Where the first we hear of a payment is that the buyer's bank took it back, it came before.
    """
    try:
        if reading.event in BY_THE_BANK and not _has_come(attempt_id):
            came = replace(reading, event=AttemptEvent.CAPTURE, returned=0)
            payment.apply(actor=actor, attempt_id=attempt_id, reading=came)
        payment.apply(actor=actor, attempt_id=attempt_id, reading=reading)
    except AmountDiffers:
        set_aside(actor=actor, attempt_id=attempt_id)
        return "amount_differs"
    return attempts.get_attempt(database.session(), attempt_id).state


def _has_come(attempt_id: UUID) -> bool:
    return attempts.get_attempt(database.session(), attempt_id).captured_at is not None


def _ask(attempt_id: UUID) -> Reading | None:
    db = database.session()
    attempt = attempts.get_attempt(db, attempt_id)
    method = methods.known(attempt.method)
    if not method.is_machine:
        return None
    invoice, gateway = attempts.invoice(db, attempt), GATEWAYS[method.gateway]
    return remote(method.gateway).call(lambda: gateway.read(invoice))


@in_transaction(retries=3)
def _note_asked(db: Session, *, attempt_id: UUID) -> None:
    db.execute(update(Attempt).where(Attempt.id == attempt_id).values(asked_at=clock.now()))


@in_transaction(retries=3)
def set_aside(db: Session, *, actor: Actor, attempt_id: UUID) -> None:
    """Money came that is not what was asked for: it pays nothing, and a person looks at it."""
    order, attempt = attempts.locked(db, attempt_id)
    attempts.step(attempt, AttemptEvent.LOSE)
    audit.record(db, actor, "attempt.set_aside", "attempt", attempt.id)
    treasury_tasks.look_at(db, attempt=attempt, order=order)


@jobs.job("orders.ask_gateways", key=None, cron="* * * * *")
def ask_gateways() -> None:
    """Ask about whatever nobody told us of; a gateway that is down is left in peace."""
    down: set[str] = set()
    for attempt_id, method in waiting():
        gateway = methods.known(method).gateway
        if gateway in down:
            continue
        try:
            learn(actor=SYSTEM, attempt_id=attempt_id)
        except Down:
            down.add(gateway)
        except RemoteError:
            continue


def waiting() -> list[tuple[UUID, str]]:
    """Attempts to ask about now, those not asked for longest first: id and method."""
    now = clock.now()
    under_way = select(Refund.attempt_id).where(Refund.route == "gateway", Refund.state == "sent")
    recent = and_(Attempt.created_at >= now - LATE_FOR, or_(_open(now), _late(now), _fresh(now)))
    refunding = and_(Attempt.id.in_(under_way), _not_asked_for(now, ASK_LATE_EVERY))
    found: dict[UUID, str] = {}
    for condition in (recent, refunding):
        query = select(Attempt.id, Attempt.method).where(
            Attempt.method.in_(methods.at_gateways()), condition
        )
        query = query.order_by(Attempt.asked_at.nulls_first(), Attempt.created_at)
        rows = database.session().execute(query.limit(BATCH_MAX))
        found |= {row.id: row.method for row in rows}
    return list(found.items())


def _not_asked_for(now: datetime, pause: timedelta) -> ColumnElement[bool]:
    return or_(Attempt.asked_at.is_(None), Attempt.asked_at <= now - pause)


def _open(now: datetime) -> ColumnElement[bool]:
    """Opened some minutes ago, and nobody has told us more."""
    return and_(
        Attempt.state.in_(("pending", "unknown")),
        Attempt.created_at <= now - SILENT,
        _not_asked_for(now, ASK_EVERY),
    )


def _late(now: datetime) -> ColumnElement[bool]:
    """Closed here, and yet a number or a QR of it may still be paid."""
    return and_(
        Attempt.state.in_(("expired", "failed")),
        Attempt.gateway_id != "",
        _not_asked_for(now, ASK_LATE_EVERY),
    )


def _fresh(now: datetime) -> ColumnElement[bool]:
    """Paid some minutes ago: a settlement may be undone within five (Midtrans)."""
    return and_(
        Attempt.state == "captured",
        Attempt.captured_at.between(now - MAY_BE_UNDONE, now - SILENT),
        _not_asked_for(now, ASK_EVERY),
    )
