"""A place's trading days: what it took between two closes, its counts, and cash on its way."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
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


class DrawerCount(Base):
    """Somebody counted what one way of paying has brought: at the close, or when a drawer changes
    hands. What differs from the books is booked under this id, with its reason.

    A drawer is handed over when another keeper says under her own name that she has taken it.
    """

    __tablename__ = "drawer_count"
    __table_args__ = (
        CheckConstraint("way in ('cash','qris')", name="way"),
        CheckConstraint("why in ('close','shift')", name="why"),
        CheckConstraint("counted >= 0", name="counted"),
        CheckConstraint("counted = expected or reason <> ''", name="explained"),
        CheckConstraint("taken_by is null or (why = 'shift' and refused_at is null)", name="taken"),
        CheckConstraint("(taken_by is null) = (taken_at is null)", name="taken_whole"),
        CheckConstraint("taken_by <> counted_by", name="two_people"),
        Index(
            "uq_drawer_count_close", "day_id", "way", unique=True, postgresql_where="why = 'close'"
        ),
        Index(
            "uq_drawer_count_waiting",
            "day_id",
            unique=True,
            postgresql_where="why = 'shift' and taken_at is null and refused_at is null",
        ),
        Index("ix_drawer_count_day_id", "day_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    day_id: Mapped[int] = reference("trading_day.id")
    way: Mapped[str] = mapped_column(String(8))
    why: Mapped[str] = mapped_column(String(8))
    expected: Mapped[int]
    counted: Mapped[int]
    pieces: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)
    reason: Mapped[str] = mapped_column(String(20), default="")
    words: Mapped[str] = mapped_column(String(200), default="")
    counted_by: Mapped[int] = reference("person.id")
    counted_at: Mapped[datetime] = moment(default=clock.now)
    taken_by: Mapped[int | None] = reference("person.id")
    taken_at: Mapped[datetime | None] = moment()
    refused_at: Mapped[datetime | None] = moment()
    refusal: Mapped[str] = mapped_column(String(200), default="")

    @property
    def difference(self) -> int:
        """What there was too much (positive) or too little."""
        return self.counted - self.expected


class Bag(Base):
    """Cash of a drawer on its way to the bank: whoever carries it owes it until another person, who
    keeps the books, has seen it arrive.
    """

    __tablename__ = "bag"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("received >= 0", name="received"),
        CheckConstraint(
            "(confirmed_at is null) = (confirmed_by is null)"
            " and (confirmed_at is null) = (received is null)",
            name="confirmed_whole",
        ),
        CheckConstraint("confirmed_by <> carried_by", name="two_people"),
        Index("ix_bag_place_id", "place_id", "packed_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    place_id: Mapped[int] = reference("place.id")
    day_id: Mapped[int] = reference("trading_day.id")
    amount: Mapped[int]
    carried_by: Mapped[int] = reference("person.id")
    packed_at: Mapped[datetime] = moment(default=clock.now)
    brought_at: Mapped[datetime | None] = moment()
    confirmed_by: Mapped[int | None] = reference("person.id")
    confirmed_at: Mapped[datetime | None] = moment()
    received: Mapped[int | None]
