"""Vouchers: money of a cooperative's own that changed hands, written once and booked once.

Money to a member, and a cost above the limit, waits for a second person. What was wrong is undone
by a mirror image in the books; nothing is edited.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives import ledger
from cooperatives.accounts import Owner, Page, open_folios, own
from cooperatives.bazaars import costs
from cooperatives.carrying import sums
from cooperatives.membership.settings import MembershipSettings
from cooperatives.models import Account, Journal, Unit, Voucher
from cooperatives.models.books import Kind
from cooperatives.models.vouchers import VoucherKind, VoucherState
from cooperatives.rights import COORDINATE, TREASURE
from core import access, audit, clock, tasks, words
from core.actors import Actor
from core.clock import WIB
from core.config import settings
from core.db import Reader, in_transaction
from core.errors import Conflict, DomainError, NotFound

DOC = "voucher"
STEP_TIME = timedelta(days=2)
AGREE = tasks.declare("voucher.agree", _("Setujui bukti kas %(amount)s"))
AGREE_TOO = tasks.declare("voucher.agree_too", _("Bantu setujui bukti kas %(amount)s"))
COMES_IN = frozenset({VoucherKind.SAVED, VoucherKind.REPAID, VoucherKind.INCOME})
TO_A_MEMBER = frozenset({VoucherKind.WITHDRAWN, VoucherKind.LENT})
ON_HER_PAGE = {
    VoucherKind.SAVED: Kind.SAVINGS,
    VoucherKind.WITHDRAWN: Kind.SAVINGS,
    VoucherKind.LENT: Kind.ADVANCE,
    VoucherKind.REPAID: Kind.ADVANCE,
}
GUARDED = frozenset({*ON_HER_PAGE, VoucherKind.TAX_PAID})
"""Vouchers whose other page never holds less than nothing."""
MONEY_KINDS = {"cash": Kind.CASH, "bank": Kind.BANK, "cost": Kind.EXPENSE, "fund": Kind.FUND}
FIRST_DRAWER = "cash:kas"
OPENING = "fund:opening"
"""Where savings from before this house come from: not out of any drawer of today."""


class SecondPerson(DomainError):
    """Whoever wrote a voucher may not agree to it."""

    sentence = _("Bukti kas ini harus disetujui orang lain.")


class NotNow(DomainError):
    """The voucher stands elsewhere: this step is not possible, or not any more."""

    status = 409
    sentence = _("Bukti kas ini sudah di langkah lain. Muat ulang halaman.")


class TooMuch(DomainError):
    """More is taken, or paid back, than stands on her page."""

    sentence = _("Jumlah ini lebih besar dari yang tercatat.")


class BadDay(DomainError):
    """Money has changed hands today or before."""

    sentence = _("Tanggal tidak boleh sesudah hari ini.")


class NoMoney(DomainError):
    """Money lies in a drawer or a bank of the same organisation."""

    sentence = _("Pilih laci kas atau rekening dari daftar.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to write down; `id` is made with the page: a press counts once."""

    id: UUID
    organisation_id: int
    kind: VoucherKind
    amount: int
    money: str
    happened_on: date
    person_id: int | None = None
    sort: str = ""
    unit_id: int | None = None
    category: str = ""
    advance_id: int | None = None
    words: str = ""


@in_transaction(retries=3)
def write(db: Session, *, actor: Actor, wish: Wish) -> Voucher:
    """Write a voucher down; what needs no second person is booked at once.

    Raises BadDay, NoMoney, TooMuch, Conflict for an id that said something else, NotFound.
    """
    return put(db, actor=actor, wish=wish)


def put(db: Session, *, actor: Actor, wish: Wish) -> Voucher:
    """The same within another command."""
    access.require(db, actor, TREASURE, wish.organisation_id)
    if wish.happened_on > clock.today():
        raise BadDay
    money_page(wish.organisation_id, wish.money)
    values = {name: getattr(wish, name) for name in Wish.__dataclass_fields__}
    written: Voucher | None = db.scalar(
        insert(Voucher)
        .values(**values, state=VoucherState.WAITING, made_by=actor.person_id, reason="",
                created_at=clock.now())
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(Voucher)
    )  # fmt: skip
    if written is None:
        return _written_before(db, values)
    audit.record(db, actor, "voucher.write", DOC, written.id, kind=wish.kind, amount=wish.amount)
    if _needs_second(wish):
        _enough(db, written)
        _ask(db, written)
    else:
        _book(db, actor, written)
    return written


def _needs_second(wish: Wish) -> bool:
    if wish.kind in TO_A_MEMBER or wish.kind == VoucherKind.TAX_PAID:
        return True
    limit = settings(MembershipSettings).cost_second_person_rupiah
    return wish.kind == VoucherKind.COST and wish.amount >= limit


def _written_before(db: Session, values: dict[str, Any]) -> Voucher:
    before = db.get_one(Voucher, values["id"])
    if any(getattr(before, name) != value for name, value in values.items()):
        raise Conflict
    return before


def _ask(db: Session, voucher: Voucher) -> None:
    for kind, right in ((AGREE, TREASURE), (AGREE_TOO, COORDINATE)):
        tasks.write(
            db,
            kind,
            doc=(DOC, voucher.id),
            holders=(right, voucher.organisation_id),
            due_at=clock.now() + STEP_TIME,
            facts={"amount": words.rupiah(voucher.amount)},
            link=f"/kas/bukti/{voucher.id}",
        )


@in_transaction(retries=3)
def agree(db: Session, *, actor: Actor, voucher_id: UUID) -> Voucher:
    """The second person agrees: it is booked. Raises SecondPerson, NotNow, TooMuch, NotFound."""
    voucher = _locked(db, actor, voucher_id)
    if voucher.state != VoucherState.WAITING:
        raise NotNow
    if actor.person_id == voucher.made_by:
        raise SecondPerson
    _decide(db, actor, voucher, VoucherState.BOOKED)
    _book(db, actor, voucher)
    return voucher


@in_transaction(retries=3)
def refuse(db: Session, *, actor: Actor, voucher_id: UUID, reason: str) -> Voucher:
    """It is not done: said by a second person. Raises SecondPerson, NotNow, NotFound."""
    voucher = _locked(db, actor, voucher_id)
    if voucher.state != VoucherState.WAITING:
        raise NotNow
    if actor.person_id == voucher.made_by:
        raise SecondPerson
    _decide(db, actor, voucher, VoucherState.REFUSED, reason)
    return voucher


@in_transaction(retries=3)
def undo(db: Session, *, actor: Actor, voucher_id: UUID, reason: str) -> Voucher:
    """Written by mistake: a mirror image mends the books.

    Raises NotNow, TooMuch, AlreadyShared where members have paid their parts, NotFound.
    """
    voucher = _locked(db, actor, voucher_id)
    access.require(db, actor, TREASURE, voucher.organisation_id)
    if voucher.state != VoucherState.BOOKED:
        raise NotNow
    if voucher.kind in (VoucherKind.SAVED, VoucherKind.LENT):
        _enough(db, voucher)  # What was taken out since cannot have been a mistake too.
    costs.voucher_undone(db, actor, voucher.id)
    journal_id = db.scalars(
        select(Journal.id).where(
            Journal.doc_type == DOC, Journal.doc_id == str(voucher.id), Journal.kind == voucher.kind
        )
    ).one()
    ledger.undo(db, actor=actor, journal_id=journal_id, reason=reason)
    voucher.state, voucher.reason = VoucherState.UNDONE, reason
    audit.record(db, actor, "voucher.undo", DOC, voucher.id)
    return voucher


def _decide(
    db: Session, actor: Actor, voucher: Voucher, state: VoucherState, reason: str = ""
) -> None:
    voucher.state, voucher.reason = state, reason
    voucher.decided_by, voucher.decided_at = actor.person_id, clock.now()
    for kind in (AGREE, AGREE_TOO):
        tasks.close(db, kind, actor=actor, doc=(DOC, voucher.id), reason=state)
    audit.record(db, actor, f"voucher.{state}", DOC, voucher.id)


def _book(db: Session, actor: Actor, voucher: Voucher) -> None:
    if voucher.kind in (VoucherKind.WITHDRAWN, VoucherKind.REPAID, VoucherKind.TAX_PAID):
        _enough(db, voucher)
    way = 1 if voucher.kind in COMES_IN else -1
    ledger.post(
        db,
        actor=actor,
        kind=voucher.kind,
        doc=(DOC, voucher.id),
        lines=[
            (money_page(voucher.organisation_id, voucher.money), way * voucher.amount),
            (other_page(db, voucher), -way * voucher.amount),
        ],
        memo=voucher.words,
        happened_at=moment_of(voucher.happened_on),
    )
    voucher.state = VoucherState.BOOKED


def _enough(db: Session, voucher: Voucher) -> None:
    """The page must hold what is taken from it; rivals wait for each other here."""
    if voucher.kind not in GUARDED or (voucher.kind, voucher.state) == ("lent", "waiting"):
        return
    page = other_page(db, voucher)
    account_id = open_folios(db, [page])[page].account_id
    db.execute(select(Account.id).where(Account.id == account_id).with_for_update(key_share=True))
    way = 1 if page.kind == Kind.ADVANCE else -1
    if way * sums.balances(db, [account_id]).get(account_id, 0) < voucher.amount:
        raise TooMuch


def moment_of(day: date) -> datetime:
    """When it happened, as far as a day says: now, or noon of a day gone by."""
    if day == clock.today():
        return clock.now()
    return datetime.combine(day, time(12), WIB)


def money_page(organisation_id: int, money: str) -> Page:
    """The page behind "cash:kas"; raises NoMoney."""
    kind, _colon, label = money.partition(":")
    if kind not in MONEY_KINDS or len(label) > 60:
        raise NoMoney
    return own(MONEY_KINDS[kind], organisation_id, label)


def other_page(db: Reader, voucher: Voucher) -> Page:
    """What the money was for: her page, the tax office's, or the unit's costs or income."""
    kind = VoucherKind(voucher.kind)
    if kind == VoucherKind.TAX_PAID:
        return own(Kind.TAX, voucher.organisation_id)
    if kind in ON_HER_PAGE:
        label = voucher.sort if ON_HER_PAGE[kind] == Kind.SAVINGS else str(voucher.advance_id)
        owner = Owner(person_id=voucher.person_id)
        return Page(ON_HER_PAGE[kind], voucher.organisation_id, owner, label)
    label = db.scalar(select(Unit.label).where(Unit.id == voucher.unit_id)) or ""
    return own(Kind[kind.name] if kind == VoucherKind.INCOME else Kind.EXPENSE,
               voucher.organisation_id, label)  # fmt: skip


def _locked(db: Session, actor: Actor, voucher_id: UUID) -> Voucher:
    voucher = db.scalar(select(Voucher).where(Voucher.id == voucher_id).with_for_update())
    boards = access.subjects(db, actor, TREASURE, COORDINATE)
    if voucher is None or voucher.organisation_id not in boards:
        raise NotFound
    return voucher
