"""Goods on their way from one place to another, on a *surat jalan*.

What was sent, what has arrived and what is still on the way is read from its movements.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference


class Shipment(Base):
    """One box or more from a place to another; the id is that of the act by which it left.

    `arrivals` counts how often something of it came to its end: all at once, in parts, lost or
    back. `serial` counts within the organisation from whose place it left.
    """

    __tablename__ = "shipment"
    __table_args__ = (
        UniqueConstraint("organisation_id", "serial"),
        CheckConstraint("from_place_id <> to_place_id", name="moves"),
        Index("ix_shipment_from_place_id", "from_place_id", "posted_at"),
        Index("ix_shipment_to_place_id", "to_place_id", "posted_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = reference("organisation.id")
    serial: Mapped[int]
    from_place_id: Mapped[int] = reference("place.id")
    to_place_id: Mapped[int] = reference("place.id")
    sent_by: Mapped[int | None] = reference("person.id")
    sent_at: Mapped[datetime] = moment()
    posted_at: Mapped[datetime] = moment(default=clock.now)
    arrivals: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None] = moment()

    @property
    def number(self) -> str:
        """How people call it."""
        return f"SJ{self.organisation_id}-{self.serial:04}"
