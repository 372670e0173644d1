"""What a basket will cost, parcel by parcel: the same arithmetic before and after the promise.

A picked basket becomes parcels by place, each with its goods lines and one delivery fee, and every
line with everybody's part. Nothing is written here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, any_, select

from cooperatives.allocation import OutOfStock, Pick
from cooperatives.consignment import NotSoldHere
from cooperatives.packages import shown as packages
from cooperatives.packages.pricing import Agreed
from cooperatives.sharing import Rate, Shares, split_line
from cooperatives.stock import VARIANTS
from core.db import Reader, Ready
from core.errors import DomainError
from orders import inviting, samples, shipping
from orders.departures import origins_of
from orders.inviting import Invited
from orders.shipping import Box, Freight, Quote
from sellers.models import Category, Listing, Seller, Variant
from sellers.publishing import OPEN, SHOWN

ON_SALE = and_(Variant.archived_at.is_(None), SHOWN, OPEN)
"""What a variant, its listing, category and seller must be for anybody to buy it."""


class NoDelivery(DomainError):
    """No courier of ours goes there from one of the places."""

    sentence = _("Belum ada kurir ke alamat ini. Pilih ambil di kios atau alamat lain.")


class NoPickup(DomainError):
    """Nobody hands goods out to buyers there: a home is no shop."""

    sentence = _("Barang ini tidak bisa diambil di sana. Pilih kios lain atau kirim ke alamat.")


@dataclass(frozen=True, slots=True)
class Goods:
    """One goods line of the bill: a pick with its frozen price, name and parts."""

    pick: Pick
    name: str
    price: int
    weight_grams: int
    box: Box | None
    seller_id: int
    store_name: str
    shares: Shares
    is_sample: bool = False
    package_id: int | None = None
    full: int = 0
    affiliate_id: int | None = None

    @property
    def total(self) -> int:
        """Rupiah for all its pieces."""
        return self.price * self.pick.quantity

    @property
    def saved(self) -> int:
        """Rupiah less than these pieces cost without the package they are bought in."""
        return self.full * self.pick.quantity - self.total


@dataclass(slots=True)
class Bundle:
    """What leaves one place: a parcel to be."""

    place_id: int
    place_kind: str
    place_name: str
    district_code: str
    is_pickup: bool
    goods: list[Goods] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    quote: Quote | None = None

    @property
    def boxes(self) -> list[Box]:
        """The measured boxes of its goods, one for each piece."""
        return [
            goods.box for goods in self.goods if goods.box for _piece in range(goods.pick.quantity)
        ]

    @property
    def grams(self) -> int:
        """Weight of its goods, without packaging."""
        return sum(goods.weight_grams * goods.pick.quantity for goods in self.goods)

    @property
    def fee(self) -> int:
        """Rupiah for its delivery; nothing when picked up."""
        return self.quote.fee if self.quote else 0


@dataclass(frozen=True, slots=True)
class Bill:
    """The whole order to be."""

    bundles: list[Bundle]

    @property
    def goods_total(self) -> int:
        """Rupiah for all goods."""
        return sum(goods.total for bundle in self.bundles for goods in bundle.goods)

    @property
    def saved(self) -> int:
        """Rupiah that packages of several makers take off."""
        return sum(goods.saved for bundle in self.bundles for goods in bundle.goods)

    @property
    def delivery_total(self) -> int:
        """Rupiah for all deliveries."""
        return sum(bundle.fee for bundle in self.bundles)

    @property
    def total(self) -> int:
        """What the buyer pays."""
        return self.goods_total + self.delivery_total

    @property
    def takes_cash(self) -> bool:
        """Whether it may be paid at the door: one parcel, by a courier who takes cash."""
        first = self.bundles[0].quote
        return len(self.bundles) == 1 and first is not None and first.takes_cash


def bundled(
    db: Reader,
    picks: Sequence[Pick],
    known: Mapping[int, "Described"] | None = None,
    invited: Invited = inviting.NOBODY,
) -> Bill:
    """The parcels these picks make, before it is known how they reach the buyer: without fees.

    `known` are goods that the caller has just read; `invited` says whose link led to them. Raises
    OutOfStock for what is sold no more.
    """
    places, rates = origins_of(db, picks)
    if known is None:
        known = _described(db, {pick.variant_id: pick.quantity for pick in picks})
    agreed = _package_prices(db, picks, known)
    bundles: dict[int, Bundle] = {}
    for pick in picks:
        place = places[pick.place_id]
        bundle = bundles.setdefault(place.id, Bundle(*place))
        rate = rates.get((place.id, pick.terms_id))
        if rate is None:
            raise NotSoldHere
        row = known[pick.variant_id]
        by = invited.to(row.listing_id, pick.owner_id)
        bundle.goods.append(_goods(pick, row, rate, agreed.get(pick.variant_id), by))
    return Bill(list(bundles.values()))


def draw_up(
    db: Reader,
    picks: Sequence[Pick],
    *,
    district_code: str | None,
    services: Mapping[int, str] | None = None,
    known: Mapping[int, "Described"] | None = None,
    invited: Invited = inviting.NOBODY,
    is_brought: bool = False,
) -> Bill:
    """Turn picks into parcels with fees and parts. Without a district everything is picked up:
    where it stands, or, if `is_brought`, at a bazaar to which its makers bring it.

    `services` names the chosen service of a place; otherwise the cheapest is taken. Raises
    NoDelivery where nobody delivers, NoPickup where nothing is handed out, OutOfStock, and
    TooManySamples.
    """
    drawn = bundled(db, picks, known, invited)
    goods = (one for bundle in drawn.bundles for one in bundle.goods if one.is_sample)
    samples.refuse_many((one.pick.variant_id, one.pick.quantity) for one in goods)
    if district_code is not None:
        _choose(db, drawn.bundles, district_code, services or {})
    elif not is_brought and not all(bundle.is_pickup for bundle in drawn.bundles):
        raise NoPickup
    return drawn


def _package_prices(
    db: Reader, picks: Sequence[Pick], known: Mapping[int, "Described"]
) -> dict[int, Agreed]:
    wanted: Counter[int] = Counter()
    for pick in picks:
        wanted[pick.variant_id] += pick.quantity
    return packages.prices(db, wanted, {one: known[one].price for one in wanted})


def _goods(
    pick: Pick, row: "Described", rate: Rate, agreed: Agreed | None, invited_by: int | None
) -> Goods:
    price = agreed.piece_price if agreed else row.price
    shares = split_line(price * pick.quantity, rate, is_invited=invited_by is not None)
    return Goods(
        pick=pick,
        name=f"{row.name} {row.variant_name}".strip(),
        price=price,
        weight_grams=row.weight_grams,
        box=row.box,
        seller_id=row.seller_id,
        store_name=row.store_name,
        shares=shares,
        is_sample=row.is_sample,
        package_id=agreed.package_id if agreed else None,
        full=row.price,
        affiliate_id=invited_by if shares.affiliate else None,
    )


def _choose(
    db: Reader, bundles: Sequence[Bundle], district_code: str, services: Mapping[int, str]
) -> None:
    """Give each parcel its offers, and the service that was chosen or else the cheapest."""
    parcels = [
        Freight(bundle.district_code, bundle.grams, tuple(bundle.boxes)) for bundle in bundles
    ]
    found = shipping.quotes(db, parcels, to_district=district_code)
    for bundle, offers in zip(bundles, found, strict=True):
        if not offers:
            raise NoDelivery
        bundle.quotes = offers
        wished = services.get(bundle.place_id)
        fitting = [quote for quote in offers if quote.service_code == wished]
        bundle.quote = (fitting or offers)[0]


@dataclass(frozen=True, slots=True)
class Described:
    """A variant as the bill names it."""

    name: str
    variant_name: str
    price: int
    weight_grams: int
    box: Box | None
    seller_id: int
    store_name: str
    listing_id: int
    is_sample: bool = False

    @classmethod
    def of(cls, row: Any) -> "Described":
        """A row with the columns of `DESCRIBED`."""
        return cls(
            row.name,
            row.variant_name,
            row.price,
            row.weight_grams,
            (row.length_cm, row.width_cm, row.height_cm) if row.length_cm else None,
            row.seller_id,
            row.store_name,
            row.listing_id,
            row.is_sample,
        )


DESCRIBED = (
    Variant.id,
    Listing.name,
    Variant.name.label("variant_name"),
    Variant.price,
    Variant.weight_grams,
    Variant.length_cm,
    Variant.width_cm,
    Variant.height_cm,
    Seller.id.label("seller_id"),
    Seller.store_name,
    Variant.listing_id,
    Variant.is_sample,
)
"""Columns of what the bill says of a variant, for queries that join its listing and seller."""
_DESCRIBED = Ready(
    select(*DESCRIBED)
    .join(Listing, Listing.id == Variant.listing_id)
    .join(Seller, Seller.id == Listing.seller_id)
    .join(Category, Category.id == Listing.category_id)
    .where(Variant.id == any_(VARIANTS), ON_SALE)
)


def _described(db: Reader, wanted: Mapping[int, int]) -> dict[int, Described]:
    rows = _DESCRIBED.rows(db, {"variants": sorted(wanted)})
    found = {row.id: Described.of(row) for row in rows}
    if gone := {variant_id: 0 for variant_id in wanted if variant_id not in found}:
        raise OutOfStock(gone, wanted)
    return found
