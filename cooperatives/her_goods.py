"""Her goods wherever they stand: at home, at kiosks and bazaars; what runs low or ends soon."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives.models.stock import Level, Lot, Place
from core import clock, words
from core.actors import Actor
from core.day import Card
from core.db import PAGE_SIZE_MAX, Reader
from sellers.models import Listing, Seller, Variant
from sellers.owning import mine
from sellers.publishing import SHOWN

ENDING, LOW = 40, 55
ENDING_DAYS = 14
FEW = 3
NAMED_MAX = 3
CONSIGNED = ("kiosk", "bazaar", "transit")
_FREE = func.coalesce(func.sum(Level.on_hand - Level.reserved), 0)


def cards(db: Session, actor: Actor) -> list[Card]:
    """What of her goods asks for her today."""
    return [*_ending(db, actor), *_low(db, actor)]


def list_consigned(db: Reader, actor: Actor, seller_id: int) -> Sequence[Any]:
    """Her goods that others sell for her, the first to expire first.

    Columns: id, place, kind, listing_id, name, size, left, promised, best_before, received_at.
    """
    query = (
        select(
            Level.id,
            Place.name.label("place"),
            Place.kind,
            Listing.id.label("listing_id"),
            Listing.name,
            Variant.name.label("size"),
            Level.on_hand.label("left"),
            Level.reserved.label("promised"),
            Lot.best_before,
            Lot.received_at,
        )
        .join(Lot, Lot.id == Level.lot_id)
        .join(Place, Place.id == Level.place_id)
        .join(Variant, Variant.id == Level.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .where(Place.kind.in_(CONSIGNED), Level.on_hand > 0)
        .where(Lot.owner_id == seller_id, mine(actor, Lot.owner_id))
        .order_by(Lot.best_before.nulls_last(), Place.name, Listing.name, Level.id)
        .limit(PAGE_SIZE_MAX)
    )
    return db.execute(query).all()


def ends_soon(day: Any) -> bool:
    """Whether a best-before date is near enough to do something about it."""
    return day is not None and day <= clock.today() + timedelta(days=ENDING_DAYS)


def _ending(db: Reader, actor: Actor) -> list[Card]:
    """Goods that will expire within two weeks, wherever they stand; those at kiosks first."""
    query = (
        select(Listing.name, Place.name, Place.kind, Lot.best_before, func.sum(Level.on_hand))
        .join(Lot, Lot.id == Level.lot_id)
        .join(Place, Place.id == Level.place_id)
        .join(Variant, Variant.id == Level.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .where(Level.on_hand > 0, mine(actor, Lot.owner_id))
        .where(Lot.best_before <= clock.today() + timedelta(days=ENDING_DAYS))
        .group_by(Listing.id, Place.id, Lot.best_before)
        .order_by(Lot.best_before, Place.kind == "home", Listing.name)
        .limit(PAGE_SIZE_MAX)
    )
    found = db.execute(query).all()
    if not found:
        return []
    name, place, kind, day, units = found[0]
    assert day is not None  # The condition of the query.
    where = _("di rumah") if kind == "home" else place
    first = _("%(units)s %(name)s, %(place)s: sampai %(day)s.", units=int(units), name=name,
              place=where, day=words.tanggal(day))  # fmt: skip
    title = _("Hampir lewat tanggal: %(count)s barang", count=len(found))
    is_past = day < clock.today()
    url = "/ibu/titip" if any(row[2] != "home" for row in found) else "/ibu/produk"
    state = _("Sudah lewat") if is_past else ""
    colour = "warning" if is_past else "wait"
    return [Card(ENDING, colour, "calendar", title, url, _("Lihat barangnya"), first, state)]


def _low(db: Reader, actor: Actor) -> list[Card]:
    """What buyers can see and can hardly buy; goods made to order need no stock."""
    query = (
        select(Listing.name, Variant.name, _FREE.label("left"))
        .select_from(Variant)
        .join(Listing, Listing.id == Variant.listing_id)
        .join(Seller, Seller.id == Listing.seller_id)
        .outerjoin(Level, Level.variant_id == Variant.id)
        .where(SHOWN, Variant.archived_at.is_(None), Listing.made_to_order.is_(False))
        .where(Seller.closed_at.is_(None), mine(actor, Listing.seller_id))
        .group_by(Variant.id, Listing.id)
        .having(_FREE <= FEW)
        .order_by(_FREE, Listing.name)
        .limit(PAGE_SIZE_MAX)
    )
    found = db.execute(query).all()
    if not found:
        return []
    named = [
        _("%(name)s habis", name=f"{name} {size}".strip())
        if not left
        else _("%(name)s tinggal %(left)s", name=f"{name} {size}".strip(), left=int(left))
        for name, size, left in found
    ]
    if len(found) == 1:
        title, detail = named[0], ""
    else:
        title = _("Stok tipis: %(count)s barang", count=len(found))
        detail = ", ".join(named[:NAMED_MAX]) + ("." if len(found) <= NAMED_MAX else ", …")
    return [Card(LOW, "wait", "box", title, "/ibu/produk", _("Ubah stok"), detail)]
