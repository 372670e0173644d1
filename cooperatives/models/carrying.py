"""What the books added up to by some night: kept so that nobody adds up years for one page."""

from datetime import date, datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference


class BookMark(Base):
    """Where the books stood at a moment: every entry up to `entry_id` was there, and none will ever
    come below it. The sums are carried as far as `carried_to`.
    """

    __tablename__ = "book_mark"
    __table_args__ = (Index("ix_book_mark_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = moment(default=clock.now)
    entry_id: Mapped[int]
    carried_to: Mapped[int]


class Carried(Base):
    """What the entries up to `carried_to` add up to, by page, kind of journal and both months; and
    all pages of a kind together, under no account.

    Pages of single orders are too many to be carried one by one: they stand together only. `cuts`
    is what others got of a maker's goods, `gross` what buyers paid for them.
    """

    __tablename__ = "carried"
    __table_args__ = (
        UniqueConstraint(
            "organisation_id",
            "page_kind",
            "account_id",
            "journal_kind",
            "posted_month",
            "happened_month",
            name="uq_carried",
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_carried_account_id", "account_id", "posted_month"),
        Index("ix_carried_kinds", "organisation_id", postgresql_where="account_id is null"),
        Index(
            "ix_carried_makers",
            "posted_month",
            postgresql_where="page_kind = 'maker' and account_id is not null",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = reference("organisation.id")
    page_kind: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int | None] = reference("account.id")
    journal_kind: Mapped[str] = mapped_column(String(20))
    posted_month: Mapped[date]
    happened_month: Mapped[date]
    amount: Mapped[int]
    cuts: Mapped[int]
    gross: Mapped[int]


class CarriedPage(Base):
    """What stood on a page at `carried_to`. No entry of it below `open_from` waits for a settlement
    any more.
    """

    __tablename__ = "carried_page"

    account_id: Mapped[int] = reference("account.id", primary_key=True, autoincrement=False)
    balance: Mapped[int]
    open_from: Mapped[int] = mapped_column(default=0)
