"""Reading the books: everybody sees her own pages, a board those of its organisation.

A page shows one line per journal with the journal's whole amount there. Who keeps the operator's
books may also open the whole journal, with all its pages.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from cooperatives.carrying import sums
from cooperatives.models.books import (
    Account,
    Entry,
    Journal,
    Payee,
    Settlement,
    SettlementEntry,
)
from cooperatives.rights import COORDINATE, TREASURE
from core import access
from core.actors import Actor
from core.db import PAGE_SIZE_MAX, Reader
from core.errors import NotFound
from core.orgs import Organisation


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One journal on one page; `balance` is what stood there after it, in the order of posting."""

    entry_id: int
    journal_id: int
    kind: str
    doc_type: str
    doc_id: str
    memo: str
    happened_at: datetime
    posted_at: datetime
    settlement_id: int | None
    late_for: date | None
    amount: int
    balance: int


def _may_see(db: Reader, actor: Actor) -> ColumnElement[bool]:
    """Pages that are hers, and those of the organisations whose board she is on."""
    if actor.person_id is None:
        return false()
    boards = access.subjects(db, actor, COORDINATE, TREASURE)
    return or_(Payee.person_id == actor.person_id, Account.organisation_id.in_(boards))


def _pages(db: Reader, actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Account.id,
            Account.organisation_id,
            Account.kind,
            Account.label,
            Account.currency,
            Payee.person_id,
            Payee.organisation_id.label("payee_organisation_id"),
            sums.balance_of(sums.carried_to(db)).label("balance"),
        )
        .join(Payee, Payee.id == Account.payee_id)
        .where(_may_see(db, actor))
    )


def list_accounts(
    db: Reader, actor: Actor, *kinds: str, after: int = 0, most: int = PAGE_SIZE_MAX
) -> list[Any]:
    """Pages the actor may see, with what stands on each; the next list begins `after` the last id.

    Columns: id, organisation_id, kind, label, currency, person_id, payee_organisation_id, balance.
    """
    query = _pages(db, actor).where(Account.id > after)
    if kinds:
        query = query.where(Account.kind.in_(kinds))
    return list(db.execute(query.order_by(Account.id).limit(min(most, PAGE_SIZE_MAX))))


def get_account(db: Reader, actor: Actor, account_id: int) -> Any:
    """One page the actor may see; raises NotFound, also for somebody else's."""
    account = db.execute(_pages(db, actor).where(Account.id == account_id)).first()
    if account is None:
        raise NotFound
    return account


def statement(
    db: Reader, actor: Actor, account_id: int, *, before: int | None = None, most: int = 50
) -> list[StatementLine]:
    """The newest lines of one page, or those `before` an entry; raises NotFound."""
    account = get_account(db, actor, account_id)
    query = (
        select(
            Entry.id.label("entry_id"),
            Journal.id.label("journal_id"),
            Journal.kind,
            Journal.doc_type,
            Journal.doc_id,
            Journal.memo,
            Journal.happened_at,
            Journal.posted_at,
            SettlementEntry.settlement_id,
            Journal.late_for,
            Entry.amount,
        )
        .join(Journal, Journal.id == Entry.journal_id)
        .outerjoin(SettlementEntry, SettlementEntry.entry_id == Entry.id)
        .where(Entry.account_id == account_id)
        .order_by(Entry.id.desc())
        .limit(min(most, PAGE_SIZE_MAX))
    )
    if before is not None:
        query = query.where(Entry.id < before)
    rows = [row._asdict() for row in db.execute(query)]
    stands = account.balance - _come_since(db, account_id, rows[0]["entry_id"]) if rows else 0
    lines: list[StatementLine] = []
    for row in rows:
        lines.append(StatementLine(**row, balance=stands))
        stands -= row["amount"]
    return lines


def _come_since(db: Reader, account_id: int, entry_id: int) -> int:
    query = select(func.sum(Entry.amount)).where(
        Entry.account_id == account_id, Entry.id > entry_id
    )
    return int(db.scalar(query) or 0)


def whole_journal(db: Reader, actor: Actor, journal_id: int) -> list[Any]:
    """All lines of one journal, for the operator's treasurer; others see those of their own pages.

    Columns: account_id, organisation_id, kind, label, currency, person_id, amount. Raises NotFound.
    """
    query = (
        select(
            Entry.account_id,
            Account.organisation_id,
            Account.kind,
            Account.label,
            Account.currency,
            Payee.person_id,
            Entry.amount,
        )
        .join(Account, Account.id == Entry.account_id)
        .join(Payee, Payee.id == Account.payee_id)
        .where(Entry.journal_id == journal_id)
        .order_by(Entry.amount.desc(), Entry.account_id)
    )
    house = db.scalar(select(Organisation.id).where(Organisation.kind == "operator"))
    if house not in access.subjects(db, actor, TREASURE):
        query = query.where(_may_see(db, actor))
    lines = list(db.execute(query))
    if not lines:
        raise NotFound
    return lines


def list_settlements(
    db: Reader, actor: Actor, *, before: int | None = None, most: int = 50
) -> list[Any]:
    """Settlements of pages the actor may see, newest first, or those `before` an id.

    Columns: id, account_id, organisation_id, kind, person_id, closed_on, total, currency, state.
    """
    query = (
        select(
            Settlement.id,
            Settlement.account_id,
            Account.organisation_id,
            Account.kind,
            Payee.person_id,
            Settlement.closed_on,
            Settlement.total,
            Account.currency,
            Settlement.state,
        )
        .join(Account, Account.id == Settlement.account_id)
        .join(Payee, Payee.id == Account.payee_id)
        .where(_may_see(db, actor))
        .order_by(Settlement.id.desc())
        .limit(min(most, PAGE_SIZE_MAX))
    )
    if before is not None:
        query = query.where(Settlement.id < before)
    return list(db.execute(query))


def settlement_lines(
    db: Reader, actor: Actor, settlement_id: int, *, after: int = 0, most: int = PAGE_SIZE_MAX
) -> list[Any]:
    """What one settlement took, and what paid it, in the order of posting; none for strangers.

    Columns: entry_id, kind, doc_type, doc_id, memo, happened_at, amount.
    """
    query = (
        select(
            Entry.id.label("entry_id"),
            Journal.kind,
            Journal.doc_type,
            Journal.doc_id,
            Journal.memo,
            Journal.happened_at,
            Entry.amount,
        )
        .join(SettlementEntry, SettlementEntry.entry_id == Entry.id)
        .join(Journal, Journal.id == Entry.journal_id)
        .join(Account, Account.id == Entry.account_id)
        .join(Payee, Payee.id == Account.payee_id)
        .where(SettlementEntry.settlement_id == settlement_id, Entry.id > after)
        .where(_may_see(db, actor))
        .order_by(Entry.id)
        .limit(min(most, PAGE_SIZE_MAX))
    )
    return list(db.execute(query))
