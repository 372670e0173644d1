"""The bank statement: files a treasurer brought, and each line once with what became of it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, link, moment, reference


class BankFile(Base):
    """One file of a statement, as it was read. `flaws` are its lines that could not be read, and
    `asides` those that are no payments: pairs of the line's number and a sentence.
    """

    __tablename__ = "bank_file"
    __table_args__ = (UniqueConstraint("account", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(20))
    layout: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64))
    lines: Mapped[int]
    new_lines: Mapped[int] = mapped_column(default=0)
    flaws: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    asides: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    sent_by: Mapped[int | None] = reference("person.id")
    created_at: Mapped[datetime] = moment(default=clock.now)


class BankLine(Base):
    """One line of the bank's statement; `amount` is negative where money went out.

    Equal lines of one day are told apart by `running`, so that the same file, or one that overlaps,
    brings nothing twice. A matched line belongs to one attempt, refund, payout or bag; an open one
    waits for a person. `noted_attempt_id` is what the first of two treasurers saw it to be for.
    """

    __tablename__ = "bank_line"
    __table_args__ = (
        UniqueConstraint("account", "day", "amount", "text_hash", "running"),
        CheckConstraint("amount <> 0", name="amount"),
        CheckConstraint("state in ('open','matched','closed')", name="state"),
        CheckConstraint(
            "num_nonnulls(attempt_id, refund_id, payout_id, bag_id) = (state = 'matched')::int",
            name="one",
        ),
        CheckConstraint("(state = 'closed') = (reason <> '')", name="reason"),
        Index("ix_bank_line_open", "day", postgresql_where="state = 'open'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = reference("bank_file.id", index=True)
    file_line: Mapped[int]
    account: Mapped[str] = mapped_column(String(20))
    day: Mapped[date]
    amount: Mapped[int]
    text: Mapped[str] = mapped_column(String(500))
    text_hash: Mapped[str] = mapped_column(String(40))
    running: Mapped[int]
    state: Mapped[str] = mapped_column(String(8), default="open")
    attempt_id: Mapped[UUID | None] = link("attempt.id", unique=True)
    refund_id: Mapped[UUID | None] = link("refund.id", unique=True)
    payout_id: Mapped[int | None] = reference("payout.id", unique=True)
    bag_id: Mapped[UUID | None] = link("bag.id", unique=True)
    noted_by: Mapped[int | None] = reference("person.id")
    noted_attempt_id: Mapped[UUID | None] = link("attempt.id")
    ended_by: Mapped[int | None] = reference("person.id")
    ended_at: Mapped[datetime | None] = moment()
    reason: Mapped[str] = mapped_column(String(200), default="")
