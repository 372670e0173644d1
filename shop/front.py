"""What stands behind the front door: kinds of goods, kiosks, makers and what they tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, or_, select

from cooperatives.models.stock import Place
from core import album
from core.album import Picture
from core.db import Reader
from core.errors import NotFound
from core.images import Photo
from sellers.models import Category, Listing, Seller
from shop.catalogue import Page, neighbourhood
from shop.facets import LISTED
from shop.makers import told

MAKERS_SHOWN = 4
NEWEST_LOOKED_AT = 200  # Goods among whose makers the front door chooses.
KIOSKS_SHOWN = 6
LINE_LETTERS_MAX = 140
STORY_LETTERS_MAX = 420


@dataclass(frozen=True, slots=True)
class Shelf:
    """A kind of goods, named in the reader's language."""

    slug: str
    name: str
    closed_reason: str


@dataclass(frozen=True, slots=True)
class Kiosk:
    """An open kiosk and where it is."""

    slug: str
    name: str
    near: str


@dataclass(frozen=True, slots=True)
class Teller:
    """A maker who has said something about herself: in one line, and at length."""

    url: str
    name: str
    place: str
    note: str
    story: str
    photo: Photo | None


_SHELVES = select(Category.slug, Category.name, Category.name_en, Category.closed_reason)
_ALL_SHELVES = _SHELVES.order_by(Category.position, Category.name)
_ONE_SHELF = _SHELVES.where(Category.slug == bindparam("slug"))


def list_shelves(db: Reader) -> list[Shelf]:
    """Every kind of goods that is open, in its order; a house has a dozen or two."""
    return [_shelf(row) for row in db.execute(_ALL_SHELVES) if not row.closed_reason]


def get_shelf(db: Reader, slug: str, page: Page) -> Shelf:
    """The kind of these goods, a closed one too: its page says why. Raises NotFound.

    Goods tell the name of their kind, so it is asked for only where there are none.
    """
    if page.rows:
        return Shelf(slug, page.shelf_name, "")
    row = db.execute(_ONE_SHELF, {"slug": slug}).one_or_none()
    if row is None:
        raise NotFound
    return _shelf(row)


def _shelf(row: Any) -> Shelf:
    return Shelf(row.slug, told(row, "name"), row.closed_reason)


_KIOSKS = (
    select(Place.slug, Place.name, Place.village, Place.landmark, Place.district_code)
    .where(Place.kind == "kiosk", Place.closed_at.is_(None))
    .order_by(Place.id)
    .limit(KIOSKS_SHOWN)
)


def list_kiosks(db: Reader) -> list[Kiosk]:
    """The first open kiosks; a kiosk is a public place, so its landmark may be told."""
    return [
        Kiosk(row.slug, row.name, row.landmark or row.village or neighbourhood(row.district_code))
        for row in db.execute(_KIOSKS)
    ]


@cache
def _tellers() -> Select[Any]:
    newest = (
        select(Listing.seller_id, Listing.published_at)
        .where(LISTED)
        .order_by(Listing.published_at.desc(), Listing.id.desc())
        .limit(literal_column(str(NEWEST_LOOKED_AT)))
        .subquery()
    )
    latest = (
        select(newest.c.seller_id, func.max(newest.c.published_at).label("at"))
        .group_by(newest.c.seller_id)
        .subquery()
    )
    boxes: list[Any] = [
        Seller.slug, Seller.store_name, Seller.district_code, Seller.mission,
        Seller.difference, Seller.story, Seller.story_en,
        Picture.key_base, Picture.width, Picture.height, Picture.alt, Picture.colour,
    ]  # fmt: skip
    return (
        select(*boxes)
        .join(latest, latest.c.seller_id == Seller.id)
        .outerjoin(
            Picture,
            (Picture.id == Seller.picture_id) & (Picture.state == literal_column("'ready'")),
        )
        .where(Seller.closed_at.is_(None), Seller.resting.is_(False))
        .where(or_(Seller.mission != "", Seller.difference != "", Seller.story != ""))
        .order_by(latest.c.at.desc(), Seller.id)
        .limit(literal_column(str(MAKERS_SHOWN)))
    )


def list_tellers(db: Reader) -> list[Teller]:
    """Makers of the newest goods who have told something, the newest first."""
    return [_teller(row, told(row, "story")) for row in db.execute(_tellers())]


def _teller(row: Any, story: str) -> Teller:
    return Teller(
        f"/toko/{row.slug}",
        row.store_name,
        neighbourhood(row.district_code),
        shortened(row.mission or row.difference or story, LINE_LETTERS_MAX),
        shortened(story, STORY_LETTERS_MAX),
        album.photo_of(row),
    )


def the_story(tellers: Sequence[Teller]) -> Teller | None:
    """The one whose story is told at length today."""
    return next((one for one in tellers if one.story), None)


def shortened(text: str, letters_max: int) -> str:
    """The beginning of a text, cut between words; longer texts end in three dots."""
    text = " ".join(text.split())
    if len(text) <= letters_max:
        return text
    return text[:letters_max].rsplit(" ", 1)[0].rstrip(",.;:") + "…"
