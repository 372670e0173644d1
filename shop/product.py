"""One product as a buyer sees it: what it is, who makes it, what is left and where it stands."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Text, func, literal_column, select

from cooperatives.sharing import Rate, Shares, split_line
from cooperatives.stock import asked
from core import album
from core.db import Reader, Ready
from core.errors import NotFound
from core.images import Photo
from orders.weights import Box
from sellers.shops import is_at_rest
from shop.makers import Paper, papers
from shop.product_query import PRODUCT

FEW = 5
"""So many pieces or fewer are said as a number."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Free pieces of one size from one lot at one place, and who gets what of their price."""

    kind: str
    slug: str
    name: str
    district_code: str
    free: int
    best_before: date | None
    rate: Rate | None


@dataclass(frozen=True, slots=True)
class Size:
    """What can be put into the basket; its stands are in the order in which they are sold."""

    id: int
    sku: str
    name: str
    unit: str
    price: int
    net_weight_grams: int | None
    weight_grams: int
    is_sample: bool
    sides: tuple[int | None, int | None, int | None]
    stands: tuple[Stand, ...]
    free: int

    @property
    def boxes(self) -> list[Box]:
        """The packed piece as couriers measure it; empty while a side is missing."""
        length, width, height = self.sides
        return [(length, width, height)] if length and width and height else []

    def shares(self) -> Shares | None:
        """Who gets what when the next piece is sold on the web; None while there is none."""
        rate = self.stands[0].rate if self.stands else None
        return split_line(self.price, rate) if rate else None


@dataclass(frozen=True, slots=True)
class Product:
    """A listing that buyers may see, with all that its page tells.

    `row` holds the plain columns by name: the listing's own, and shop_*, coop_* and shelf_*.
    """

    row: Any
    sizes: tuple[Size, ...]
    photos: tuple[Photo, ...]
    papers: tuple[Paper, ...]
    maker_photo: Photo | None
    is_resting: bool

    @property
    def free(self) -> int:
        """Pieces of all sizes that the web may sell now."""
        return sum(size.free for size in self.sizes)

    @property
    def first(self) -> Size:
        """The size shown first: one that is there, if any is."""
        return next((size for size in self.sizes if size.free), self.sizes[0])

    @property
    def full_sizes(self) -> tuple[Size, ...]:
        """All but the samples, which stand last."""
        return tuple(size for size in self.sizes if not size.is_sample) or self.sizes

    @property
    def price_from(self) -> int:
        """The lowest price of a full size; a sample is only there to be tried."""
        return min(size.price for size in self.full_sizes)

    @property
    def has_several_prices(self) -> bool:
        """Whether its sizes cost different amounts."""
        return any(size.price != self.full_sizes[0].price for size in self.full_sizes)

    @property
    def stands(self) -> list[Stand]:
        """Each place where it stands, once, the one that is sold from first in front."""
        found = {(one.kind, one.slug): one for size in self.sizes for one in reversed(size.stands)}
        first = {(one.kind, one.slug): one for one in self.first.stands[:1]}
        return list((first | found).values())

    @property
    def best_before(self) -> date | None:
        """The nearest last good day of what is in stock."""
        days = [one.best_before for size in self.sizes for one in size.stands if one.best_before]
        return min(days, default=None)

    def has_paper(self, kind: str) -> bool:
        """Whether a permit of this kind is in force; a sample of the demo world is none."""
        return any(p.permit == kind and p.state == "valid" for p in self.papers)


_WHOLE = PRODUCT.subquery("whole")
_AS_JSON = Ready(
    select(
        _WHOLE.c.id,
        _WHOLE.c.has_trainings,
        _WHOLE.c.has_packages,
        func.row_to_json(literal_column("whole")).cast(Text).label("written"),
    ).select_from(_WHOLE)
)


@dataclass(frozen=True, slots=True)
class Found:
    """A product as PostgreSQL wrote it down: enough to know whether its page was drawn before."""

    id: int
    has_trainings: bool
    has_packages: bool
    text: str
    today: date

    def product(self) -> Product:
        """The same, taken apart."""
        row = SimpleNamespace(**json.loads(self.text))
        until = row.shop_resting_until and date.fromisoformat(row.shop_resting_until)
        row.shop_resting_until = until
        return Product(
            row=row,
            sizes=tuple(_size(found, row.stands) for found in row.sizes),
            photos=tuple(album.photo(**found) for found in row.photos),
            papers=papers(row.papers, self.today),
            maker_photo=album.photo_of(row),
            is_resting=is_at_rest(row.shop_resting, until, self.today),
        )


def find_product(db: Reader, slug: str) -> Found:
    """What buyers may see of a product; one query. Raises NotFound, whatever the reason."""
    values = asked() | {"slug": slug}
    rows = _AS_JSON.rows(db, values)
    if not rows:
        raise NotFound
    today: date = values["today"]  # type: ignore[assignment]
    row: Any = rows[0]
    return Found(row.id, row.has_trainings, row.has_packages, row.written, today)


def _size(found: dict[str, Any], stands: Sequence[dict[str, Any]]) -> Size:
    own = tuple(_stand(one) for one in stands if one["variant_id"] == found["id"])
    sides = (found.pop("length_cm"), found.pop("width_cm"), found.pop("height_cm"))
    return Size(**found, sides=sides, stands=own, free=sum(one.free for one in own))


def _stand(found: dict[str, Any]) -> Stand:
    cooperative, kiosk, operator = (
        found[f"{party}_bp"] for party in ("cooperative", "kiosk", "operator")
    )
    day = found["best_before"]
    return Stand(
        found["kind"],
        found["slug"],
        found["name"],
        found["district_code"],
        found["free"],
        date.fromisoformat(day) if day else None,
        None if cooperative is None else Rate(cooperative, kiosk, operator),
    )
