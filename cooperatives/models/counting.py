"""Counting a shelf: what the record said, what people counted, what was decided, what she contests.

What moved is never kept here: the movements of the count say it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, link, moment, reference

COUNT_STATES = ("open", "posted", "dropped")


class StockCount(Base):
    """Some shelf of a place is counted (*stok opname*); the id is that of the act that began it.

    `cut_by` and `shelf` say which goods: all, of one owner, of one kind, or that end soon. While it
    is blind, nobody who counts sees the record, until `shown_at`. `ended_seen` was the last
    movement when it was posted: what comes in later and happened before a number was written is
    late.
    """

    __tablename__ = "stock_count"
    __table_args__ = (
        CheckConstraint("state in ('open','posted','dropped')", name="state"),
        CheckConstraint("cut_by in ('all','owner','category','expiry')", name="cut_by"),
        CheckConstraint("(state = 'open') = (ended_at is null)", name="ended"),
        Index("ix_stock_count_place_id_state", "place_id", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    place_id: Mapped[int] = reference("place.id")
    cut_by: Mapped[str] = mapped_column(String(10))
    shelf: Mapped[int] = mapped_column(default=0)
    is_blind: Mapped[bool] = mapped_column(default=False)
    shown_at: Mapped[datetime | None] = moment()
    state: Mapped[str] = mapped_column(String(8), default="open")
    opened_by: Mapped[int] = reference("person.id")
    opened_at: Mapped[datetime] = moment(default=clock.now)
    needs_two: Mapped[bool] = mapped_column(default=False)
    ended_by: Mapped[int | None] = reference("person.id")
    ended_at: Mapped[datetime | None] = moment()
    ended_seen: Mapped[int] = mapped_column(default=0)


class StockCountLine(Base):
    """One lot of a count: the frozen point, the choice where goods moved since, and the outcome.

    `on_record` stood there when the movement `seen_id` was the last one. `difference` is set when
    the count is posted, and stays empty where nobody counted. `borne` is what the owner got for
    missing goods from whom her terms name, or gave back for some that were found again; `found` are
    units of a missing line that turned up later.
    """

    __tablename__ = "stock_count_line"
    __table_args__ = (
        CheckConstraint("choice in ('','apply','keep')", name="choice"),
        CheckConstraint("(choice = 'keep') = (kept_until is not null)", name="kept"),
        CheckConstraint("coalesce(difference, 0) = 0 or reason <> ''", name="explained"),
        CheckConstraint("borne >= 0", name="borne"),
        CheckConstraint("found between 0 and greatest(0, -coalesce(difference, 0))", name="found"),
        CheckConstraint("outcome in ('','reversed','kept')", name="outcome"),
        CheckConstraint("(outcome <> '') = (answered_at is not null)", name="answered"),
        CheckConstraint("answered_at is null or contested_at is not null", name="asked_first"),
        Index(
            "ix_stock_count_line_contested", "count_id", postgresql_where="contested_at is not null"
        ),
    )

    count_id: Mapped[UUID] = link("stock_count.id", primary_key=True)
    lot_id: Mapped[int] = reference("lot.id", primary_key=True, index=True, autoincrement=False)
    on_record: Mapped[int]
    seen_id: Mapped[int]
    frozen_at: Mapped[datetime] = moment(default=clock.now)
    choice: Mapped[str] = mapped_column(String(6), default="")
    kept_until: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(12), default="")
    difference: Mapped[int | None]
    bearer: Mapped[str] = mapped_column(String(12), default="")
    borne: Mapped[int] = mapped_column(default=0)
    found: Mapped[int] = mapped_column(default=0)
    contest: Mapped[str] = mapped_column(String(200), default="")
    contested_at: Mapped[datetime | None] = moment()
    outcome: Mapped[str] = mapped_column(String(8), default="")
    answer: Mapped[str] = mapped_column(String(200), default="")
    answered_by: Mapped[int | None] = reference("person.id")
    answered_at: Mapped[datetime | None] = moment()


class StockCountNumber(Base):
    """What one person counted of one lot, the last she said. What came after the end is kept apart.

    Two phones never overwrite each other: whoever closes the count sees both numbers.
    """

    __tablename__ = "stock_count_number"
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity"),
        ForeignKeyConstraint(
            ["count_id", "lot_id"], ["stock_count_line.count_id", "stock_count_line.lot_id"]
        ),
    )

    count_id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = reference("person.id", primary_key=True, autoincrement=False)
    is_late: Mapped[bool] = mapped_column(primary_key=True, default=False)
    quantity: Mapped[int]
    counted_at: Mapped[datetime] = moment()
    act_id: Mapped[UUID]
