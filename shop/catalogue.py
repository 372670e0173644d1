"""The goods as a buyer walks past them: cards in a list, newest first.

Everything a page of cards shows comes from one query. It takes the few newest listings first and
asks for price, stock and photo of those alone, so a shop of 200,000 costs what one of 2,000 costs.
"""

from collections.abc import Hashable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    true,
    tuple_,
)

from cooperatives.stock import asked
from core import album, regions
from core.album import Picture
from core.db import PAGE_SIZE_MAX, Reader, Ready
from core.i18n import language
from core.images import Photo
from sellers.models import Category, Listing, ListingPicture, Seller, Variant
from sellers.shops import is_at_rest
from shop.facets import CONDITIONS, GOODS, LIVE

PAGE_SIZE = 24
PRODUCT_URL = "/p/"  # Before the slug; `product.show` answers it. Composed here, 24 times a page.

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Card:
    """One product in a list. `place_note` says where it stands: a kiosk, or the maker's district.

    `resting`: only her home has it, and she rests. `sold_out`: nobody can order it now.
    """

    url: str
    name: str
    price: int
    price_from: bool
    maker: str
    place_note: str
    photo: Photo | None
    resting: bool
    sold_out: bool
    listing_id: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last card of a page: the next page begins behind it."""

    published_at: datetime
    listing_id: int

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """The cursor in an address, None where it is none: the list then begins at its start."""
        moment, _, number = text.partition("-")
        if not (text.isascii() and moment.isdigit() and number.isdigit() and len(text) <= 40):
            return None
        if int(moment) >= 2**53 or int(number) >= 2**63:  # The year 2255, and the ids of all time.
            return None
        return cls(_EPOCH + int(moment) * _MICROSECOND, int(number))

    def __str__(self) -> str:
        return f"{(self.published_at - _EPOCH) // _MICROSECOND}-{self.listing_id}"


@dataclass(frozen=True)
class Page:
    """Some goods as rows of `list_cards`, and the cursor of the next page or an empty text.

    Pages are told apart by these values, and most were drawn before: cards are made when asked.
    """

    rows: tuple[tuple[Any, ...], ...] = ()
    next: str = ""
    today: date = date.min
    english: bool = False

    @cached_property
    def cards(self) -> list[Card]:
        """The goods as templates show them."""
        return [_card(row, self.today, self.english) for row in self.rows]

    @property
    def shelf_name(self) -> str:
        """The kind of the first goods."""
        name, english = self.rows[0][9:11]
        return str((self.english and english) or name)

    @property
    def key(self) -> Hashable:
        """What it shows."""
        return self.rows, self.next, self.today


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; what is left out does not narrow.

    `category`: the address of a kind. `place_id`: on this kiosk's shelf, `at_kiosk`: on any.
    `halal`: a certificate is in force. `ready`: in stock now. `exported`: sent to some country,
    `abroad`: to this one (two letters). `learnt`: its maker shows a class behind it and holds its
    certificate, `skill`: one that teaches this.
    """

    category: str = ""
    seller_id: int | None = None
    organisation_id: int | None = None
    place_id: int | None = None
    at_kiosk: bool = False
    halal: bool = False
    ready: bool = False
    exported: bool = False
    abroad: str = ""
    learnt: bool = False
    skill: str = ""
    listing_ids: tuple[int, ...] | None = None

    def shape(self) -> frozenset[str]:
        """Which conditions it sets; filters of one shape share a statement."""
        return frozenset(f.name for f in fields(self) if getattr(self, f.name) != f.default)

    def values(self) -> dict[str, Any]:
        """What to bind, with what the stock conditions want."""
        ids = list(self.listing_ids or ())
        return (
            asked() | {f.name: getattr(self, f.name) for f in fields(self)} | {"listing_ids": ids}
        )


def list_cards(
    db: Reader, wanted: Filter, *, after: Cursor | None = None, limit: int = PAGE_SIZE
) -> Page:
    """One page of what buyers may see, newest first; `after` is the end of the page before."""
    limit = max(1, min(limit, PAGE_SIZE_MAX))
    values = wanted.values()
    if after is not None:
        values |= {"after_at": after.published_at, "after_id": after.listing_id}
    rows = _statement(wanted.shape(), after is not None, limit).rows(db, values)
    more = rows[limit - 1] if len(rows) > limit else None
    return Page(
        tuple(tuple(row) for row in rows[:limit] if row.price is not None),
        str(Cursor(more.published_at, more.id)) if more is not None else "",
        values["today"],
        language() == "en",
    )


def _card(row: tuple[Any, ...], today: date, english: bool) -> Card:
    (
        listing_id, _at, slug, name, name_en, maker, district, resting, until, _, _,
        price, dearest, free, kiosk, key, width, height, alt, colour,
    ) = row  # fmt: skip
    rests = is_at_rest(resting, until, today)
    return Card(
        PRODUCT_URL + slug,
        (english and name_en) or name,
        price,
        dearest > price,
        maker,
        kiosk or neighbourhood(district),
        album.photo(key, width, height, alt, colour) if key else None,
        rests and not free,
        not rests and not free,
        listing_id,
    )


@lru_cache(maxsize=8192)
def neighbourhood(code: str) -> str:
    """Kertek, Wonosobo: near enough to know the region, too far to find a house."""
    found = regions.district(code)
    return f"{found.name}, {found.regency.removeprefix('Kabupaten ')}" if found else ""


@lru_cache(maxsize=256)
def _statement(shape: frozenset[str], continued: bool, limit: int) -> Ready:
    """The query of one shape, built once: building costs more CPU than answering.

    One row more than a page is asked for, to know whether there is a next one.
    """
    page = _newest(shape, continued, limit + 1).subquery("page")
    at_kiosk = GOODS.c.kind == literal_column("'kiosk'")
    sizes = (
        select(
            func.min(Variant.price).filter(~Variant.is_sample).label("price"),
            func.max(Variant.price).filter(~Variant.is_sample).label("dearest"),
            func.sum(GOODS.c.free).cast(BigInteger).label("free"),
            func.min(GOODS.c.name).filter(at_kiosk).label("kiosk"),
        )
        .select_from(Variant)
        .outerjoin(GOODS, GOODS.c.variant_id == Variant.id)
        .where(Variant.listing_id == page.c.id, Variant.archived_at.is_(None))
        .lateral("sizes")
    )
    first = and_(
        ListingPicture.listing_id == page.c.id, ListingPicture.position == literal_column("0")
    )
    ready = and_(
        Picture.id == ListingPicture.picture_id, Picture.state == literal_column("'ready'")
    )
    return Ready(
        select(
            *page.c, *sizes.c,
            Picture.key_base, Picture.width, Picture.height, Picture.alt, Picture.colour,
        )
        .select_from(page)
        .join(sizes, true())
        .outerjoin(ListingPicture, first)
        .outerjoin(Picture, ready)
        .order_by(page.c.published_at.desc(), page.c.id.desc())
    )  # fmt: skip


def _newest(shape: frozenset[str], continued: bool, limit: int) -> Select[Any]:
    place = tuple_(Listing.published_at, Listing.id)
    after = tuple_(
        bindparam("after_at", type_=DateTime(timezone=True)),
        bindparam("after_id", type_=BigInteger),
    )
    boxes: list[Any] = [
        Listing.id, Listing.published_at, Listing.slug, Listing.name, Listing.name_en,
        Seller.store_name, Seller.district_code, Seller.resting, Seller.resting_until,
        Category.name.label("shelf"), Category.name_en.label("shelf_en"),
    ]  # fmt: skip
    return (
        select(*boxes)
        .join(Seller, Seller.id == Listing.seller_id)
        .join(Category, Category.id == Listing.category_id)
        .where(LIVE, *(CONDITIONS[name] for name in sorted(shape)))
        .where(*([place < after] if continued else []))
        .order_by(Listing.published_at.desc(), Listing.id.desc())
        .limit(literal_column(str(limit)))
    )
