"""Cohorts: one run of a programme, opened with seats and closed with a day to ask how they fare."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import ScalarSelect, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from core import access, audit, clock, tasks
from core.access import Right
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.orgs import Organisation
from core.people import Person
from sellers.training.models import Cohort, Enrolment, Programme, TrainingSession
from sellers.training.rights import TEACH, VERIFY, within_reach
from sellers.training.scholarship_models import Scholarship

PAGE_SIZE = 30
FOLLOW_UP_HOUR = time(8)
HALF_A_YEAR = timedelta(days=182)
FOLLOW_UP = tasks.declare(
    "training_follow_up", _("Tindak lanjut kelas %(class)s: tanyakan kabar para ibu.")
)


class NameTaken(DomainError):
    """Each cohort of a programme has a name of its own."""

    sentence = _("Angkatan dengan nama ini sudah ada. Beri nama lain.")


class AlreadyClosed(DomainError):
    """A closed cohort takes nobody in."""

    sentence = _("Kelas ini sudah ditutup.")


class FollowUpInThePast(DomainError):
    """The day to ask how they fare must still come."""

    sentence = _("Tanggal tindak lanjut sudah lewat. Pilih tanggal mulai hari ini.")


class FollowUpTooSoon(DomainError):
    """What a scholarship has brought shows after half a year."""

    sentence = _("Untuk beasiswa, pilih tanggal mulai enam bulan dari sekarang.")


class NotAFacilitator(DomainError):
    """A cohort is led by somebody who teaches for its provider."""

    sentence = _("Orang ini belum menjadi fasilitator di lembaga ini.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A cohort as its facilitator sees it."""

    id: int
    name: str
    seats: int
    selection: str
    follow_up_on: date | None
    followed_up_at: datetime | None
    closed_at: datetime | None
    programme_id: int
    programme: str
    opening: str
    gives_certificate: bool
    pass_percent: int
    provider_id: int
    provider: str
    facilitator: str | None
    is_scholarship: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A cohort in a list; `next_at` is its next session, if one is to come."""

    id: int
    programme: str
    name: str
    provider: str
    seats: int
    closed_at: datetime | None
    follow_up_on: date | None
    followed_up_at: datetime | None
    next_at: datetime | None
    enrolled: int
    waiting: int


@in_transaction()
def open_cohort(
    db: Session,
    *,
    actor: Actor,
    programme_id: int,
    name: str,
    seats: int,
    facilitator_id: int | None = None,
    selection: str = "",
) -> int:
    """Open a run of one's own programme and return its id; raises NameTaken, NotAFacilitator."""
    programme = db.scalar(
        select(Programme)
        .where(Programme.id == programme_id, within_reach(db, actor, TEACH))
        .with_for_update()
    )
    if programme is None:
        raise NotFound
    if facilitator_id is not None and facilitator_id not in access.people_who(
        db, TEACH, programme.provider_id
    ):
        raise NotAFacilitator
    twin = select(Cohort.id).where(Cohort.programme_id == programme_id, Cohort.name == name)
    if db.scalar(twin) is not None:
        raise NameTaken
    cohort = Cohort(
        programme_id=programme_id,
        name=name,
        seats=seats,
        selection=selection,
        facilitator_id=facilitator_id,
    )
    db.add(cohort)
    db.flush()
    audit.record(db, actor, "cohort.open", "cohort", cohort.id, seats=seats)
    return cohort.id


def lock_own_cohort(db: Session, actor: Actor, cohort_id: int) -> Cohort:
    """Hold a cohort of the actor's own organisation; raises NotFound."""
    cohort = db.scalar(
        select(Cohort)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Cohort.id == cohort_id, within_reach(db, actor, TEACH))
        .with_for_update(of=Cohort)
        .execution_options(populate_existing=True)
    )
    if cohort is None:
        raise NotFound
    return cohort


@in_transaction()
def close_cohort(db: Session, *, actor: Actor, cohort_id: int, follow_up_on: date) -> None:
    """End a run. It needs a day of follow-up, which becomes a task of all who teach there.

    Raises FollowUpInThePast, FollowUpTooSoon for a scholarship, and AlreadyClosed.
    """
    cohort = lock_own_cohort(db, actor, cohort_id)
    if cohort.closed_at is not None:
        raise AlreadyClosed
    if follow_up_on < clock.today():
        raise FollowUpInThePast
    if follow_up_on < clock.today() + HALF_A_YEAR and db.get(Scholarship, cohort_id) is not None:
        raise FollowUpTooSoon
    cohort.closed_at, cohort.follow_up_on = clock.now(), follow_up_on
    programme = db.get_one(Programme, cohort.programme_id)
    tasks.write(
        db,
        FOLLOW_UP,
        doc=("cohort", cohort.id),
        link=f"/fasilitator/{cohort.id}",
        holders=(TEACH, programme.provider_id),
        due_at=datetime.combine(follow_up_on, FOLLOW_UP_HOUR, clock.WIB),
        facts={"class": f"{programme.name}, {cohort.name}"},
    )
    audit.record(
        db, actor, "cohort.close", "cohort", cohort.id, follow_up_on=follow_up_on.isoformat()
    )


@in_transaction()
def note_follow_up(db: Session, *, actor: Actor, cohort_id: int, result: str) -> None:
    """They were asked how they fare; `result` closes the task. Only a closed cohort has one."""
    cohort = lock_own_cohort(db, actor, cohort_id)
    if cohort.closed_at is None:
        raise NotFound
    cohort.followed_up_at = cohort.followed_up_at or clock.now()
    tasks.close(db, FOLLOW_UP, actor=actor, doc=("cohort", cohort.id), reason=result)
    audit.record(db, actor, "cohort.follow_up", "cohort", cohort.id)


def get_sheet(db: Reader, actor: Actor, cohort_id: int, *rights: Right) -> Sheet:
    """One cohort on which the actor holds one of the rights; raises NotFound for any other."""
    row = db.execute(
        select(
            Cohort.id,
            Cohort.name,
            Cohort.seats,
            Cohort.selection,
            Cohort.follow_up_on,
            Cohort.followed_up_at,
            Cohort.closed_at,
            Programme.id.label("programme_id"),
            Programme.name.label("programme"),
            Programme.opening,
            Programme.gives_certificate,
            Programme.pass_percent,
            Organisation.id.label("provider_id"),
            Organisation.name.label("provider"),
            Person.call_me.label("facilitator"),
            exists().where(Scholarship.cohort_id == Cohort.id).label("is_scholarship"),
        )
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(Organisation, Organisation.id == Programme.provider_id)
        .outerjoin(Person, Person.id == Cohort.facilitator_id)
        .where(Cohort.id == cohort_id, within_reach(db, actor, *rights))
    ).first()
    if row is None:
        raise NotFound
    return Sheet(**row._mapping)


def _lines() -> Select[*tuple[Any, ...]]:
    """What a list says of each cohort."""

    def people(state: str) -> ScalarSelect[int]:
        count = select(func.count()).where(
            Enrolment.cohort_id == Cohort.id, Enrolment.state == state
        )
        return count.scalar_subquery()

    next_at = select(func.min(TrainingSession.starts_at)).where(
        TrainingSession.cohort_id == Cohort.id, TrainingSession.starts_at >= clock.now()
    )
    return (
        select(
            Cohort.id,
            Programme.name.label("programme"),
            Cohort.name,
            Organisation.short_name.label("provider"),
            Cohort.seats,
            Cohort.closed_at,
            Cohort.follow_up_on,
            Cohort.followed_up_at,
            next_at.scalar_subquery().label("next_at"),
            people("enrolled").label("enrolled"),
            people("waiting").label("waiting"),
        )
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(Organisation, Organisation.id == Programme.provider_id)
    )


def list_own(db: Reader, actor: Actor, *, words: str = "", page: int = 1) -> tuple[list[Line], int]:
    """One page of the actor's cohorts, running ones first, and how many pages there are."""
    wanted = within_reach(db, actor, TEACH, VERIFY)
    if words:
        wanted &= or_(
            Programme.name.icontains(words, autoescape=True),
            Cohort.name.icontains(words, autoescape=True),
        )
    total = db.execute(
        select(func.count())
        .select_from(Cohort)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(wanted)
    ).scalar_one()
    found = db.execute(
        _lines()
        .where(wanted)
        .order_by(Cohort.closed_at.desc().nulls_first(), Cohort.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return [Line(**row._mapping) for row in found], -(-total // PAGE_SIZE)
