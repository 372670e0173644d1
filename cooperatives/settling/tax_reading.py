"""What was withheld in a month, and how far members are from the limit, for their boards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from cooperatives import notebook, treasury
from cooperatives.models.books import Account, Entry, Journal, Kind, Payee, Settlement
from cooperatives.models.tax import TaxLetter
from cooperatives.rights import COORDINATE, TREASURE
from cooperatives.settling import tax, tax_letters, turnover
from cooperatives.settling.tax_settings import TaxSettings
from core import access, audit, clock
from core.actors import Actor
from core.config import settings
from core.db import in_transaction
from core.people import Person

LIST_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Near:
    """How far somebody is, without her turnover: that may come from other cooperatives too."""

    person_id: int
    name: str
    is_above: bool
    letter: str


def withheld(db: Session, actor: Actor, month: date) -> Sequence[Any]:
    """What was withheld in a month of payees in the actor's books, or of all for the operator's.

    Columns: person_id, name, book, settlement_id, closed_on, memo, amount.
    """
    until = (month + timedelta(days=31)).replace(day=1)
    query = (
        select(
            Person.id.label("person_id"),
            Person.name,
            Settlement.id.label("settlement_id"),
            Settlement.closed_on,
            Journal.memo,
            Entry.amount,
        )
        .join(Entry, Entry.journal_id == Journal.id)
        .join(Account, and_(Account.id == Entry.account_id, Account.kind == Kind.MAKER))
        .join(Payee, Payee.id == Account.payee_id)
        .join(Person, Person.id == Payee.person_id)
        .join(Settlement, func.concat(Settlement.id) == Journal.doc_id)
        .where(
            Journal.kind == tax.WITHHELD,
            Journal.posted_at >= notebook.first_of(month),
            Journal.posted_at < notebook.first_of(until),
        )
        .order_by(Person.name, Settlement.id)
        .limit(LIST_MAX)
    )
    if not treasury.keeps_house(db, actor):
        query = query.where(Account.organisation_id.in_(access.subjects(db, actor, TREASURE)))
    return db.execute(query).all()


@in_transaction()
def for_the_office(db: Session, *, actor: Actor, month: date) -> list[list[object]]:
    """The same with whole tax numbers, for the file; each look at them is in the trail."""
    rows = withheld(db, actor, month)
    audit.record(db, actor, "tax.list", "tax_month", int(f"{month:%Y%m}"), lines=len(rows))
    return [
        [row.name, _number(db, row.person_id, month.year), row.closed_on.isoformat(),
         row.settlement_id, row.memo, row.amount]
        for row in rows
    ]  # fmt: skip


def _number(db: Session, person_id: int, year: int) -> str:
    found = tax.letter(db, person_id, year)
    if found is None:
        query = select(TaxLetter).where(TaxLetter.person_id == person_id)
        found = db.scalar(query.order_by(TaxLetter.id.desc()).limit(1))
    return tax_letters.number_of(found) if found else ""


def near_limit(db: Session, actor: Actor) -> list[Near]:
    """Members of the actor's boards whose turnover of this year is near the limit, or above."""
    rules, year = settings(TaxSettings), clock.today().year
    reached = turnover.at_least(db, rules.warn_rupiah, year)
    boards = access.subjects(db, actor, TREASURE, COORDINATE)
    query = (
        select(Person)
        .join(Payee, Payee.person_id == Person.id)
        .join(Account, Account.payee_id == Payee.id)
        .where(Person.id.in_(list(reached)), Account.kind == Kind.MAKER)
        .where(Account.organisation_id.in_(boards))
        .distinct()
        .order_by(Person.name)
    )
    return [
        Near(
            person.id,
            person.name,
            reached[person.id] > rules.tax_free_rupiah,
            found.kind if (found := tax.letter(db, person.id, year)) else "",
        )
        for person in db.scalars(query)
    ]
