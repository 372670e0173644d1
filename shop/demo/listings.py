"""The thirty products of the demo world, with their permits; the one without a number waits."""

from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from sellers import listings, permits, publishing, variants
from sellers.models import Category
from sellers.variants import Size
from shop.demo.cast import Cast, day, read


def load(db: Session, cast: Cast) -> None:
    """Put up the shelves, then draft every product and show those that are ready."""
    written = read("listings")
    shelves = _categories(db, written["categories"])
    for row in written["listings"]:
        _list(db, cast, shelves, row)


def _categories(db: Session, rows: list[dict[str, Any]]) -> dict[str, int]:
    numbered = [row | {"position": position} for position, row in enumerate(rows)]
    ids = db.scalars(
        insert(Category).returning(Category.id, sort_by_parameter_order=True), numbered
    )
    return dict(zip((row["slug"] for row in rows), ids, strict=True))


def _list(db: Session, cast: Cast, shelves: dict[str, int], row: dict[str, Any]) -> None:
    maker, seller_id = cast.actor(row["seller"]), cast.shops[row["seller"]]
    listing = listings.draft.within(
        db,
        actor=maker,
        seller_id=seller_id,
        details=row["details"] | {"category_id": shelves[row["category"]]},
        size=Size(**row["size"]),
        sku=row["sku"],
    )
    cast.listings[row["key"]] = listing.id
    (cast.variants[row["key"]],) = (size.id for size in variants.list_of(db, listing.id))
    if "sample" in row:
        size = Size(**row["sample"])
        made = variants.add.within(db, actor=maker, listing_id=listing.id, size=size)
        cast.variants[f"{row['key']}-sample"] = made.id
    for permit in row["permits"]:
        permits.add.within(
            db,
            actor=maker,
            seller_id=seller_id,
            kind=permit["kind"],
            listing_ids=[listing.id],
            is_sample=True,
            **_number(permit),
        )
    if row["is_live"]:
        publishing.publish.within(db, actor=maker, listing_id=listing.id)


def _number(permit: dict[str, str]) -> dict[str, Any]:
    """The number and its last day; a P-IRT number ends with the year of that day."""
    typed = permit["typed"]
    if "valid_until" not in permit:
        return {"typed": typed}
    ends = day(permit["valid_until"])
    if permit["kind"] == "pirt":
        typed = f"{typed[:-2]}{ends.year % 100:02}"
    return {"typed": typed, "valid_until": ends}
