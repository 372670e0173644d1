"""Tables of scholarships: who asked for a seat, how each was judged, and what was decided.

What was judged and decided is never changed afterwards: the database refuses it.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference


class Scholarship(Base):
    """A cohort whose seats are asked for and given by a record that anybody can check.

    `method` is how they are ranked: by the points of two people, or by lot. `criteria` are pairs
    of words and most points. `seed` is drawn when it is decided, after the last application, so
    that nobody can choose it; it orders the lots, and equal points.
    """

    __tablename__ = "scholarship"
    __table_args__ = (
        CheckConstraint("method in ('judged','drawn')", name="method"),
        CheckConstraint("(decided_at is null) = (seed = '')", name="decided"),
        CheckConstraint("(decided_at is null) = (decided_by is null)", name="decided_by"),
    )

    cohort_id: Mapped[int] = reference("cohort.id", primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    apply_until: Mapped[date]
    method: Mapped[str] = mapped_column(String(10))
    criteria: Mapped[list[list[object]]] = mapped_column(JSONB, default=list)
    first_timers_first: Mapped[bool] = mapped_column(default=True)
    seed: Mapped[str] = mapped_column(String(64), default="")
    decided_at: Mapped[datetime | None] = moment()
    decided_by: Mapped[int | None] = reference("person.id")


class Application(Base):
    """A woman asks for a seat, in her own words."""

    __tablename__ = "scholarship_application"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = reference("scholarship.cohort_id")
    person_id: Mapped[int] = reference("person.id", index=True)
    words: Mapped[str] = mapped_column(Text)
    applied_at: Mapped[datetime] = moment(default=clock.now)
    withdrawn_at: Mapped[datetime | None] = moment()


class Judgement(Base):
    """What one judge thinks of an application: points for each criterion, and why."""

    __tablename__ = "scholarship_judgement"
    __table_args__ = (
        UniqueConstraint("application_id", "judge_id"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = reference("scholarship_application.id")
    judge_id: Mapped[int] = reference("person.id")
    points: Mapped[list[int]] = mapped_column(JSONB)
    reason: Mapped[str] = mapped_column(String(300))
    judged_at: Mapped[datetime] = moment(default=clock.now)


class Verdict(Base):
    """What was decided of an application, with everything it was decided on."""

    __tablename__ = "scholarship_verdict"
    __table_args__ = (CheckConstraint("outcome in ('seat','waiting')", name="outcome"),)

    application_id: Mapped[int] = reference("scholarship_application.id", primary_key=True)
    place: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(10))
    is_first: Mapped[bool]
    points: Mapped[int]
    lot: Mapped[str] = mapped_column(String(64))
