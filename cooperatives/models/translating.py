"""Texts of goods in further languages, and the members who wrote them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference


class Translation(Base):
    """A maker asks for her text in one language; a member writes it, the maker accepts it.

    `fee` is what the maker wants to give for it: words between the two, never a booking.
    `may_name` is the translator's own word on whether buyers read who she is.
    """

    __tablename__ = "translation"
    __table_args__ = (
        CheckConstraint(
            "state in ('asked','written','returned','accepted','withdrawn')", name="state"
        ),
        CheckConstraint(
            "(translator_id is null) = (written_at is null)"
            " and (state not in ('written','returned','accepted') or translator_id is not null)",
            name="translator",
        ),
        CheckConstraint("fee > 0", name="fee"),
        Index(
            "uq_translation_open", "listing_id", "language",
            unique=True, postgresql_where="state in ('asked','written','returned')",
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = reference("listing.id", index=True)
    language: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), default="asked")
    note: Mapped[str] = mapped_column(String(200), default="")
    fee: Mapped[int | None]
    asked_by: Mapped[int | None] = reference("person.id")
    asked_at: Mapped[datetime] = moment(default=clock.now)
    translator_id: Mapped[int | None] = reference("person.id", index=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    written_at: Mapped[datetime | None] = moment()
    may_name: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(200), default="")
    decided_by: Mapped[int | None] = reference("person.id")
    decided_at: Mapped[datetime | None] = moment()
