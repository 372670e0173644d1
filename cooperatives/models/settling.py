"""Settling in rounds: an organisation adds up what it owes to everybody at one cut."""

from datetime import datetime

from sqlalchemy import Index
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
