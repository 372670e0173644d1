"""How payees want to be paid: in cash, or to an account of theirs."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from cooperatives import banks
from core import clock
from core.db import Base, moment, reference


class PayWay(Base):
    """How a payee wants to be paid, from `in_force_at` on: in cash, or to an account.

    Until then it waits and she can stop it. Number and name of the account are sealed, and `tail`
    is all that is shown of them. Rows are never changed but for `stopped_at`: the newest one that
    is in force counts, and who has none is paid in cash.
    """

    __tablename__ = "pay_way"
    __table_args__ = (
        CheckConstraint("kind in ('cash','bank')", name="kind"),
        CheckConstraint("(kind = 'cash') = (bank = '')", name="bank"),
        CheckConstraint("in_force_at >= asked_at and stopped_at < in_force_at", name="times"),
        Index("ix_pay_way_payee_id", "payee_id", "in_force_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    payee_id: Mapped[int] = reference("payee.id")
    kind: Mapped[str] = mapped_column(String(4))
    bank: Mapped[str] = mapped_column(String(20), default="")
    tail: Mapped[str] = mapped_column(String(4), default="")
    sealed: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    asked_at: Mapped[datetime] = moment(default=clock.now)
    in_force_at: Mapped[datetime] = moment()
    stopped_at: Mapped[datetime | None] = moment()

    @property
    def is_in_a_bank(self) -> bool:
        """Whether a bank's file may name it; a wallet is sent to by hand."""
        return self.bank in banks.BANKS


class CashTaker(Base):
    """Somebody whom a payee lets take her cash, until she ends it."""

    __tablename__ = "cash_taker"
    __table_args__ = (
        CheckConstraint("owner_id <> taker_id", name="another"),
        Index(
            "uq_cash_taker_living", "owner_id", "taker_id",
            unique=True, postgresql_where="ended_at is null",
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = reference("person.id")
    taker_id: Mapped[int] = reference("person.id")
    created_at: Mapped[datetime] = moment(default=clock.now)
    ended_at: Mapped[datetime | None] = moment()
