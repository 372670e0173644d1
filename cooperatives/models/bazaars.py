"""A joint bazaar: its box, who joins, what went out and came back, who bears what."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, link, moment, reference

SHARED_BY = ("slots", "sales")
LOST_BY = ("owner", "host")
GROUP_STATES = ("invited", "accepted", "declined")
SEAT_STATES = ("wants", "joined", "reserve", "withdrawn")


class Bazaar(Base):
    """A dated event of one cooperative and those it invites; its goods stand in one box (a place).

    `shared_by` says how the costs are shared, `lost_by` who bears goods that are gone at the end:
    both are read before anybody joins and never change afterwards.
    """

    __tablename__ = "bazaar"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="days"),
        CheckConstraint("slots > 0", name="slots"),
        CheckConstraint("shared_by in ('slots','sales')", name="shared_by"),
        CheckConstraint("lost_by in ('owner','host')", name="lost_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = reference("organisation.id", index=True)
    place_id: Mapped[int] = reference("place.id", unique=True)
    name: Mapped[str] = mapped_column(String(80))
    spot: Mapped[str] = mapped_column(String(120))
    district_code: Mapped[str] = mapped_column(String(6), default="")
    hours: Mapped[str] = mapped_column(String(40), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    slots: Mapped[int]
    shared_by: Mapped[str] = mapped_column(String(8), default="slots")
    lost_by: Mapped[str] = mapped_column(String(8), default="owner")
    created_at: Mapped[datetime] = moment(default=clock.now)
    closed_at: Mapped[datetime | None] = moment()
    closed_by: Mapped[int | None] = reference("person.id")


class BazaarGroup(Base):
    """A cooperative at a bazaar, with the places (slots) it may fill; the host has accepted."""

    __tablename__ = "bazaar_group"
    __table_args__ = (
        CheckConstraint("state in ('invited','accepted','declined')", name="state"),
        CheckConstraint("quota >= 0", name="quota"),
    )

    bazaar_id: Mapped[int] = reference("bazaar.id", primary_key=True, autoincrement=False)
    organisation_id: Mapped[int] = reference(
        "organisation.id", primary_key=True, autoincrement=False
    )
    quota: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="invited")
    answered_at: Mapped[datetime | None] = moment()


class BazaarSeat(Base):
    """A member who wants to join, joins, or waits in reserve. `why` is there where somebody was
    taken out of turn; every member of the bazaar reads it.
    """

    __tablename__ = "bazaar_seat"
    __table_args__ = (
        UniqueConstraint("bazaar_id", "seller_id"),
        CheckConstraint("state in ('wants','joined','reserve','withdrawn')", name="state"),
        CheckConstraint("slots > 0", name="slots"),
        Index("ix_bazaar_seat_seller_id", "seller_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bazaar_id: Mapped[int] = reference("bazaar.id")
    seller_id: Mapped[int] = reference("seller.id")
    state: Mapped[str] = mapped_column(String(10), default="wants")
    slots: Mapped[int] = mapped_column(default=1)
    why: Mapped[str] = mapped_column(String(200), default="")
    asked_at: Mapped[datetime] = moment(default=clock.now)
    chosen_at: Mapped[datetime | None] = moment()


class BazaarCost(Base):
    """What the bazaar costs everybody together: the stall, transport. Struck out, never deleted.

    With `voucher_id` it is what the host has paid, as its cash book says; without, it is announced.
    """

    __tablename__ = "bazaar_cost"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        Index(
            "uq_bazaar_cost_voucher_id",
            "voucher_id",
            unique=True,
            postgresql_where="struck_at is null",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    bazaar_id: Mapped[int] = reference("bazaar.id", index=True)
    what: Mapped[str] = mapped_column(String(60))
    amount: Mapped[int]
    voucher_id: Mapped[UUID | None] = link("voucher.id")
    written_at: Mapped[datetime] = moment(default=clock.now)
    struck_at: Mapped[datetime | None] = moment()


class BazaarLoad(Base):
    """A member's goods on their way to the box: sent by one, taken in by another. It is settled
    once all that did not arrive is explained.
    """

    __tablename__ = "bazaar_load"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    bazaar_id: Mapped[int] = reference("bazaar.id", index=True)
    seller_id: Mapped[int] = reference("seller.id")
    from_place_id: Mapped[int] = reference("place.id")
    sent_at: Mapped[datetime] = moment(default=clock.now)
    taken_in_at: Mapped[datetime | None] = moment()
    settled_at: Mapped[datetime | None] = moment()


class BazaarLoadLine(Base):
    """So many units of a lot in a load; `arrived` says how many came out of the car."""

    __tablename__ = "bazaar_load_line"
    __table_args__ = (
        CheckConstraint("sent > 0 and (arrived is null or arrived between 0 and sent)", name="sum"),
    )

    load_id: Mapped[UUID] = link("bazaar_load.id", primary_key=True)
    lot_id: Mapped[int] = reference("lot.id", primary_key=True, autoincrement=False)
    sent: Mapped[int]
    arrived: Mapped[int | None]


class BazaarLine(Base):
    """What became of one lot at a closed bazaar, frozen: all that was there is explained.

    `gross` is what buyers paid for it and `hers` the maker's part of that. Its owner may contest
    it; `paid_units` are then paid to her after all, with `paid`.
    """

    __tablename__ = "bazaar_line"
    __table_args__ = (
        CheckConstraint(
            "least(brought, found, sold, given, lost, returned, gross, hers) >= 0", name="counts"
        ),
        CheckConstraint("brought + found = sold + given + lost + returned", name="explained"),
        CheckConstraint("outcome in ('','paid','kept')", name="outcome"),
        CheckConstraint("(outcome <> '') = (answered_at is not null)", name="answered"),
        CheckConstraint("answered_at is null or contested_at is not null", name="asked_first"),
        CheckConstraint(
            "paid_units between 0 and brought + found - sold and paid >= 0", name="paid_units"
        ),
    )

    bazaar_id: Mapped[int] = reference("bazaar.id", primary_key=True, autoincrement=False)
    lot_id: Mapped[int] = reference("lot.id", primary_key=True, autoincrement=False)
    seller_id: Mapped[int] = reference("seller.id")
    brought: Mapped[int]
    found: Mapped[int]
    sold: Mapped[int]
    given: Mapped[int]
    lost: Mapped[int]
    returned: Mapped[int]
    gross: Mapped[int]
    hers: Mapped[int]
    contest: Mapped[str] = mapped_column(String(200), default="")
    contested_at: Mapped[datetime | None] = moment()
    outcome: Mapped[str] = mapped_column(String(8), default="")
    paid_units: Mapped[int] = mapped_column(default=0)
    paid: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str] = mapped_column(String(200), default="")
    answered_by: Mapped[int | None] = reference("person.id")
    answered_at: Mapped[datetime | None] = moment()


class BazaarShare(Base):
    """What a member bears of the costs (by `weight` of all weights), and what she is given for lost
    goods where the host bears them.
    """

    __tablename__ = "bazaar_share"
    __table_args__ = (CheckConstraint("least(weight, cost, made_good) >= 0", name="parts"),)

    bazaar_id: Mapped[int] = reference("bazaar.id", primary_key=True, autoincrement=False)
    seller_id: Mapped[int] = reference("seller.id", primary_key=True, autoincrement=False)
    weight: Mapped[int]
    cost: Mapped[int]
    made_good: Mapped[int] = mapped_column(default=0)


class BazaarNote(Base):
    """What sells where, told by a member after a bazaar and read by all members, with her name."""

    __tablename__ = "bazaar_note"
    __table_args__ = (UniqueConstraint("bazaar_id", "seller_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bazaar_id: Mapped[int] = reference("bazaar.id")
    seller_id: Mapped[int] = reference("seller.id", index=True)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = moment(default=clock.now)
