"""Goods that come to a kiosk: what a maker offers to bring, and the *nota titip* of what came.

How many units came is never kept here: the movements of the note say it.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, link, moment, reference

OFFER_STATES = ("open", "taken", "declined", "withdrawn")


class BringOffer(Base):
    """What a maker says she will bring to a kiosk, and when; the id is that of her act."""

    __tablename__ = "bring_offer"
    __table_args__ = (
        CheckConstraint("state in ('open','taken','declined','withdrawn')", name="state"),
        CheckConstraint("(state = 'open') = (ended_at is null)", name="ended"),
        Index("ix_bring_offer_open", "place_id", "comes_on", postgresql_where="state = 'open'"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = reference("seller.id", index=True)
    place_id: Mapped[int] = reference("place.id")
    comes_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(10), default="open")
    reason: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[datetime] = moment(default=clock.now)
    ended_at: Mapped[datetime | None] = moment()


class BringOfferLine(Base):
    """So many of one size."""

    __tablename__ = "bring_offer_line"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)

    offer_id: Mapped[UUID] = link("bring_offer.id", primary_key=True)
    variant_id: Mapped[int] = reference("variant.id", primary_key=True)
    quantity: Mapped[int]


class ConsignNote(Base):
    """The *nota titip*: one owner brought goods to one place; the id is that of the keeper's act.

    `serial` counts within the place. The owner agrees on her phone or on paper (thumb or signature,
    a private file of this document), or says what does not fit; then the keeper answers.
    """

    __tablename__ = "consign_note"
    __table_args__ = (
        UniqueConstraint("place_id", "serial"),
        Index("ix_consign_note_posted_at", "place_id", "posted_at"),
        Index(
            "ix_consign_note_disputed",
            "place_id",
            postgresql_where="disputed_at is not null and answered_at is null",
        ),
        CheckConstraint("(agreed_at is null) = (agreed_how = '')", name="agreed"),
        CheckConstraint("agreed_how in ('','phone','paper')", name="how"),
        CheckConstraint("answered_at is null or disputed_at is not null", name="answered"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    place_id: Mapped[int] = reference("place.id")
    serial: Mapped[int]
    owner_id: Mapped[int] = reference("seller.id", index=True)
    terms_id: Mapped[int] = reference("terms.id")
    offer_id: Mapped[UUID | None] = link("bring_offer.id")
    received_by: Mapped[int | None] = reference("person.id")
    received_at: Mapped[datetime] = moment()
    posted_at: Mapped[datetime] = moment(default=clock.now)
    agreed_how: Mapped[str] = mapped_column(String(8), default="")
    agreed_at: Mapped[datetime | None] = moment()
    dispute: Mapped[str] = mapped_column(String(200), default="")
    disputed_at: Mapped[datetime | None] = moment()
    answer: Mapped[str] = mapped_column(String(200), default="")
    answered_at: Mapped[datetime | None] = moment()

    @property
    def number(self) -> str:
        """How people call it."""
        return f"NT{self.place_id}-{self.serial:04}"


class ConsignNoteLine(Base):
    """One size of a note: its lot, what was offered before, and what was refused and why."""

    __tablename__ = "consign_note_line"
    __table_args__ = (
        CheckConstraint("refused >= 0", name="refused"),
        CheckConstraint("lot_id is not null or refused > 0", name="something"),
        CheckConstraint("(refused > 0) = (reason <> '')", name="reason"),
    )

    note_id: Mapped[UUID] = link("consign_note.id", primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    variant_id: Mapped[int] = reference("variant.id")
    lot_id: Mapped[int | None] = reference("lot.id", unique=True)
    price: Mapped[int]
    offered: Mapped[int | None]
    refused: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(20), default="")


class ConsignPhoto(Base):
    """A photo of goods that came: named by the keeper's phone first, there once it has arrived."""

    __tablename__ = "consign_photo"

    person_id: Mapped[int] = reference("person.id", primary_key=True, autoincrement=False)
    photo_id: Mapped[UUID] = mapped_column(primary_key=True)
    note_id: Mapped[UUID] = link("consign_note.id", index=True)
    picture_id: Mapped[int | None] = reference("picture.id")
