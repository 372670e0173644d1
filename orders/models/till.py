"""The till: the device that sells at a place, and what it noted beside the order of a sale."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, link, moment, reference


class Till(Base):
    """A device that was opened as a till: its numbers of sales begin with `K<id>-`, so that two
    tills never write the same one, however long they are without signal.
    """

    __tablename__ = "till"

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[UUID] = mapped_column(unique=True)
    first_place_id: Mapped[int] = reference("place.id")
    opened_at: Mapped[datetime] = moment(default=clock.now)


class CounterSale(Base):
    """What a till knows of a sale that its order does not say: where and when, how it was paid, and
    what somebody must look at (`flags`, the words are in orders/till/flags.py).

    `day_id` is the trading day that took it, late where it happened before the close before.
    `cash` and `qris` together are the order's total; `tendered` is what the buyer gave in her hand.
    An undone sale keeps its row, with who undid it and why.
    """

    __tablename__ = "counter_sale"
    __table_args__ = (
        CheckConstraint("cash >= 0 and qris >= 0 and cash + qris > 0", name="paid"),
        CheckConstraint("tendered >= 0", name="tendered"),
        CheckConstraint(
            "(undone_at is null) = (undone_why = '') and (undone_at is null or undone_by > 0)",
            name="undone",
        ),
        Index("ix_counter_sale_place_id_sold_at", "place_id", "sold_at"),
        Index(
            "ix_counter_sale_flagged",
            "place_id",
            "sold_at",
            postgresql_where="flags <> '{}' and looked_at is null",
        ),
    )

    order_id: Mapped[UUID] = link("order_placed.id", primary_key=True)
    place_id: Mapped[int] = reference("place.id")
    device_id: Mapped[UUID]
    keeper_id: Mapped[int] = reference("person.id")
    day_id: Mapped[int] = reference("trading_day.id", index=True)
    is_late: Mapped[bool] = mapped_column(default=False)
    sold_at: Mapped[datetime] = moment()
    posted_at: Mapped[datetime] = moment(default=clock.now)
    cash: Mapped[int]
    qris: Mapped[int]
    tendered: Mapped[int] = mapped_column(default=0)
    flags: Mapped[list[str]] = mapped_column(ARRAY(String(12)), default=list)
    looked_at: Mapped[datetime | None] = moment()
    looked_by: Mapped[int | None] = reference("person.id")
    undone_at: Mapped[datetime | None] = moment()
    undone_by: Mapped[int | None] = reference("person.id")
    undone_why: Mapped[str] = mapped_column(String(12), default="")


class CounterLine(Base):
    """How the price of a line came about: the listed one, the one that its label says (the same
    where it has not changed since the goods came in), and what was let off each piece.
    """

    __tablename__ = "counter_line"
    __table_args__ = (
        CheckConstraint("listed_price >= 0 and label_price >= 0 and discount >= 0", name="prices"),
    )

    line_id: Mapped[int] = reference("order_line.id", primary_key=True, autoincrement=False)
    listed_price: Mapped[int]
    label_price: Mapped[int]
    discount: Mapped[int] = mapped_column(default=0)
    is_scanned: Mapped[bool] = mapped_column(default=False)


class PlaceQris(Base):
    """The static QRIS of a place, as the text behind its picture; brought by one treasurer and put
    in force by another, because whoever changes it changes where the buyers' money goes.
    """

    __tablename__ = "place_qris"
    __table_args__ = (
        CheckConstraint("confirmed_by <> proposed_by", name="two_people"),
        CheckConstraint("(confirmed_at is null) = (confirmed_by is null)", name="confirmed"),
        Index(
            "uq_place_qris_in_force",
            "place_id",
            unique=True,
            postgresql_where="confirmed_at is not null and ended_at is null",
        ),
        Index(
            "uq_place_qris_waiting",
            "place_id",
            unique=True,
            postgresql_where="confirmed_at is null and ended_at is null",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = reference("place.id")
    payload: Mapped[str] = mapped_column(String(512))
    merchant: Mapped[str] = mapped_column(String(25))
    proposed_by: Mapped[int] = reference("person.id")
    proposed_at: Mapped[datetime] = moment(default=clock.now)
    confirmed_by: Mapped[int | None] = reference("person.id")
    confirmed_at: Mapped[datetime | None] = moment()
    ended_at: Mapped[datetime | None] = moment()
