"""A place's trading days: what was sold between two closes, and what its drawer should hold."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference


class TradingDay(Base):
    """One day of a till or a kiosk, from close to close; it opens by itself with its first fact.

    Its money is what stands on the drawer's page after the entry `entries_from`, up to
    `entries_until` once it is closed; `opening` was in the drawer then and `closing` is left in it.
    A fact that happened before `since`, the close before, is late: it came in on this day instead.
    """

    __tablename__ = "trading_day"
    __table_args__ = (
        UniqueConstraint("place_id", "number"),
        CheckConstraint(
            "(closed_at is null) = (closing is null)"
            " and (closed_at is null) = (entries_until is null)",
            name="closed_whole",
        ),
        CheckConstraint("entries_until >= entries_from", name="entries"),
        Index("uq_trading_day_open", "place_id", unique=True, postgresql_where="closed_at is null"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = reference("place.id")
    number: Mapped[int]
    day: Mapped[date] = mapped_column(default=clock.today)
    opened_at: Mapped[datetime] = moment(default=clock.now)
    since: Mapped[datetime | None] = moment()
    opening: Mapped[int] = mapped_column(default=0)
    entries_from: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None] = moment()
    closed_by: Mapped[int | None] = reference("person.id")
    closing: Mapped[int | None]
    entries_until: Mapped[int | None]
