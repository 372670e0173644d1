"""Where a buyer wants back what no gateway can send: given by herself, seen by treasurers only.

Whoever has the order's link may look at it, so for this the phone number of the order is asked as
well. The number is sealed, shown masked, fixed once a treasurer begins to send, and erased some
days after the last refund is done. It stands in no log, no trail and no message.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, and_, literal_column, or_, select
from sqlalchemy.orm import Session

from cooperatives import banks
from cooperatives.rights import TREASURE
from core import access, audit, clock, jobs, limits, orgs, sealing
from core.actors import SYSTEM, Actor
from core.config import settings
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from orders import events
from orders.models import Attempt, Contact, Order, Refund, RefundAccount
from orders.settings import OrderSettings
from orders.states import IllegalMove

PURPOSE = "refund account"
HOUR_SECONDS = 3_600


class NotThatPhone(DomainError):
    """The phone is not the order's; a link alone is not enough to redirect money."""

    sentence = _("Nomor HP ini bukan nomor HP pemesan. Periksa lagi.")


class OddNumber(DomainError):
    """No account of that bank, or wallet, can have this number."""

    sentence = _("Nomor ini belum cocok. Periksa angkanya, atau pilih bank lain.")


class BeingSent(DomainError):
    """A treasurer has begun to send: what she sees may not change under her hands."""

    status = 409
    sentence = _("Uangnya sedang dikirim. Rekening ini tidak bisa diganti lagi.")


@dataclass(frozen=True, slots=True)
class Target:
    """A bank account or wallet as the buyer wrote it."""

    bank: str
    number: str
    name: str

    @property
    def bank_name(self) -> str:
        """As people call it."""
        return banks.NAMES.get(self.bank, self.bank)


def is_needed(db: Reader, order_id: UUID) -> bool:
    """Whether money has to go back to this order's buyer that only a person can send."""
    return db.scalar(waiting(order_id).limit(1)) is not None


def waiting(order_id: UUID | ColumnElement[UUID]) -> Select[UUID]:
    """The refunds of an order that wait for a person to send them, as SQL."""
    return _by_hand(order_id).where(Refund.state == literal_column("'due'"))


def is_fixed(db: Reader, account: RefundAccount) -> bool:
    """Whether a treasurer has begun to send, or has sent, and nothing may change any more."""
    under_way = Refund.state == "sent"
    if account.begun_at is not None:
        begun = and_(Refund.state == "due", Refund.created_at <= account.begun_at)
        under_way = or_(under_way, begun)
    return db.scalar(_by_hand(account.order_id).where(under_way).limit(1)) is not None


def _by_hand(order_id: UUID | ColumnElement[UUID]) -> Select[UUID]:
    return (
        select(Refund.id)
        .join(Attempt, Attempt.id == Refund.attempt_id)
        .where(Attempt.order_id == order_id, Refund.route == literal_column("'by_hand'"))
    )


def of_order(db: Session, order_id: UUID) -> RefundAccount | None:
    """What the buyer has given, if she has and it is not erased."""
    found = db.get(RefundAccount, order_id)
    return found if found is not None and found.erased_at is None else None


def spend_try(order_id: UUID, address: str) -> None:
    """Count one try, so that nobody guesses the phone; raises TooMany."""
    most = settings(OrderSettings).refund_account_tries
    for key in (f"refund-account:{order_id}", f"refund-account:{address}"):
        limits.spend(key=key[:200], most=most, seconds=HOUR_SECONDS)


@in_transaction(retries=3)
def give(db: Session, *, actor: Actor, order_id: UUID, phone: str, target: Target) -> None:
    """The buyer says where the money shall go; saying it again replaces it.

    Raises NotThatPhone, OddNumber, BeingSent, NotFound.
    """
    order = db.get(Order, order_id, with_for_update=True)
    if order is None or not is_needed(db, order_id):
        raise NotFound
    contact = db.get(Contact, order_id)
    if contact is None or not contact.phone or contact.phone != phone:
        raise NotThatPhone
    number = banks.plain(target.number)
    if not banks.fits(target.bank, number):
        raise OddNumber
    account = db.get(RefundAccount, order_id, with_for_update=True, populate_existing=True)
    if account is None:
        account = RefundAccount(order_id=order_id)
        db.add(account)
    elif is_fixed(db, account):
        raise BeingSent
    account.bank, account.tail = target.bank, number[-banks.TAIL :]
    account.sealed = sealing.seal(f"{number}\n{target.name}", purpose=PURPOSE)
    account.given_at, account.erased_at = clock.now(), None
    account.begun_at = account.begun_by = None
    events.write(db, order, "refund_account_given", actor=actor)
    audit.record(db, actor, "refund_account.give", "order", order_id)


@in_transaction(retries=3)
def begin(db: Session, *, actor: Actor, refund_id: UUID) -> None:
    """A treasurer begins to send: she sees the number, and it is fixed from now on.

    Raises NotFound where the buyer has given none; IllegalMove once it is sent.
    """
    refund, account = _asked(db, actor, refund_id)
    if refund.state != "due":
        raise IllegalMove
    if not has_begun(account, refund):
        account.begun_at, account.begun_by = clock.now(), actor.person_id
    audit.record(db, actor, "refund_account.see", "refund", refund_id)


@in_transaction(retries=3)
def ask_again(db: Session, *, actor: Actor, refund_id: UUID) -> None:
    """The bank does not know this number: it is forgotten, and the buyer gives another one."""
    refund, account = _asked(db, actor, refund_id)
    if refund.state != "due":
        raise IllegalMove
    _blank(account)
    order_id = account.order_id
    events.write(db, db.get_one(Order, order_id), "refund_account_wrong", actor=actor)
    audit.record(db, actor, "refund_account.ask_again", "order", order_id)


def _asked(db: Session, actor: Actor, refund_id: UUID) -> tuple[Refund, RefundAccount]:
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    query = select(Attempt.order_id).join(Refund, Refund.attempt_id == Attempt.id)
    order_id = db.scalar(query.where(Refund.id == refund_id, Refund.route == "by_hand"))
    if order_id is None:
        raise NotFound
    db.get_one(Order, order_id, with_for_update=True)
    refund = db.get_one(Refund, refund_id, with_for_update=True, populate_existing=True)
    account = db.get(RefundAccount, order_id, with_for_update=True, populate_existing=True)
    if account is None or account.erased_at is not None:
        raise NotFound
    return refund, account


def has_begun(account: RefundAccount, refund: Refund) -> bool:
    """Whether a treasurer has begun to send this very refund."""
    return account.begun_at is not None and account.begun_at >= refund.created_at


def opened(db: Session, actor: Actor, account: RefundAccount, refund: Refund) -> Target | None:
    """The whole number, for the operator's treasurers once one has begun to send.

    None before that, and where SECRET_KEY has changed since: then the buyer is asked again.
    """
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    if not has_begun(account, refund) or refund.state not in ("due", "sent"):
        return None
    text = sealing.unseal(account.sealed, purpose=PURPOSE)
    if text is None:
        return None
    number, name = text.split("\n", 1)
    return Target(account.bank, number, name)


@jobs.job("orders.forget_refund_accounts", key=None, cron="41 18 * * *")
def forget_refund_accounts() -> None:
    """Erase bank accounts some days after the last refund they were given for was done."""
    _forget()


@in_transaction(retries=3)
def _forget(db: Session) -> None:
    days = timedelta(days=settings(OrderSettings).refund_account_days)
    young = (
        select(Refund.id)
        .join(Attempt, Attempt.id == Refund.attempt_id)
        .where(Attempt.order_id == RefundAccount.order_id)
        .where(or_(Refund.state.in_(("due", "sent")), Refund.done_at > clock.now() - days))
    )
    is_old = RefundAccount.given_at < clock.now() - days
    query = select(RefundAccount).where(RefundAccount.erased_at.is_(None), is_old, ~young.exists())
    for account in db.scalars(query.with_for_update(skip_locked=True)):
        _blank(account)
        audit.record(db, SYSTEM, "refund_account.erase", "order", account.order_id)


def _blank(account: RefundAccount) -> None:
    account.bank, account.tail, account.sealed = "", "", b""
    account.begun_at = account.begun_by = None
    account.erased_at = clock.now()
