"""The facts a check looks at, collected for any number of products in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.album import Picture
from sellers.checks import PermitFact, Sheet
from sellers.models import Category, Listing, ListingPermit, ListingPicture, Permit, Variant

TEXTS = (
    "name", "name_en", "description", "description_en",
    "ingredients", "ingredients_en", "storage", "storage_en",
)  # fmt: skip


def edible(seller_id: int) -> Select[Listing]:
    """The query of her goods that can be eaten or drunk and are not put away."""
    return (
        select(Listing)
        .join(Category, Category.id == Listing.category_id)
        .where(
            Listing.seller_id == seller_id,
            Listing.state != "archived",
            Category.is_food | Category.is_herbal,
        )
    )


def collect(db: Session, listings: Sequence[Listing]) -> dict[int, Sheet]:
    """The sheet of each product by its id."""
    ids = [listing.id for listing in listings]
    shelves = {one.id: one for one in db.scalars(select(Category))}
    sizes, photos, permits = _sizes(db, ids), _photos(db, ids), permit_facts(db, ids)
    return {
        one.id: _sheet(
            one,
            shelves[one.category_id] if one.category_id else None,
            sizes.get(one.id, (0, 0)),
            photos.get(one.id, (0, 0)),
            permits.get(one.id, []),
        )
        for one in listings
    }


def _sheet(
    listing: Listing,
    shelf: Category | None,
    sizes: tuple[int, int],
    photos: tuple[int, int],
    permits: list[PermitFact],
) -> Sheet:
    return Sheet(
        texts={box: getattr(listing, box) for box in TEXTS} | _translated(listing),
        has_category=shelf is not None,
        is_food=shelf is not None and shelf.is_food,
        is_herbal=shelf is not None and shelf.is_herbal,
        closed_reason=shelf.closed_reason if shelf else "",
        has_variant=sizes[0] > 0,
        has_net_weight=sizes[0] == sizes[1],
        halal=listing.halal,
        shelf_life_days=listing.shelf_life_days,
        permits=tuple(permits),
        photos=photos[0],
        photos_refused=photos[1],
    )


def _translated(listing: Listing) -> dict[str, str]:
    """Texts in further languages, kept as {"zh_hant": {"name": …}}."""
    return {
        f"{language}_{box}": str(text)
        for language, texts in listing.translations.items()
        for box, text in dict(texts).items()
    }


def _pairs(rows: Sequence[Any]) -> dict[int, tuple[int, int]]:
    return {key: (one, other) for key, one, other in rows}


def _sizes(db: Session, ids: list[int]) -> dict[int, tuple[int, int]]:
    """How many full sizes are on sale, and how many of them say their net weight."""
    query = (
        select(Variant.listing_id, func.count(Variant.id), func.count(Variant.net_weight_grams))
        .where(Variant.listing_id.in_(ids), Variant.archived_at.is_(None), ~Variant.is_sample)
        .group_by(Variant.listing_id)
    )
    return _pairs(db.execute(query).all())


def _photos(db: Session, ids: list[int]) -> dict[int, tuple[int, int]]:
    """How many photos there are, and how many of them were refused."""
    refused = func.count(Picture.id).filter(Picture.state == "refused")
    query = (
        select(ListingPicture.listing_id, func.count(Picture.id), refused)
        .join(Picture, Picture.id == ListingPicture.picture_id)
        .where(ListingPicture.listing_id.in_(ids))
        .group_by(ListingPicture.listing_id)
    )
    return _pairs(db.execute(query).all())


def permit_facts(db: Session, ids: Sequence[int]) -> dict[int, list[PermitFact]]:
    """The permits that cover each product."""
    query = (
        select(ListingPermit.listing_id, Permit.kind, Permit.number, Permit.valid_until)
        .join(Permit, Permit.id == ListingPermit.permit_id)
        .where(ListingPermit.listing_id.in_(ids))
        .order_by(Permit.id)
    )
    found: defaultdict[int, list[PermitFact]] = defaultdict(list)
    for row in db.execute(query):
        fact = PermitFact(row.kind, row.number is not None, row.valid_until)
        found[row.listing_id].append(fact)
    return found
