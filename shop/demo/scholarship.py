"""Scholarships of the demo world: one that was decided by lot, and one that is being judged."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import clock
from sellers.training import mentoring, scholarships, verdicts
from sellers.training.models import Enrolment
from sellers.training.scholarship_models import Scholarship
from sellers.training.scholarships import Batch
from shop.demo.cast import Cast, morning

OPEN_FOR = timedelta(days=14)
MENTORED_FOR = timedelta(days=60)


def load(
    db: Session, cast: Cast, row: dict[str, Any], batch: dict[str, Any], cohort_id: int
) -> None:
    """Open a batch, let women ask, and judge or decide it as far as the file says."""
    teacher = cast.actor(row["facilitator"])
    scholarships.open_batch.within(
        db,
        actor=teacher,
        cohort_id=cohort_id,
        batch=Batch(
            apply_until=clock.today() + OPEN_FOR,
            method=batch["method"],
            criteria=[(words, most) for words, most in batch["criteria"]],
        ),
    )
    numbers = {
        ask["seller"]: scholarships.apply.within(
            db, actor=cast.actor(ask["seller"]), cohort_id=cohort_id, words=ask["words"]
        )
        for ask in batch["asks"]
    }
    for given in batch["judged"]:
        scholarships.judge.within(
            db,
            actor=cast.actor(given["judge"]),
            application_id=numbers[given["seller"]],
            points=given["points"],
            reason=given["reason"],
        )
    if batch["decided"]:
        over = update(Scholarship).where(Scholarship.cohort_id == cohort_id)
        db.execute(over.values(apply_until=clock.today() - timedelta(days=batch["days_before"])))
        verdicts.decide.within(db, actor=teacher, cohort_id=cohort_id)
    if "mentoring" in batch:
        _mentor(db, cast, row, batch["mentoring"], cohort_id)


def _mentor(
    db: Session, cast: Cast, row: dict[str, Any], told: dict[str, Any], cohort_id: int
) -> None:
    """A mentor goes with one who got a seat: one goal, notes, and what she opens and shows."""
    herself, mentor = cast.actor(told["seller"]), cast.actor(told["mentor"])
    seat = (Enrolment.cohort_id == cohort_id) & (Enrolment.person_id == herself.person_id)
    mentoring_id = mentoring.begin.within(
        db,
        actor=cast.actor(row["facilitator"]),
        enrolment_id=db.scalars(select(Enrolment.id).where(seat)).one(),
        mentor_id=cast.people[told["mentor"]],
        ends_on=clock.today() + MENTORED_FOR,
    )
    pair = {"mentoring_id": mentoring_id}
    meets_at = morning(clock.today() + timedelta(days=1), 13)
    mentoring.agree.within(db, actor=mentor, goal=told["goal"], meets_at=meets_at, **pair)
    mentoring.open_to_mentor.within(db, actor=herself, opened=told["opened"], **pair)
    for place, words in enumerate(told["notes"]):
        note_id = mentoring.write_note.within(db, actor=mentor, words=words, **pair)
        if place in told["shown"]:
            mentoring.show_note.within(db, actor=herself, note_id=note_id, is_shown=True, **pair)
