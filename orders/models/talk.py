"""What buyer and seller say to each other about a parcel."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, link, moment, reference


class ParcelMessage(Base):
    """A buyer's question about a parcel, or an answer to her; `person_id` is who answered.

    Guests have no person: a question belongs to whoever has the order's link.
    """

    __tablename__ = "parcel_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = link("order_placed.id", index=True)
    parcel_id: Mapped[int] = reference("parcel.id", index=True)
    is_answer: Mapped[bool]
    person_id: Mapped[int | None] = reference("person.id")
    words: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = moment(default=clock.now)
