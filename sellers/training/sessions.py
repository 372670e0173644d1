"""Sessions: the meetings of a cohort, with what each costs a woman in time and data."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, clock
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import NotFound
from sellers.training.cohorts import lock_own_cohort
from sellers.training.models import Cohort, Programme, TrainingSession
from sellers.training.rights import TEACH, within_reach
from sellers.training.wording import WEATHER_KINDS, WEATHERS


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is said about one session; `data_mb` is 0 where people meet in a room.

    `starts_at` is told on the clock of `zone`; `makes_listing`: its task becomes a product.
    """

    title: str
    starts_at: datetime
    minutes: int
    zone: str = "WIB"
    place: str = ""
    landmark: str = ""
    district_code: str = ""
    loan_phones: int = 0
    weather: str = ""
    data_mb: int = 0
    has_recording: bool = False
    audio_summary_seconds: int = 0
    summary: str = ""
    makes_listing: bool = False
    is_required: bool = True


def has_come(starts_at: datetime, zone: str) -> bool:
    """Whether the day of a session has begun where it is held."""
    there = clock.ZONES[zone]
    return starts_at.astimezone(there).date() <= clock.now().astimezone(there).date()


@dataclass(frozen=True, slots=True)
class Numbered(Meeting):
    """A session as pages show it."""

    id: int = 0
    number: int = 0
    opening_said_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether it has ended, so that nobody needs to hear of its weather."""
        return self.starts_at + timedelta(minutes=self.minutes) < clock.now()

    @property
    def weather_words(self) -> Any:
        """What the training car says of its way there."""
        return WEATHERS[self.weather]

    @property
    def weather_kind(self) -> str:
        """The kind of its badge."""
        return WEATHER_KINDS.get(self.weather, "rest")

    @property
    def may_be_noted(self) -> bool:
        """Whether its day has come, so that somebody can have been there."""
        return has_come(self.starts_at, self.zone)


@in_transaction()
def add_session(db: Session, *, actor: Actor, cohort_id: int, meeting: Meeting) -> int:
    """Add a session as the next in number and return its id."""
    lock_own_cohort(db, actor, cohort_id)
    last = db.scalar(
        select(func.max(TrainingSession.number)).where(TrainingSession.cohort_id == cohort_id)
    )
    added = TrainingSession(cohort_id=cohort_id, number=(last or 0) + 1, **asdict(meeting))
    db.add(added)
    db.flush()
    audit.record(db, actor, "training_session.add", "training_session", added.id)
    return added.id


@in_transaction()
def change_session(db: Session, *, actor: Actor, session_id: int, meeting: Meeting) -> None:
    """Move or rename a session, or let it no longer be required; notes and numbers stay."""
    row = lock_own_session(db, actor, session_id)
    for name, value in asdict(meeting).items():
        setattr(row, name, value)
    audit.record(
        db,
        actor,
        "training_session.change",
        "training_session",
        session_id,
        starts_at=meeting.starts_at.isoformat(),
        is_required=meeting.is_required,
    )


@in_transaction()
def say_opening(db: Session, *, actor: Actor, session_id: int) -> None:
    """Note that the session began with the programme's opening words; once is enough."""
    row = lock_own_session(db, actor, session_id)
    if row.opening_said_at is None:
        row.opening_said_at = clock.now()
        audit.record(db, actor, "training_session.opening", "training_session", session_id)


def list_sessions(db: Reader, cohort_id: int) -> list[Numbered]:
    """The sessions of one cohort in order; the caller has checked that it may be read."""
    names = [field.name for field in fields(Numbered)]
    query = (
        select(*(getattr(TrainingSession, name) for name in names))
        .where(TrainingSession.cohort_id == cohort_id)
        .order_by(TrainingSession.number)
    )
    return [Numbered(**dict(zip(names, row, strict=True))) for row in db.execute(query)]


def lock_own_session(db: Session, actor: Actor, session_id: int) -> TrainingSession:
    """Hold a session of the actor's own organisation; raises NotFound."""
    row = db.scalar(
        select(TrainingSession)
        .join(Cohort, Cohort.id == TrainingSession.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(TrainingSession.id == session_id, within_reach(db, actor, TEACH))
        .with_for_update(of=TrainingSession)
    )
    if row is None:
        raise NotFound
    return row
