"""Offers: the classes somebody may join, with everything she should know before she does."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from core import clock
from core.actors import Actor
from core.db import Reader
from core.errors import NotFound
from core.orgs import Organisation
from core.people import Person
from sellers.training.models import Cohort, Enrolment, Programme, TrainingSession
from sellers.training.scholarship_models import Scholarship

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class Offer:
    """One class that takes women in; `data_mb` is what all its sessions cost by phone.

    `scholarship`: the public name of the batch by which its seats are asked for.
    """

    cohort_id: int
    programme: str
    programme_en: str
    cohort: str
    provider: str
    facilitator: str | None
    slug: str
    kinds: Sequence[str]
    level: str
    topic: str
    description: str
    opening: str
    fee: int
    has_childcare: bool
    prerequisite: str | None
    unlocks: Sequence[str]
    gives_certificate: bool
    pass_percent: int
    selection: str
    seats: int
    taken: int
    first_at: datetime
    zone: str
    sessions: int
    data_mb: int
    my_enrolment_id: int | None
    scholarship: str | None

    @property
    def seats_left(self) -> int:
        """Free seats at this moment; 0 means a waiting list."""
        return max(self.seats - self.taken, 0)


_TOLD: tuple[Any, ...] = (
    Cohort.id.label("cohort_id"),
    Cohort.name.label("cohort"),
    Cohort.selection,
    Cohort.seats,
    Programme.name.label("programme"),
    Programme.name_en.label("programme_en"),
    Programme.slug,
    Programme.kinds,
    Programme.level,
    Programme.topic,
    Programme.description,
    Programme.opening,
    Programme.fee,
    Programme.has_childcare,
    Programme.unlocks,
    Programme.gives_certificate,
    Programme.pass_percent,
    Organisation.name.label("provider"),
    Person.call_me.label("facilitator"),
)
"""What a class says of itself."""


def _of_sessions(figure: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """One figure over the sessions of a cohort, as a column."""
    sessions = select(figure).where(TrainingSession.cohort_id == Cohort.id)
    return sessions.scalar_subquery().label(name)


def _offers(actor: Actor) -> Select[*tuple[Any, ...]]:
    before = aliased(Programme)
    mine = aliased(Enrolment)
    taken = select(func.count()).where(
        Enrolment.cohort_id == Cohort.id, Enrolment.state == "enrolled"
    )
    first_zone = (
        select(TrainingSession.zone)
        .where(TrainingSession.cohort_id == Cohort.id)
        .order_by(TrainingSession.starts_at)
        .limit(1)
    )
    is_mine = (
        (mine.cohort_id == Cohort.id) & (mine.person_id == actor.person_id) & (mine.state != "left")
    )
    return (
        select(
            *_TOLD,
            before.name.label("prerequisite"),
            taken.scalar_subquery().label("taken"),
            _of_sessions(func.min(TrainingSession.starts_at), "first_at"),
            first_zone.scalar_subquery().label("zone"),
            _of_sessions(func.count(), "sessions"),
            _of_sessions(func.coalesce(func.sum(TrainingSession.data_mb), 0), "data_mb"),
            mine.id.label("my_enrolment_id"),
            Scholarship.slug.label("scholarship"),
        )
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(Organisation, Organisation.id == Programme.provider_id)
        .outerjoin(before, before.id == Programme.prerequisite_id)
        .outerjoin(Person, Person.id == Cohort.facilitator_id)
        .outerjoin(mine, is_mine)
        .outerjoin(Scholarship, Scholarship.cohort_id == Cohort.id)
        .where(Cohort.closed_at.is_(None))
    )


def _is_to_come() -> ColumnElement[bool]:
    return exists().where(
        TrainingSession.cohort_id == Cohort.id, TrainingSession.starts_at >= clock.now()
    )


def _offer(row: Any) -> Offer:
    values = {field.name: row._mapping[field.name] for field in fields(Offer)}
    return Offer(**values | {"data_mb": int(row.data_mb)})


def list_offers(
    db: Reader, actor: Actor, *, words: str = "", page: int = 1
) -> tuple[list[Offer], bool]:
    """One page of classes with a session to come, soonest first, and whether more follow."""
    query = _offers(actor).where(_is_to_come())
    if words:
        query = query.where(
            or_(
                Programme.name.icontains(words, autoescape=True),
                Programme.topic.icontains(words, autoescape=True),
                Organisation.name.icontains(words, autoescape=True),
            )
        )
    soonest = query.order_by("first_at", Cohort.id)
    found = list(db.execute(soonest.limit(PAGE_SIZE + 1).offset((page - 1) * PAGE_SIZE)))
    return [_offer(row) for row in found[:PAGE_SIZE]], len(found) > PAGE_SIZE


def list_of_programme(db: Reader, actor: Actor, programme_id: int) -> list[Offer]:
    """The classes of one programme with a session to come, soonest first."""
    query = _offers(actor).where(_is_to_come(), Cohort.programme_id == programme_id)
    found = db.execute(query.order_by("first_at", Cohort.id).limit(PAGE_SIZE))
    return [_offer(row) for row in found]


def get_offer(db: Reader, actor: Actor, cohort_id: int) -> Offer:
    """One class that takes women in; raises NotFound once it is closed or over."""
    row = db.execute(_offers(actor).where(Cohort.id == cohort_id, _is_to_come())).first()
    if row is None:
        raise NotFound
    return _offer(row)
