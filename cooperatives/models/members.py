"""Cooperatives, their members, and the consignment terms under which goods are taken in."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference

CHANNELS = ("web", "counter", "bazaar")
SELLING_KINDS = ("home", "kiosk", "bazaar")
FEE_PAYERS = ("operator", "cooperative", "maker")
DISCOUNT_PAYERS = ("everybody", "maker", "cooperative", "kiosk")
MISSING_BEARERS = ("kiosk", "cooperative", "risk_fund", "owner")


class Cooperative(Base):
    """An organisation whose members sell together; same id as its organisation."""

    __tablename__ = "cooperative"

    id: Mapped[int] = reference("organisation.id", primary_key=True, autoincrement=False)
    founded_on: Mapped[date | None]
    village: Mapped[str] = mapped_column(String(60), default="")
    district_code: Mapped[str] = mapped_column(String(6), default="")
    landmark: Mapped[str] = mapped_column(String(120), default="")
    group_values: Mapped[list[str]] = mapped_column(ARRAY(String(30)), default=list)
    story: Mapped[str] = mapped_column(Text, default="")
    story_en: Mapped[str] = mapped_column(Text, default="")


class Membership(Base):
    """A person belongs to a cooperative from a day until she leaves; one may belong to several.

    `number` is her member number there. `office` is what the general meeting elected her to; what
    she may do here is said by her rights alone.
    """

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "uq_membership_open", "cooperative_id", "person_id",
            unique=True, postgresql_where="left_on is null",
        ),
        CheckConstraint("left_on >= joined_on", name="left_after_joining"),
        UniqueConstraint("cooperative_id", "number"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    cooperative_id: Mapped[int] = reference("cooperative.id", index=True)
    person_id: Mapped[int] = reference("person.id", index=True)
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    number: Mapped[int | None]
    office: Mapped[str] = mapped_column(String(12), default="", server_default="")
    skills: Mapped[list[str]] = mapped_column(
        ARRAY(String(30)), default=list, server_default=text("'{}'")
    )


class Terms(Base):
    """One version of a cooperative's consignment terms. Never edited: a change is a new version.

    `missing` says who answers for goods that a count finds missing: the kiosk that minds them, the
    cooperative, its risk fund, or the owner herself.
    """

    __tablename__ = "terms"
    __table_args__ = (
        UniqueConstraint("organisation_id", "version"),
        CheckConstraint("missing in ('kiosk','cooperative','risk_fund','owner')", name="missing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = reference("organisation.id")
    version: Mapped[int]
    valid_from: Mapped[date]
    note: Mapped[str] = mapped_column(String(200), default="")
    missing: Mapped[str] = mapped_column(String(12), default="kiosk", server_default="owner")
    written_by: Mapped[int | None] = reference("person.id")
    created_at: Mapped[datetime] = moment(default=clock.now)


class TermsRate(Base):
    """Who gets what of a sale on one channel from one kind of place, in basis points of the price.

    The maker gets the exact remainder. `fee_payer` bears what a gateway charges for the payment;
    `pull_days` is how long before best-before goods come off the shelf. `affiliate_bp` is for
    whoever invited the buyer, out of `affiliate_payer`'s part; `discount_bp` is the most that a
    keeper may let off a price, borne by `discount_payer`.
    """

    __tablename__ = "terms_rate"
    __table_args__ = (
        CheckConstraint("channel in ('web','counter','bazaar')", name="channel"),
        CheckConstraint("place_kind in ('home','kiosk','bazaar')", name="place_kind"),
        CheckConstraint(
            "least(cooperative_bp, kiosk_bp, operator_bp) >= 0"
            " and cooperative_bp + kiosk_bp + operator_bp <= 10000",
            name="shares",
        ),
        CheckConstraint("fee_payer in ('operator','cooperative','maker')", name="fee_payer"),
        CheckConstraint("pull_days between 0 and 365", name="pull_days"),
        CheckConstraint(
            "affiliate_bp >= 0 and affiliate_bp <= case affiliate_payer"
            " when 'cooperative' then cooperative_bp when 'operator' then operator_bp"
            " else 10000 - cooperative_bp - kiosk_bp - operator_bp end",
            name="affiliate",
        ),
        CheckConstraint(
            "affiliate_payer in ('maker','cooperative','operator')", name="affiliate_payer"
        ),
        CheckConstraint("discount_bp between 0 and 10000", name="discount"),
        CheckConstraint(
            "discount_payer in ('everybody','maker','cooperative','kiosk')", name="discount_payer"
        ),
    )

    terms_id: Mapped[int] = reference("terms.id", primary_key=True)
    channel: Mapped[str] = mapped_column(String(8), primary_key=True)
    place_kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    cooperative_bp: Mapped[int]
    kiosk_bp: Mapped[int]
    operator_bp: Mapped[int]
    fee_payer: Mapped[str] = mapped_column(String(12), default="operator")
    pull_days: Mapped[int] = mapped_column(default=14)
    affiliate_bp: Mapped[int] = mapped_column(default=0, server_default="0")
    affiliate_payer: Mapped[str] = mapped_column(
        String(12), default="maker", server_default="maker"
    )
    discount_bp: Mapped[int] = mapped_column(default=1_000, server_default="1000")
    discount_payer: Mapped[str] = mapped_column(
        String(12), default="everybody", server_default="everybody"
    )
