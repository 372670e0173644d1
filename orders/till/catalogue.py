"""What a phone must know to sell for a day without signal: goods, prices, lots, owners, photos."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from cooperatives import lot_codes
from cooperatives.models import Level, Lot, Place, TermsRate
from core import album, clock, words
from core.album import Picture
from core.config import settings
from core.db import Reader
from core.settings import CoreSettings
from orders.till import bundles, qris
from orders.till.sold import CHANNELS
from sellers import prices
from sellers.models import Listing, ListingPicture, Seller, Variant

LOTS_MAX, GONE_MAX = 3_000, 1_000
PHOTO_WIDTH = 320


def of_place(db: Session, place: Place) -> dict[str, Any]:
    """Everything a till of this place sells, as its script reads it."""
    lots = _lots(db, place)
    shown = qris.in_force(db, place.id)
    return {
        "qris": {"text": shown.payload, "name": shown.merchant} if shown else None,
        "place": {"id": place.id, "slug": place.slug, "name": place.name, "kind": place.kind},
        "at": clock.now().isoformat(),
        "link": f"{settings(CoreSettings).public_url}/pesanan/",
        "goods": _goods(db, lots),
        "packages": bundles.offered(db, {lot.variant_id for lot in lots}),
    }


def _lots(db: Reader, place: Place) -> Sequence[Any]:
    """What stands here, then the newest of what is gone: a jar may be in a hand though the record
    says that none is left. Of a place's whole past no more is read, however long it is.
    """
    here = _at(place).where(Level.on_hand > 0).order_by(Level.lot_id.desc()).limit(LOTS_MAX)
    gone = _at(place).where(Level.on_hand == 0).order_by(Level.lot_id.desc()).limit(GONE_MAX)
    return [*db.execute(here), *db.execute(gone)]


def _at(place: Place) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Lot.id,
            Lot.variant_id,
            Lot.owner_id,
            Lot.best_before,
            Lot.received_at,
            func.coalesce(TermsRate.discount_bp, 0).label("most_off"),
            Seller.store_name.label("owner"),
            Level.on_hand,
            Level.reserved,
        )
        .join(Level, Level.lot_id == Lot.id)
        .join(Seller, Seller.id == Lot.owner_id)
        .outerjoin(TermsRate, and_(TermsRate.terms_id == Lot.terms_id, *_sold_at(place)))
        .where(Level.place_id == place.id)
    )


def _sold_at(place: Place) -> tuple[Any, Any]:
    channel = CHANNELS[place.kind]
    return TermsRate.channel == channel, TermsRate.place_kind == place.kind


def _goods(db: Reader, lots: Sequence[Any]) -> list[dict[str, Any]]:
    ids = sorted({lot.variant_id for lot in lots})
    since = min((lot.received_at for lot in lots), default=clock.now())
    old = prices.prices_since(db, ids, since)
    rows = db.execute(_variants(ids)).all()
    named = Counter(f"{row.name} {row.size}" for row in rows)
    goods = {row.id: _variant(row, named[f"{row.name} {row.size}"] > 1) for row in rows}
    for lot in sorted(lots, key=lambda lot: (lot.on_hand <= 0, lot.best_before is None, lot.id)):
        since_then = [
            one.price for one in old.get(lot.variant_id, ()) if one.until > lot.received_at
        ]
        goods[lot.variant_id]["lots"].append(_lot(lot, since_then))
    return sorted(goods.values(), key=lambda each: (each["name"], each["id"]))


def _variants(ids: Sequence[int]) -> Any:
    first = (
        select(ListingPicture.listing_id, func.min(ListingPicture.position).label("position"))
        .group_by(ListingPicture.listing_id)
        .subquery()
    )
    return (
        select(
            Variant.id,
            Listing.name,
            Variant.name.label("size"),
            Variant.net_weight_grams,
            Variant.price,
            Picture.key_base,
            Picture.width,
        )
        .join(Listing, Listing.id == Variant.listing_id)
        .outerjoin(first, first.c.listing_id == Listing.id)
        .outerjoin(
            ListingPicture,
            (ListingPicture.listing_id == Listing.id)
            & (ListingPicture.position == first.c.position),
        )
        .outerjoin(Picture, Picture.id == ListingPicture.picture_id)
        .where(Variant.id.in_(ids))
    )


def _variant(row: Any, is_alike: bool) -> dict[str, Any]:
    """A kind of goods; its weight is said where another one has the same name."""
    weight = words.berat(row.net_weight_grams) if is_alike and row.net_weight_grams else ""
    return {
        "id": row.id,
        "name": " ".join(part for part in (row.name, row.size, weight) if part),
        "price": row.price,
        "photo": _photo(row),
        "lots": [],
    }


def _photo(row: Any) -> str:
    if not row.key_base:
        return ""
    return f"{album.storage().url(row.key_base)}/{min(PHOTO_WIDTH, row.width)}.webp"


def _lot(lot: Any, old_prices: list[int]) -> dict[str, Any]:
    return {
        "id": lot.id,
        "code": lot_codes.code_of(lot.id),
        "owner": lot.owner_id,
        "who": lot.owner,
        "until": words.tanggal(lot.best_before) if lot.best_before else "",
        "left": lot.on_hand,
        "promised": lot.reserved,
        "old": old_prices,
        "off": lot.most_off,
    }
