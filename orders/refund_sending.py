"""Refunds through the gateway the money came by: asked by a job, once, and booked when it says so.

Our refund id is the gateway's key, so a lost answer asked for again sends nothing twice. What a
gateway cannot do, or refuses for good, goes to the treasurers.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Interval, and_, literal, or_, select
from sqlalchemy.orm import Session

from core import audit, clock, jobs, orgs
from core.actors import SYSTEM
from core.db import db as database
from core.db import in_transaction
from core.errors import RemoteError
from core.remote import remote
from orders import asking, attempts, methods, money_pages, refunds, treasury_tasks
from orders.gateways import GATEWAYS, Answer, Refunded
from orders.models import Refund
from orders.taken_back import BY_THE_BANK

DENIED_TRIES = 3
AGAIN_AFTER = timedelta(minutes=30)
UNCONFIRMED = timedelta(days=2)  # A refund that was taken in can still fail.
NIGHT = literal(timedelta(hours=8), Interval)  # Some gateways give nothing back at night.
BATCH_MAX = 50


@jobs.job("orders.send_refund", key="refund_id")
def send_refund(refund_id: str) -> None:
    """Ask the gateway to send one refund back."""
    _send(UUID(refund_id))


def _send(refund_id: UUID) -> None:
    db = database.session()
    refund = db.get(Refund, refund_id, populate_existing=True)
    if refund is None or refund.route != "gateway" or refund.state not in ("due", "sent"):
        return
    attempt = attempts.get_attempt(db, refund.attempt_id)
    invoice = attempts.invoice(db, attempt)
    asked = refunds.asked(refund)
    name = methods.known(attempt.method).gateway
    gateway = GATEWAYS[name]
    answer = Answer(Refunded.BY_HAND)  # Less than one cent of her money.
    if asked.amount:
        answer = remote(name).call(
            lambda: gateway.refund(invoice, refund_id=refund_id, asked=asked)
        )
    if answer.refunded is Refunded.DENIED:
        asking.learn(actor=SYSTEM, attempt_id=attempt.id)  # Somebody may have sent it back there.
    take_answer(refund_id=refund_id, answer=answer)


@in_transaction(retries=3)
def take_answer(db: Session, *, refund_id: UUID, answer: Answer) -> None:
    """Write down what the gateway answered; what is done already stays done."""
    order, attempt, refund = refunds.locked(db, refund_id)
    if refund.state not in ("due", "sent") or refund.route != "gateway":
        return
    refund.told, refund.gateway_id = answer.refunded.value, answer.theirs or refund.gateway_id
    refund.tries += 1
    audit.record(db, SYSTEM, f"refund.{answer.refunded.value}", "refund", refund.id)
    if answer.refunded is Refunded.DONE:
        page = money_pages.of_method(orgs.operator_id(db), attempt.method)
        refunds.settle(db, actor=SYSTEM, order=order, attempt=attempt, refund=refund, money=page)
    elif answer.refunded is Refunded.UNDER_WAY:
        refund.state, refund.sent_at = "sent", refund.sent_at or clock.now()
    elif answer.refunded is Refunded.BY_HAND or refund.tries >= DENIED_TRIES:
        if attempt.state in BY_THE_BANK:
            return  # The buyer's bank has the money already: it must not go back twice.
        refund.state, refund.route = "due", "by_hand"
        treasury_tasks.refund_due(db, refund=refund, order=order)
    else:
        refund.state = "due"


@jobs.job("orders.send_refunds_again", key=None, cron="*/15 * * * *")
def send_again() -> None:
    """Try again what was denied or given up, and ask what became of what was taken in."""
    waiting = (
        select(Refund.id)
        .where(
            Refund.route == "gateway",
            or_(
                and_(
                    Refund.state == "due",
                    Refund.created_at + Refund.tries * NIGHT <= clock.now() - AGAIN_AFTER,
                ),
                and_(Refund.state == "sent", Refund.sent_at <= clock.now() - UNCONFIRMED),
            ),
        )
        .order_by(Refund.created_at)
        .limit(BATCH_MAX)
    )
    for refund_id in list(database.session().scalars(waiting)):
        try:
            _send(refund_id)
        except RemoteError:
            continue  # Its server is silent now; the next round asks again.
