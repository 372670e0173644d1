"""Builders of what a buyer walks past: goods with a price, on a shelf, with a photo."""

import itertools
from datetime import timedelta

from core import clock
from core.actors import SYSTEM
from core.album import Picture
from core.db import db
from sellers.models import Category, Listing, ListingPermit, ListingPicture, Permit, Variant
from shop import vocabulary
from tests.cooperatives.factories import a_home, a_lot, a_seller, a_variant, owner_of, saved

numbers = itertools.count(1)


def a_shelf(name="Keripik", **more):
    """A kind of goods."""
    n = next(numbers)
    return saved(Category(**{"slug": f"{name.lower()}-{n}", "name": name, **more}))


def goods(
    name="Keripik Pisang", *, seller=None, prices=(15_000,), units=0, at=None, minutes=None, **more
):
    """A product on sale with a size for each price, `units` of the first at her home or `at`.

    The later it is built, the newer it is; `minutes` says how many minutes ago instead.
    """
    age = timedelta(minutes=minutes) if minutes is not None else -timedelta(seconds=next(numbers))
    n = next(numbers)
    values = {"slug": f"barang-{n}", "state": "live", "published_at": clock.now() - age, **more}
    values["category_id"] = more.get("category_id") or a_shelf().id
    listing = saved(Listing(name=name, seller_id=(seller or a_seller()).id, **values))
    sizes = [a_variant(listing, price=price, position=n) for n, price in enumerate(prices)]
    if units:
        stock(sizes[0], units, at)
    return listing


def first_size(listing):
    return db.session.query(Variant).filter_by(listing_id=listing.id, position=0).one()


def stock(size, units, at=None):
    """Units of one size come to her home or to a place."""
    return a_lot(size, at or a_home(seller=owner_of(size)), units)


def photograph(listing, *, key="public/photo/0123456789abcdef01234567", state="ready", position=0):
    picture = saved(
        Picture(state=state, key_base=key, width=1280, height=960, colour="#c08040", alt="Renyah")
    )
    return saved(ListingPicture(picture_id=picture.id, listing_id=listing.id, position=position))


def certified(listing, *, number="ID33110000123450223", until=None):
    """A halal certificate covers the product."""
    permit = saved(
        Permit(seller_id=listing.seller_id, kind="halal", number=number, valid_until=until)
    )
    return saved(ListingPermit(listing_id=listing.id, permit_id=permit.id))


def learn():
    """Let the search know every word on sale."""
    vocabulary.recount(actor=SYSTEM)
