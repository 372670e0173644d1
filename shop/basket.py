"""The basket: what somebody wishes to buy, and what that would be if she ordered now.

A basket is only variants and quantities. Price, stock, parcels and fees are looked up each time,
by the same pick and the same bill that the order will use, so the page never promises otherwise.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, any_, select

from cooperatives.allocation import BadQuantity, OutOfStock, Pick, Wish, preview
from cooperatives.bazaars.fetching import Stand
from cooperatives.settings import CooperativeSettings
from cooperatives.stock import VARIANTS
from core import album, clock, words
from core.album import Picture
from core.config import settings
from core.db import Reader, Ready
from core.errors import DomainError, NotFound
from core.images import Photo
from orders import bill, pickups
from orders.bill import Bill, Described, NoDelivery, NoPickup
from orders.samples import TooManySamples
from orders.settings import OrderSettings
from orders.weights import OddParcel
from sellers.models import Category, Listing, ListingPicture, Seller, Variant
from sellers.shops import is_at_rest
from shop.makers import told

Wishes = tuple[Wish, ...]
STEPS = {"-1": -1, "1": 1}  # What the − and + beside a quantity send.


class BasketFull(DomainError):
    """One basket is one order, and one order has its limits."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the basket. `left` is how many can be had where that is fewer than wished."""

    variant_id: int
    slug: str
    name: str
    note: str
    seller_id: int
    maker: str
    price: int
    quantity: int
    photo: Photo | None
    is_on_sale: bool
    rest: Any
    described: Described
    left: int | None = None

    @property
    def total(self) -> int:
        """Rupiah for all its pieces, at today's price."""
        return self.price * self.quantity

    @property
    def problem(self) -> Any:
        """Why it cannot be ordered as it is; empty where it can."""
        if not self.is_on_sale:
            return _("Barang ini tidak dijual lagi.")
        if self.described.is_sample and self.quantity > settings(OrderSettings).samples_max:
            return TooManySamples().sentence
        if self.left is None:
            return ""
        if self.left:
            return _("Stok tinggal %(left)s.", left=self.left)
        return self.rest or _("Stok sudah habis.")


@dataclass(frozen=True, slots=True)
class Look:
    """The basket as it stands now. The bill covers what can be had; `trouble` is why no courier
    or no kiosk fits it, `stand` the bazaar at which it is fetched.
    """

    items: list[Item]
    bill: Bill
    trouble: DomainError | None = None
    stand: Stand | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all of it could be ordered at once."""
        return not self.trouble and can_be_had(self.items)

    @property
    def to_be_had(self) -> Wishes:
        """What is left of the wishes."""
        picked = [goods.pick for bundle in self.bill.bundles for goods in bundle.goods]
        units = dict.fromkeys((pick.variant_id for pick in picked), 0)
        for pick in picked:
            units[pick.variant_id] += pick.quantity
        return tuple(Wish(*pair) for pair in units.items())

    def by_maker(self) -> list[list[Item]]:
        """The lines of each maker, in the order in which they came into the basket."""
        makers: dict[int, list[Item]] = {}
        for item in self.items:
            makers.setdefault(item.seller_id, []).append(item)
        return list(makers.values())

    def places_of(self, seller_id: int) -> list[str]:
        """Where goods of this maker leave from."""
        return [
            bundle.place_name
            for bundle in self.bill.bundles
            if any(goods.seller_id == seller_id for goods in bundle.goods)
        ]


def can_be_had(items: Sequence[Item]) -> bool:
    """Whether there is something, and nothing of it is short."""
    return bool(items) and not any(item.problem for item in items)


def units(typed: str, step: str = "") -> int:
    """A quantity as typed, one more or less where − or + was pressed. Raises BadQuantity."""
    most = settings(CooperativeSettings).hold_units_max
    if not re.fullmatch("[0-9]{1,9}", typed.strip()):
        raise BadQuantity(most)
    quantity = int(typed) + STEPS.get(step, 0)
    if not 1 <= quantity <= most:
        raise BadQuantity(most)
    return quantity


def put(wishes: Wishes, variant_id: int, quantity: int) -> Wishes:
    """The basket with exactly so many of a variant. Raises BasketFull."""
    wanted = dict(wishes) | {variant_id: quantity}
    most = settings(CooperativeSettings).hold_units_max
    kinds = settings(OrderSettings).lines_max
    if sum(wanted.values()) > most:
        raise BasketFull(_("Satu pesanan paling banyak %(most)s barang.", most=most))
    if len(wanted) > kinds:
        raise BasketFull(_("Satu pesanan paling banyak %(most)s jenis barang.", most=kinds))
    return tuple(Wish(*pair) for pair in wanted.items())


def add(db: Reader, wishes: Wishes, variant_id: int, quantity: int) -> Wishes:
    """The basket with so many more of something that is on sale. Raises NotFound, BasketFull."""
    if not any(item.is_on_sale for item in items_of(db, [Wish(variant_id, quantity)])):
        raise NotFound
    return put(wishes, variant_id, dict(wishes).get(variant_id, 0) + quantity)


def without(wishes: Wishes, variant_ids: Iterable[int]) -> Wishes:
    """The basket without these."""
    gone = set(variant_ids)
    return tuple(wish for wish in wishes if wish.variant_id not in gone)


def look(
    db: Reader,
    wishes: Sequence[Wish],
    *,
    district_code: str | None = None,
    kiosk_id: int | None = None,
    services: Mapping[int, str] | None = None,
) -> Look:
    """What the basket would be now, sent to a district or fetched at a kiosk if either is known."""
    items = items_of(db, wishes)
    try:
        places, stand = pickups.sources(db, kiosk_id)
        seen, picks = stocked(db, items, places)
    except NoPickup as trouble:  # A bazaar that takes no more orders.
        return Look(items, Bill([]), trouble)
    except BadQuantity as trouble:  # The limit has been lowered since.
        return Look(items, Bill([]), trouble)
    known = {item.variant_id: item.described for item in items}
    try:
        if district_code is None and kiosk_id is None:
            return Look(seen, bill.bundled(db, picks, known))
        drawn = bill.draw_up(
            db,
            picks,
            district_code=district_code,
            services=services,
            known=known,
            is_brought=stand is not None,
        )
    except (NoDelivery, NoPickup, OddParcel, TooManySamples) as trouble:
        return Look(seen, bill.bundled(db, picks, known), trouble)
    return Look(seen, drawn, None, stand)


def stocked(
    db: Reader, items: Sequence[Item], places: list[int] | None = None
) -> tuple[list[Item], list[Pick]]:
    """The lines with what is left of each, and the picks of what can be had. Raises BadQuantity."""
    wanted = {item.variant_id: item.quantity for item in items if item.is_on_sale}
    picks, left = _picks(db, wanted, places)
    return [replace(item, left=left.get(item.variant_id)) for item in items], picks


def _picks(
    db: Reader, wanted: Mapping[int, int], places: list[int] | None
) -> tuple[list[Pick], dict[int, int]]:
    """The picks of what can be had, and how many are left of what is short."""
    wanted = {variant_id: quantity for variant_id, quantity in wanted.items() if quantity}
    if not wanted:
        return [], {}
    try:
        return preview(db, [Wish(*pair) for pair in wanted.items()], places), {}
    except OutOfStock as short:
        picks, more = _picks(db, {**wanted, **short.left}, places)
        return picks, short.left | more


def items_of(db: Reader, wishes: Sequence[Wish]) -> list[Item]:
    """The lines of the basket, each as it is sold now; what never was is left out. One query."""
    found = _VARIANTS.rows(db, {"variants": [wish.variant_id for wish in wishes]})
    rows = {row.id: row for row in found}
    return [
        _item(rows[wish.variant_id], wish.quantity) for wish in wishes if wish.variant_id in rows
    ]


_VARIANTS = Ready(
    select(
        *bill.DESCRIBED,
        Listing.slug,
        Listing.name_en,
        Seller.resting,
        Seller.resting_until,
        bill.ON_SALE.label("is_on_sale"),
        Picture.key_base,
        Picture.width,
        Picture.height,
        Picture.alt,
        Picture.colour,
    )
    .join(Listing, Listing.id == Variant.listing_id)
    .join(Seller, Seller.id == Listing.seller_id)
    .join(Category, Category.id == Listing.category_id)
    .outerjoin(
        ListingPicture,
        and_(ListingPicture.listing_id == Listing.id, ListingPicture.position == 0),
    )
    .outerjoin(Picture, and_(Picture.id == ListingPicture.picture_id, Picture.state == "ready"))
    .where(Variant.id == any_(VARIANTS))
)


def _item(row: Any, quantity: int) -> Item:
    return Item(
        row.id,
        row.slug,
        told(row, "name"),
        row.variant_name,
        row.seller_id,
        row.store_name,
        row.price,
        quantity,
        album.photo_of(row),
        row.is_on_sale,
        _rest(row),
        Described.of(row),
    )


def _rest(row: Any) -> Any:
    if not is_at_rest(row.resting, row.resting_until, clock.today()):
        return ""
    if row.resting_until is None:
        return _("Penjual sedang libur.")
    return _("Penjual libur sampai %(day)s.", day=words.tanggal(row.resting_until))
