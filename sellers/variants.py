"""Sizes of a product: each with its price, weight and box. One is put away, never deleted."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, clock
from core.actors import Actor
from core.config import settings
from core.db import in_transaction
from core.errors import DomainError
from core.money import RUPIAH_MAX
from sellers import prices
from sellers.grams import WEIGHT_MAX_GRAMS
from sellers.helping import deeds, limits
from sellers.models import Listing, Variant
from sellers.owning import own_listing, own_variant, require
from sellers.rights import GOODS, PRICES, PUBLISH
from sellers.settings import SellerSettings
from sellers.shops import fit

SIDE_MAX_CM = 200


class BadPrice(DomainError):
    """Free goods and slips of the finger are no prices."""

    sentence = _l("Harga harus lebih dari nol. Tulis angkanya saja, contoh 15000.")


class BadWeight(DomainError):
    """A parcel weighs something, and not more than a person can carry."""

    sentence = _l("Berat harus dari 1 gram sampai 100 kg.")


class TooManyVariants(DomainError):
    """The limit of sizes is reached, those put away included."""

    sentence = _l("Ukuran barang ini sudah terlalu banyak. Buat barang baru.")


class LastVariant(DomainError):
    """What buyers can see keeps a price."""

    sentence = _l("Barang yang tayang perlu satu harga. Arsipkan barangnya bila tidak dijual.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What is known of a size: rupiah, grams of the packed parcel, centimetres of its box.

    `production_cost` is the maker's own figure and is shown to nobody else.
    """

    price: int
    weight_grams: int
    name: str = ""
    unit: str = "bungkus"
    net_weight_grams: int | None = None
    length_cm: int | None = None
    width_cm: int | None = None
    height_cm: int | None = None
    production_cost: int | None = None
    is_sample: bool = False

    def check(self) -> None:
        """Raise BadPrice, BadWeight or TooLong."""
        if not 0 < self.price <= RUPIAH_MAX or not 0 <= (self.production_cost or 0) <= RUPIAH_MAX:
            raise BadPrice
        if not 0 < self.weight_grams <= WEIGHT_MAX_GRAMS:
            raise BadWeight
        if self.net_weight_grams is not None and not 0 < self.net_weight_grams <= WEIGHT_MAX_GRAMS:
            raise BadWeight
        fit(Variant, {"name": self.name, "unit": self.unit})


def _is_last(db: Session, listing: Listing, variant_id: int) -> bool:
    """Whether buyers would be left without a price: a sample is none."""
    full = [one.id for one in list_of(db, listing.id) if not one.is_sample]
    return listing.state == "live" and full == [variant_id]


def _named(size: Size) -> Size:
    """A sample is called so in baskets, orders and on packing notes, unless she named it."""
    return replace(size, name="Contoh kecil") if size.is_sample and not size.name else size


def size_of(variant: Variant) -> Size:
    """The facts of a size as they stand."""
    return Size(**{name: getattr(variant, name) for name in Size.__dataclass_fields__})


def list_of(db: Session, listing_id: int, *, archived: bool = False) -> list[Variant]:
    """Sizes of one product in their order: those on sale, or those put away."""
    is_away = Variant.archived_at.is_not(None) if archived else Variant.archived_at.is_(None)
    query = select(Variant).where(Variant.listing_id == listing_id, is_away)
    return list(db.scalars(query.order_by(Variant.position, Variant.id)))


def write(db: Session, listing: Listing, size: Size, *, sku: str = "") -> Variant:
    """Add a size to a product the caller has locked; raises as `Size.check`, or TooManyVariants."""
    size = _named(size)
    size.check()
    count = func.count(Variant.id)
    number = db.scalar(select(count).where(Variant.listing_id == listing.id)) or 0
    if number >= settings(SellerSettings).variants_max:
        raise TooManyVariants
    made = Variant(
        listing_id=listing.id,
        sku=sku or f"B{listing.id}-{number + 1}",
        position=number,
        **asdict(size),
    )
    db.add(made)
    db.flush()
    return made


@in_transaction()
def add(db: Session, *, actor: Actor, listing_id: int, size: Size) -> Variant:
    """Add a size; raises as `write`, and NotForHer: what buyers see gets a price only from who may
    set prices.
    """
    listing = own_listing(db, actor, listing_id, GOODS, lock=True)
    if listing.state == "live":
        require(db, actor, listing.seller_id, PRICES)
    made = write(db, listing, size)
    audit.record(db, actor, "variant.add", "variant", made.id, price=size.price)
    return made


@in_transaction()
def edit(db: Session, *, actor: Actor, variant_id: int, size: Size) -> Variant:
    """Change price, weight or box for what is sold from now on; sold goods keep their terms.

    What it costs to make stays as it is where a helper writes. Raises as `Size.check`, NotForHer,
    and LastVariant where the only full size would become a sample.
    """
    listing, variant = own_variant(db, actor, variant_id, GOODS, PRICES)
    if actor.on_behalf_of is not None:
        size = replace(size, production_cost=variant.production_cost)
    size = _named(size)
    size.check()
    if size.is_sample and _is_last(db, listing, variant_id):
        raise LastVariant
    before = variant.price
    if size.price != before:
        require(db, actor, listing.seller_id, PRICES)
        limits.price(db, actor, listing.seller_id, variant_id, before, size.price)
    if replace(size, price=before) != size_of(variant):
        require(db, actor, listing.seller_id, GOODS)
    old = asdict(size_of(variant))
    new: dict[str, Any] = asdict(size)
    for name, value in new.items():
        setattr(variant, name, value)
    if size.price != before:
        prices.changed(db, variant_id, before, size.price)
    facts = {"price": size.price, "listing": listing.id}
    deeds.record(
        db, actor, "variant.edit", "variant", variant.id,
        seller_id=listing.seller_id, before=old, after=new, was=before, **facts,
    )  # fmt: skip
    return variant


@in_transaction()
def archive(db: Session, *, actor: Actor, variant_id: int) -> Variant:
    """Put a size away; raises LastVariant where buyers would be left without a price."""
    listing, variant = own_variant(db, actor, variant_id, PUBLISH)
    if variant.archived_at is None:
        if _is_last(db, listing, variant_id):
            raise LastVariant
        variant.archived_at = clock.now()
        audit.record(db, actor, "variant.archive", "variant", variant.id)
    return variant


@in_transaction()
def restore(db: Session, *, actor: Actor, variant_id: int) -> Variant:
    """Sell a size again."""
    _listing, variant = own_variant(db, actor, variant_id, PUBLISH)
    if variant.archived_at is not None:
        variant.archived_at = None
        audit.record(db, actor, "variant.restore", "variant", variant.id)
    return variant
