"""What the money of buyers abroad is worth, as the treasurer sets it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference


class ExchangeRate(Base):
    """Millionths of a rupiah for one whole unit of a currency, from a moment on; append-only.

    The newest row that does not need a second treasurer is in force. One that does is a proposal:
    whoever agrees writes the same rate again, with `first_by` naming who proposed it.
    """

    __tablename__ = "exchange_rate"
    __table_args__ = (
        CheckConstraint("rate_micros > 0", name="rate"),
        CheckConstraint("first_by is null or first_by <> set_by", name="two_people"),
        CheckConstraint("first_by is null or not needs_second", name="seconded"),
        Index("ix_exchange_rate_currency", "currency", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(String(3))
    rate_micros: Mapped[int]
    valid_from: Mapped[datetime] = moment(default=clock.now)
    source: Mapped[str] = mapped_column(String(120), default="")
    needs_second: Mapped[bool] = mapped_column(default=False)
    set_by: Mapped[int | None] = reference("person.id")
    first_by: Mapped[int | None] = reference("person.id")
