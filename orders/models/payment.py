"""Payment: attempts, what gateways told us, and refunds. Gateway events act on the attempt only.

The books count rupiah only. Where a buyer abroad pays in her own money, what she sees is
*presented*: minor units of her currency, worked out once at a rate that is frozen here.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, link, moment, reference


class Attempt(Base):
    """One try to pay. `gateway_key` (`<order number>-<n>`) names it at the gateway, never twice.

    `amount` is what is asked and `reached` what really arrived, both in rupiah; a transfer asks for
    the order's total less a `unique_code` of a few rupiah, which the operator bears, so that no two
    open ones ask for the same sum. `joined` is what of `reached` had come before, in parts.
    `presented_amount` (minor units of `presented_currency`) is what a foreign buyer pays for it, at
    `rate_micros` millionths of a rupiah for one whole unit of her money. `gateway_id` is the
    gateway's own name of the payment page, `paid_as` of the payment that brought the money and
    `channel` what she paid with; `asked_at` is when we last asked about it.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("order_id", "number"),
        CheckConstraint(
            "state in ('created','pending','captured','failed','expired','unknown','surplus',"
            "'partly_refunded','refunded','disputed','charged_back','reversed','part','joined')",
            name="state",
        ),
        CheckConstraint("amount > 0 and reached >= 0", name="amount"),
        CheckConstraint("unique_code between 0 and 999", name="unique_code"),
        CheckConstraint("joined between 0 and reached", name="joined"),
        CheckConstraint(
            "(presented_currency = '') = (presented_amount is null)"
            " and (presented_currency = '') = (rate_micros is null)"
            " and coalesce(presented_amount, 1) > 0 and coalesce(rate_micros, 1) > 0",
            name="presented",
        ),
        CheckConstraint("confirmed_by is null or confirmed_by <> noted_by", name="two_people"),
        Index(
            "uq_attempt_captured",
            "order_id",
            unique=True,
            postgresql_where="is_capture",
        ),
        Index(
            "uq_attempt_asked",
            "amount",
            unique=True,
            postgresql_where="unique_code > 0 and state in ('created','pending','unknown')",
        ),
        Index("ix_attempt_amount", "amount", postgresql_where="method = 'transfer'"),
        Index(
            "ix_attempt_open",
            "created_at",
            postgresql_where="state in ('created','pending','unknown')",
        ),
        Index("ix_attempt_created_at", "created_at"),
        Index("ix_attempt_paid_as", "paid_as", postgresql_where="paid_as <> ''"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = link("order_placed.id", index=True)
    number: Mapped[int]
    method: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="created")
    gateway_key: Mapped[str] = mapped_column(String(40), unique=True)
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3), default="IDR")
    reached: Mapped[int] = mapped_column(default=0)
    unique_code: Mapped[int] = mapped_column(default=0)
    joined: Mapped[int] = mapped_column(default=0)
    is_capture: Mapped[bool] = mapped_column(default=False)
    presented_amount: Mapped[int | None]
    presented_currency: Mapped[str] = mapped_column(String(3), default="")
    rate_micros: Mapped[int | None]
    pay_url: Mapped[str] = mapped_column(String(1000), default="")
    gateway_id: Mapped[str] = mapped_column(String(120), default="")
    channel: Mapped[str] = mapped_column(String(30), default="")
    paid_as: Mapped[str] = mapped_column(String(120), default="")
    expires_at: Mapped[datetime | None] = moment()
    noted_by: Mapped[int | None] = reference("person.id")
    noted_amount: Mapped[int | None]
    confirmed_by: Mapped[int | None] = reference("person.id")
    captured_at: Mapped[datetime | None] = moment()
    asked_at: Mapped[datetime | None] = moment()
    created_at: Mapped[datetime] = moment(default=clock.now)


class GatewayNotice(Base):
    """A notice as it came, once per event; applied by a job through the one function for all."""

    __tablename__ = "gateway_notice"
    __table_args__ = (
        UniqueConstraint("gateway", "event_key"),
        Index("ix_gateway_notice_new", "received_at", postgresql_where="applied_at is null"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gateway: Mapped[str] = mapped_column(String(10))
    event_key: Mapped[str] = mapped_column(String(120))
    attempt_id: Mapped[UUID | None] = link("attempt.id", index=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    headers: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    received_at: Mapped[datetime] = moment(default=clock.now)
    applied_at: Mapped[datetime | None] = moment()
    outcome: Mapped[str] = mapped_column(String(60), default="")


class Refund(Base):
    """Money that goes back to the buyer for one attempt, with its reason.

    `route` says who sends it: the gateway it came through, or a treasurer. `told` is the gateway's
    last word on it, in our words (orders.gateways.words.Refunded).
    """

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("state in ('due','sent','done','failed')", name="state"),
        CheckConstraint("route in ('gateway','by_hand')", name="route"),
        CheckConstraint("approved_by is null or approved_by <> asked_by", name="two_people"),
        UniqueConstraint("attempt_id", "doc_type", "doc_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    attempt_id: Mapped[UUID] = link("attempt.id", index=True)
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3), default="IDR")
    presented_amount: Mapped[int | None]
    presented_currency: Mapped[str] = mapped_column(String(3), default="")
    state: Mapped[str] = mapped_column(String(8), default="due")
    route: Mapped[str] = mapped_column(String(8), default="by_hand")
    gateway_id: Mapped[str] = mapped_column(String(120), default="")
    told: Mapped[str] = mapped_column(String(12), default="")
    tries: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(40))
    doc_type: Mapped[str] = mapped_column(String(20))
    doc_id: Mapped[str] = mapped_column(String(60))
    asked_by: Mapped[int | None] = reference("person.id")
    approved_by: Mapped[int | None] = reference("person.id")
    created_at: Mapped[datetime] = moment(default=clock.now)
    sent_at: Mapped[datetime | None] = moment()
    done_at: Mapped[datetime | None] = moment()
