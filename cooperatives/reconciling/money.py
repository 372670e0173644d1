"""Money that adds up: by kind of page, by page of a kind, a person or a place.

A line begins with what stood on its pages when the days began, adds what came and takes off what
left. A page of its own is also added up from its very first entry, and compared.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Subquery, cast, func, or_, select
from sqlalchemy.orm import Session

from cooperatives import entry_words
from cooperatives.models.books import FOR_ORDERS, Account, Entry, Journal, Payee
from cooperatives.reconciling import books
from cooperatives.reconciling.asked import Sums, added
from cooperatives.reconciling.books import OWNER, Asked, Sight
from cooperatives.rights import TREASURE
from core.actors import Actor
from core.db import Reader
from core.orgs import Organisation
from core.people import Person
from core.tasks import Task

ADJUSTING = ("reversal", "over_short", "exchange")
"""Journals that put a record right; all others are money that came or left."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a kind of page in a book, or a single page with whose it is."""

    book_id: int
    book: str
    kind: str
    currency: str
    sums: Sums
    account_id: int | None = None
    owner: str = ""
    person_id: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """All lines; `total` where they are of one kind; whether a single page is its entries."""

    lines: list[Line]
    total: Sums | None
    is_whole: bool | None


def account(db: Session, actor: Actor, asked: Asked) -> Found:
    """What she asked for, line by line; raises NotFound where it is nothing of hers."""
    sight = books.of(db, actor, asked)
    by_page = asked.by_page and (asked.kind not in FOR_ORDERS or bool(asked.account_id))
    lines = [_line(row) for row in db.execute(_lines(asked, sight, by_page=by_page))]
    of_one_kind = {(line.kind, line.currency) for line in lines}
    total = added([line.sums for line in lines]) if len(of_one_kind) == 1 else None
    return Found(lines, total, _is_whole(db, asked, lines))


def _line(row: Any) -> Line:
    way = entry_words.sign(row.kind)
    flows = (row.came, row.went) if way > 0 else (row.went, row.came)
    opening, adjusted = way * row.opening, way * row.adjusted
    closing = opening + flows[0] - flows[1] + adjusted
    return Line(
        book_id=row.organisation_id,
        book=row.book,
        kind=row.kind,
        currency=row.currency,
        sums=Sums(opening, *flows, adjusted, closing),
        account_id=getattr(row, "account_id", None),
        owner=getattr(row, "owner", "") or "",
        person_id=getattr(row, "person_id", None),
        label=getattr(row, "label", ""),
    )


def _is_whole(db: Session, asked: Asked, lines: list[Line]) -> bool | None:
    """Whether all entries of a single page, from the first to the last day, are what it shows."""
    if not asked.account_id or not lines:
        return None
    query = select(func.coalesce(func.sum(Entry.amount), 0))
    query = query.join(Journal, Journal.id == Entry.journal_id)
    query = query.where(Entry.account_id == asked.account_id, Journal.posted_at < asked.days.until)
    entries = int(db.scalar(query) or 0)
    return entry_words.sign(lines[0].kind) * entries == lines[0].sums.closing


_FIGURES = ("opening", "came", "went", "adjusted")


def _lines(asked: Asked, sight: Sight, *, by_page: bool) -> Select[*tuple[Any, ...]]:
    """Sums by page, or by book and kind of page; what never held anything is left out."""
    moved = _moved(asked, sight)
    keys: list[Any] = [
        Account.organisation_id,
        Organisation.short_name.label("book"),
        Account.kind,
        Account.currency,
    ]
    order: list[Any] = [Organisation.short_name, Account.organisation_id, Account.kind]
    if by_page:
        owner = func.coalesce(Person.name, OWNER.name)
        keys += [Account.id.label("account_id"), Payee.person_id, owner.label("owner"),
                 Account.label]  # fmt: skip
        order = [Account.kind, owner, Account.label, Account.id]
    query = (
        select(*keys, *(_whole(moved.c[name]) for name in _FIGURES))
        .join(moved, moved.c.account_id == Account.id)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .join(Payee, Payee.id == Account.payee_id)
        .outerjoin(Person, Person.id == Payee.person_id)
        .outerjoin(OWNER, OWNER.id == Payee.organisation_id)
    )
    happened = or_(*(func.sum(func.abs(moved.c[name])) != 0 for name in _FIGURES))
    bare = [getattr(key, "element", key) for key in keys]
    return query.where(sight.pages).group_by(*bare).having(happened).order_by(*order)


def _whole(column: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(func.sum(column), BigInteger).label(column.key)


def _moved(asked: Asked, sight: Sight) -> Subquery:
    """What moved on each page of hers: before the days asked for, and in them, by what it was."""
    days = asked.days
    within = Journal.posted_at >= days.since
    flows = within & Journal.kind.not_in(ADJUSTING)
    parts = {
        "opening": (Entry.amount, Journal.posted_at < days.since),
        "came": (Entry.amount, flows & (Entry.amount > 0)),
        "went": (-Entry.amount, flows & (Entry.amount < 0)),
        "adjusted": (Entry.amount, within & Journal.kind.in_(ADJUSTING)),
    }
    sums = [
        func.coalesce(func.sum(amount).filter(where), 0).label(name)
        for name, (amount, where) in parts.items()
    ]
    return (
        select(Entry.account_id, *sums)
        .join(Journal, Journal.id == Entry.journal_id)
        .join(Account, Account.id == Entry.account_id)
        .join(Payee, Payee.id == Account.payee_id)
        .outerjoin(Person, Person.id == Payee.person_id)
        .outerjoin(OWNER, OWNER.id == Payee.organisation_id)
        .where(sight.pages, Journal.posted_at < days.until)
        .group_by(Entry.account_id)
        .subquery("moved")
    )


def open_differences(db: Reader, boards: frozenset[int]) -> int:
    """How many differences of the night wait for her."""
    query = select(func.count()).where(
        Task.kind.startswith("compare."),
        Task.closed_at.is_(None),
        Task.right_name == TREASURE.name,
        Task.subject_id.in_(boards),
    )
    return int(db.scalar(query.select_from(Task)) or 0)
