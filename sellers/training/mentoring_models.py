"""Tables of mentoring: a mentor beside a woman of a cohort, and what she writes down."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference


class Mentoring(Base):
    """A mentor goes with a woman for a while, towards one goal.

    `opened` is what she lets her mentor see of her, nothing at first; money is never in it.
    `outcome` is said once, at the end, with a review.
    """

    __tablename__ = "mentoring"
    __table_args__ = (
        CheckConstraint("opened <@ array['goods','classes']::varchar[]", name="opened"),
        CheckConstraint("outcome in ('','reached','partly','not_yet','stopped')", name="outcome"),
        CheckConstraint("(ended_at is null) = (outcome = '')", name="ended"),
        Index(
            "uq_mentoring_living",
            "enrolment_id",
            unique=True,
            postgresql_where="ended_at is null",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = reference("enrolment.id")
    mentor_id: Mapped[int] = reference("person.id", index=True)
    goal: Mapped[str] = mapped_column(String(200), default="")
    opened: Mapped[list[str]] = mapped_column(ARRAY(String(10)), default=list)
    meets_at: Mapped[datetime | None] = moment()
    ends_on: Mapped[date]
    started_at: Mapped[datetime] = moment(default=clock.now)
    ended_at: Mapped[datetime | None] = moment()
    outcome: Mapped[str] = mapped_column(String(10), default="")
    review: Mapped[str] = mapped_column(Text, default="")


class MentorNote(Base):
    """What a mentor wrote down. She reads it; `is_shown` lets her provider read it, too."""

    __tablename__ = "mentor_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    mentoring_id: Mapped[int] = reference("mentoring.id", index=True)
    words: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = moment(default=clock.now)
    is_shown: Mapped[bool] = mapped_column(default=False)
