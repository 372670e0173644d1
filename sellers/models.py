"""Tables of the sellers' floor: who sells, what she lists, with which permits and pictures."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, String, Text, UniqueConstraint, false
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference

LISTING_STATES = ("draft", "live", "archived")
HALAL_STATES = ("certified", "in_process", "not_halal", "none", "not_food")
PERMIT_KINDS = ("nib", "pirt", "md", "tr", "halal")


class Seller(Base):
    """A home business or a cooperative that sells in its own name.

    `person_id` is the maker of a home business; a selling cooperative has none and is its own
    `organisation_id`. Her phone and address stand elsewhere and are on no public page. Nor are
    `device`, `signal` (how her coordinator can reach her) and `turnover_statement_year` (the last
    year for which she stated a turnover below the tax line).
    """

    __tablename__ = "seller"
    __table_args__ = (
        CheckConstraint("kind in ('home','cooperative')", name="kind"),
        CheckConstraint("(kind = 'home') = (person_id is not null)", name="person"),
        CheckConstraint("away_until_year >= away_from_year", name="away"),
        Index(
            "uq_seller_open", "organisation_id", "person_id",
            unique=True, postgresql_where="closed_at is null", postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(12), default="home")
    person_id: Mapped[int | None] = reference("person.id", index=True)
    organisation_id: Mapped[int] = reference("organisation.id", index=True)
    store_name: Mapped[str] = mapped_column(String(80))
    call_me: Mapped[str] = mapped_column(String(60), default="")
    story: Mapped[str] = mapped_column(Text, default="")
    story_en: Mapped[str] = mapped_column(Text, default="")
    mission: Mapped[str] = mapped_column(String(200), default="")
    difference: Mapped[str] = mapped_column(String(300), default="")
    languages: Mapped[list[str]] = mapped_column(ARRAY(String(12)), default=lambda: ["id"])
    district_code: Mapped[str] = mapped_column(String(6), default="")
    returned_from: Mapped[list[str]] = mapped_column(ARRAY(String(2)), default=list)
    away_from_year: Mapped[int | None]
    away_until_year: Mapped[int | None]
    language_gained: Mapped[str] = mapped_column(String(40), default="")
    shows_return: Mapped[bool] = mapped_column(default=False)  # Hidden unless she says so (W26).
    cutoff: Mapped[time | None]  # Orders until this hour (WIB) are packed on the same day.
    resting: Mapped[bool] = mapped_column(default=False)
    resting_until: Mapped[date | None]
    rest_note: Mapped[str] = mapped_column(String(160), default="")
    device: Mapped[str] = mapped_column(String(60), default="")
    signal: Mapped[str] = mapped_column(String(60), default="")
    turnover_statement_year: Mapped[int | None]
    picture_id: Mapped[int | None] = reference("picture.id")
    created_at: Mapped[datetime] = moment(default=clock.now)
    closed_at: Mapped[datetime | None] = moment()


class Category(Base):
    """A shelf of the shop.

    Food asks for a food permit, herbal goods for a BPOM TR number; `closed_reason` shuts a shelf.
    """

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    is_food: Mapped[bool] = mapped_column(default=False)
    is_herbal: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    closed_reason: Mapped[str] = mapped_column(String(200), default="")


class Listing(Base):
    """One product as buyers see it; its prices and weights stand on its variants.

    Capacities are pieces a week, in dry and in wet weather. Only a draft may still lack its
    category. `sample_price` is read by the release before this one alone and goes with the next.
    """

    __tablename__ = "listing"
    __table_args__ = (
        CheckConstraint("state in ('draft','live','archived')", name="state"),
        CheckConstraint(
            "halal in ('certified','in_process','not_halal','none','not_food')", name="halal"
        ),
        CheckConstraint("state <> 'live' or category_id is not null", name="live_has_category"),
        CheckConstraint(
            "shelf_life_days > 0 and lead_days >= 0 and sample_price > 0"
            " and capacity_sunny >= 0 and capacity_rainy >= 0",
            name="figures",
        ),
        Index(
            "ix_listing_live_newest",
            "category_id",
            "published_at",
            "id",
            postgresql_where="state = 'live' and hidden_reason = ''",
        ),
        Index(
            "ix_listing_newest",
            "published_at",
            "id",
            postgresql_where="state = 'live' and hidden_reason = ''",
        ),
        Index("ix_listing_words", "words", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    seller_id: Mapped[int] = reference("seller.id", index=True)
    category_id: Mapped[int | None] = reference("category.id")
    state: Mapped[str] = mapped_column(String(10), default="draft")
    hidden_reason: Mapped[str] = mapped_column(String(200), default="")
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    description_en: Mapped[str] = mapped_column(Text, default="")
    translations: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    ingredients: Mapped[str] = mapped_column(Text, default="")
    ingredients_en: Mapped[str] = mapped_column(Text, default="")
    allergens: Mapped[list[str]] = mapped_column(ARRAY(String(30)), default=list)
    storage: Mapped[str] = mapped_column(String(300), default="")
    storage_en: Mapped[str] = mapped_column(String(300), default="")
    shelf_life_days: Mapped[int | None]
    halal: Mapped[str] = mapped_column(String(12), default="none")
    made_to_order: Mapped[bool] = mapped_column(default=False)
    lead_days: Mapped[int] = mapped_column(default=1)
    capacity_sunny: Mapped[int | None]
    capacity_rainy: Mapped[int | None]
    sample_price: Mapped[int | None]
    tags: Mapped[list[str]] = mapped_column(ARRAY(String(30)), default=list)
    export_to: Mapped[list[str]] = mapped_column(ARRAY(String(2)), default=list)
    created_at: Mapped[datetime] = moment(default=clock.now)
    published_at: Mapped[datetime | None] = moment()
    # 'simple' and not 'indonesian': PostgreSQL's Indonesian stemmer maps memasak to pasak.
    words: Mapped[Any] = mapped_column(
        TSVECTOR,
        Computed(
            "setweight(to_tsvector('simple', name || ' ' || name_en), 'A')"
            " || setweight(to_tsvector('simple', description || ' ' || ingredients), 'C')",
            persisted=True,
        ),
        deferred=True,
    )


class Variant(Base):
    """What a buyer really buys: a size with a price, a weight and a box. Stock is kept of this.

    `weight_grams` and the three sides are those of the packed parcel. `production_cost` is her own
    figure and is shown to nobody else. A sample is a small pack to try: a choice beside the others,
    never the price of the product, and few of it in one order.
    """

    __tablename__ = "variant"
    __table_args__ = (
        CheckConstraint("price > 0 and price <= 1000000000", name="price"),
        CheckConstraint("weight_grams > 0", name="weight"),
        CheckConstraint("production_cost >= 0", name="production_cost"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = reference("listing.id", index=True)
    sku: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(60), default="")
    unit: Mapped[str] = mapped_column(String(20), default="bungkus")
    price: Mapped[int]
    production_cost: Mapped[int | None]
    net_weight_grams: Mapped[int | None]
    weight_grams: Mapped[int]
    length_cm: Mapped[int | None]
    width_cm: Mapped[int | None]
    height_cm: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    is_sample: Mapped[bool] = mapped_column(default=False, server_default=false())
    archived_at: Mapped[datetime | None] = moment()


class PriceChange(Base):
    """Until this moment a size cost something else. Never edited."""

    __tablename__ = "price_change"
    __table_args__ = (CheckConstraint("was > 0 and price > 0 and was <> price", name="prices"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = reference("variant.id", index=True)
    was: Mapped[int]
    price: Mapped[int]
    changed_at: Mapped[datetime] = moment(default=clock.now)


class ListingPicture(Base):
    """A picture of a listing; position 0 is the one on the card."""

    __tablename__ = "listing_picture"
    __table_args__ = (UniqueConstraint("listing_id", "position", deferrable=True),)

    picture_id: Mapped[int] = reference("picture.id", primary_key=True)
    listing_id: Mapped[int] = reference("listing.id", index=True)
    position: Mapped[int]


class ExpectedPhoto(Base):
    """A photo that a listing waits for: the phone's id of it, and the place it should have.

    Once the photo is here `picture_id` names it; the row stays, so that one which comes late finds
    its place among the others.
    """

    __tablename__ = "expected_photo"

    person_id: Mapped[int] = reference("person.id", primary_key=True)
    on_behalf_of: Mapped[int | None] = reference("person.id")
    photo_id: Mapped[UUID] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = reference("listing.id", index=True)
    position: Mapped[int]
    alt: Mapped[str] = mapped_column(String(200), default="")
    picture_id: Mapped[int | None] = reference("picture.id", unique=True)
    created_at: Mapped[datetime] = moment(default=clock.now)


class Permit(Base):
    """A number given by an authority: NIB for the business, P-IRT, BPOM MD, TR or halal for goods.

    Without a number it has been applied for and not given yet.
    """

    __tablename__ = "permit"
    __table_args__ = (
        CheckConstraint("kind in ('nib','pirt','md','tr','halal')", name="kind"),
        CheckConstraint("number <> ''", name="number"),
        UniqueConstraint("seller_id", "kind", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = reference("seller.id")
    kind: Mapped[str] = mapped_column(String(8))
    number: Mapped[str | None] = mapped_column(String(40))
    valid_until: Mapped[date | None]
    is_sample: Mapped[bool] = mapped_column(default=False)  # Demo world: shown with CONTOH.
    created_at: Mapped[datetime] = moment(default=clock.now)


class ListingPermit(Base):
    """A permit that covers a listing."""

    __tablename__ = "listing_permit"

    listing_id: Mapped[int] = reference("listing.id", primary_key=True)
    permit_id: Mapped[int] = reference("permit.id", primary_key=True, index=True)


class Inviter(Base):
    """Somebody who brings buyers, with the short code that she says at a till."""

    __tablename__ = "inviter"

    person_id: Mapped[int] = reference("person.id", primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    created_at: Mapped[datetime] = moment(default=clock.now)


class Referral(Base):
    """A link by which a person passes a product on; visits are counted, visitors not known."""

    __tablename__ = "referral"
    __table_args__ = (UniqueConstraint("person_id", "listing_id"),)

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    person_id: Mapped[int] = reference("person.id")
    listing_id: Mapped[int] = reference("listing.id", index=True)
    visits: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = moment(default=clock.now)
