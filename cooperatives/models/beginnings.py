"""How somebody begins: what she dreams of, and the cooperative she asks to take her in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference


class Beginning(Base):
    """The first steps of one person. After a no she may ask again; the trail knows each time."""

    __tablename__ = "beginning"
    __table_args__ = (
        CheckConstraint("(asked_at is null) = (cooperative_id is null)", name="asked_somebody"),
        CheckConstraint("(decided_at is null) = (is_taken is null)", name="decided"),
    )

    person_id: Mapped[int] = reference("person.id", primary_key=True, autoincrement=False)
    vision: Mapped[str] = mapped_column(String(12), default="")
    cooperative_id: Mapped[int | None] = reference("cooperative.id", index=True)
    store_name: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = moment(default=clock.now)
    asked_at: Mapped[datetime | None] = moment()
    decided_at: Mapped[datetime | None] = moment()
    is_taken: Mapped[bool | None]
