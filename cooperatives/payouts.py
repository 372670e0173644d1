"""Payouts: the money of a settlement goes to its payee, and two people have seen to it.

One prepares, another approves, then it is sent. Whether it arrived is a fact of the bank: where we
do not know, nobody may say so by hand; we ask, and the answer is kept. A transfer that comes back
opens the settlement again.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import ledger, pay_ways, payout_tasks, settlement
from cooperatives.accounts import Folio
from cooperatives.models.books import Account, Entry, Kind, Payout, Settlement
from cooperatives.payout_states import ENDED, MOVES, Answer, Event, PayoutState
from cooperatives.rights import COORDINATE, TREASURE
from cooperatives.settling import together
from core import access, audit, clock, orgs, pause
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError, Forbidden, NotFound

REFERENCE_MAX = 80


class NotNow(DomainError):
    """The payout stands elsewhere: this step is not possible, or not any more."""

    status = 409
    sentence = _("Pencairan ini sudah di langkah lain. Muat ulang halaman.")


class SecondPerson(DomainError):
    """Whoever prepared a payout may not approve it."""

    sentence = _("Pencairan harus disetujui orang lain.")


class WrongSource(DomainError):
    """A payout leaves a bank or a drawer of the payee's organisation or of the operator."""

    sentence = _("Pilih kas atau rekening milik koperasi ini.")


class NoReference(DomainError):
    """A transfer without a name can never be asked after."""

    sentence = _("Isi nomor transfer atau nomor kuitansi.")


@in_transaction(retries=3)
def prepare(
    db: Session, *, actor: Actor, settlement_id: int, source_id: int, batch_id: int | None = None
) -> Payout:
    """Propose to pay a settlement out of a bank or cash account.

    Raises NotNow if it is paid or being paid already, WrongSource for somebody else's money.
    """
    owed, account = _settlement(db, settlement_id)
    person_id = _treasurer(db, actor, account.organisation_id)
    source = db.get(Account, source_id)
    if source is None or source.kind not in (Kind.BANK, Kind.CASH):
        raise WrongSource
    if source.organisation_id not in (account.organisation_id, orgs.operator_id(db)):
        raise WrongSource
    open_one = select(Payout.id).where(
        Payout.settlement_id == settlement_id, Payout.state.not_in(ENDED)
    )
    if owed.state == "paid" or source.currency != account.currency or db.scalar(open_one):
        raise NotNow
    facts = {"settlement_id": settlement_id, "source_id": source_id, "batch_id": batch_id}
    payout = Payout(**facts, made_by=person_id)
    db.add(payout)
    db.flush()
    payout_tasks.follow(db, actor=actor, payout=payout)
    audit.record(db, actor, "payout.prepare", "payout", payout.id, total=owed.total)
    return payout


@in_transaction(retries=3)
def approve(db: Session, *, actor: Actor, payout_id: int) -> Payout:
    """The second person agrees: a treasurer or a coordinator who did not prepare it."""
    payout, account = found(db, payout_id)
    if account.organisation_id not in access.subjects(db, actor, TREASURE, COORDINATE):
        raise NotFound
    if actor.person_id == payout.made_by:
        raise SecondPerson
    if payout.batch_id is not None:  # The list is agreed to as a whole.
        raise NotNow
    step(db, actor, payout, Event.APPROVE, approved_by=actor.person_id)
    return payout


@in_transaction(retries=3)
def begin(db: Session, *, actor: Actor, payout_id: int) -> None:
    """She is about to send, and sees where to: it is fixed from now on.

    Raises HeldBack while the payee's way of being paid is being changed.
    """
    payout, account = found(db, payout_id)
    _treasurer(db, actor, account.organisation_id)
    if payout.state not in (PayoutState.APPROVED, PayoutState.SENT, PayoutState.UNKNOWN):
        raise NotNow
    together.refuse_alone(db, payout, account)
    fix_way(db, payout, account)
    audit.record(db, actor, "pay_way.see", "payout", payout.id)


def fix_way(db: Session, payout: Payout, account: Account) -> None:
    """Where it goes is decided as soon as somebody may see the number. Raises HeldBack."""
    if payout.begun_at is None:
        way = pay_ways.begin(db, account.payee_id)
        payout.pay_way_id, payout.begun_at = (way.id if way else None), clock.now()


@in_transaction(retries=3)
def send(db: Session, *, actor: Actor, payout_id: int, reference_no: str) -> Payout:
    """The transfer is under way; the reference is how we ask later.

    Raises HeldBack while the payee's way is being changed and nobody had begun before, and
    NeedsSignature for cash, which is handed over in one step (`settling.handing`).
    """
    if not reference_no.strip():
        raise NoReference
    pause.refuse(db)
    payout, account = found(db, payout_id)
    _treasurer(db, actor, account.organisation_id)
    together.refuse_unsigned(db, payout)
    if payout.state == PayoutState.APPROVED:
        together.refuse_alone(db, payout, account)
        fix_way(db, payout, account)
    if step(db, actor, payout, Event.SEND):
        payout.reference_no = reference_no.strip()[:REFERENCE_MAX]
    return payout


@in_transaction(retries=3)
def confirm(
    db: Session, *, actor: Actor, payout_id: int, happened_at: datetime | None = None
) -> Payout:
    """She has the money: the books say so and the settlement is paid."""
    payout, account = found(db, payout_id)
    _treasurer(db, actor, account.organisation_id)
    if step(db, actor, payout, Event.CONFIRM):
        book(db, actor, payout, account, happened_at=happened_at)
    return payout


@in_transaction(retries=3)
def fail(db: Session, *, actor: Actor, payout_id: int, reason: str) -> Payout:
    """The bank refused outright; the settlement may be paid by another payout."""
    return _noted(db, actor, payout_id, Event.FAIL, reason)


@in_transaction(retries=3)
def lose(db: Session, *, actor: Actor, payout_id: int, reason: str) -> Payout:
    """No answer came: whether it arrived is unknown until the bank has been asked."""
    return _noted(db, actor, payout_id, Event.LOSE, reason)


@in_transaction(retries=3)
def cancel(db: Session, *, actor: Actor, payout_id: int, reason: str) -> Payout:
    """Drop a payout that has not been sent."""
    return _noted(db, actor, payout_id, Event.CANCEL, reason)


def resolve(*, actor: Actor, payout_id: int, ask: Callable[[str], Answer]) -> Payout:
    """Ask what became of a payout that is unknown; `ask` gets its reference, outside transactions.

    A payout with no answer yet stays unknown. Raises NotNow for any that is not.
    """
    answer = ask(_lost_reference(actor=actor, payout_id=payout_id))
    return _answered(actor=actor, payout_id=payout_id, answer=answer)


@in_transaction()
def _lost_reference(db: Session, *, actor: Actor, payout_id: int) -> str:
    payout, account = found(db, payout_id)
    _treasurer(db, actor, account.organisation_id)
    if payout.state != PayoutState.UNKNOWN:
        raise NotNow
    return payout.reference_no


@in_transaction(retries=3)
def _answered(db: Session, *, actor: Actor, payout_id: int, answer: Answer) -> Payout:
    payout, account = found(db, payout_id)
    audit.record(db, actor, "payout.asked", "payout", payout.id, evidence=answer.evidence)
    if answer.paid is None:
        return payout
    event = Event.ANSWER_PAID if answer.paid else Event.ANSWER_FAILED
    if step(db, actor, payout, event) and answer.paid:
        book(db, actor, payout, account)
    return payout


@in_transaction(retries=3)
def bring_back(db: Session, *, actor: Actor, payout_id: int, reason: str) -> Payout:
    """The bank sent the money back: it is owed again, and another payout may pay it."""
    payout, account = found(db, payout_id)
    _treasurer(db, actor, account.organisation_id)
    if step(db, actor, payout, Event.RETURN, reason=reason):
        book(db, actor, payout, account, returns=True)
    return payout


def _noted(db: Session, actor: Actor, payout_id: int, event: Event, reason: str) -> Payout:
    payout, account = found(db, payout_id)
    _treasurer(db, actor, account.organisation_id)
    step(db, actor, payout, event, reason=reason)
    return payout


def step(
    db: Session,
    actor: Actor,
    payout: Payout,
    event: Event,
    *,
    approved_by: int | None = None,
    **facts: Any,
) -> bool:
    """Take one legal step, True unless it was taken before; raises NotNow for any other."""
    before = PayoutState(payout.state)
    if event not in MOVES[before]:
        raise NotNow
    payout.state = MOVES[before][event]
    payout.approved_by = approved_by or payout.approved_by
    if payout.state != before:
        payout_tasks.follow(db, actor=actor, payout=payout)
        audit.record(db, actor, f"payout.{event}", "payout", payout.id, **facts)
        together.finish_if_over(db, actor, payout)
    return payout.state != before


def book(
    db: Session,
    actor: Actor,
    payout: Payout,
    account: Account,
    *,
    returns: bool = False,
    happened_at: datetime | None = None,
) -> None:
    """Book the money out, or back in; the payee's entry stands in the settlement it pays."""
    paid, _account = _settlement(db, payout.settlement_id)
    source = db.get_one(Account, payout.source_id)
    amount = -paid.total if returns else paid.total
    journal = ledger.post_folios(
        db,
        actor=actor,
        kind="payout_return" if returns else "payout",
        doc=("payout", payout.id),
        lines=[(_folio(account), amount), (_folio(source), -amount)],
        memo=payout.reference_no,
        happened_at=happened_at,
    )
    entry_id = db.scalar(
        select(Entry.id).where(Entry.journal_id == journal.id, Entry.account_id == account.id)
    )
    assert entry_id is not None
    settlement.attach(db, paid.id, [entry_id])
    paid.state = "closed" if returns else "paid"


def _folio(account: Account) -> Folio:
    return Folio(account.id, Kind(account.kind), account.currency)


def _treasurer(db: Session, actor: Actor, organisation_id: int) -> int:
    """The person who acts: money is moved by people only, never by the house itself."""
    if actor.person_id is None:
        raise Forbidden
    access.require(db, actor, TREASURE, organisation_id)
    return actor.person_id


def _settlement(db: Session, settlement_id: int) -> tuple[Settlement, Account]:
    """A settlement, locked, and the account it settles; raises NotFound."""
    owed = db.get(Settlement, settlement_id, with_for_update=True, populate_existing=True)
    if owed is None:
        raise NotFound
    return owed, db.get_one(Account, owed.account_id)


def found(db: Session, payout_id: int) -> tuple[Payout, Account]:
    """A payout, locked after its list, and the account it is for; raises NotFound."""
    together.lock_list(db, payout_id)
    payout = db.get(Payout, payout_id, with_for_update=True, populate_existing=True)
    if payout is None:
        raise NotFound
    owed = db.get_one(Settlement, payout.settlement_id)
    return payout, db.get_one(Account, owed.account_id)
