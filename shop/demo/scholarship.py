"""Scholarships of the demo world: one that was decided by lot, and one that is being judged."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock
from sellers.training import scholarships, verdicts
from sellers.training.scholarship_models import Scholarship
from sellers.training.scholarships import Batch
from shop.demo.cast import Cast

OPEN_FOR = timedelta(days=14)


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
