"""How what a helper changed of products and shops is put back, on the owner's word."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time
from typing import Any

from sqlalchemy.orm import Session

from core import audit
from core.actors import SYSTEM
from sellers import listings, publishing, shops, variants
from sellers.helping.deeds import WayBack, undoes
from sellers.listings import Details
from sellers.models import Listing, Seller, Variant
from sellers.variants import Size

STATES = {"archived": listings.archive, "draft": listings.restore, "live": publishing.publish}


def _size(db: Session, key: str, names: Iterable[str]) -> dict[str, Any]:
    variant = db.get_one(Variant, int(key), populate_existing=True)
    return {name: getattr(variant, name) for name in names}


def _put_size(db: Session, key: str, old: dict[str, Any]) -> None:
    known = {name: value for name, value in old.items() if name in Size.__dataclass_fields__}
    size = replace(variants.size_of(db.get_one(Variant, int(key))), **known)
    variants.edit.within(db, actor=SYSTEM, variant_id=int(key), size=size)


def _listing(db: Session, key: str, names: Iterable[str]) -> dict[str, Any]:
    listing = db.get_one(Listing, int(key), populate_existing=True)
    return {name: getattr(listing, name) for name in names}


def _put_words(db: Session, key: str, old: dict[str, Any]) -> None:
    boxes = {box: old[box] for box in old if box in Details.__annotations__}
    changes = Details(**boxes)  # type: ignore[typeddict-item]
    listings.edit.within(db, actor=SYSTEM, listing_id=int(key), changes=changes)


def _put_state(db: Session, key: str, old: dict[str, Any]) -> None:
    STATES[old["state"]].within(db, actor=SYSTEM, listing_id=int(key))


def _shop(db: Session, key: str, names: Iterable[str]) -> dict[str, Any]:
    shop = db.get_one(Seller, int(key), populate_existing=True)
    return shops.plain({name: getattr(shop, name) for name in names})


def _put_shop(db: Session, key: str, old: dict[str, Any]) -> None:
    shop = db.get_one(Seller, int(key), with_for_update=True)
    for name, read in (("resting_until", date.fromisoformat), ("cutoff", time.fromisoformat)):
        if old.get(name):
            old[name] = read(old[name])
    for name in old.keys() & {*shops.REST, *shops.TOLD_BY_HELPERS}:
        setattr(shop, name, old[name])
    audit.record(db, SYSTEM, "shop.put_back", "seller", shop.id)


undoes("variant.edit", WayBack(_size, _put_size))
undoes("listing.edit", WayBack(_listing, _put_words))
for _action in ("listing.draft", "listing.archived", "listing.publish"):
    undoes(_action, WayBack(_listing, _put_state))
for _action in ("shop.edit", "shop.rest", "shop.reopen"):
    undoes(_action, WayBack(_shop, _put_shop))
