"""Money that adds up: by kind of page, by page of a kind, a person or a place.

A line begins with what stood on its pages when the days began (`openings`), adds what came and
takes off what left: it costs what happened in its days, not in all the years. A page of its own is
also added up from its very first entry, and compared.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session

from cooperatives import entry_words
from cooperatives.models.books import FOR_ORDERS, Account, Entry, Payee
from cooperatives.reconciling import books, openings
from cooperatives.reconciling.asked import Sums, added
from cooperatives.reconciling.books import OWNER, Asked, Sight
from cooperatives.rights import TREASURE
from core import clock
from core.actors import Actor
from core.db import Reader
from core.orgs import Organisation
from core.people import Person
from core.tasks import Task

ENTRIES_MAX = 20_000
"""The longest page that is added up from its first entry while somebody waits."""


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
    query = _by_page(db, asked, sight) if asked.by_page else _by_kind(db, asked, sight)
    lines = [_line(row) for row in db.execute(query)]
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
    """Whether all entries of a single page, from the first to today, are what it shows.

    Not asked of long pages and of days gone by: the doctor does, for all pages.
    """
    if not asked.account_id or not lines or asked.days.until <= clock.now():
        return None
    some = select(Entry.amount).where(Entry.account_id == asked.account_id)
    entries = some.limit(ENTRIES_MAX + 1).subquery()
    count, total = db.execute(
        select(func.count(), func.coalesce(func.sum(entries.c.amount), 0)).select_from(entries)
    ).one()
    if count > ENTRIES_MAX:
        return None
    return entry_words.sign(lines[0].kind) * int(total) == lines[0].sums.closing


def _by_page(db: Session, asked: Asked, sight: Sight) -> Select[*tuple[Any, ...]]:
    """Sums by page; what never held anything is left out, and orders' pages unless asked for."""
    pages = (
        select(
            Account.id.label("account_id"),
            Account.organisation_id,
            Organisation.short_name.label("book"),
            Account.kind,
            Account.currency,
            Account.label,
            Payee.person_id,
            func.coalesce(Person.name, OWNER.name).label("owner"),
        )
        .join(Organisation, Organisation.id == Account.organisation_id)
        .join(Payee, Payee.id == Account.payee_id)
        .outerjoin(Person, Person.id == Payee.person_id)
        .outerjoin(OWNER, OWNER.id == Payee.organisation_id)
        .where(sight.pages)
    )
    if not asked.account_id:
        pages = pages.where(Account.kind.not_in(FOR_ORDERS))
    page = pages.subquery("page")
    is_carried = not (asked.account_id and _is_of_an_order(db, asked.account_id))
    ids = select(page.c.account_id)
    moved = openings.of_pages(db, asked.days, ids, is_carried=is_carried)
    query = select(*page.c, *(moved.c[name] for name in openings.FIGURES))
    query = query.join(moved, moved.c.account_id == page.c.account_id)
    return query.order_by(page.c.kind, page.c.owner, page.c.label, page.c.account_id)


def _is_of_an_order(db: Session, account_id: int) -> bool:
    return db.get_one(Account, account_id).kind in FOR_ORDERS


def _by_kind(db: Session, asked: Asked, sight: Sight) -> Select[*tuple[Any, ...]]:
    """Sums by book and kind of page."""
    book_ids = {asked.book_id} if asked.book_id else sight.boards
    moved = openings.of_kinds(db, asked.days, book_ids, asked.kind)
    query = select(
        moved.c.organisation_id,
        moved.c.kind,
        literal("IDR").label("currency"),
        Organisation.short_name.label("book"),
        *(moved.c[name] for name in openings.FIGURES),
    ).join(Organisation, Organisation.id == moved.c.organisation_id)
    return query.order_by(Organisation.short_name, moved.c.organisation_id, moved.c.kind)


def open_differences(db: Reader, boards: frozenset[int]) -> int:
    """How many differences of the night wait for her."""
    query = select(func.count()).where(
        Task.kind.startswith("compare."),
        Task.closed_at.is_(None),
        Task.right_name == TREASURE.name,
        Task.subject_id.in_(boards),
    )
    return int(db.scalar(query.select_from(Task)) or 0)
