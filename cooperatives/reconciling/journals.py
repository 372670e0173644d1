"""The journals behind a figure, newest first, and one of them with its lines and its people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from cooperatives.carrying import sums
from cooperatives.entry_words import OWED_TO_US
from cooperatives.models.books import Account, Entry, Journal, Payee
from cooperatives.reconciling import books
from cooperatives.reconciling.books import OWNER, Asked
from cooperatives.reconciling.moves import ADJUSTED, CAME, DOER, LEFT, named
from cooperatives.reconciling.openings import ADJUSTING
from cooperatives.rights import TREASURE
from core import access, orgs
from core.actors import Actor
from core.errors import NotFound
from core.orgs import Organisation
from core.people import Person

LIST_MAX = 100
READS = case((Account.kind.in_(OWED_TO_US), Entry.amount), else_=-Entry.amount)
"""An amount as its page reads: more (+) or less (−) of what the page is for."""


def _entries() -> Select[*tuple[Any, ...]]:
    owner = func.coalesce(Person.name, OWNER.name)
    return (
        select(
            Journal,
            Entry.id.label("entry_id"),
            Entry.account_id,
            READS.label("amount"),
            Account.kind.label("page_kind"),
            Account.label,
            Account.currency,
            owner.label("owner"),
            Organisation.short_name.label("book"),
            named(DOER).label("doer"),
        )
        .join(Entry, Entry.journal_id == Journal.id)
        .join(Account, Account.id == Entry.account_id)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .join(Payee, Payee.id == Account.payee_id)
        .outerjoin(Person, Person.id == Payee.person_id)
        .outerjoin(OWNER, OWNER.id == Payee.organisation_id)
        .outerjoin(DOER, DOER.id == Journal.actor_id)
    )


def _way(way: str) -> list[ColumnElement[bool]]:
    is_adjusting = Journal.kind.in_(ADJUSTING)
    ways: dict[str, list[ColumnElement[bool]]] = {
        CAME: [READS > 0, ~is_adjusting],
        LEFT: [READS < 0, ~is_adjusting],
        ADJUSTED: [is_adjusting],
    }
    return ways.get(way, [])


def list_entries(
    db: Session,
    actor: Actor,
    asked: Asked,
    *,
    way: str = "",
    before: int | None = None,
    most: int = LIST_MAX,
) -> Sequence[Any]:
    """What was written on these pages in these days, newest first, or `before` an entry.

    Columns: Journal, entry_id, account_id, amount (as the page reads), page_kind, label, currency,
    owner, book, doer.
    """
    sight = books.of(db, actor, asked)
    query = _entries().where(
        sight.pages,
        Journal.posted_at >= asked.days.since,
        Journal.posted_at < asked.days.until,
        *sums.within_ids(db, asked.days.since, asked.days.until),
        *_way(way),
    )
    place = (Journal.posted_at, Journal.id, Entry.id)
    if before is not None:
        last = db.execute(
            select(*place).join(Entry, Entry.journal_id == Journal.id).where(Entry.id == before)
        ).first()
        if last is None:
            raise NotFound
        query = query.where(Journal.posted_at <= last[0], tuple_(*place) < tuple_(*last))
    return db.execute(query.order_by(*(part.desc() for part in place)).limit(most)).all()


@dataclass(frozen=True, slots=True)
class Whole:
    """One journal: its lines on her pages, what stands in other books, and what undid it."""

    journal: Journal
    lines: Sequence[Any]
    elsewhere: int
    mended_by: int | None

    @property
    def doer(self) -> str:
        """Who wrote it, if she works here."""
        return self.lines[0].doer or ""

    @property
    def reverses(self) -> int | None:
        """The journal it takes back."""
        is_reversal = self.journal.kind == "reversal"
        return int(self.journal.doc_id) if is_reversal else None


def get_journal(db: Session, actor: Actor, journal_id: int) -> Whole:
    """One journal, as far as it is in her books, or all of it for who keeps the operator's.

    `is_hers` says of a line whether its page is hers to open. Raises NotFound.
    """
    boards = access.subjects(db, actor, TREASURE)
    hers = books.of_hers(boards)
    query = _entries().add_columns(hers.label("is_hers")).where(Journal.id == journal_id)
    if orgs.operator_id(db) not in boards:
        query = query.where(hers)
    lines = db.execute(query.order_by(Entry.amount.desc(), Entry.id)).all()
    if not lines:
        raise NotFound
    count = select(func.count()).select_from(Entry).where(Entry.journal_id == journal_id)
    twin = aliased(Journal)
    mended = select(twin.id).where(
        twin.kind == "reversal", twin.doc_type == "journal", twin.doc_id == str(journal_id)
    )
    elsewhere = int(db.scalar(count) or 0) - len(lines)
    return Whole(lines[0].Journal, lines, elsewhere, db.scalar(mended))
