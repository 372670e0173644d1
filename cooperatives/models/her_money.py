"""Her cash book and her jars: hers alone, read for nobody else, and in no trail."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference

PLACES = ("home", "business")
JARS = ("home", "business", "savings")


class CashNote(Base):
    """One line of her cash book: money in (positive) or out, of the home or of the business.

    The id is her phone's own id of the act, so a line sent twice is one. A slip is struck out.
    """

    __tablename__ = "cash_note"
    __table_args__ = (
        CheckConstraint("place in ('home','business')", name="place"),
        CheckConstraint("amount <> 0", name="amount"),
        Index("ix_cash_note_person_id", "person_id", "day"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[int] = reference("person.id")
    place: Mapped[str] = mapped_column(String(8))
    amount: Mapped[int]
    note: Mapped[str] = mapped_column(String(80), default="")
    day: Mapped[date]
    written_at: Mapped[datetime] = moment(default=clock.now)
    struck_at: Mapped[datetime | None] = moment()


class JarPlan(Base):
    """How she divides what is paid to her, in percent; it begins with payouts of `since`."""

    __tablename__ = "jar_plan"
    __table_args__ = (
        CheckConstraint(
            "least(home, business, savings) >= 0 and home + business + savings = 100", name="whole"
        ),
    )

    person_id: Mapped[int] = reference("person.id", primary_key=True, autoincrement=False)
    home: Mapped[int]
    business: Mapped[int]
    savings: Mapped[int]
    since: Mapped[datetime] = moment(default=clock.now)


class JarNote(Base):
    """She has put money into a jar (positive) or taken it out; no money of ours moves by it.

    What belongs to a payout stands in each jar once.
    """

    __tablename__ = "jar_note"
    __table_args__ = (
        CheckConstraint("jar in ('home','business','savings')", name="jar"),
        CheckConstraint("amount <> 0", name="amount"),
        Index(
            "uq_jar_note_payout", "payout_id", "jar",
            unique=True, postgresql_where="payout_id is not null",
        ),
        Index("ix_jar_note_person_id", "person_id", "id"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[int] = reference("person.id")
    jar: Mapped[str] = mapped_column(String(8))
    amount: Mapped[int]
    payout_id: Mapped[int | None] = reference("payout.id")
    written_at: Mapped[datetime] = moment(default=clock.now)
