"""Claims: what a buyer says is wrong with a parcel, what she gets for it, and who bears it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, link, moment, reference
from orders.claim_states import LIVING, Bearer, ClaimState, Trouble, Wish

PARTS = ("maker_part", "cooperative_part", "kiosk_part", "operator_part", "affiliate_part")


def _one_of(column: str, values: type[StrEnum], *, or_none: bool = False) -> str:
    listed = ",".join([f"'{value}'" for value in values] + (["''"] if or_none else []))
    return f"{column} in ({listed})"


class Claim(Base):
    """A problem with one parcel. The id is the client's own act id; one at a time is open.

    `due_at` is until when somebody's next step is promised. `offer` is what was offered last: money
    or other goods, in the pieces that the lines say; it is carried out once agreed. `bearer` is who
    bears its cost, and `bearer_changes` how often that was decided anew.
    """

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint(_one_of("state", ClaimState), name="state"),
        CheckConstraint(_one_of("wish", Wish), name="wish"),
        CheckConstraint(_one_of("trouble", Trouble), name="trouble"),
        CheckConstraint(_one_of("bearer", Bearer, or_none=True), name="bearer"),
        CheckConstraint("offer in ('','money','replace')", name="offer"),
        CheckConstraint("fee_back >= 0 and (fee_back = 0 or offer = 'money')", name="fee_back"),
        CheckConstraint("(paid_at is null) or offer = 'money'", name="paid"),
        CheckConstraint("(replaced_at is null) or offer = 'replace'", name="replaced"),
        Index(
            "uq_claim_living",
            "parcel_id",
            unique=True,
            postgresql_where=f"state in ({','.join(repr(str(state)) for state in LIVING)})",
        ),
        Index("ix_claim_due_at", "due_at", postgresql_where="due_at is not null"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = link("order_placed.id", index=True)
    parcel_id: Mapped[int] = reference("parcel.id", index=True)
    state: Mapped[str] = mapped_column(String(10), default=ClaimState.OPEN.value)
    trouble: Mapped[str] = mapped_column(String(10))
    wish: Mapped[str] = mapped_column(String(8))
    is_late: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str] = mapped_column(Text, default="")
    more_words: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    offer: Mapped[str] = mapped_column(String(8), default="")
    fee_back: Mapped[int] = mapped_column(default=0)
    comes_back: Mapped[bool] = mapped_column(default=False)
    bearer: Mapped[str] = mapped_column(String(10), default="")
    bearer_changes: Mapped[int] = mapped_column(default=0)
    tracking_number: Mapped[str] = mapped_column(String(32), default="")
    opened_by: Mapped[int | None] = reference("person.id")
    answered_by: Mapped[int | None] = reference("person.id")
    opened_at: Mapped[datetime] = moment(default=clock.now)
    due_at: Mapped[datetime | None] = moment()
    answered_at: Mapped[datetime | None] = moment()
    agreed_at: Mapped[datetime | None] = moment()
    paid_at: Mapped[datetime | None] = moment()
    replaced_at: Mapped[datetime | None] = moment()
    arrived_at: Mapped[datetime | None] = moment()
    back_at: Mapped[datetime | None] = moment()
    closed_at: Mapped[datetime | None] = moment()


class ClaimLine(Base):
    """So many pieces of one line of the bill are claimed, granted, and came back.

    The parts are everybody's share of the pieces whose sale is undone; zero where somebody else
    bears the cost. Each was cut out of what was left of the line's frozen shares.
    """

    __tablename__ = "claim_line"
    __table_args__ = (
        CheckConstraint("quantity > 0 and granted between 0 and quantity", name="quantity"),
        CheckConstraint(
            "least(back_good, back_waste) >= 0 and back_good + back_waste <= quantity", name="back"
        ),
        CheckConstraint(f"least({', '.join(PARTS)}) >= 0", name="parts"),
    )

    claim_id: Mapped[UUID] = link("claim.id", primary_key=True)
    line_id: Mapped[int] = reference("order_line.id", primary_key=True, autoincrement=False)
    quantity: Mapped[int]
    granted: Mapped[int] = mapped_column(default=0)
    back_good: Mapped[int] = mapped_column(default=0)
    back_waste: Mapped[int] = mapped_column(default=0)
    maker_part: Mapped[int] = mapped_column(default=0)
    cooperative_part: Mapped[int] = mapped_column(default=0)
    kiosk_part: Mapped[int] = mapped_column(default=0)
    operator_part: Mapped[int] = mapped_column(default=0)
    affiliate_part: Mapped[int] = mapped_column(default=0)


class RefundAccount(Base):
    """Where a buyer wants the money that no gateway can send back; sealed, and erased afterwards.

    `tail` is all that is shown until a treasurer begins to send: from `begun_at` on the buyer
    cannot change it any more.
    """

    __tablename__ = "refund_account"

    order_id: Mapped[UUID] = link("order_placed.id", primary_key=True)
    bank: Mapped[str] = mapped_column(String(20), default="")
    tail: Mapped[str] = mapped_column(String(4), default="")
    sealed: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    given_at: Mapped[datetime] = moment(default=clock.now)
    begun_at: Mapped[datetime | None] = moment()
    begun_by: Mapped[int | None] = reference("person.id")
    erased_at: Mapped[datetime | None] = moment(index=True)
