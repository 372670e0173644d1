"""Opening a payment at its gateway, so that the buyer can go there: never twice for one try.

The attempt is written before anybody is called, and its key is the gateway's key. An answer that
was lost leaves it *unknown*: asked for again it opens the same payment, and a buyer is never sent
to pay a second one while the first may be paid.
"""

from contextlib import suppress
from uuid import UUID

from sqlalchemy.orm import Session

from core import audit, clock, jobs
from core.actors import SYSTEM, Actor
from core.db import db as database
from core.db import in_transaction
from core.errors import NotFound, RemoteError
from core.remote import Down, TooBusy, remote
from orders import asking, attempts, endings, methods, presenting
from orders.gateways import GATEWAYS, Started
from orders.gateways.words import KeyTaken
from orders.models import Attempt, Order
from orders.presenting import CurrencyNotChosen
from orders.states import AttemptEvent, AttemptState


def open_payment(*, actor: Actor, order_id: UUID) -> str:
    """Where the buyer of an unpaid order pays now; empty where she has paid meanwhile.

    Raises TooBusy, Down or another RemoteError: her order stands, and she tries again later.
    """
    attempt = _to_open(actor, order_id)
    if attempt is None:
        return ""
    if attempt.state == AttemptState.PENDING and attempt.pay_url:
        return attempt.pay_url
    if attempt.state == AttemptState.UNKNOWN and attempt.gateway_id:
        return _ask_first(actor, order_id, attempt)
    try:
        return _start(actor, attempt)
    except KeyTaken:
        endings.close_payment(order_id)
        fresh = renew(actor=actor, order_id=order_id, instead_of=attempt.id)
        return _start(actor, fresh) if fresh else ""


def _to_open(actor: Actor, order_id: UUID) -> Attempt | None:
    db = database.session()
    order = db.get(Order, order_id, populate_existing=True)
    if order is None:
        raise NotFound
    if order.state not in endings.ENDS_UNPAID or not methods.known(order.method).is_machine:
        return None
    return attempts.newest_open(db, order_id) or renew(actor=actor, order_id=order_id)


def _ask_first(actor: Actor, order_id: UUID, attempt: Attempt) -> str:
    """It may be paid already: only what the gateway says decides whether she may pay."""
    asking.learn(actor=actor, attempt_id=attempt.id)
    fresh = _to_open(actor, order_id)
    if fresh is None or fresh.state == AttemptState.UNKNOWN:
        return ""
    return fresh.pay_url or _start(actor, fresh)


def _start(actor: Actor, attempt: Attempt) -> str:
    presenting.refuse_unchosen(attempt)
    invoice = attempts.invoice(database.session(), attempt)
    name = methods.known(attempt.method).gateway
    gateway = GATEWAYS[name]
    try:
        started = remote(name).call(lambda: gateway.start(invoice))
    except (KeyTaken, TooBusy, Down):
        raise  # Nothing of ours has reached it.
    except RemoteError:
        note_lost(actor=actor, attempt_id=attempt.id)
        raise
    return note_opened(actor=actor, attempt_id=attempt.id, started=started)


@in_transaction(retries=3)
def open_later(db: Session, *, order_id: UUID) -> None:
    """All who may wait for the gateway wait already: let the job worker open it."""
    jobs.defer(db, open_for_buyer, order_id=str(order_id))


@jobs.job("orders.open_payment", key="order_id")
def open_for_buyer(order_id: str) -> None:
    """Open the payment of one order; her page looks again by itself and says if it failed."""
    with suppress(RemoteError, CurrencyNotChosen):
        open_payment(actor=SYSTEM, order_id=UUID(order_id))


@in_transaction(retries=3)
def note_opened(db: Session, *, actor: Actor, attempt_id: UUID, started: Started) -> str:
    """The gateway has opened it; returns where to pay, empty if it is paid or over already."""
    _order, attempt = attempts.locked(db, attempt_id)
    attempts.step(attempt, AttemptEvent.OPEN)
    attempt.pay_url, attempt.gateway_id = started.pay_url, started.gateway_id
    audit.record(db, actor, "attempt.open", "attempt", attempt.id)
    return attempt.pay_url if attempt.state == AttemptState.PENDING else ""


@in_transaction(retries=3)
def note_lost(db: Session, *, actor: Actor, attempt_id: UUID) -> None:
    """No answer: whether it is open there we do not know."""
    _order, attempt = attempts.locked(db, attempt_id)
    attempts.step(attempt, AttemptEvent.LOSE)
    audit.record(db, actor, "attempt.lose", "attempt", attempt.id)


@in_transaction(retries=3)
def renew(
    db: Session, *, actor: Actor, order_id: UUID, instead_of: UUID | None = None
) -> Attempt | None:
    """Another try in the same way: the one before has failed or run out, or was closed at its
    gateway (`instead_of`). None where the order needs no money any more.
    """
    order = db.get_one(Order, order_id, with_for_update=True, populate_existing=True)
    if order.state not in endings.ENDS_UNPAID:
        return None
    found = attempts.newest_open(db, order_id)
    if found is not None and found.id != instead_of:
        return found
    attempts.expire_open(db, order_id)
    now, method = clock.now(), methods.known(order.method)
    endings.hold_on(db, order, method.hold_ends(now))
    audit.record(db, actor, "attempt.renew", "order", order_id)
    return attempts.open_next(db, order=order, method=method, amount=order.total, now=now)
