"""Attendance: who was noted as present, and what follows from it.

Notes are only ever added. Of one woman and one session the newest note counts, in the order in
which notes arrived: a device's clock decides nothing. Completion = attended required sessions ÷
required sessions, held against the programme's `pass_percent`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select, true
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import LateralFromClause

from core import acts, audit
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from sellers.training.models import AttendanceNote, Cohort, Enrolment, Programme, TrainingSession
from sellers.training.sessions import has_come, lock_own_session


class TooEarly(DomainError):
    """Nobody can have been at a session whose day has not come."""

    sentence = _("Pertemuan ini belum dimulai. Kehadiran dicatat mulai harinya.")


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one woman is: attended of the required sessions, and how many make it complete."""

    attended: int
    required: int
    pass_percent: int

    @property
    def is_completed(self) -> bool:
        """Whether she attended enough; nothing is complete where nothing is required."""
        return self.required > 0 and self.attended * 100 >= self.required * self.pass_percent

    @property
    def percent(self) -> int:
        """Attended of required, rounded down so that it never promises too much."""
        return self.attended * 100 // self.required if self.required else 0


def newest(enrolment_id: Any, session_id: Any) -> Any:
    """A scalar query: was she there, says the newest note; null where nobody noted anything."""
    return (
        select(AttendanceNote.was_there)
        .where(AttendanceNote.enrolment_id == enrolment_id, AttendanceNote.session_id == session_id)
        .order_by(AttendanceNote.id.desc())
        .limit(1)
        .correlate(Enrolment, TrainingSession)
        .scalar_subquery()
    )


def counted() -> LateralFromClause:
    """Required and attended sessions of each enrolment of a query, and when its sessions end."""
    was_there = newest(Enrolment.id, TrainingSession.id)
    return (
        select(
            func.count().filter(TrainingSession.is_required).label("required"),
            func.count().filter(TrainingSession.is_required, was_there).label("attended"),
            func.max(TrainingSession.starts_at).label("last_at"),
        )
        .where(TrainingSession.cohort_id == Enrolment.cohort_id)
        .correlate(Enrolment)
        .lateral("counted")
    )


def standing_of(db: Reader, enrolment_id: int) -> Standing:
    """How far one enrolment is; raises NotFound."""
    counts = counted()
    row = db.execute(
        select(counts.c.attended, counts.c.required, Programme.pass_percent)
        .select_from(Enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(counts, true())
        .where(Enrolment.id == enrolment_id)
    ).first()
    if row is None:
        raise NotFound
    return Standing(*row)


def has_completed(db: Reader, person_id: int, programme_id: int) -> bool:
    """Whether she has completed a programme in any of its cohorts."""
    counts = counted()
    found = db.execute(
        select(counts.c.attended, counts.c.required, Programme.pass_percent)
        .select_from(Enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(counts, true())
        .where(Enrolment.person_id == person_id, Programme.id == programme_id)
    )
    return any(Standing(*row).is_completed for row in found)


@in_transaction()
def note(
    db: Session,
    *,
    actor: Actor,
    act_id: UUID,
    session_id: int,
    marks: Mapping[int, bool],
    seen_at: datetime | None = None,
) -> int:
    """Note who was at a session; `marks` is by enrolment. Returns how many notes were added.

    The same act is noted once, however often a phone without signal sends it. A mark that says
    what is known already adds nothing. Raises TooEarly, NotFound and acts' Conflict.
    """
    content = {"session": session_id, "marks": sorted(marks.items())}
    answer = acts.once(
        db,
        act_id=act_id,
        actor=actor,
        kind="attendance",
        content=content,
        do=lambda: {"added": _note(db, actor, session_id, marks, seen_at)},
    )
    return int(answer["added"])


def _note(
    db: Session,
    actor: Actor,
    session_id: int,
    marks: Mapping[int, bool],
    seen_at: datetime | None,
) -> int:
    # The lock lets notes of one session be numbered in the order in which they are committed.
    meeting = lock_own_session(db, actor, session_id)
    if not has_come(meeting.starts_at, meeting.zone):
        raise TooEarly
    rows = db.execute(
        select(Enrolment.id, newest(Enrolment.id, session_id)).where(
            Enrolment.cohort_id == meeting.cohort_id,
            Enrolment.state != "waiting",
            Enrolment.id.in_(marks),
        )
    )
    known: dict[int, bool | None] = {row[0]: row[1] for row in rows}
    if known.keys() != marks.keys():
        raise NotFound
    fresh = {key: there for key, there in marks.items() if known[key] is not there}
    for enrolment_id, was_there in sorted(fresh.items()):
        db.add(
            AttendanceNote(
                session_id=session_id,
                enrolment_id=enrolment_id,
                was_there=was_there,
                noted_by=actor.person_id,
                seen_at=seen_at,
            )
        )
    audit.record(db, actor, "attendance.note", "training_session", session_id, added=len(fresh))
    return len(fresh)
