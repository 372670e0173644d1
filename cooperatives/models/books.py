"""The books: double entry, append-only, whole minor units; every journal sums to zero per currency.

Sign: a debit is positive, a credit negative. What the house owes a maker is therefore negative.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cooperatives.models.stock import posted_in
from cooperatives.payout_states import ENDED, OPEN, PayoutState
from core import clock
from core.db import Base, moment, reference


class Kind(StrEnum):
    """What an account is for; `docs/money.md` says what each one means and how its sign reads."""

    CLEARING = "clearing"
    CASH = "cash"
    BANK = "bank"
    RECEIVABLE = "receivable"
    HELD = "held"
    REFUND_DUE = "refund_due"
    SURPLUS_DUE = "surplus_due"
    MAKER = "maker"
    COOPERATIVE = "cooperative"
    KIOSK = "kiosk"
    OPERATOR = "operator"
    AFFILIATE = "affiliate"
    COURIER = "courier"
    RISK_FUND = "risk_fund"
    SAVINGS = "savings"
    ADVANCE = "advance"
    GATEWAY_FEE = "gateway_fee"
    EXPENSE = "expense"
    INCOME = "income"
    FUND = "fund"
    OVER_SHORT = "over_short"
    EXCHANGE = "exchange"
    TAX = "tax"


MONEY = frozenset({Kind.CLEARING, Kind.CASH, Kind.BANK, Kind.RECEIVABLE})
"""Where money is: in a gateway's hands, a drawer, a bank, or with a courier who collected it."""

FOR_ORDERS = frozenset({Kind.HELD, Kind.REFUND_DUE, Kind.SURPLUS_DUE})
"""Money kept for one order (the label names it): never more may leave than came in."""

PAYABLE = frozenset({Kind.MAKER, Kind.COOPERATIVE, Kind.KIOSK, Kind.AFFILIATE, Kind.COURIER})
"""What a settlement pays out."""

OF_SOMEBODY = frozenset(
    {Kind.MAKER, Kind.AFFILIATE, Kind.COURIER, Kind.RECEIVABLE, Kind.SAVINGS, Kind.ADVANCE}
)
"""Accounts whose payee may be anybody; on all others the payee is the organisation itself."""


def listed(values: type[StrEnum]) -> str:
    """The values of a kind as a CHECK names them."""
    return ",".join(f"'{value}'" for value in values)


class Payee(Base):
    """Somebody money can be owed to: a person or an organisation, member or not."""

    __tablename__ = "payee"
    __table_args__ = (
        CheckConstraint("(person_id is null) <> (organisation_id is null)", name="one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = reference("person.id", unique=True)
    organisation_id: Mapped[int | None] = reference("organisation.id", unique=True)


class Account(Base):
    """A page in the ledger: of one organisation, of one kind, for one payee. It never changes."""

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("payee_id", "kind", "organisation_id", "label", "currency"),
        CheckConstraint(f"kind in ({listed(Kind)})", name="kind"),
        Index("ix_account_organisation_id_kind", "organisation_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = reference("organisation.id")
    kind: Mapped[str] = mapped_column(String(16))
    payee_id: Mapped[int] = reference("payee.id")
    label: Mapped[str] = mapped_column(String(60), default="")
    currency: Mapped[str] = mapped_column(String(3), default="IDR")


class Journal(Base):
    """One booked fact. The same document is booked once per kind; mistakes get a reversal.

    `happened_at` may be a phone's time; only `xid`, the commit order, decides what is settled when.
    What comes after its month was closed counts in the next open one, and `late_for` is its day.
    """

    __tablename__ = "journal"
    __table_args__ = (
        UniqueConstraint("kind", "doc_type", "doc_id"),
        Index("ix_journal_xid", "xid"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    doc_type: Mapped[str] = mapped_column(String(20))
    doc_id: Mapped[str] = mapped_column(String(60))
    memo: Mapped[str] = mapped_column(String(200), default="")
    actor_id: Mapped[int | None] = reference("person.id")
    happened_at: Mapped[datetime] = moment(default=clock.now)
    posted_at: Mapped[datetime] = moment(default=clock.now)
    xid: Mapped[int] = posted_in()
    late_for: Mapped[date | None]


class Entry(Base):
    """One line of a journal, in minor units of its account's currency (IDR has none).

    An account stands in a journal once, so a line on its page is the journal's whole amount there.
    """

    __tablename__ = "entry"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount"),
        UniqueConstraint("journal_id", "account_id"),
        Index("ix_entry_account_id_id", "account_id", "id", postgresql_include=["amount"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    journal_id: Mapped[int] = reference("journal.id")
    account_id: Mapped[int] = reference("account.id")
    amount: Mapped[int]


class Cut(Base):
    """What others got of the goods that earned a maker hers, by journal and page of hers.

    Written with the journal that shares a parcel, which may hold goods of several makers. The price
    of her goods is what stands on her page plus these.
    """

    __tablename__ = "cut"
    __table_args__ = (
        CheckConstraint("least(cooperative, kiosk, operator, affiliate) >= 0", name="parts"),
    )

    journal_id: Mapped[int] = reference("journal.id", primary_key=True, autoincrement=False)
    account_id: Mapped[int] = reference("account.id", primary_key=True, autoincrement=False)
    cooperative: Mapped[int]
    kiosk: Mapped[int]
    operator: Mapped[int]
    affiliate: Mapped[int]


class Settlement(Base):
    """What one payee gets for everything posted to her account before the cut.

    `cut` is a transaction number: every journal below it is in this settlement or an earlier one.
    """

    __tablename__ = "settlement"
    __table_args__ = (
        CheckConstraint("state in ('closed','paid')", name="state"),
        CheckConstraint("total > 0", name="total"),
        Index("ix_settlement_account_id_id", "account_id", "id"),
        Index("ix_settlement_closed", "account_id", "id", postgresql_where="state = 'closed'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = reference("account.id")
    cut: Mapped[int]
    closed_on: Mapped[date] = mapped_column(default=clock.today)
    total: Mapped[int]
    state: Mapped[str] = mapped_column(String(8), default="closed")
    closed_by: Mapped[int | None] = reference("person.id")
    round_id: Mapped[int | None] = reference("settlement_round.id", index=True)
    created_at: Mapped[datetime] = moment(default=clock.now)


class SettlementEntry(Base):
    """An entry stands in at most one settlement: the primary key says so.

    The entries that pay a settlement out, or bring it back, stand in the settlement they pay.
    """

    __tablename__ = "settlement_entry"

    entry_id: Mapped[int] = reference("entry.id", primary_key=True, autoincrement=False)
    settlement_id: Mapped[int] = reference("settlement.id", index=True)


class Payout(Base):
    """Money sent for a settlement, all of it. Whoever prepared it is not the one who approves it.

    `reference_no` is the bank's or provider's name for the transfer, or the number of the receipt.
    From `begun_at` on the way it goes (`pay_way_id`, none is cash) is fixed. `taken_by` is who took
    cash for her, if it was not she.
    """

    __tablename__ = "payout"
    __table_args__ = (
        CheckConstraint(f"state in ({listed(PayoutState)})", name="state"),
        CheckConstraint("approved_by is null or approved_by <> made_by", name="two_people"),
        CheckConstraint(
            "state in ('created','cancelled') or approved_by is not null", name="approved"
        ),
        Index(
            "uq_payout_open", "settlement_id",
            unique=True, postgresql_where=f"state not in {ENDED}",
        ),
        Index("ix_payout_waiting", "id", postgresql_where=f"state in {OPEN}"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    settlement_id: Mapped[int] = reference("settlement.id", index=True)
    source_id: Mapped[int] = reference("account.id")
    reference_no: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[str] = mapped_column(String(10), default=PayoutState.CREATED)
    made_by: Mapped[int] = reference("person.id")
    approved_by: Mapped[int | None] = reference("person.id")
    batch_id: Mapped[int | None] = reference("payout_batch.id", index=True)
    pay_way_id: Mapped[int | None] = reference("pay_way.id")
    begun_at: Mapped[datetime | None] = moment()
    taken_by: Mapped[int | None] = reference("person.id")
    created_at: Mapped[datetime] = moment(default=clock.now)
