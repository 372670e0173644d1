"""What gateways report of our money, line by line, and how each line agrees with our books."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, link, moment, reference


class GatewayReport(Base):
    """One file a treasurer uploaded, known by what is in it: the same file twice is one report.

    The file itself is not kept, for gateways write buyers' names into it. `flaws` are the lines
    that could not be read, each with its sentence.
    """

    __tablename__ = "gateway_report"
    __table_args__ = (CheckConstraint("first_on <= last_on", name="period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    gateway: Mapped[str] = mapped_column(String(10), index=True)
    layout: Mapped[str] = mapped_column(String(30))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    line_count: Mapped[int]
    known_count: Mapped[int]
    flaws: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    uploaded_by: Mapped[int] = reference("person.id")
    created_at: Mapped[datetime] = moment(default=clock.now)


class ReportLine(Base):
    """One movement of our money at a gateway; of kind *missing*, one that no report tells of.

    `theirs` is the gateway's name of it, `key` and `payment` name our attempt there,
    `refund_name` our refund.
    `gross`, `fee` and `net` are minor units of `currency`, seen from our balance there: a refund
    and a payout are negative. `booked` is what our books have of it on the gateway's page, in
    rupiah; `worth` and `fee_rupiah` are what it is settled at, and empty until then.
    """

    __tablename__ = "report_line"
    __table_args__ = (
        UniqueConstraint("gateway", "theirs", "kind"),
        CheckConstraint(
            "kind in ('charge','refund','chargeback','fee','payout','adjustment','missing')",
            name="kind",
        ),
        CheckConstraint("state in ('new','ok','differs','unknown','noted','closed')", name="state"),
        CheckConstraint("net = gross - fee", name="net"),
        CheckConstraint("(kind = 'missing') = (report_id is null)", name="missing"),
        CheckConstraint("(worth is null) = (fee_rupiah is null)", name="settled"),
        CheckConstraint("state <> 'ok' or worth is not null", name="ok"),
        CheckConstraint(
            "state <> 'closed' or (closed_at is not null and reason <> '')", name="why"
        ),
        CheckConstraint("state <> 'noted' or noted_by is not null", name="noted"),
        CheckConstraint("closed_by is null or closed_by <> noted_by", name="two_people"),
        Index(
            "uq_report_line_attempt",
            "attempt_id",
            unique=True,
            postgresql_where="kind = 'charge' and worth is not null",
        ),
        Index(
            "uq_report_line_refund",
            "refund_id",
            unique=True,
            postgresql_where="kind = 'refund' and worth is not null",
        ),
        Index("ix_report_line_open", "id", postgresql_where="state not in ('ok','closed')"),
        Index("ix_report_line_attempt_id", "attempt_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int | None] = reference("gateway_report.id", index=True)
    gateway: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(10))
    theirs: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(120), default="")
    payment: Mapped[str] = mapped_column(String(120), default="")
    refund_name: Mapped[str] = mapped_column(String(120), default="")
    gross: Mapped[int] = mapped_column(default=0)
    fee: Mapped[int] = mapped_column(default=0)
    net: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(String(3), default="IDR")
    presented_amount: Mapped[int | None]
    presented_currency: Mapped[str] = mapped_column(String(3), default="")
    occurred_on: Mapped[date]
    attempt_id: Mapped[UUID | None] = link("attempt.id")
    refund_id: Mapped[UUID | None] = link("refund.id")
    state: Mapped[str] = mapped_column(String(8), default="new")
    flaw: Mapped[str] = mapped_column(String(20), default="")
    booked: Mapped[int] = mapped_column(default=0)
    worth: Mapped[int | None]
    fee_rupiah: Mapped[int | None]
    said: Mapped[int | None]
    noted_by: Mapped[int | None] = reference("person.id")
    reason: Mapped[str] = mapped_column(String(300), default="")
    closed_by: Mapped[int | None] = reference("person.id")
    closed_at: Mapped[datetime | None] = moment()
    created_at: Mapped[datetime] = moment(default=clock.now)

    @property
    def difference(self) -> int | None:
        """Rupiah the gateway has more (or less) than our books; None while nobody can say."""
        worth = self.gross if self.currency == "IDR" else self.said
        return None if worth is None else worth - self.booked
