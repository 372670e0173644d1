"""Whether a few members sell nearly everything (W11): the rule, and what it is counted from.

Every member who sells counts, also with nothing sold. Her sales are what buyers paid for her goods
over all channels, as in her statement. Where the top fifth took more than half, it is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.half_hour import lines, notes
from cooperatives.half_hour.lines import Line
from cooperatives.half_hour.settings import HalfHourSettings
from cooperatives.models import Cooperative, Membership
from cooperatives.reconciling import comparing
from cooperatives.reconciling.comparing import Difference
from cooperatives.rights import COORDINATE
from cooperatives.settling import turnover
from core import access, clock, tasks
from core.actors import Actor
from core.config import settings
from core.db import Reader, in_transaction
from core.errors import NotFound
from core.people import Person
from sellers.models import Seller
from sellers.permits import months_after

FAIR = "fair"
FIFTH = 5
MEMBERS_MIN = 5  # Among fewer, one good seller is no unfairness.
QUIET = timedelta(days=28)
UNEVEN = tasks.declare(
    "fair.uneven",
    _("%(top)s dari %(all)s anggota menjual %(percent)s persen. Ajak yang lain."),
    deed=_("Lihat pembagiannya"),
    urgency=52,
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A member who sells, and what buyers paid for her goods in the period."""

    person_id: int
    name: str
    sold: int


@dataclass(frozen=True, slots=True)
class Spread:
    """The members from most to least, with the sums that anybody can redo."""

    seats: Sequence[Seat]

    @property
    def top(self) -> Sequence[Seat]:
        """The first fifth of all members, rounded up."""
        return self.seats[: -(-len(self.seats) // FIFTH)]

    @property
    def top_sum(self) -> int:
        """What they sold."""
        return sum(seat.sold for seat in self.top)

    @property
    def total(self) -> int:
        """What all sold."""
        return sum(seat.sold for seat in self.seats)

    @property
    def percent(self) -> int:
        """The part of the first fifth, in whole per cent, rounded down."""
        return self.top_sum * 100 // self.total if self.total else 0

    @property
    def is_uneven(self) -> bool:
        """More than half for the first fifth, among members enough for that to mean something."""
        return len(self.seats) >= MEMBERS_MIN and 2 * self.top_sum > self.total

    @property
    def left_out(self) -> Sequence[Seat]:
        """The last fifth, who is asked first; the least first."""
        return [*reversed(self.seats)][: len(self.top)]


def spread(members: Sequence[tuple[int, str]], sold: Mapping[int, int]) -> Spread:
    """Members by what they sold; who gave back more than she sold has sold nothing."""
    seats = [Seat(one, name, max(0, sold.get(one, 0))) for one, name in members]
    return Spread(sorted(seats, key=lambda seat: (-seat.sold, seat.name, seat.person_id)))


@dataclass(frozen=True, slots=True)
class Period:
    """The whole days that are compared, today included."""

    first: date
    last: date


def period() -> Period:
    """This month up to today, and so many months before it as the setting asks for."""
    today, months = clock.today(), settings(HalfHourSettings).fairness_months
    return Period(months_after(today.replace(day=1), 1 - months), today)


def of_cooperative(db: Reader, cooperative_id: int, days: Period) -> Spread:
    """How sales are spread over those members of a cooperative who have a shop there."""
    query = (
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .join(Seller, Seller.person_id == Person.id)
        .where(
            Membership.cooperative_id == cooperative_id,
            Membership.left_on.is_(None),
            Seller.organisation_id == cooperative_id,
            Seller.closed_at.is_(None),
        )
    )
    members = [(row.id, row.name) for row in db.execute(query)]
    return spread(members, turnover.since(db, cooperative_id, days.first))


def seen_by(db: Reader, actor: Actor, cooperative_id: int | None) -> Cooperative:
    """A cooperative whose board the actor is on, or the first of them; raises NotFound."""
    boards = access.subjects(db, actor, COORDINATE)
    query = select(Cooperative).where(Cooperative.id.in_(boards)).order_by(Cooperative.id)
    if cooperative_id is not None:
        query = query.where(Cooperative.id == cooperative_id)
    found = db.execute(query.limit(1)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def days_of(db: Reader, cooperative_id: int, person_id: int, days: Period) -> list[Any]:
    """What makes up one member's figure, day by day: day, sold, back, total."""
    return turnover.by_day(db, cooperative_id, person_id, days.first)


def _find(db: Reader) -> list[Difference]:
    """Cooperatives where it is uneven and nobody has noted lately that it is being worked on."""
    query = select(Cooperative.id).where(notes.unnoted(FAIR, Cooperative.id, Cooperative.id))
    days = period()
    found = [(one, of_cooperative(db, one, days)) for one in db.execute(query).scalars().all()]
    return [
        Difference(
            ("organisation", organisation_id),
            organisation_id,
            f"/koord/adil?kelompok={organisation_id}",
            {"top": len(one.top), "all": len(one.seats), "percent": one.percent},
        )
        for organisation_id, one in found
        if one.is_uneven
    ]


comparing.add(UNEVEN, COORDINATE, _find)


@in_transaction(retries=3)
def talked(db: Session, *, actor: Actor, cooperative_id: int, words: str) -> None:
    """The coordinator has a plan: the warning is quiet for four weeks. Raises NotFound."""
    line = Line(cooperative_id, str(cooperative_id), "", quiet_until=clock.today() + QUIET)
    notes.put(db, actor, FAIR, line, words=words)
    doc = ("organisation", cooperative_id)
    tasks.close(db, UNEVEN, actor=actor, doc=doc, reason="noted")


def ask_first(db: Session, found: Spread) -> list[Person]:
    """The members who sold least, whom to call."""
    ids = [seat.person_id for seat in found.left_out]
    by_id = {one.id: one for one in lines.people(db, ids)}
    return [by_id[one] for one in ids if one in by_id]
