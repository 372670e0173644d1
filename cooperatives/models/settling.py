"""Settling in rounds, and paying in batches."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference


class SettlementRound(Base):
    """One adding up of all that an organisation owes; an organisation has one open at a time.

    `cut` is the transaction number below which everything is taken. `settled` and `total` are
    written when it is done.
    """

    __tablename__ = "settlement_round"
    __table_args__ = (
        Index(
            "uq_settlement_round_open", "organisation_id",
            unique=True, postgresql_where="done_at is null",
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = reference("organisation.id", index=True)
    cut: Mapped[int]
    begun_by: Mapped[int | None] = reference("person.id")
    begun_at: Mapped[datetime] = moment(default=clock.now)
    done_at: Mapped[datetime | None] = moment()
    settled: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)


class PayoutBatch(Base):
    """Payouts to many members out of one bank or drawer, agreed to as one list.

    Whoever made the list is not the one who approves it. `reference_no` is the bank's name for the
    whole transfer; `confirmed_by` has seen on the statement that it arrived.
    """

    __tablename__ = "payout_batch"
    __table_args__ = (
        CheckConstraint("approved_by is null or approved_by <> made_by", name="two_people"),
        CheckConstraint("sent_at is null or approved_by is not null", name="approved"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = reference("organisation.id", index=True)
    source_id: Mapped[int] = reference("account.id")
    made_by: Mapped[int] = reference("person.id")
    made_at: Mapped[datetime] = moment(default=clock.now)
    approved_by: Mapped[int | None] = reference("person.id")
    approved_at: Mapped[datetime | None] = moment()
    dropped_at: Mapped[datetime | None] = moment()
    reference_no: Mapped[str] = mapped_column(String(60), default="")
    sent_at: Mapped[datetime | None] = moment()
    confirmed_by: Mapped[int | None] = reference("person.id")
    confirmed_at: Mapped[datetime | None] = moment()

    @property
    def stage(self) -> str:
        """Where the whole list stands; a payout of it may stand elsewhere."""
        if self.dropped_at:
            return "dropped"
        if self.approved_at is None:
            return "created"
        if self.sent_at is None:
            return "approved"
        return "done" if self.confirmed_at else "sent"
