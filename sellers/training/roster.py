"""The roster: a cohort's women, what was noted of each, and who should be asked how she is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select, true
from sqlalchemy.dialects.postgresql import distinct_on

from core.db import Reader
from core.people import Person
from sellers.training.attendance import NEWEST_FIRST, Standing, counted
from sellers.training.models import (
    AttendanceNote,
    Certificate,
    Cohort,
    Enrolment,
    ListingTraining,
    Programme,
    TrainingSession,
)
from sellers.training.sessions import Numbered

MISSED_IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One woman of a cohort; `marks` are by session, only where something was noted."""

    enrolment_id: int
    person_id: int
    name: str
    call_me: str
    phone: str | None
    channel: str
    state: str
    enrolled_at: datetime
    standing: Standing
    marks: Mapping[int, bool]
    certificate_id: int | None
    code: str | None
    goods: int

    @property
    def may_be_certified(self) -> bool:
        """Whether a certificate may be issued without an exception."""
        return self.standing.is_completed and self.code is None


def list_rows(db: Reader, cohort_id: int) -> list[Row]:
    """Everybody of one cohort by name; the caller has checked that it may be read."""
    counts = counted()
    is_living = and_(Certificate.enrolment_id == Enrolment.id, Certificate.withdrawn_at.is_(None))
    goods = select(func.count()).where(ListingTraining.enrolment_id == Enrolment.id)
    query = (
        select(
            Enrolment.id,
            Enrolment.person_id,
            Enrolment.state,
            Enrolment.enrolled_at,
            Person.name,
            Person.call_me,
            Person.phone,
            Person.channel,
            counts.c.attended,
            counts.c.required,
            Programme.pass_percent,
            Certificate.id.label("certificate_id"),
            Certificate.code,
            goods.scalar_subquery().label("goods"),
        )
        .select_from(Enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(counts, true())
        .outerjoin(Certificate, is_living)
        .where(Enrolment.cohort_id == cohort_id)
        .order_by(Person.name, Enrolment.id)
    )
    marks = _marks(db, cohort_id)
    return [
        Row(
            enrolment_id=row.id,
            person_id=row.person_id,
            name=row.name,
            call_me=row.call_me,
            phone=row.phone,
            channel=row.channel,
            state=row.state,
            enrolled_at=row.enrolled_at,
            standing=Standing(row.attended, row.required, row.pass_percent),
            marks=marks.get(row.id, {}),
            certificate_id=row.certificate_id,
            code=row.code,
            goods=row.goods,
        )
        for row in db.execute(query)
    ]


def _marks(db: Reader, cohort_id: int) -> dict[int, dict[int, bool]]:
    """The newest note of every woman and session of a cohort."""
    query = (
        select(AttendanceNote.enrolment_id, AttendanceNote.session_id, AttendanceNote.was_there)
        .join(TrainingSession, TrainingSession.id == AttendanceNote.session_id)
        .where(TrainingSession.cohort_id == cohort_id)
        .ext(distinct_on(AttendanceNote.enrolment_id, AttendanceNote.session_id))
        .order_by(AttendanceNote.enrolment_id, AttendanceNote.session_id, *NEWEST_FIRST)
    )
    marks: dict[int, dict[int, bool]] = {}
    for enrolment_id, session_id, was_there in db.execute(query):
        marks.setdefault(enrolment_id, {})[session_id] = was_there
    return marks


def is_stuck(row: Row, held: Sequence[Numbered], to_come: int) -> bool:
    """Whether to ask how she is: the last two held sessions missed, or completion out of reach.

    `held` are the required sessions at which anybody was noted, in order; `to_come` are the others.
    """
    if row.state != "enrolled" or row.standing.is_completed:
        return False
    last = held[-MISSED_IN_A_ROW:]
    has_gone_quiet = len(last) == MISSED_IN_A_ROW and not any(
        row.marks.get(session.id) for session in last
    )
    best = Standing(
        row.standing.attended + to_come, row.standing.required, row.standing.pass_percent
    )
    return has_gone_quiet or (bool(held) and not best.is_completed)


@dataclass(frozen=True, slots=True)
class Overview:
    """A cohort at a glance; completion is counted over all who ever had a seat."""

    rows: Sequence[Row]
    sessions: Sequence[Numbered]

    @property
    def took_part(self) -> Sequence[Row]:
        """All who have or had a seat: those who stopped are not taken out of the count."""
        return [row for row in self.rows if row.state != "waiting"]

    @property
    def enrolled(self) -> Sequence[Row]:
        """Those who have a seat now."""
        return [row for row in self.rows if row.state == "enrolled"]

    @property
    def waiting(self) -> Sequence[Row]:
        """Those who wait for a seat, in the order in which they will get one."""
        waiting = [row for row in self.rows if row.state == "waiting"]
        return sorted(waiting, key=lambda row: (row.enrolled_at, row.enrolment_id))

    @property
    def completed(self) -> Sequence[Row]:
        """Those who attended enough."""
        return [row for row in self.took_part if row.standing.is_completed]

    @property
    def percent(self) -> int:
        """Completed of all who took part, rounded down."""
        return len(self.completed) * 100 // len(self.took_part) if self.took_part else 0

    @property
    def stuck(self) -> Sequence[Row]:
        """Those to be asked how they are."""
        required = [session for session in self.sessions if session.is_required]
        noted = {key for row in self.rows for key in row.marks}
        held = [session for session in required if session.id in noted]
        return [row for row in self.rows if is_stuck(row, held, len(required) - len(held))]

    def present(self, session: Numbered) -> int | None:
        """How many came to a session, or None where nothing was noted."""
        marks = [row.marks[session.id] for row in self.rows if session.id in row.marks]
        return sum(marks) if marks else None
