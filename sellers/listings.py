"""Products: drafted in a minute, completed later, put away and brought back, never lost.

Showing them to buyers is `publishing`; their sizes are `variants`.
"""

from typing import Any, TypedDict

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select, true
from sqlalchemy.orm import Session

from core import news
from core.actors import Actor
from core.album import Picture
from core.config import settings
from core.db import Reader, in_transaction
from core.errors import DomainError
from sellers import publishing, slugs, variants
from sellers.helping import deeds
from sellers.models import (
    HALAL_STATES,
    LISTING_STATES,
    Category,
    Listing,
    ListingPicture,
    Variant,
)
from sellers.owning import mine, own_listing, own_shop
from sellers.rights import GOODS, PUBLISH, SHELF
from sellers.settings import SellerSettings
from sellers.shops import fit
from sellers.variants import Size

PAGE_SIZE = 24
NAME_MAX = 120


class Details(TypedDict, total=False):
    """What may be changed of a product; what is left out stays."""

    name: str
    name_en: str
    category_id: int | None
    description: str
    description_en: str
    translations: dict[str, dict[str, str]]
    ingredients: str
    ingredients_en: str
    allergens: list[str]
    storage: str
    storage_en: str
    shelf_life_days: int | None
    halal: str
    made_to_order: bool
    lead_days: int
    capacity_sunny: int | None
    capacity_rainy: int | None
    export_to: list[str]
    tags: list[str]


class NoName(DomainError):
    """A product is called something."""

    sentence = _l("Nama barang belum diisi.")


class NoSuchCategory(DomainError):
    """A kind of goods that is not on the list."""

    sentence = _l("Jenis barang ini tidak ada. Pilih dari daftar.")


class BadFigure(DomainError):
    """Days and pieces are counted, not owed."""

    sentence = _l("Ada angka yang tidak masuk akal. Periksa hari dan jumlah.")


class TooManyListings(DomainError):
    """The limit of products of one shop is reached."""

    sentence = _l("Toko ini sudah punya terlalu banyak barang. Hubungi pengelola.")


@in_transaction()
def draft(
    db: Session,
    *,
    actor: Actor,
    seller_id: int,
    details: Details,
    size: Size | None = None,
    slug: str = "",
    sku: str = "",
) -> Listing:
    """Begin a product, with its first size if that is known. Only its name is needed.

    The address comes from `slug` or the name and stays for ever. Raises TooManyListings,
    ReservedName and what `edit` and `variants.write` raise.
    """
    shop = own_shop(db, actor, seller_id, GOODS, lock=True)
    count = func.count(Listing.id)
    number = db.scalar(select(count).where(Listing.seller_id == shop.id)) or 0
    if number >= settings(SellerSettings).listings_max:
        raise TooManyListings
    details = _checked(db, {"name": "", **details})
    address = slugs.choose(db, Listing.slug, slug or details["name"])
    listing = Listing(slug=address, seller_id=shop.id, state="draft", hidden_reason="")
    _write(db, listing, details)
    db.add(listing)
    db.flush()
    if size is not None:
        variants.write(db, listing, size, sku=sku)
    publishing.ask_for_halal(db, actor, listing)
    deeds.record(
        db, actor, "listing.draft", "listing", listing.id,
        seller_id=shop.id, before={"state": "archived"}, after={"state": "draft"}, seller=shop.id,
    )  # fmt: skip
    return listing


@in_transaction()
def edit(db: Session, *, actor: Actor, listing_id: int, changes: Details) -> Listing:
    """Change what the product tells; its address stays.

    What buyers see already must stay fit to be seen: raises NotReady. Raises NoName,
    NoSuchCategory, BadFigure or TooLong.
    """
    listing = own_listing(db, actor, listing_id, GOODS, lock=True)
    before = publishing.blocking(db, listing)
    old = {box: getattr(listing, box) for box in changes}
    _write(db, listing, _checked(db, changes))
    publishing.keep_ready(db, listing, before)
    publishing.ask_for_halal(db, actor, listing)
    if listing.state == "live":
        news.tell(db, "listing_published", listing_id=listing.id)
    deeds.record(
        db, actor, "listing.edit", "listing", listing.id,
        seller_id=listing.seller_id, before=old, after=changes, boxes=sorted(changes),
    )  # fmt: skip
    return listing


@in_transaction()
def archive(db: Session, *, actor: Actor, listing_id: int) -> Listing:
    """Put the product away; what was sold of it stays in everybody's history."""
    return _move(db, actor, listing_id, "archived")


@in_transaction()
def restore(db: Session, *, actor: Actor, listing_id: int) -> Listing:
    """Bring a product back as a draft, or take a live one back to work on it."""
    return _move(db, actor, listing_id, "draft")


@in_transaction()
def duplicate(db: Session, *, actor: Actor, listing_id: int) -> Listing:
    """Begin a new draft like this one. Photos and permit numbers belong to the first alone."""
    old = own_listing(db, actor, listing_id, GOODS)
    name = _("%(name)s (salinan)", name=old.name)
    kept: dict[str, Any] = {box: getattr(old, box) for box in Details.__annotations__}
    if old.halal == "certified":
        kept["halal"] = "none"
    made = draft.within(
        db,
        actor=actor,
        seller_id=old.seller_id,
        details={**kept, "name": name[:NAME_MAX]},  # type: ignore[typeddict-item]
    )
    for variant in variants.list_of(db, old.id):
        variants.write(db, made, variants.size_of(variant))
    return made


def _move(db: Session, actor: Actor, listing_id: int, state: str) -> Listing:
    listing = own_listing(db, actor, listing_id, PUBLISH, lock=True)
    if listing.state != state:
        before, listing.state = listing.state, state
        deeds.record(
            db, actor, f"listing.{state}", "listing", listing.id,
            seller_id=listing.seller_id, before={"state": before}, after={"state": state},
        )  # fmt: skip
        publishing.ask_for_halal(db, actor, listing)
    return listing


def _checked(db: Session, changes: Details) -> Details:
    if not changes.get("name", "-").strip():
        raise NoName
    fit(Listing, changes)
    category_id = changes.get("category_id")
    if category_id is not None and db.get(Category, category_id) is None:
        raise NoSuchCategory
    if changes.get("halal", "none") not in HALAL_STATES:
        raise BadFigure
    figures = (
        changes.get("shelf_life_days") or 1,
        changes.get("lead_days", 0) + 1,
        (changes.get("capacity_sunny") or 0) + 1,
        (changes.get("capacity_rainy") or 0) + 1,
    )
    if min(figures) < 1:
        raise BadFigure
    return changes


def _write(db: Session, listing: Listing, changes: Details) -> None:
    for box, value in changes.items():
        setattr(listing, box, value)
    category = db.get(Category, listing.category_id) if listing.category_id else None
    if category is None:
        return
    edible = category.is_food or category.is_herbal
    if not edible:
        listing.halal = "not_food"
    elif listing.halal == "not_food":
        listing.halal = "none"


def categories(db: Session) -> list[Category]:
    """Every kind of goods in its order, closed ones too: the page says why they are closed."""
    return list(db.scalars(select(Category).order_by(Category.position, Category.name)))


def names(db: Reader, actor: Actor, seller_id: int) -> dict[int, str]:
    """Every product of a shop by id, those put away too; a shop has a limited number."""
    query = select(Listing.id, Listing.name).where(
        Listing.seller_id == seller_id, mine(actor, Listing.seller_id, *SHELF)
    )
    return {row.id: row.name for row in db.execute(query.order_by(Listing.name, Listing.id))}


def list_page(
    db: Reader, actor: Actor, seller_id: int, *, state: str = "", words: str = "", page: int = 1
) -> tuple[list[Any], int]:
    """One page of a shop's products with first photo and lowest price, and how many there are.

    Without a `state` everything but what was put away.
    """
    query = select(Listing.id).where(
        Listing.seller_id == seller_id, mine(actor, Listing.seller_id, *SHELF)
    )
    if state in LISTING_STATES:
        query = query.where(Listing.state == state)
    else:
        query = query.where(Listing.state != "archived")
    if words:
        query = query.where(Listing.name.icontains(words, autoescape=True))
    count = db.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = _rows(query).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return list(db.execute(rows)), count


def _rows(chosen: Select[int]) -> Select[Any]:
    photo = (
        select(
            Picture.key_base, Picture.width, Picture.height, Picture.alt, Picture.colour,
            Picture.state.label("picture_state"),
        )
        .join(ListingPicture, ListingPicture.picture_id == Picture.id)
        .where(ListingPicture.listing_id == Listing.id)
        .order_by(Picture.state != "ready", ListingPicture.position)
        .limit(1)
        .lateral()
    )  # fmt: skip
    prices = (
        select(
            func.min(Variant.price).filter(~Variant.is_sample).label("price"),
            func.count(Variant.id).label("sizes"),
        )
        .where(Variant.listing_id == Listing.id, Variant.archived_at.is_(None))
        .lateral()
    )
    return (
        select(
            Listing.id, Listing.name, Listing.state, Listing.hidden_reason, *photo.c, *prices.c
        )
        .select_from(Listing)
        .outerjoin(photo, true())
        .join(prices, true())
        .where(Listing.id.in_(chosen))
        .order_by(Listing.created_at.desc(), Listing.id.desc())
    )  # fmt: skip
