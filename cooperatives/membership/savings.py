"""Savings of members: principal once, mandatory every month, voluntary as she likes.

They stand on pages of hers by sort. What is late is counted from the plan; nobody is fined.
Principal and mandatory savings go back when she has left, voluntary ones whenever she asks.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from cooperatives.membership import vouchers
from cooperatives.membership.voucher_list import LIST_MAX
from cooperatives.membership.vouchers import Wish
from cooperatives.models import (
    Account,
    Entry,
    Membership,
    Payee,
    SavingsPlan,
    Voucher,
)
from cooperatives.models.books import Kind
from cooperatives.models.vouchers import SORTS, VoucherKind, VoucherState
from cooperatives.rights import COORDINATE, TREASURE, require_board
from core import access, audit, clock
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.people import Person

SORT_WORDS = {
    "principal": _("Simpanan pokok"),
    "mandatory": _("Simpanan wajib"),
    "voluntary": _("Simpanan sukarela"),
}


class StaysUntilLeaving(DomainError):
    """Principal and mandatory savings go back when she leaves."""

    sentence = _("Simpanan pokok dan wajib kembali saat anggota keluar.")


class StillOwes(DomainError):
    """First she pays back what was lent to her."""

    sentence = _("Masih ada pinjaman bahan. Lunasi dulu, lalu simpanan bisa kembali.")


class PlanTooOld(DomainError):
    """A plan begins today or later: what was due stays what it was."""

    sentence = _("Aturan simpanan mulai hari ini atau sesudahnya.")


@dataclass(frozen=True, slots=True)
class Standing:
    """What one member has saved by sort, and what is late of it."""

    membership_id: int
    person_id: int
    name: str
    number: int | None
    joined_on: date
    left_on: date | None
    principal: int = 0
    mandatory: int = 0
    voluntary: int = 0
    principal_due: int = 0
    mandatory_due: int = 0

    @property
    def total(self) -> int:
        """All she has saved."""
        return self.principal + self.mandatory + self.voluntary

    @property
    def late(self) -> int:
        """What she should have paid in by now and has not."""
        if self.left_on is not None:
            return 0
        return max(self.principal_due - self.principal, 0) + max(
            self.mandatory_due - self.mandatory, 0
        )


def due(plans: list[SavingsPlan], joined_on: date, today: date) -> tuple[int, int]:
    """Principal and mandatory savings due by now: the principal of the plan of her first day, and
    for each month since, the one she joined in included, what was in force on its first day.
    """
    principal = mandatory = 0
    month = joined_on.replace(day=1)
    while month <= today:
        start = max(month, joined_on)
        plan = next((one for one in reversed(plans) if one.valid_from <= start), None)
        if plan is not None:
            principal = principal or plan.principal
            mandatory += plan.mandatory
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return principal, mandatory


def list_plans(db: Reader, cooperative_id: int) -> list[SavingsPlan]:
    """What was decided, the oldest first."""
    query = select(SavingsPlan).where(SavingsPlan.cooperative_id == cooperative_id)
    return list(db.scalars(query.order_by(SavingsPlan.valid_from)))


@in_transaction(retries=3)
def plan(
    db: Session,
    *,
    actor: Actor,
    cooperative_id: int,
    valid_from: date,
    principal: int,
    mandatory: int,
) -> SavingsPlan:
    """Write what each member saves from a day on; the first plan may reach back.

    Raises PlanTooOld, NotFound.
    """
    if cooperative_id not in access.subjects(db, actor, TREASURE):
        require_board(db, actor, cooperative_id)
    before = list_plans(db, cooperative_id)
    if before and valid_from < max(clock.today(), before[-1].valid_from):
        raise PlanTooOld
    same_day = [one for one in before if one.valid_from == valid_from]
    if same_day and (same_day[0].principal, same_day[0].mandatory) == (principal, mandatory):
        return same_day[0]
    if same_day:
        raise PlanTooOld(_("Aturan untuk hari itu sudah ada. Pilih hari lain."))
    made = SavingsPlan(
        cooperative_id=cooperative_id,
        valid_from=valid_from,
        principal=principal,
        mandatory=mandatory,
        written_by=actor.person_id,
    )
    db.add(made)
    db.flush()
    audit.record(db, actor, "savings.plan", "savings_plan", made.id, mandatory=mandatory)
    return made


def standings(
    db: Reader, actor: Actor, cooperative_id: int, *, wanted: str = "", person_id: int | None = None
) -> list[Standing]:
    """Every member with her savings, by name; those who left and have nothing more are left out."""
    if person_id is None or actor.person_id != person_id:
        mine = access.subjects(db, actor, TREASURE, COORDINATE)
        if not actor.is_system and cooperative_id not in mine:
            raise NotFound
    saved = _saved(db, cooperative_id)
    plans, today = list_plans(db, cooperative_id), clock.today()
    query = (
        select(Membership, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.cooperative_id == cooperative_id)
        .order_by(Person.name, Membership.id.desc())
    )
    if wanted:
        query = query.where(Person.name.icontains(wanted, autoescape=True))
    if person_id is not None:
        query = query.where(Membership.person_id == person_id)
    found: dict[int, Standing] = {}
    for member, name in db.execute(query):
        if member.person_id in found and member.left_on is not None:
            continue  # Her present membership says it all.
        principal_due, mandatory_due = due(plans, member.joined_on, member.left_on or today)
        sums = saved.get(member.person_id, {})
        if member.left_on is None or any(sums.values()):
            found[member.person_id] = Standing(
                member.id, member.person_id, name, member.number, member.joined_on, member.left_on,
                principal_due=principal_due, mandatory_due=mandatory_due, **sums,
            )  # fmt: skip
    return list(found.values())


def _saved(db: Reader, cooperative_id: int) -> dict[int, dict[str, int]]:
    total = cast(func.sum(-Entry.amount), BigInteger)
    query = (
        select(Payee.person_id, Account.label, total)
        .join(Account, Account.payee_id == Payee.id)
        .join(Entry, Entry.account_id == Account.id)
        .where(Account.organisation_id == cooperative_id, Account.kind == Kind.SAVINGS)
        .where(Account.label.in_(SORTS), Payee.person_id.is_not(None))
        .group_by(Payee.person_id, Account.label)
    )
    found: dict[int, dict[str, int]] = {}
    for person_id, sort, amount in db.execute(query):
        assert person_id is not None, "savings are a person's"
        found.setdefault(person_id, {})[sort] = amount
    return found


def get_standing(db: Reader, actor: Actor, membership_id: int) -> tuple[int, Standing]:
    """One member's savings, and her cooperative; raises NotFound."""
    member = db.execute(select(Membership).where(Membership.id == membership_id)).scalar()
    if member is None:
        raise NotFound
    found = standings(db, actor, member.cooperative_id, person_id=member.person_id)
    if not found:
        raise NotFound
    return member.cooperative_id, found[0]


@in_transaction(retries=3)
def write(db: Session, *, actor: Actor, wish: Wish) -> Voucher:
    """Money was paid in, or shall go back to her, which a second person agrees to.

    Raises as a voucher does, StaysUntilLeaving, StillOwes.
    """
    assert wish.sort in SORTS, wish
    assert wish.person_id is not None, wish
    membership = _membership(db, wish.organisation_id, wish.person_id)
    if wish.kind == VoucherKind.WITHDRAWN and wish.sort != "voluntary":
        if membership.left_on is None:
            raise StaysUntilLeaving
        if owes(db, wish.organisation_id, wish.person_id):
            raise StillOwes
    return vouchers.put(db, actor=actor, wish=wish)


def _membership(db: Session, cooperative_id: int, person_id: int) -> Membership:
    query = select(Membership).where(
        Membership.cooperative_id == cooperative_id, Membership.person_id == person_id
    )
    found = db.scalar(query.order_by(Membership.id.desc()).limit(1))
    if found is None:
        raise NotFound
    return found


def owes(db: Reader, cooperative_id: int, person_id: int) -> int:
    """What was lent to her and is not back yet."""
    query = (
        select(func.sum(Entry.amount))
        .join(Account, Account.id == Entry.account_id)
        .join(Payee, Payee.id == Account.payee_id)
        .where(Account.organisation_id == cooperative_id, Account.kind == Kind.ADVANCE)
        .where(Payee.person_id == person_id)
    )
    return int(db.scalar(query) or 0)


def history(db: Reader, cooperative_id: int, person_id: int) -> list[Any]:
    """All that came in and went out for one member, the newest first; the caller has checked."""
    kinds = (VoucherKind.SAVED, VoucherKind.WITHDRAWN)
    query = select(Voucher).where(
        Voucher.organisation_id == cooperative_id,
        Voucher.person_id == person_id,
        Voucher.kind.in_(kinds),
        Voucher.state != VoucherState.REFUSED,
    )
    newest = (Voucher.happened_on.desc(), Voucher.created_at.desc())
    return list(db.scalars(query.order_by(*newest).limit(LIST_MAX)))
