"""The sale: one order, its parcels by place, its lines by stock, and the buyer's contact apart."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, link, moment, reference

METHODS = ("transfer", "cash_delivery", "cash_pickup", "midtrans", "stripe", "cash_counter")


class Order(Base):
    """One payment for goods of one or many makers. The id is the client's own act id.

    `code` is the long random part of the buyer's link; `number` is for people and never in a link.
    Amounts are whole rupiah and frozen when the order is placed.
    """

    __tablename__ = "order_placed"
    __table_args__ = (
        CheckConstraint("channel in ('web','counter','bazaar')", name="channel"),
        CheckConstraint(
            "state in ('awaiting_payment','on_delivery','paid','completed','cancelled','lapsed')",
            name="state",
        ),
        CheckConstraint(
            "total = goods_total + delivery_total - discount_total and total >= 0", name="total"
        ),
        Index(
            "ix_order_placed_pay_by",
            "pay_by",
            postgresql_where="state in ('awaiting_payment','on_delivery')",
        ),
        Index("ix_order_placed_buyer_id", "buyer_id", "placed_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    channel: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(20))
    buyer_id: Mapped[int | None] = reference("person.id")
    method: Mapped[str] = mapped_column(String(16))
    currency: Mapped[str] = mapped_column(String(3), default="IDR")
    goods_total: Mapped[int]
    delivery_total: Mapped[int] = mapped_column(default=0)
    discount_total: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]
    language: Mapped[str] = mapped_column(String(12), default="id")
    placed_at: Mapped[datetime] = moment(default=clock.now)
    pay_by: Mapped[datetime | None] = moment()
    paid_at: Mapped[datetime | None] = moment()
    ended_at: Mapped[datetime | None] = moment()


class Contact(Base):
    """Who gets it and where: personal data, kept apart so that erasing leaves the books whole."""

    __tablename__ = "order_contact"

    order_id: Mapped[UUID] = link("order_placed.id", primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str] = mapped_column(String(20), index=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    street: Mapped[str] = mapped_column(String(200), default="")
    rt_rw: Mapped[str] = mapped_column(String(7), default="")
    village: Mapped[str] = mapped_column(String(60), default="")
    district_code: Mapped[str] = mapped_column(String(6), default="")
    district_label: Mapped[str] = mapped_column(String(160), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    landmark: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    erased_at: Mapped[datetime | None] = moment()


class Parcel(Base):
    """What goes from one place to the buyer: shipped, or picked up there, or at a bazaar to which
    its maker brings it (`fetch_place_id`).

    `accept_by` is the seller's or keeper's deadline; `quiet_until` ends the days in which the buyer
    may still complain; only then, and only with the money there, is the parcel earned.
    """

    __tablename__ = "parcel"
    __table_args__ = (
        UniqueConstraint("order_id", "place_id"),
        CheckConstraint(
            "state in ('to_accept','accepted','packed','handed_over','delivered','quiet','earned',"
            "'declined','refused','returned','cancelled')",
            name="state",
        ),
        CheckConstraint("way in ('ship','pickup','counter')", name="way"),
        Index(
            "uq_parcel_pickup_code",
            "place_id",
            "pickup_code",
            unique=True,
            postgresql_where="pickup_code <> '' and handed_over_at is null and ended_at is null",
        ),
        Index(
            "uq_parcel_fetch_code",
            "fetch_place_id",
            "pickup_code",
            unique=True,
            postgresql_where="pickup_code <> '' and handed_over_at is null and ended_at is null",
        ),
        CheckConstraint("fetch_place_id is null or way = 'pickup'", name="fetched"),
        Index("ix_parcel_place_id_state", "place_id", "state"),
        Index(
            "ix_parcel_quiet_until",
            "quiet_until",
            postgresql_where="state in ('delivered','quiet')",
        ),
        Index("ix_parcel_accept_by", "accept_by", postgresql_where="state = 'to_accept'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = link("order_placed.id")
    place_id: Mapped[int] = reference("place.id")
    fetch_place_id: Mapped[int | None] = reference("place.id")
    position: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="to_accept")
    way: Mapped[str] = mapped_column(String(8))
    fee: Mapped[int] = mapped_column(default=0)
    weight_grams: Mapped[int] = mapped_column(default=0)
    billed_kg: Mapped[int] = mapped_column(default=0)
    rate_id: Mapped[int | None] = reference("delivery_rate.id")
    service_label: Mapped[str] = mapped_column(String(80), default="")
    tracking_number: Mapped[str] = mapped_column(String(32), default="")
    pickup_code: Mapped[str] = mapped_column(String(6), default="")
    accept_by: Mapped[datetime | None] = moment()
    accepted_at: Mapped[datetime | None] = moment()
    packed_at: Mapped[datetime | None] = moment()
    handed_over_at: Mapped[datetime | None] = moment()
    delivered_at: Mapped[datetime | None] = moment()
    quiet_until: Mapped[datetime | None] = moment()
    earned_at: Mapped[datetime | None] = moment()
    ended_at: Mapped[datetime | None] = moment()


class Line(Base):
    """One row of the bill. A goods line is one lot, with price, name and everybody's part frozen.

    `quantity` is what was ordered, `given` what is (or was) really handed over; the parts are for
    `quantity` and are scaled by the rules of sharing when less is given. `package_id` names the
    package of several makers whose price this line has.
    """

    __tablename__ = "order_line"
    __table_args__ = (
        CheckConstraint("kind in ('goods','delivery','discount')", name="kind"),
        CheckConstraint("quantity > 0 and given between 0 and quantity", name="quantity"),
        CheckConstraint("(kind = 'goods') = (lot_id is not null)", name="goods_have_a_lot"),
        CheckConstraint(
            "kind <> 'goods' or maker_part + cooperative_part + kiosk_part + operator_part"
            " + affiliate_part = total",
            name="parts",
        ),
        CheckConstraint("kind <> 'goods' or total = quantity * price", name="total"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = link("order_placed.id", index=True)
    parcel_id: Mapped[int | None] = reference("parcel.id", index=True)
    kind: Mapped[str] = mapped_column(String(8), default="goods")
    position: Mapped[int]
    variant_id: Mapped[int | None] = reference("variant.id")
    lot_id: Mapped[int | None] = reference("lot.id")
    seller_id: Mapped[int | None] = reference("seller.id", index=True)
    terms_id: Mapped[int | None] = reference("terms.id")
    name: Mapped[str] = mapped_column(String(200))
    quantity: Mapped[int]
    given: Mapped[int] = mapped_column(default=0)
    price: Mapped[int]
    total: Mapped[int]
    weight_grams: Mapped[int] = mapped_column(default=0)
    maker_part: Mapped[int] = mapped_column(default=0)
    cooperative_part: Mapped[int] = mapped_column(default=0)
    kiosk_part: Mapped[int] = mapped_column(default=0)
    operator_part: Mapped[int] = mapped_column(default=0)
    affiliate_part: Mapped[int] = mapped_column(default=0)
    affiliate_id: Mapped[int | None] = reference("person.id")
    package_id: Mapped[int | None] = reference("joint_package.id")


class Event(Base):
    """What happened to an order, in the order in which it was written; the buyer's timeline."""

    __tablename__ = "order_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = link("order_placed.id", index=True)
    parcel_id: Mapped[int | None] = reference("parcel.id")
    what: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = moment(default=clock.now)
    actor_id: Mapped[int | None] = reference("person.id")
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
