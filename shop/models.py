"""Tables of the shop floor: what helps a buyer find things, and what she complains of."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference
from sellers.models import Seller

# Finding a maker by a piece of her shop's name is this floor's wish, so its index stands here.
Index(
    "ix_seller_store_name_pieces",
    Seller.store_name,
    postgresql_using="gin",
    postgresql_ops={"store_name": "gin_trgm_ops"},
)


class SearchWord(Base):
    """A word that stands in goods on sale or in a shop's name, and in how many of them.

    A search knows by it which typed words are slips. The figures are those of the last recount.
    """

    __tablename__ = "search_word"
    __table_args__ = (
        Index(
            "ix_search_word_pieces",
            "word",
            postgresql_using="gin",
            postgresql_ops={"word": "gin_trgm_ops"},
        ),
    )

    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    listings: Mapped[int] = mapped_column(default=0)
    makers: Mapped[int] = mapped_column(default=0)


class Complaint(Base):
    """A ticket that anybody may write; whoever has its long code may read and answer.

    `due_at` is what we promised while it waits for us.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint("topic in ('order','goods','seller','data','job','other')", name="topic"),
        CheckConstraint("state in ('waiting','answered','closed')", name="state"),
        CheckConstraint("(state = 'waiting') = (due_at is not null)", name="due"),
        CheckConstraint("(state = 'closed') = (closed_at is not null)", name="closed"),
        Index("ix_complaint_state_opened_at", "state", "opened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    topic: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    wish: Mapped[str] = mapped_column(Text, default="")
    order_number: Mapped[str] = mapped_column(String(20), default="")
    person_id: Mapped[int | None] = reference("person.id", index=True)
    opened_at: Mapped[datetime] = moment(default=clock.now)
    due_at: Mapped[datetime | None] = moment()
    closed_at: Mapped[datetime | None] = moment()


class ComplaintContact(Base):
    """How to reach the complainer: personal data, kept apart so that erasing leaves the ticket."""

    __tablename__ = "complaint_contact"

    complaint_id: Mapped[int] = reference("complaint.id", primary_key=True)
    name: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    erased_at: Mapped[datetime | None] = moment()


class ComplaintMessage(Base):
    """One turn of the conversation; the first is what happened."""

    __tablename__ = "complaint_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = reference("complaint.id", index=True)
    by_house: Mapped[bool]
    person_id: Mapped[int | None] = reference("person.id")
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = moment(default=clock.now)
