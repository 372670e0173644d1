"""Photos of products and shops: sent, put in order, described, taken away."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

from core import album, audit
from core.actors import Actor
from core.album import Picture
from core.config import settings
from core.db import Reader, in_transaction
from core.db import db as database
from core.errors import DomainError, NotFound
from sellers.models import ExpectedPhoto, ListingPicture, Seller
from sellers.owning import own_listing, own_shop
from sellers.rights import GOODS, SHOP
from sellers.settings import SellerSettings
from sellers.shops import fit

_COLUMNS = (
    Picture.id, Picture.state, Picture.key_base, Picture.width, Picture.height,
    Picture.alt, Picture.colour, Picture.refused_reason,
)  # fmt: skip


class TooManyPhotos(DomainError):
    """The limit of photos of one product is reached."""

    sentence = _l("Fotonya sudah cukup banyak. Hapus satu dulu, lalu kirim yang baru.")


def list_of(db: Reader, listing_id: int) -> list[Any]:
    """Photos of one product in their order, those still waiting or refused too."""
    query = (
        select(*_COLUMNS)
        .join(ListingPicture, ListingPicture.picture_id == Picture.id)
        .where(ListingPicture.listing_id == listing_id)
        .order_by(ListingPicture.position)
    )
    return list(db.execute(query))


def attach(*, actor: Actor, listing_id: int, content: bytes, alt: str = "") -> Picture:
    """Take in a photo of a product as its last one; a blank `alt` becomes the product's name.

    The bytes are stored before any transaction opens. Raises TooManyPhotos and what
    `pictures.inspect` raises.
    """
    listing = own_listing(database.session(), actor, listing_id, GOODS)
    require_room(database.session(), listing_id)
    picture = album.receive(actor=actor, content=content, alt=(alt.strip() or listing.name)[:200])
    _attach(actor=actor, listing_id=listing_id, picture_id=picture.id)
    return picture


def require_room(db: Session, listing_id: int) -> int:
    """How many photos a product has; those it waits for need room, too. Raises TooManyPhotos."""
    have = select(func.count()).where(ListingPicture.listing_id == listing_id)
    awaited = select(func.count()).where(
        ExpectedPhoto.listing_id == listing_id, ExpectedPhoto.picture_id.is_(None)
    )
    count = db.scalar(have) or 0
    if count + (db.scalar(awaited) or 0) >= settings(SellerSettings).photos_max:
        raise TooManyPhotos
    return count


def insert(db: Session, listing_id: int, ids: list[int], place: int, picture_id: int) -> None:
    """Put a picture in at this place among the others, which are given in their order."""
    db.add(ListingPicture(picture_id=picture_id, listing_id=listing_id, position=len(ids)))
    db.flush()
    _number(db, listing_id, [*ids[:place], picture_id, *ids[place:]])


@in_transaction()
def _attach(db: Session, *, actor: Actor, listing_id: int, picture_id: int) -> None:
    listing = own_listing(db, actor, listing_id, GOODS, lock=True)
    last = require_room(db, listing.id)
    db.add(ListingPicture(picture_id=picture_id, listing_id=listing.id, position=last))
    audit.record(db, actor, "photo.attach", "listing", listing.id, picture=picture_id)


def show_shop(*, actor: Actor, seller_id: int, content: bytes) -> Picture:
    """Take in the picture of a shop; raises what `pictures.inspect` raises."""
    shop = own_shop(database.session(), actor, seller_id, SHOP)
    picture = album.receive(actor=actor, content=content, alt=shop.store_name)
    _show_shop(actor=actor, seller_id=seller_id, picture_id=picture.id)
    return picture


@in_transaction()
def _show_shop(db: Session, *, actor: Actor, seller_id: int, picture_id: int) -> None:
    shop = own_shop(db, actor, seller_id, SHOP, lock=True)
    last, shop.picture_id = shop.picture_id, picture_id
    db.flush()
    if last is not None:
        _let_go(db, last)
    audit.record(db, actor, "photo.show_shop", "seller", seller_id, picture=picture_id)


def _let_go(db: Session, picture_id: int) -> None:
    """Erase a picture, unless another product or shop still shows it."""
    uses = select(ListingPicture.picture_id).union_all(select(Seller.picture_id)).subquery()
    if db.scalar(select(uses).where(uses.c.picture_id == picture_id).limit(1)) is None:
        album.erase(db, picture_id)


def shop_picture(db: Reader, shop: Seller) -> Any | None:
    """The picture of a shop with its state, or None."""
    return db.execute(select(*_COLUMNS).where(Picture.id == shop.picture_id)).first()


@in_transaction()
def move(db: Session, *, actor: Actor, listing_id: int, picture_id: int, steps: int) -> None:
    """Move a photo towards the front (negative) or the end; beyond the ends it stays at the end."""
    ids = _locked_order(db, actor, listing_id, picture_id)
    place = max(0, min(ids.index(picture_id) + steps, len(ids) - 1))
    ids.remove(picture_id)
    ids.insert(place, picture_id)
    _number(db, listing_id, ids)
    audit.record(db, actor, "photo.move", "listing", listing_id, picture=picture_id, place=place)


@in_transaction()
def remove(db: Session, *, actor: Actor, listing_id: int, picture_id: int) -> None:
    """Take a photo off a product and out of the storage."""
    ids = _locked_order(db, actor, listing_id, picture_id)
    db.delete(db.get_one(ListingPicture, picture_id))
    db.execute(delete(ExpectedPhoto).where(ExpectedPhoto.picture_id == picture_id))
    db.flush()
    ids.remove(picture_id)
    _number(db, listing_id, ids)
    _let_go(db, picture_id)
    audit.record(db, actor, "photo.remove", "listing", listing_id, picture=picture_id)


@in_transaction()
def describe(db: Session, *, actor: Actor, listing_id: int, picture_id: int, alt: str) -> None:
    """Say what a photo shows, for those who hear pages."""
    _locked_order(db, actor, listing_id, picture_id)
    fit(Picture, {"alt": alt})
    db.get_one(Picture, picture_id).alt = alt
    audit.record(db, actor, "photo.describe", "picture", picture_id)


def _locked_order(db: Session, actor: Actor, listing_id: int, picture_id: int) -> list[int]:
    """Ids of the product's photos in order, the product locked; raises NotFound."""
    own_listing(db, actor, listing_id, GOODS, lock=True)
    query = select(ListingPicture.picture_id).where(ListingPicture.listing_id == listing_id)
    ids = list(db.scalars(query.order_by(ListingPicture.position)))
    if picture_id not in ids:
        raise NotFound
    return ids


def _number(db: Session, listing_id: int, ids: list[int]) -> None:
    """One statement, because the unique positions are checked at its end."""
    if ids:
        places = case(
            {one: place for place, one in enumerate(ids)}, value=ListingPicture.picture_id
        )
        db.execute(
            update(ListingPicture)
            .where(ListingPicture.listing_id == listing_id)
            .values(position=places)
            .execution_options(synchronize_session=False)
        )
