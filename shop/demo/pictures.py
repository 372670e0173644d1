"""The pictures of the demo world, drawn by jobs one after another while the house is open already.

Buyers see the newest products first, so those are drawn first and the makers last. Each job asks
for the next one when it is done: however slow the machine, other jobs wait for one drawing and not
for forty. Groups and the kiosk have drawings too, but their tables keep no picture yet.
"""

from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import jobs
from core.actors import SYSTEM
from core.db import db as database
from core.db import in_transaction
from sellers import photos
from sellers.models import Seller, Variant
from shop.demo import drawing
from shop.demo.cast import read

DRAWN: dict[str, Any] = {
    row["key"]: row for row in (*reversed(read("listings")["listings"]), *read("shops")["shops"])
}
"""Products, the newest first, and then makers, by demo key, in the order they are drawn in."""

FOLLOWING = dict(pairwise(DRAWN))


def ask_for_first(db: Session) -> None:
    """Defer the first picture; the others follow by themselves."""
    jobs.defer(db, draw_demo_picture, key=next(iter(DRAWN)))


@jobs.job("shop.draw_demo_picture", key="key")
def draw_demo_picture(key: str) -> None:
    """Draw one picture, hand it in as a photo, and ask for the next one; done ones are left alone.

    A picture that fails does not stop those after it: it is tried again on its own.
    """
    try:
        _draw(key, DRAWN[key])
    finally:
        if key in FOLLOWING:
            _ask_for(key=FOLLOWING[key])


@in_transaction()
def _ask_for(db: Session, *, key: str) -> None:
    jobs.defer(db, draw_demo_picture, key=key)


def _draw(key: str, row: dict[str, Any]) -> None:
    db = database.session()
    if "sku" in row:
        listing_id = db.scalar(select(Variant.listing_id).where(Variant.sku == row["sku"]))
        if listing_id is not None and not photos.list_of(db, listing_id):
            photos.attach(
                actor=SYSTEM,
                listing_id=listing_id,
                content=drawing.render(key),
                alt=row["picture"],
            )
        return
    bare = select(Seller.id).where(Seller.slug == row["slug"], Seller.picture_id.is_(None))
    seller_id = db.scalar(bare)
    if seller_id is not None:
        photos.show_shop(actor=SYSTEM, seller_id=seller_id, content=drawing.render(key))
