"""The table of attendance that was brought in from files."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference


class BroughtSheet(Base):
    """A file of past attendance was written into the notes of a cohort, once; `sha256` is of the
    file. Names and numbers in it are not kept.
    """

    __tablename__ = "brought_sheet"
    __table_args__ = (UniqueConstraint("cohort_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = reference("cohort.id")
    sha256: Mapped[str] = mapped_column(String(64))
    added: Mapped[int]
    left_out: Mapped[int]
    brought_by: Mapped[int | None] = reference("person.id")
    brought_at: Mapped[datetime] = moment(default=clock.now)
