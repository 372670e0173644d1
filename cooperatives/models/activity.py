"""The one-page report of an activity: what, who, money, photo, next step."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference

ABOUT = ("period", "bazaar", "cohort")


class ActivityReport(Base):
    """What a group tells others about a time, a bazaar or a class. Its words are hers to change;
    `figures` are those of the house when it was made, and stay. Its photo is a file of this
    document; who made it is known, no member and no buyer stands in it by name unless she is
    written in.
    """

    __tablename__ = "activity_report"
    __table_args__ = (
        CheckConstraint("about in ('period','bazaar','cohort')", name="about"),
        CheckConstraint("(about = 'period') = (about_id is null)", name="about_id"),
        CheckConstraint("until_on >= since_on", name="days"),
        Index("ix_activity_report_organisation_id", "organisation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = reference("organisation.id")
    about: Mapped[str] = mapped_column(String(10))
    about_id: Mapped[int | None]
    since_on: Mapped[date]
    until_on: Mapped[date]
    title: Mapped[str] = mapped_column(String(120))
    what: Mapped[str] = mapped_column(Text, default="")
    who: Mapped[str] = mapped_column(Text, default="")
    money: Mapped[str] = mapped_column(Text, default="")
    next_step: Mapped[str] = mapped_column(Text, default="")
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    made_by: Mapped[int | None] = reference("person.id")
    made_at: Mapped[datetime] = moment(default=clock.now)
    changed_at: Mapped[datetime | None] = moment()
