"""The surplus of a year, how the general meeting shares it, and months that are closed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference

PARTS = ("reserve", "business", "capital", "board", "staff", "education", "social")


class SurplusPolicy(Base):
    """How a general meeting shares the surplus, in basis points. Never edited: a change is new."""

    __tablename__ = "surplus_policy"
    __table_args__ = (
        UniqueConstraint("organisation_id", "version"),
        CheckConstraint(f"least({','.join(PARTS)}) >= 0", name="parts"),
        CheckConstraint(f"{' + '.join(PARTS)} = 10000", name="whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = reference("organisation.id")
    version: Mapped[int]
    decided_on: Mapped[date]
    reserve: Mapped[int]
    business: Mapped[int]
    capital: Mapped[int]
    board: Mapped[int]
    staff: Mapped[int]
    education: Mapped[int]
    social: Mapped[int]
    written_by: Mapped[int | None] = reference("person.id")
    created_at: Mapped[datetime] = moment(default=clock.now)


class Surplus(Base):
    """The surplus of one book year as two people share it out; it begins as a proposal."""

    __tablename__ = "surplus"
    __table_args__ = (
        CheckConstraint("state in ('proposed','booked','refused')", name="state"),
        CheckConstraint("total > 0 and income - costs = total", name="total"),
        CheckConstraint("decided_by is null or decided_by <> made_by", name="two_people"),
        Index(
            "uq_surplus_year", "organisation_id", "year",
            unique=True, postgresql_where="state <> 'refused'",
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = reference("organisation.id")
    year: Mapped[int]
    policy_id: Mapped[int] = reference("surplus_policy.id")
    income: Mapped[int]
    costs: Mapped[int]
    total: Mapped[int]
    state: Mapped[str] = mapped_column(String(8), default="proposed")
    made_by: Mapped[int] = reference("person.id")
    decided_by: Mapped[int | None] = reference("person.id")
    created_at: Mapped[datetime] = moment(default=clock.now)
    decided_at: Mapped[datetime | None] = moment()


class SurplusShare(Base):
    """One member's line of a surplus: what she sold, what she saved, and what both give her."""

    __tablename__ = "surplus_share"
    __table_args__ = (CheckConstraint("least(sold, saved, business, capital) >= 0", name="line"),)

    surplus_id: Mapped[int] = reference("surplus.id", primary_key=True, autoincrement=False)
    person_id: Mapped[int] = reference("person.id", primary_key=True, autoincrement=False)
    sold: Mapped[int]
    saved: Mapped[int]
    business: Mapped[int]
    capital: Mapped[int]


class MonthLock(Base):
    """A month of a group's books is closed: whatever comes late counts in the next open one."""

    __tablename__ = "month_lock"
    __table_args__ = (CheckConstraint("extract(day from month) = 1", name="first_day"),)

    organisation_id: Mapped[int] = reference(
        "organisation.id", primary_key=True, autoincrement=False
    )
    month: Mapped[date] = mapped_column(primary_key=True)
    locked_by: Mapped[int | None] = reference("person.id")
    locked_at: Mapped[datetime] = moment(default=clock.now)
