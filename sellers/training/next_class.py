"""The next meeting of a class she has a seat in, as a card of her day."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, words
from core.actors import Actor
from core.day import Card
from sellers.training.models import Cohort, Enrolment, Programme, TrainingSession

CLASS = 65


def cards(db: Session, actor: Actor) -> list[Card]:
    """When and where, and what it costs of her data."""
    query = (
        select(
            Enrolment.id,
            Programme.name,
            TrainingSession.starts_at,
            TrainingSession.place,
            TrainingSession.data_mb,
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(TrainingSession, TrainingSession.cohort_id == Cohort.id)
        .where(Enrolment.person_id == actor.person_id, Enrolment.state == "enrolled")
        .where(Cohort.closed_at.is_(None), TrainingSession.starts_at > clock.now())
        .order_by(TrainingSession.starts_at, TrainingSession.id)
        .limit(1)
    )
    return [
        Card(
            CLASS,
            "info",
            "book",
            _("Kelas berikutnya: %(name)s", name=row.name),
            f"/ibu/belajar/{row.id}",
            _("Lihat kelas"),
            " · ".join(part for part in _where(row.starts_at, row.place, row.data_mb) if part),
        )
        for row in db.execute(query)
    ]


def _where(starts_at: datetime, place: str, data_mb: int) -> tuple[str, str, str]:
    data = _("kira-kira %(mb)s MB", mb=data_mb) if data_mb else ""
    return words.tanggal_jam(starts_at), place, data
