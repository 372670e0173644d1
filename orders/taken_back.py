"""Money that a bank takes back after it came: a settlement undone, a dispute, a chargeback.

A settlement undone within minutes, before anything moved, makes the order unpaid again. In a
dispute the gateway keeps the sum: it stands as a claim on the bank, nobody earns meanwhile, and
when it is lost a treasurer decides who bears it. Stock is never touched.
"""

from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import holds, ledger, postings
from cooperatives.accounts import Page, own
from cooperatives.models.books import Kind
from cooperatives.postings import Sale
from cooperatives.rights import TREASURE
from core import access, audit, clock, news, orgs
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError
from orders import attempts, events, methods, money_pages, refunds, treasury_tasks
from orders.checkout import order_doc
from orders.models import Attempt, Order, Parcel, Refund
from orders.parcels import BEFORE_HANDOVER
from orders.states import (
    ORDER_MOVES,
    AttemptEvent,
    AttemptState,
    IllegalMove,
    OrderEvent,
    OrderState,
    move,
)

BY_THE_BANK = (AttemptState.DISPUTED, AttemptState.CHARGED_BACK)
BEARERS = {"operator": _("Lumbung"), "risk_fund": _("Dana risiko koperasi")}


class NotABearer(DomainError):
    """Nobody by this name can bear it."""

    sentence = _("Pilih siapa yang menanggung.")


def undoing(db: Session, order: Order, attempt: Attempt) -> AttemptEvent:
    """Whether a denial after the settlement can still undo it, or must be borne by somebody."""
    untouched = order.state == OrderState.PAID and not db.scalar(
        select(Parcel.id)
        .where(Parcel.order_id == order.id, Parcel.state.not_in(BEFORE_HANDOVER))
        .limit(1)
    )
    owed = refunds.owed(db, attempt.id)
    if attempt.is_capture and untouched and not owed:
        return AttemptEvent.REVERSE
    if attempt.state == AttemptState.SURPLUS and not refunds.gone_back(db, attempt.id):
        return AttemptEvent.REVERSE
    return AttemptEvent.CHARGE_BACK


def book(
    db: Session,
    actor: Actor,
    order: Order,
    attempt: Attempt,
    after: AttemptState,
    returned: int,
) -> None:
    """Book what the move of a locked attempt to `after` means for money that had come."""
    if after is AttemptState.REVERSED:
        _undo(db, actor, order, attempt)
    elif after in BY_THE_BANK:
        _move(db, actor, order, attempt, "dispute", _kept(attempt, returned))
        treasury_tasks.money_taken_back(db, attempt=attempt, order=order)
    elif after is AttemptState.CAPTURED:
        _move(db, actor, order, attempt, "dispute_won", -contested(db, order))
        treasury_tasks.money_is_back(db, actor=actor, attempt=attempt)
    events.write(db, order, f"money_{after.value}", doc=("attempt", attempt.id))


def _kept(attempt: Attempt, returned: int) -> int:
    """Rupiah the bank keeps; what it names in another currency is its part of the whole."""
    if attempt.presented_amount is None:
        return returned or attempt.reached
    return attempt.reached * (returned or attempt.presented_amount) // attempt.presented_amount


def _claim(house: int, order: Order) -> Page:
    """What the buyer's bank holds back of an order."""
    return own(Kind.RECEIVABLE, house, f"dispute:{order.id}")


def contested(db: Session, order: Order) -> int:
    """Rupiah of an order that its buyer's bank keeps and nobody bears yet."""
    return ledger.balance(db, _claim(orgs.operator_id(db), order))


def _move(
    db: Session, actor: Actor, order: Order, attempt: Attempt, doc_type: str, amount: int
) -> None:
    """Between the gateway's page and the claim: there (positive) or back (negative), once each."""
    if doc_type == "dispute" and contested(db, order):
        return  # It was disputed before it was lost.
    house = orgs.operator_id(db)
    there, here = _claim(house, order), money_pages.of_method(house, attempt.method)
    giving, taking = (here, there) if amount > 0 else (there, here)
    postings.moved(
        db,
        actor=actor,
        doc=(doc_type, attempt.id),
        giving=giving,
        taking=taking,
        amount=abs(amount),
    )


def _undo(db: Session, actor: Actor, order: Order, attempt: Attempt) -> None:
    house = orgs.operator_id(db)
    was_first = attempt.is_capture
    postings.taken_back(
        db,
        actor=actor,
        sale=Sale(house, str(order.id)),
        attempt_id=attempt.id,
        money=money_pages.of_method(house, attempt.method),
        amount=attempt.reached,
        kept=Kind.HELD if was_first else Kind.SURPLUS_DUE,
    )
    if not was_first:
        owed = select(Refund).where(Refund.attempt_id == attempt.id).with_for_update()
        for refund in db.scalars(owed):
            refund.state = "failed"
            treasury_tasks.refund_over(db, actor=actor, refund=refund)
        return
    attempt.is_capture = False
    db.flush()
    until = methods.known(order.method).hold_ends(clock.now())
    order.state = move(ORDER_MOVES, OrderState(order.state), OrderEvent.UNPAY).value
    order.paid_at, order.pay_by = None, until
    holds.unconfirm(db, order_doc(order.id), until)
    for parcel in db.scalars(select(Parcel).where(Parcel.order_id == order.id).with_for_update()):
        parcel.accept_by = None  # Makers are asked anew when other money comes.
    news.tell(db, "order_unpaid", order_id=str(order.id))


@in_transaction(retries=3)
def decide(db: Session, *, actor: Actor, attempt_id: UUID, bearer: str) -> None:
    """A lost dispute is borne by the operator or by the cooperative's risk fund; said once.

    Raises NotABearer, IllegalMove, NotFound.
    """
    house = orgs.operator_id(db)
    access.require(db, actor, TREASURE, house)
    order, attempt = attempts.locked(db, attempt_id)
    if bearer not in BEARERS:
        raise NotABearer
    if attempt.state != AttemptState.CHARGED_BACK or not contested(db, order):
        raise IllegalMove
    page = own(Kind.OPERATOR if bearer == "operator" else Kind.RISK_FUND, house)
    postings.borne(
        db,
        actor=actor,
        attempt_id=attempt.id,
        claim=_claim(house, order),
        bearer=page,
        amount=contested(db, order),
    )
    audit.record(db, actor, "dispute.decide", "attempt", attempt.id, bearer=bearer)
    treasury_tasks.money_is_back(db, actor=actor, attempt=attempt)


def is_contested(db: Session, order: Order) -> bool:
    """Whether a bank holds money of this order back, or nobody has yet borne what is lost."""
    query = select(Attempt.id).where(
        Attempt.order_id == order.id, Attempt.is_capture, Attempt.state.in_(BY_THE_BANK)
    )
    return db.scalar(query.limit(1)) is not None and contested(db, order) > 0
