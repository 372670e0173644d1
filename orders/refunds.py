"""Money that goes back: owed with a reason, and sent by the gateway it came through or by people.

A refund is owed once per document that causes it. What is owed leaves the order's held money at
once, so it can never be earned as well. What a gateway sends back goes to the very card or account
it came from and needs no second person; what people send is sent by one treasurer and confirmed by
another.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives import ledger, postings
from cooperatives.accounts import Page
from cooperatives.ledger import Line as BookLine
from cooperatives.models.books import Kind
from cooperatives.postings import Sale
from cooperatives.rights import TREASURE
from core import access, audit, clock, news, orgs, pause
from core.access import SamePerson
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.people import Person
from orders import attempts, currencies, events, methods, money_pages, treasury_tasks
from orders.gateways import Presented
from orders.models import Attempt, Contact, Order, Refund
from orders.states import AttemptEvent, IllegalMove

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
    What a transfer was asked less for its last digits never came, so it does not go back.
    """
    house = orgs.operator_id(db)
    sale = Sale(house, str(order.id))
    unborne = max(0, amount - _left(db, sale, attempt, is_held=given_back is None))
    if unborne > attempt.unique_code or unborne == amount:
        raise TooMuch
    amount -= unborne
    refund = _open(db, attempt=attempt, amount=amount, reason=reason, doc=doc)
    postings.refunded(
        db,
        actor=actor,
        sale=sale,
        refund_id=refund.id,
        amount=amount,
        given_back=given_back,
        unborne=(money_pages.taken_off(house), unborne) if given_back and unborne else None,
    )
    about = ("refund", refund.id)
    events.write(db, order, "refund_due", doc=about, amount=amount, reason=reason)
    audit.record(db, actor, "refund.owe", "refund", refund.id, amount=amount)
    _ask(db, refund, order)
    return refund


def _left(db: Session, sale: Sale, attempt: Attempt, *, is_held: bool) -> int:
    """What of an attempt can still go back: out of what is held, or of all that came."""
    left = attempt.reached - owed(db, attempt.id)
    return min(left, -ledger.balance(db, sale.page(Kind.HELD))) if is_held else left


def owe_surplus(db: Session, *, order: Order, attempt: Attempt) -> None:
    """Owe back all of an attempt whose order needs no money: it is kept apart and never earned."""
    doc = ("attempt", attempt.id)
    refund = _open(db, attempt=attempt, amount=attempt.reached, reason="surplus", doc=doc)
    events.write(db, order, "surplus", doc=doc, amount=attempt.reached)
    _ask(db, refund, order)


def _open(
    db: Session, *, attempt: Attempt, amount: int, reason: str, doc: tuple[str, object]
) -> Refund:
    refund = Refund(
        id=uuid4(),
        attempt_id=attempt.id,
        amount=amount,
        reason=reason,
        doc_type=doc[0],
        doc_id=str(doc[1]),
        route="gateway" if methods.known(attempt.method).is_machine else "by_hand",
    )
    if attempt.presented_amount is not None:
        before = owed(db, attempt.id)
        refund.presented_amount = _presented(attempt, before + amount) - _presented(attempt, before)
        refund.presented_currency = attempt.presented_currency
    db.add(refund)
    return refund


def _presented(attempt: Attempt, rupiah: int) -> int:
    """So much of the whole in the buyer's own money; parts add up to the whole exactly."""
    whole = attempts.presented(attempt)
    assert whole is not None
    return currencies.returned_of(whole, rupiah, attempt.reached)


def _ask(db: Session, refund: Refund, order: Order) -> None:
    """Ask the gateway, by a job after this commit, or the treasurers."""
    if refund.route == "gateway":
        news.tell(db, "refund_owed", refund_id=str(refund.id))
    else:
        treasury_tasks.refund_due(db, refund=refund, order=order)


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
        .where(Refund.route == "by_hand", Refund.state.in_(("due", "sent")))
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


def _for_treasurer(db: Session, actor: Actor, refund_id: UUID) -> tuple[Order, Attempt, Refund]:
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    return locked(db, refund_id)


def locked(db: Session, refund_id: UUID) -> tuple[Order, Attempt, Refund]:
    """The order, the attempt and then the refund, locked in this order; raises NotFound."""
    attempt_id = db.scalar(select(Refund.attempt_id).where(Refund.id == refund_id))
    if attempt_id is None:
        raise NotFound
    order, attempt = attempts.locked(db, attempt_id)
    refund = db.get_one(Refund, refund_id, with_for_update=True, populate_existing=True)
    return order, attempt, refund


@in_transaction(retries=3)
def send(db: Session, *, actor: Actor, refund_id: UUID) -> None:
    """The actor has sent the money; another treasurer will confirm it."""
    pause.refuse(db)
    order, _attempt, refund = _for_treasurer(db, actor, refund_id)
    if refund.state != "due" or refund.route != "by_hand":
        raise IllegalMove
    refund.state, refund.asked_by, refund.sent_at = "sent", actor.person_id, clock.now()
    treasury_tasks.refund_sent(db, actor=actor, refund=refund, order=order)
    audit.record(db, actor, "refund.send", "refund", refund.id)


@in_transaction(retries=3)
def confirm(db: Session, *, actor: Actor, refund_id: UUID) -> None:
    """The second treasurer saw it leave; only now the books say so. Raises SamePerson."""
    order, attempt, refund = _for_treasurer(db, actor, refund_id)
    if refund.state != "sent" or refund.route != "by_hand":
        raise IllegalMove
    if refund.asked_by == actor.person_id:
        raise SamePerson
    refund.approved_by = actor.person_id
    settle(
        db,
        actor=actor,
        order=order,
        attempt=attempt,
        refund=refund,
        money=money_pages.bank(orgs.operator_id(db)),
    )
    audit.record(db, actor, "refund.confirm", "refund", refund.id)


def settle(
    db: Session, *, actor: Actor, order: Order, attempt: Attempt, refund: Refund, money: Page
) -> None:
    """A refund of a locked attempt has left from `money`: the books and the buyer are told."""
    refund.state, refund.done_at = "done", clock.now()
    db.flush()
    postings.refund_sent(
        db,
        actor=actor,
        sale=Sale(orgs.operator_id(db), str(order.id)),
        refund_id=refund.id,
        money=money,
        amount=refund.amount,
        kept=Kind.SURPLUS_DUE if refund.reason == "surplus" else Kind.REFUND_DUE,
    )
    is_all = gone_back(db, attempt.id) >= attempt.reached
    event = AttemptEvent.REFUND_ALL if is_all else AttemptEvent.REFUND_PART
    attempts.step(attempt, event)
    events.write(db, order, "refund_done", doc=("refund", refund.id), amount=refund.amount)
    treasury_tasks.refund_over(db, actor=actor, refund=refund)


def hear_returned(db: Session, *, actor: Actor, order: Order, attempt: Attempt, told: int) -> None:
    """The gateway says that `told` has gone back in all: what we asked for is done by as much.

    More than we know of was sent by somebody at the gateway itself: a treasurer must look.
    """
    known = select(Refund).where(Refund.attempt_id == attempt.id, Refund.route == "gateway")
    rows = list(db.scalars(known.order_by(Refund.created_at, Refund.id).with_for_update()))
    left = told - sum(asked(refund).amount for refund in rows if refund.state == "done")
    for refund in rows:
        if refund.state in ("due", "sent") and asked(refund).amount <= left:
            left -= asked(refund).amount
            page = money_pages.of_method(orgs.operator_id(db), attempt.method)
            settle(db, actor=actor, order=order, attempt=attempt, refund=refund, money=page)
    if left > 0:
        treasury_tasks.look_at(db, attempt=attempt, order=order)


def asked(refund: Refund) -> Presented:
    """What its gateway is to send back: her own money where she paid in that."""
    if refund.presented_amount is None:
        return Presented(refund.amount, refund.currency)
    return Presented(refund.presented_amount, refund.presented_currency)


def gone_back(db: Session, attempt_id: UUID) -> int:
    """What of an attempt has really gone back."""
    done = select(func.sum(Refund.amount)).where(
        Refund.attempt_id == attempt_id, Refund.state == "done"
    )
    return int(db.scalar(done) or 0)
