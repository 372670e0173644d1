"""The tree: a network, its cooperatives and joint groups, their members.

A member of two groups is one woman, and money stands in one group's books only: so each level adds
up what is below it and nothing is counted twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session

from cooperatives.carrying import sums
from cooperatives.models import Account, Carried, Cut, Entry, Journal, Membership, Payee
from cooperatives.models.books import Kind
from cooperatives.rights import COORDINATE, TREASURE
from core import access, audit, clock, orgs
from core.actors import Actor
from core.clock import WIB
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.orgs import Organisation
from core.rights import OPERATE

SOLD = ("earned", "refunded", "claim_cost")


class Circle(DomainError):
    """Nobody stands above herself."""

    sentence = _("Kelompok tidak bisa berada di bawah dirinya sendiri.")


@dataclass(slots=True)
class Branch:
    """One organisation with all below it; `people` are distinct, `sold` is this year's turnover."""

    organisation: Organisation
    own_people: frozenset[int]
    own_sold: int
    below: list["Branch"] = field(default_factory=list)

    @property
    def people(self) -> frozenset[int]:
        """Everybody of this branch, each once."""
        return self.own_people.union(*(one.people for one in self.below))

    @property
    def sold(self) -> int:
        """What was sold in this branch; each sale stands in one group's books."""
        return self.own_sold + sum(one.sold for one in self.below)

    def flat(self, level: int = 0) -> Iterable[tuple[int, "Branch"]]:
        """The branch and all below it, each with its level."""
        yield level, self
        for one in self.below:
            yield from one.flat(level + 1)


@in_transaction(retries=3)
def put_under(db: Session, *, actor: Actor, organisation_id: int, parent_id: int | None) -> None:
    """Say which network or group stands above another. Raises Circle, NotFound."""
    access.require(db, actor, OPERATE, orgs.operator_id(db))
    organisation = db.get(Organisation, organisation_id)
    parents = {row.id: row.parent_id for row in db.execute(_links().with_for_update())}
    if organisation is None or (parent_id is not None and parent_id not in parents):
        raise NotFound
    above: int | None = parent_id
    while above is not None:
        if above == organisation_id:
            raise Circle
        above = parents[above]
    organisation.parent_id = parent_id
    audit.record(db, actor, "organisation.put_under", "organisation", organisation_id)


def _links() -> Any:
    return select(Organisation.id, Organisation.parent_id).order_by(Organisation.id)


def branches(db: Session, actor: Actor) -> list[Branch]:
    """The groups whose board the actor is on, each with all below it; none is shown twice."""
    mine = access.subjects(db, actor, COORDINATE, TREASURE)
    groups = {one.id: one for one in db.scalars(select(Organisation))}
    people, sold = _people(db), sold_by_group(db, clock.today().year)
    made = {
        key: Branch(one, people.get(key, frozenset()), sold.get(key, 0))
        for key, one in groups.items()
    }
    for key, one in sorted(groups.items()):
        if one.parent_id is not None and one.closed_at is None:
            made[one.parent_id].below.append(made[key])
    tops = [key for key in sorted(mine & groups.keys()) if not _is_below(groups, key, mine)]
    return [made[key] for key in tops]


def _is_below(groups: dict[int, Organisation], key: int, tops: frozenset[int]) -> bool:
    above = groups[key].parent_id
    while above is not None:
        if above in tops:
            return True
        above = groups[above].parent_id
    return False


def below(db: Reader, group_id: int) -> list[int]:
    """A group and all open ones below it."""
    found, open_ones = [group_id], [group_id]
    while open_ones:
        query = select(Organisation.id).where(
            Organisation.parent_id.in_(open_ones), Organisation.closed_at.is_(None)
        )
        open_ones = [one for one in db.execute(query).scalars() if one not in found]
        found += open_ones
    return found


def _people(db: Reader) -> dict[int, frozenset[int]]:
    query = select(Membership.cooperative_id, func.array_agg(Membership.person_id.distinct()))
    query = query.where(Membership.left_on.is_(None)).group_by(Membership.cooperative_id)
    return {key: frozenset(people) for key, people in db.execute(query)}


def year_of(year: int) -> tuple[datetime, datetime]:
    """A book year on the calendar of Wonosobo."""
    first, next_one = date(year, 1, 1), date(year + 1, 1, 1)
    return datetime.combine(first, time(), WIB), datetime.combine(next_one, time(), WIB)


def sold_by_group(db: Reader, year: int) -> dict[int, int]:
    """What members of each group sold in a year: the price of their goods, less what came back."""
    found: dict[int, int] = {}
    for (group_id, _person_id), amount in sold_by_member(db, year).items():
        found[group_id] = found.get(group_id, 0) + amount
    return found


def sold_by_member(
    db: Reader, year: int, group_id: int | None = None
) -> dict[tuple[int, int], int]:
    """The same by group and person; who sells without being a person is a group of its own (0)."""
    parts = union_all(_carried(year), _entries(*year_of(year), after=sums.carried_to(db)))
    return _by_person(db, parts, None if group_id is None else [group_id])


def sold_between(
    db: Reader, since: datetime, until: datetime, group_ids: Sequence[int]
) -> dict[tuple[int, int], int]:
    """The same for any time, its end not counted, in the books of these groups."""
    return _by_person(db, _entries(since, until), group_ids)


def _by_person(
    db: Reader, parts: Any, group_ids: Sequence[int] | None
) -> dict[tuple[int, int], int]:
    both = parts.subquery()
    query = (
        select(
            Account.organisation_id,
            func.coalesce(Payee.person_id, 0),
            sums.whole(func.sum(both.c.sold)),
        )
        .join(Account, Account.id == both.c.account_id)
        .join(Payee, Payee.id == Account.payee_id)
        .group_by(Account.organisation_id, Payee.person_id)
    )
    if group_ids is not None:
        query = query.where(Account.organisation_id.in_(group_ids))
    return {(group, person): amount for group, person, amount in db.execute(query)}


def _carried(year: int) -> Select[*tuple[Any, ...]]:
    first, after = sums.year_months(year)
    return select(Carried.account_id, (Carried.cuts - Carried.amount).label("sold")).where(
        Carried.account_id.is_not(None),
        Carried.page_kind == Kind.MAKER,
        Carried.journal_kind.in_(SOLD),
        Carried.happened_month >= first,
        Carried.happened_month < after,
    )


def _entries(since: datetime, until: datetime, after: int = 0) -> Select[*tuple[Any, ...]]:
    taken = func.coalesce(Cut.cooperative + Cut.kiosk + Cut.operator + Cut.affiliate, 0)
    return (
        select(Entry.account_id, (taken - Entry.amount).label("sold"))
        .join(Account, Account.id == Entry.account_id)
        .join(Journal, Journal.id == Entry.journal_id)
        .outerjoin(Cut, (Cut.journal_id == Journal.id) & (Cut.account_id == Account.id))
        .where(Entry.id > after, Account.kind == Kind.MAKER, Journal.kind.in_(SOLD))
        .where(Journal.happened_at >= since, Journal.happened_at < until)
    )
