"""Closing a month: what must be in order first, and the lock after which nothing is added to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives import months, promises_books
from cooperatives.models import Account, Payout, Place, Settlement, TradingDay, Voucher
from cooperatives.models.surplus import MonthLock
from cooperatives.models.vouchers import VoucherState
from cooperatives.payout_states import PayoutState
from cooperatives.rights import TREASURE
from core import access, audit, clock, doctor, examinations
from core.actors import Actor
from core.db import Reader, be_patient, in_transaction
from core.errors import DomainError

QUIET = timedelta(minutes=15)
"""What was written in the last moments of a month is in the books by then: only facts of a month
gone by wait for a lock (`months.counted_at`)."""


class NotOver(DomainError):
    """This month still goes on."""

    sentence = _("Bulan ini belum selesai.")


class NotInOrder(DomainError):
    """Something of the month is still open."""

    sentence = _("Masih ada yang belum beres. Selesaikan dulu, lalu tutup bulannya.")


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must be in order: how many are not, and where to see to them."""

    words: Any
    open: int
    url: str = ""


CheckMonth = Callable[[Session, int, date], Check]
_checks: list[CheckMonth] = []


def check_by(check: CheckMonth) -> CheckMonth:
    """A floor above says what must be in order too; once, when it is imported."""
    _checks.append(check)
    return check


def checks(db: Session, actor: Actor, organisation_id: int, month: date) -> list[Check]:
    """Everything that must be in order before a month is closed."""
    access.require(db, actor, TREASURE, organisation_id)
    own = (_days, _vouchers, _payouts, _books)
    return [check(db, organisation_id, month) for check in (*own, *_checks)]


def _days(db: Session, organisation_id: int, month: date) -> Check:
    query = (
        select(func.count())
        .select_from(TradingDay)
        .join(Place, Place.id == TradingDay.place_id)
        .where(Place.organisation_id == organisation_id, TradingDay.closed_at.is_(None))
        .where(TradingDay.day < months.after(month))
    )
    return Check(_("Laci kios sudah ditutup"), db.scalar(query) or 0)


def _vouchers(db: Session, organisation_id: int, month: date) -> Check:
    query = select(func.count()).where(
        Voucher.organisation_id == organisation_id,
        Voucher.state == VoucherState.WAITING,
        Voucher.happened_on < months.after(month),
    )
    return Check(_("Bukti kas sudah disetujui"), db.scalar(query) or 0, "/kas/biaya")


def _payouts(db: Session, organisation_id: int, month: date) -> Check:
    open_ones = (PayoutState.SENT, PayoutState.UNKNOWN)
    query = (
        select(func.count())
        .select_from(Payout)
        .join(Settlement, Settlement.id == Payout.settlement_id)
        .join(Account, Account.id == Settlement.account_id)
        .where(Account.organisation_id == organisation_id, Payout.state.in_(open_ones))
        .where(Payout.created_at < months.begins(months.after(month)))
    )
    return Check(_("Pencairan sudah jelas sampai"), db.scalar(query) or 0, "/kas/bayar")


def _books(db: Session, organisation_id: int, month: date) -> Check:  # noqa: ARG001
    """The promises of the books hold, in the whole house: one ledger is run for all. What the
    doctor found in order is not looked at again.
    """
    known = {promise.id: promise for promise in promises_books.ALL}
    be_patient(db)
    found = doctor.examine_on(db, known, mark=examinations.healthy_until(db))
    return Check(_("Buku saling cocok"), len(found))


@in_transaction(retries=3)
def lock(db: Session, *, actor: Actor, organisation_id: int, month: date) -> MonthLock:
    """Close a month for good; again gives the first lock. Raises NotOver, NotInOrder, NotFound."""
    access.require(db, actor, TREASURE, organisation_id)
    if clock.now() < months.begins(months.after(month)) + QUIET:
        raise NotOver
    db.execute(select(func.pg_advisory_xact_lock(months.KEY)))
    before = db.get(MonthLock, (organisation_id, month))
    if before is not None:
        return before
    if any(one.open for one in checks(db, actor, organisation_id, month)):
        raise NotInOrder
    made = MonthLock(organisation_id=organisation_id, month=month, locked_by=actor.person_id)
    db.add(made)
    audit.record(db, actor, "month.lock", "organisation", organisation_id, month=f"{month:%Y-%m}")
    return made


def list_locks(db: Reader, actor: Actor, organisation_id: int) -> dict[date, MonthLock]:
    """The closed months of a group."""
    access.require(db, actor, TREASURE, organisation_id)
    query = select(MonthLock).where(MonthLock.organisation_id == organisation_id)
    return {one.month: one for one in db.scalars(query)}
