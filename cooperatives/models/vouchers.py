"""Vouchers of a cooperative's own money: savings, advances, costs, income, by business unit."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cooperatives.models.books import listed
from core import clock
from core.db import Base, moment, reference

SORTS = ("principal", "mandatory", "voluntary")


class VoucherKind(StrEnum):
    """What money came in or went out for."""

    SAVED = "saved"
    WITHDRAWN = "withdrawn"
    LENT = "lent"
    REPAID = "repaid"
    COST = "cost"
    INCOME = "income"
    TAX_PAID = "tax_paid"


class VoucherState(StrEnum):
    """A voucher waits for the second person, or is in the books; what is wrong is undone there."""

    WAITING = "waiting"
    BOOKED = "booked"
    REFUSED = "refused"
    UNDONE = "undone"


class Unit(Base):
    """A line of business of an organisation whose costs and income are read for themselves."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("organisation_id", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = reference("organisation.id")
    label: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    opened_on: Mapped[date] = mapped_column(default=clock.today)
    closed_on: Mapped[date | None]


class UnitMember(Base):
    """A member works in a unit; she may work in several."""

    __tablename__ = "unit_member"

    unit_id: Mapped[int] = reference("unit.id", primary_key=True, autoincrement=False)
    membership_id: Mapped[int] = reference(
        "membership.id", primary_key=True, autoincrement=False, index=True
    )
    since: Mapped[date] = mapped_column(default=clock.today)


class SavingsPlan(Base):
    """What each member saves: once on joining, and every month. Never edited: a change is new."""

    __tablename__ = "savings_plan"
    __table_args__ = (
        UniqueConstraint("cooperative_id", "valid_from"),
        CheckConstraint("least(principal, mandatory) >= 0", name="amounts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cooperative_id: Mapped[int] = reference("cooperative.id")
    valid_from: Mapped[date]
    principal: Mapped[int]
    mandatory: Mapped[int]
    written_by: Mapped[int | None] = reference("person.id")
    created_at: Mapped[datetime] = moment(default=clock.now)


class Voucher(Base):
    """Money of a cooperative that changed hands once: who, how much, where it lay, and for what.

    `money` names the drawer or bank as "cash:kas"; goods given as an advance leave a page of cost.
    `person_id` is the member, or who paid a cost out of her own purse and got it back.
    """

    __tablename__ = "voucher"
    __table_args__ = (
        CheckConstraint(f"kind in ({listed(VoucherKind)})", name="kind"),
        CheckConstraint(f"state in ({listed(VoucherState)})", name="state"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("decided_by is null or decided_by <> made_by", name="two_people"),
        Index("ix_voucher_organisation_id_kind", "organisation_id", "kind", "happened_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = reference("organisation.id")
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(8), default=VoucherState.WAITING)
    amount: Mapped[int]
    money: Mapped[str] = mapped_column(String(80))
    person_id: Mapped[int | None] = reference("person.id", index=True)
    sort: Mapped[str] = mapped_column(String(12), default="")
    unit_id: Mapped[int | None] = reference("unit.id", index=True)
    category: Mapped[str] = mapped_column(String(20), default="")
    advance_id: Mapped[int | None] = reference("advance.id", index=True)
    words: Mapped[str] = mapped_column(String(200), default="")
    happened_on: Mapped[date]
    made_by: Mapped[int | None] = reference("person.id")
    decided_by: Mapped[int | None] = reference("person.id")
    reason: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = moment(default=clock.now)
    decided_at: Mapped[datetime | None] = moment()


class Advance(Base):
    """Raw material, or money for it, that a member pays back out of what she sells.

    `text` is what was read to her; from each settlement at most `percent` of it goes back, and
    `floor` rupiah of it stay hers. Once `ended_at` is set nothing more is taken from her sales.
    """

    __tablename__ = "advance"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("percent between 0 and 50 and floor >= 0", name="share"),
        CheckConstraint("consent in ('voice','thumb')", name="consent"),
        Index("ix_advance_organisation_id_person_id", "organisation_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = reference("organisation.id")
    person_id: Mapped[int] = reference("person.id", index=True)
    amount: Mapped[int]
    in_goods: Mapped[bool]
    what: Mapped[str] = mapped_column(String(120))
    due_on: Mapped[date]
    percent: Mapped[int]
    floor: Mapped[int]
    consent: Mapped[str] = mapped_column(String(8))
    witness: Mapped[str] = mapped_column(String(60), default="")
    text: Mapped[str] = mapped_column(String(1_000))
    recorded_by: Mapped[int | None] = reference("person.id")
    created_at: Mapped[datetime] = moment(default=clock.now)
    ended_at: Mapped[datetime | None] = moment()
    ended_by: Mapped[int | None] = reference("person.id")
