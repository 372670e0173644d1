"""Members without a phone: who helps each, and what waits to be told to them on paper.

A statement is theirs to have on paper, and so is every message that they cannot read on a page.
What was handed out is noted, so the next sheet begins where the last one ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select, true
from sqlalchemy.orm import Session, aliased

from cooperatives.half_hour import lines, notes
from cooperatives.half_hour.lines import Asked, Line, Topic
from cooperatives.models import Account, Membership, Payee, Settlement
from cooperatives.models.books import Kind
from cooperatives.rights import COORDINATE
from core import access, clock
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import NotFound
from core.notices import Notice
from core.orgs import Organisation
from core.people import Person
from core.tasks import Task
from sellers.helping.mandates import is_alive
from sellers.helping.models import Mandate
from sellers.models import Seller
from sellers.rights import PARTS, SELL

PAPER = "paper"
MEMBERS_MAX = 100
EACH_MAX = 8  # Statements, messages and tasks of one member: more is no letter any more.
OLD = timedelta(days=60)
WITHOUT_PHONE = or_(Person.phone.is_(None), Person.channel == "paper")


@dataclass(slots=True)
class Letter:
    """One member without a phone, and all that waits for her."""

    organisation_id: int
    person_id: int
    name: str
    call_me: str
    organisation: str
    given_at: datetime | None
    helpers: str = ""
    statements: list[int] = field(default_factory=list)
    news: list[tuple[str, str]] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)

    @property
    def has_paper(self) -> bool:
        """Whether something came that no sheet has told her yet."""
        return bool(self.statements or self.news)

    @property
    def line(self) -> Line:
        """Her line, as notes know it."""
        return Line(self.organisation_id, str(self.person_id), self.name, person_id=self.person_id)


def letters(db: Session, boards: frozenset[int]) -> list[Letter]:
    """Every member without a phone by name, with what waits for her; four questions in all."""
    found = [Letter(*row) for row in db.execute(_members(boards))]
    by_person: dict[int, list[Letter]] = {}
    for letter in found:
        by_person.setdefault(letter.person_id, []).append(letter)
    if by_person:
        _add_statements(db, found)
        _add_news(db, by_person)
        _add_tasks(db, by_person)
    return found


def _members(boards: frozenset[int]) -> Any:
    helper = aliased(Person)
    helpers = (
        select(func.string_agg(helper.call_me, ", "))
        .select_from(Mandate)
        .join(helper, helper.id == Mandate.helper_id)
        .where(Mandate.owner_id == Person.id, is_alive(clock.now()))
        .correlate(Person)
        .scalar_subquery()
    )
    given = notes.last_seen(PAPER, Membership.cooperative_id, Person.id)
    return (
        select(Membership.cooperative_id, Person.id, Person.name, Person.call_me,
               Organisation.name, given, func.coalesce(helpers, ""))
        .join(Person, Person.id == Membership.person_id)
        .join(Organisation, Organisation.id == Membership.cooperative_id)
        .where(Membership.cooperative_id.in_(boards), Membership.left_on.is_(None))
        .where(Person.erased_at.is_(None), WITHOUT_PHONE)
        .order_by(Person.name, Person.id)
        .limit(MEMBERS_MAX)
    )  # fmt: skip


def _add_statements(db: Reader, found: Sequence[Letter]) -> None:
    """Settlements of her in this cooperative's books that were made since the last sheet."""
    by_page = {(one.organisation_id, one.person_id): one for one in found}
    pages = (
        select(Account.id, Account.organisation_id, Payee.person_id)
        .join(Payee, Payee.id == Account.payee_id)
        .where(Account.organisation_id.in_({one.organisation_id for one in found}))
        .where(Account.kind == Kind.MAKER, Payee.person_id.in_({one.person_id for one in found}))
        .cte("pages")
        .prefix_with("MATERIALIZED")
    )
    newest = (
        select(Settlement.id, Settlement.created_at)
        .where(Settlement.account_id == pages.c.id)
        .order_by(Settlement.id.desc())
        .limit(EACH_MAX)
        .lateral()
    )
    query = (
        select(pages.c.organisation_id, pages.c.person_id, newest.c.id, newest.c.created_at)
        .join(newest, true())
        .where(newest.c.created_at > clock.now() - OLD)
        .order_by(newest.c.id)
    )
    for row in db.execute(query):
        letter = by_page.get((row.organisation_id, row.person_id))
        if letter is not None and _is_new(letter, row.created_at):
            letter.statements = [*letter.statements, row.id][-EACH_MAX:]


def _is_new(letter: Letter, moment: datetime) -> bool:
    return letter.given_at is None or moment > letter.given_at


def _add_news(db: Reader, by_person: dict[int, list[Letter]]) -> None:
    """Messages of the house that she has not read anywhere."""
    query = (
        select(Notice.person_id, Notice.title, Notice.text, Notice.created_at)
        .where(Notice.person_id.in_(by_person), Notice.read_at.is_(None))
        .where(Notice.created_at > clock.now() - OLD)
        .order_by(Notice.id)
    )
    for row in db.execute(query):
        for letter in by_person[row.person_id]:
            if _is_new(letter, row.created_at):
                told = dict.fromkeys([*letter.news, (row.title, row.text)])  # The same words once.
                letter.news = list(told)[-EACH_MAX:]


def _add_tasks(db: Session, by_person: dict[int, list[Letter]]) -> None:
    """What is asked of her, or of whoever sells for her shop."""
    shops = {
        row.id: row.person_id
        for row in db.execute(
            select(Seller.id, Seller.person_id).where(
                Seller.person_id.in_(by_person), Seller.closed_at.is_(None)
            )
        )
    }
    names = [right.name for right in (SELL, *PARTS)]
    of_shops = Task.right_name.in_(names) & Task.subject_id.in_(shops)
    query = (
        select(Task)
        .where(Task.closed_at.is_(None), or_(Task.person_id.in_(by_person), of_shops))
        .order_by(Task.due_at.nulls_last(), Task.id)
    )
    for task in db.scalars(query):
        person_id = task.person_id or shops[task.subject_id or 0]
        for letter in by_person[person_id]:
            if len(letter.tasks) < EACH_MAX:
                letter.tasks.append(task.sentence)


@in_transaction(retries=3)
def hand_out(
    db: Session, *, actor: Actor, given: Sequence[tuple[int, int]], seen_at: datetime
) -> int:
    """These members, as (organisation, person), have their papers; says how many had any.

    What came after the page was drawn is for the next sheet. Raises NotFound for others' members.
    """
    boards = access.subjects(db, actor, COORDINATE)
    by_key = {(one.organisation_id, one.person_id): one for one in letters(db, boards)}
    if not set(given) <= set(by_key):
        raise NotFound
    wanted = [by_key[key] for key in dict.fromkeys(given) if by_key[key].has_paper]
    for letter in wanted:
        notes.put(db, actor, PAPER, letter.line, seen_at=seen_at)
    return len(wanted)


def waiting(db: Session, asked: Asked) -> list[Line]:
    """One line for each organisation some of whose members have new papers to be handed out."""
    counted: dict[int, list[Letter]] = {}
    for letter in letters(db, asked.boards):
        if letter.has_paper:
            counted.setdefault(letter.organisation_id, []).append(letter)
    return [
        Line(
            organisation_id,
            str(organisation_id),
            _("%(n)s anggota tanpa HP menunggu kertasnya", n=len(found)),
            ", ".join(one.call_me for one in found[: lines.SHOWN_MAX]),
            url="/koord/tanpa-hp",
        )
        for organisation_id, found in sorted(counted.items())
    ]


lines.add(Topic(PAPER, _l("Kertas untuk anggota"), _l("Cetak"), 45, "print", waiting))
