"""Attendance: who was noted as present, and what follows from it.

Notes are only ever added. Of one woman and one session the newest counts: the one whose page had
shown the newest note before it, then the later one by the clock it was noted on. So sheets from
phones without signal may come in any order, and a wrong clock cannot undo a correction that was
made with the note in sight. Completion = attended required sessions ÷ required sessions, held
against the programme's `pass_percent`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select, true
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import LateralFromClause

from core import acts, audit, clock
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from sellers.training.models import AttendanceNote, Cohort, Enrolment, Programme, TrainingSession
from sellers.training.sessions import has_come, lock_own_session

SHEET = "training.attendance"
MARKS_MAX = 500
_NUMBER = re.compile("[0-9]{1,18}")

Sheet = Mapping[str, Any]

NEWEST_FIRST = (
    AttendanceNote.saw_id.desc(),
    func.coalesce(AttendanceNote.seen_at, AttendanceNote.noted_at).desc(),
    AttendanceNote.id.desc(),
)
"""Which note counts, of one woman and one session."""


class Unreadable(DomainError):
    """It is no sheet of ours."""

    sentence = _("Daftar hadir ini tidak terbaca. Muat ulang halaman, lalu coba lagi.")


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
        .order_by(*NEWEST_FIRST)
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


def written(session_id: int, marks: Mapping[int, bool], saw_id: int | None = None) -> Sheet:
    """A sheet as the form of its page sends it."""
    there = [str(key) for key, was_there in sorted(marks.items()) if was_there]
    known = {} if saw_id is None else {"saw": str(saw_id)}
    listed = [str(key) for key in sorted(marks)]
    return {"session": str(session_id), "listed": listed, "present": there, **known}


def _numbers(content: Sheet, name: str) -> list[int]:
    values = content.get(name, [])
    found = [str(value) for value in (values if isinstance(values, list) else [values])]
    if len(found) > MARKS_MAX or not all(_NUMBER.fullmatch(value) for value in found):
        raise Unreadable
    return [int(value) for value in found]


@acts.handles(SHEET, label=_("Daftar hadir"))
def take_sheet(
    db: Session,
    *,
    actor: Actor,
    act_id: UUID,  # noqa: ARG001
    at: datetime,
    content: Sheet,
) -> dict[str, Any]:
    """Note who was at a session, as its form or a phone without signal says.

    `at` is when it was noted there. The answer says how many notes were `added`, and how many of
    them are `older` than what somebody else has noted since. Raises Unreadable, TooEarly, NotFound.
    """
    session_ids, saw = _numbers(content, "session"), _numbers(content, "saw")
    listed, present = _numbers(content, "listed"), set(_numbers(content, "present"))
    if len(session_ids) != 1 or len(saw) > 1 or not present <= set(listed):
        raise Unreadable
    marks = {key: key in present for key in listed}
    return add_notes(db, actor, session_ids[0], marks, at, saw[0] if saw else None)


@in_transaction()
def note(
    db: Session,
    *,
    actor: Actor,
    act_id: UUID,
    session_id: int,
    marks: Mapping[int, bool],
    seen_at: datetime | None = None,
    saw_id: int | None = None,
) -> int:
    """Note who was at a session; `marks` is by enrolment. Returns how many notes were added.

    It is the same act as from a phone: noted once, however often it is sent. Without `saw_id` the
    newest note was known. Raises TooEarly, NotFound and acts' Conflict.
    """
    answer = acts.carry_out.within(
        db,
        actor=actor,
        act_id=act_id,
        kind=SHEET,
        content=written(session_id, marks, saw_id),
        claimed=acts.believe(seen_at, clock.now()) if seen_at else None,
    )
    return int(answer["added"])


def newest_note(db: Reader, session_id: int) -> int:
    """The newest note of a session: what a page of it has shown; 0 where there is none."""
    last = select(func.max(AttendanceNote.id)).where(AttendanceNote.session_id == session_id)
    return int(db.execute(last).scalar() or 0)


def add_notes(
    db: Session,
    actor: Actor,
    session_id: int,
    marks: Mapping[int, bool],
    at: datetime,
    saw_id: int | None = None,
) -> dict[str, Any]:
    """Add a note for each mark; who calls makes sure that it is meant once."""
    # The lock lets notes of one session be numbered in the order in which they are committed.
    meeting = lock_own_session(db, actor, session_id)
    if not has_come(meeting.starts_at, meeting.zone):
        raise TooEarly
    known = db.scalars(
        select(Enrolment.id).where(
            Enrolment.cohort_id == meeting.cohort_id,
            Enrolment.state != "waiting",
            Enrolment.id.in_(marks),
        )
    )
    if set(known) != marks.keys():
        raise NotFound
    last = newest_note(db, session_id)
    for enrolment_id, was_there in sorted(marks.items()):
        db.add(
            AttendanceNote(
                session_id=session_id,
                enrolment_id=enrolment_id,
                was_there=was_there,
                noted_by=actor.person_id,
                seen_at=at,
                # A page cannot have shown a note that did not exist.
                saw_id=last if saw_id is None else min(saw_id, last),
            )
        )
    db.flush()
    audit.record(db, actor, "attendance.note", "training_session", session_id, added=len(marks))
    return {"added": len(marks), "older": _outdone(db, session_id, marks)}


def _outdone(db: Session, session_id: int, marks: Mapping[int, bool]) -> int:
    """How many of these marks say something else than the note that counts."""
    standing = db.execute(
        select(Enrolment.id, newest(Enrolment.id, session_id)).where(Enrolment.id.in_(marks))
    )
    return sum(there is not marks[enrolment_id] for enrolment_id, there in standing)
