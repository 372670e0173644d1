"""Money that goes back: owed with a reason, sent by one treasurer, confirmed by another.

A refund is owed once per document that causes it. What is owed leaves the order's held money at
once, so it can never be earned as well.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives import postings
from cooperatives.ledger import Line as BookLine
from cooperatives.models.books import Kind
from cooperatives.postings import Sale
from cooperatives.rights import TREASURE
from core import access, audit, clock, orgs
from core.access import SamePerson
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.people import Person
from orders import money_pages, payment, treasury_tasks
from orders.models import Attempt, Contact, Event, Order, Refund
from orders.states import ATTEMPT_MOVES, AttemptEvent, AttemptState, IllegalMove, move

LIST_MAX = 100


class TooMuch(DomainError):
    """More would go back than came in."""

    status = 409
    sentence = _("Uang kembali tidak boleh lebih dari yang dibayar.")


def owe(
    db: Session,
    *,
    actor: Actor,
    order: Order,
    attempt: Attempt,
    amount: int,
    reason: str,
    doc: tuple[str, object],
    given_back: Sequence[BookLine] | None = None,
) -> Refund:
    """Owe the buyer of a locked order part of a captured attempt. Raises TooMuch.

    `given_back` says who bears it where the money was earned already; otherwise it is held money.
    """
    if amount > attempt.reached - owed(db, attempt.id):
        raise TooMuch
    refund = Refund(
        id=uuid4(),
        attempt_id=attempt.id,
        amount=amount,
        reason=reason,
        doc_type=doc[0],
        doc_id=str(doc[1]),
    )
    db.add(refund)
    postings.refunded(
        db,
        actor=actor,
        sale=Sale(orgs.operator_id(db), str(order.id)),
        refund_id=refund.id,
        amount=amount,
        given_back=given_back,
    )
    db.add(Event(order_id=order.id, what="refund_due", facts={"amount": amount, "reason": reason}))
    audit.record(db, actor, "refund.owe", "refund", refund.id, amount=amount)
    treasury_tasks.refund_due(db, refund=refund, order=order)
    return refund


def owed(db: Reader, attempt_id: UUID) -> int:
    """What of an attempt is owed or has gone back already."""
    total = select(func.coalesce(func.sum(Refund.amount), 0)).where(
        Refund.attempt_id == attempt_id, Refund.state != "failed"
    )
    return int(db.scalar(total) or 0)


def list_open(db: Session, actor: Actor) -> list[Any]:
    """Refunds a treasurer has to send or confirm, oldest first.

    Columns: Refund, Order, sender_name. Raises NotFound for others than the operator's treasurers.
    """
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    query = (
        select(Refund, Order, Person.call_me.label("sender_name"))
        .join(Attempt, Attempt.id == Refund.attempt_id)
        .join(Order, Order.id == Attempt.order_id)
        .outerjoin(Person, Person.id == Refund.asked_by)
        .where(Refund.state.in_(("due", "sent")))
        .order_by(Refund.created_at, Refund.id)
        .limit(LIST_MAX)
    )
    return list(db.execute(query))


def get_refund(db: Session, actor: Actor, refund_id: UUID) -> Any:
    """One refund, its order, whom to call about it, and who sent it; raises NotFound.

    Columns: Refund, Order, Contact, sender_name.
    """
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    query = (
        select(Refund, Order, Contact, Person.call_me.label("sender_name"))
        .join(Attempt, Attempt.id == Refund.attempt_id)
        .join(Order, Order.id == Attempt.order_id)
        .outerjoin(Contact, Contact.order_id == Order.id)
        .outerjoin(Person, Person.id == Refund.asked_by)
        .where(Refund.id == refund_id)
    )
    found = db.execute(query).first()
    if found is None:
        raise NotFound
    return found


def _for_treasurer(db: Session, actor: Actor, refund_id: UUID) -> Refund:
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    refund = db.get(Refund, refund_id, with_for_update=True, populate_existing=True)
    if refund is None:
        raise NotFound
    return refund


@in_transaction(retries=3)
def send(db: Session, *, actor: Actor, refund_id: UUID) -> None:
    """The actor has sent the money; another treasurer will confirm it."""
    refund = _for_treasurer(db, actor, refund_id)
    if refund.state != "due":
        raise IllegalMove
    refund.state, refund.asked_by = "sent", actor.person_id
    order = db.scalars(
        select(Order)
        .join(Attempt, Attempt.order_id == Order.id)
        .where(Attempt.id == refund.attempt_id)
    ).one()
    treasury_tasks.refund_sent(db, actor=actor, refund=refund, order=order)
    audit.record(db, actor, "refund.send", "refund", refund.id)


@in_transaction(retries=3)
def confirm(db: Session, *, actor: Actor, refund_id: UUID) -> None:
    """The second treasurer saw it leave; only now the books say so. Raises SamePerson."""
    refund = _for_treasurer(db, actor, refund_id)
    if refund.state != "sent":
        raise IllegalMove
    if refund.asked_by == actor.person_id:
        raise SamePerson
    order, attempt = payment.locked(db, refund.attempt_id)
    refund.state, refund.approved_by, refund.done_at = "done", actor.person_id, clock.now()
    db.flush()
    house = orgs.operator_id(db)
    postings.refund_sent(
        db,
        actor=actor,
        sale=Sale(house, str(order.id)),
        refund_id=refund.id,
        money=money_pages.bank(house),
        amount=refund.amount,
        kept=Kind.SURPLUS_DUE if refund.reason == "surplus" else Kind.REFUND_DUE,
    )
    is_all = _gone_back(db, attempt.id) >= attempt.reached
    event = AttemptEvent.REFUND_ALL if is_all else AttemptEvent.REFUND_PART
    attempt.state = move(ATTEMPT_MOVES, AttemptState(attempt.state), event).value
    db.add(Event(order_id=order.id, what="refund_done", facts={"amount": refund.amount}))
    treasury_tasks.refund_over(db, actor=actor, refund=refund)
    audit.record(db, actor, "refund.confirm", "refund", refund.id)


def _gone_back(db: Session, attempt_id: UUID) -> int:
    done = select(func.sum(Refund.amount)).where(
        Refund.attempt_id == attempt_id, Refund.state == "done"
    )
    return int(db.scalar(done) or 0)
