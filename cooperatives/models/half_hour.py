"""What a coordinator noted about a line of her half hour."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference


class HalfHourNote(Base):
    """A coordinator dealt with something: whom she called, what was agreed. Never edited.

    The line about it is quiet until `quiet_until`, or for good where that is empty. `seen_at` is
    when the page she had before her was drawn: what came later is not in this note.
    """

    __tablename__ = "half_hour_note"
    __table_args__ = (
        CheckConstraint("seen_at <= noted_at", name="seen_first"),
        Index("ix_half_hour_note_thing", "organisation_id", "topic", "thing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = reference("organisation.id")
    topic: Mapped[str] = mapped_column(String(12))
    thing: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int | None] = reference("person.id", index=True)
    words: Mapped[str] = mapped_column(String(200), default="")
    noted_by: Mapped[int] = reference("person.id")
    noted_at: Mapped[datetime] = moment(default=clock.now)
    seen_at: Mapped[datetime] = moment(default=clock.now)
    quiet_until: Mapped[date | None]
