"""Scholarship batches as pages read them: what anybody may check, and what judges see."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true

from core import clock
from core.actors import Actor
from core.db import Reader
from core.errors import NotFound
from core.orgs import Organisation
from core.people import Person
from sellers.training.models import Cohort, Programme
from sellers.training.rights import TEACH, within_reach
from sellers.training.scholarship_models import Application, Judgement, Scholarship, Verdict

LIST_MAX = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """A batch as anybody reads it."""

    cohort_id: int
    slug: str
    programme: str
    programme_en: str
    cohort: str
    provider: str
    seats: int
    apply_until: date
    method: str
    criteria: Sequence[tuple[str, int]]
    first_timers_first: bool
    seed: str
    decided_at: datetime | None
    closed_at: datetime | None
    applicants: int

    @property
    def is_open(self) -> bool:
        """Whether one can still ask for a seat."""
        return (
            self.decided_at is None and self.closed_at is None and clock.today() <= self.apply_until
        )


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the record anybody may check: an application by its number, and its place."""

    number: int
    place: int
    outcome: str
    is_first: bool
    points: int
    lot: str


@dataclass(frozen=True, slots=True)
class Given:
    """What one judge said of an application."""

    judge: str
    judge_id: int
    points: Sequence[int]
    reason: str


@dataclass(frozen=True, slots=True)
class Applicant:
    """One application as those who judge read it."""

    number: int
    person_id: int
    name: str
    words: str
    place: int | None
    outcome: str | None
    given: Sequence[Given]

    def is_judged_by(self, person_id: int | None) -> bool:
        """Whether this judge has said what she thinks."""
        return any(one.judge_id == person_id for one in self.given)


@dataclass(frozen=True, slots=True)
class Mine:
    """Her own application."""

    number: int
    words: str
    withdrawn_at: datetime | None
    place: int | None
    outcome: str | None


def _batches() -> Select[*tuple[Any, ...]]:
    asked = select(func.count()).where(
        Application.cohort_id == Scholarship.cohort_id, Application.withdrawn_at.is_(None)
    )
    return (
        select(
            Scholarship.cohort_id,
            Scholarship.slug,
            Scholarship.apply_until,
            Scholarship.method,
            Scholarship.criteria,
            Scholarship.first_timers_first,
            Scholarship.seed,
            Scholarship.decided_at,
            Programme.name.label("programme"),
            Programme.name_en.label("programme_en"),
            Cohort.name.label("cohort"),
            Cohort.seats,
            Cohort.closed_at,
            Organisation.name.label("provider"),
            asked.scalar_subquery().label("applicants"),
        )
        .join(Cohort, Cohort.id == Scholarship.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(Organisation, Organisation.id == Programme.provider_id)
    )


def _shown(row: Any) -> Shown:
    values = {field.name: row._mapping[field.name] for field in fields(Shown)}
    return Shown(**values | {"criteria": [(str(w), int(n)) for w, n in row.criteria]})


def list_batches(db: Reader) -> list[Shown]:
    """Batches that are not closed, those that can still be asked for first."""
    query = _batches().where(Cohort.closed_at.is_(None)).order_by(Scholarship.apply_until.desc())
    return [_shown(row) for row in db.execute(query.limit(LIST_MAX))]


def get_batch(db: Reader, slug: str) -> Shown:
    """One batch by its public name; raises NotFound."""
    return _one(db, Scholarship.slug == slug)


def find_own(db: Reader, actor: Actor, cohort_id: int) -> Shown | None:
    """The batch of a cohort that the actor teaches, if there is one."""
    try:
        return _one(db, (Scholarship.cohort_id == cohort_id) & within_reach(db, actor, TEACH))
    except NotFound:
        return None


def _one(db: Reader, which: ColumnElement[bool]) -> Shown:
    row = db.execute(_batches().where(which)).first()
    if row is None:
        raise NotFound
    return _shown(row)


def list_record(db: Reader, cohort_id: int) -> list[Place]:
    """How a batch was decided, by place; without names, for anybody may read it."""
    names = [field.name for field in fields(Place) if field.name != "number"]
    query = (
        select(Application.id.label("number"), *(getattr(Verdict, name) for name in names))
        .join(Verdict, Verdict.application_id == Application.id)
        .where(Application.cohort_id == cohort_id)
        .order_by(Verdict.place)
    )
    return [Place(**row._mapping) for row in db.execute(query)]


def find_mine(db: Reader, actor: Actor, cohort_id: int) -> Mine | None:
    """Her own application to a batch, if she asked."""
    row = db.execute(
        select(
            Application.id.label("number"),
            Application.words,
            Application.withdrawn_at,
            Verdict.place,
            Verdict.outcome,
        )
        .outerjoin(Verdict, Verdict.application_id == Application.id)
        .where(Application.cohort_id == cohort_id, Application.person_id == actor.person_id)
    ).first()
    return Mine(**row._mapping) if row else None


def list_applicants(db: Reader, cohort_id: int) -> list[Applicant]:
    """Everybody who asks, by number; the caller has checked that it may be read."""
    given = (
        select(
            func.coalesce(
                func.json_agg(
                    func.json_build_array(
                        Person.call_me, Judgement.judge_id, Judgement.points, Judgement.reason
                    )
                ),
                func.json_build_array(),
            ).label("given")
        )
        .select_from(Judgement)
        .join(Person, Person.id == Judgement.judge_id)
        .where(Judgement.application_id == Application.id)
        .correlate(Application)
        .lateral("given")
    )
    query = (
        select(
            Application.id.label("number"),
            Application.person_id,
            Person.name,
            Application.words,
            Verdict.place,
            Verdict.outcome,
            given.c.given,
        )
        .join(Person, Person.id == Application.person_id)
        .outerjoin(Verdict, Verdict.application_id == Application.id)
        .join(given, true())
        .where(Application.cohort_id == cohort_id, Application.withdrawn_at.is_(None))
        .order_by(Verdict.place.asc().nulls_last(), Application.id)
    )
    return [
        Applicant(**dict(row._mapping) | {"given": [Given(*one) for one in row.given]})
        for row in db.execute(query)
    ]
