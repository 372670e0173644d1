"""Goods that stood on a group's shelf before this house, from a table."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import goods
from cooperatives.holds import Doc
from cooperatives.lots import Goods
from cooperatives.membership.opening_rows import (
    Line,
    Wrong,
    day_of,
    plain,
    read_all,
    text_of,
    units_of,
)
from cooperatives.models import Place
from cooperatives.settings import CooperativeSettings
from core import clock
from core.actors import Actor
from core.config import settings
from core.people import Person
from core.sheets import Row
from sellers.models import Listing, Seller, Variant

DOC = "opening"


def look(db: Session, group_id: int, rows: Sequence[Row]) -> list[Line]:
    """What would be taken in, whose it is and where it stands."""
    known, places = _variants(db, group_id), _places(db, group_id)
    most = settings(CooperativeSettings).units_max

    def read(row: Row) -> Line:
        variant = _variant(known, text_of(row, "owner"), text_of(row, "goods"))
        place = _place(places, text_of(row, "place"))
        units, best_before = units_of(row, most), day_of(row, "best_before")
        if best_before is not None and best_before < clock.today():
            raise Wrong(goods.PastItsDate.sentence)
        facts = {
            "owner_id": variant.seller_id,
            "variant_id": variant.id,
            "units": units,
            "best_before": best_before,
            "batch": text_of(row, "batch")[: goods.BATCH_MAX],
            "place_id": place.id,
        }
        told = f"{units} × {variant.name} · {place.name}"
        return Line(row.line, variant.store_name, told, "new", facts=facts)

    return read_all(rows, read)


def _variants(db: Session, group_id: int) -> list[Any]:
    query = (
        select(
            Variant.id, Variant.sku, Variant.name.label("size"), Listing.name, Listing.seller_id,
            Seller.store_name, Seller.call_me, Person.name.label("owner"),
            Person.call_me.label("called"),
        )
        .join(Listing, Listing.id == Variant.listing_id)
        .join(Seller, Seller.id == Listing.seller_id)
        .outerjoin(Person, Person.id == Seller.person_id)
        .where(Seller.organisation_id == group_id, Variant.archived_at.is_(None))
    )  # fmt: skip
    return list(db.execute(query))


def _variant(known: list[Any], owner: str, name: str) -> Any:
    """The one size that is meant; raises Wrong."""
    names = ("owner", "called", "call_me", "store_name")
    hers = [
        one for one in known if plain(owner) in {plain(getattr(one, key) or "") for key in names}
    ]
    if not hers:
        raise Wrong(_("Pemilik ini tidak ditemukan di kelompok ini."))
    found = [
        one
        for one in hers
        if plain(name) in (plain(one.name), plain(f"{one.name} {one.size}"), plain(one.sku))
    ]
    if not found:
        raise Wrong(_("Barang ini tidak ada di toko pemiliknya."))
    if len(found) > 1:
        raise Wrong(_("Barang ini punya beberapa ukuran. Tulis nama dan ukurannya."))
    return found[0]


def _places(db: Session, group_id: int) -> list[Any]:
    query = select(Place.id, Place.name, Place.slug).where(
        Place.organisation_id == group_id, Place.kind == "kiosk", Place.closed_at.is_(None)
    )
    return list(db.execute(query.order_by(Place.id)))


def _place(places: list[Any], name: str) -> Any:
    """The kiosk that is meant; one who has only one need not name it. Raises Wrong."""
    found = [one for one in places if not name or plain(name) in (plain(one.name), one.slug)]
    if len(found) != 1:
        raise Wrong(_("Tulis nama kiosnya di kolom Tempat."))
    return found[0]


def write(db: Session, actor: Actor, group_id: int, sha256: str, lines: Sequence[Line]) -> None:
    """Take the goods in, each row a document of its own."""
    for line in lines:
        facts = line.facts
        goods.receive_goods.within(
            db,
            actor=actor,
            doc=Doc(DOC, f"{group_id}-{sha256[:32]}-{line.line}"),
            owner_id=facts["owner_id"],
            place_id=facts["place_id"],
            goods=[
                Goods(facts["variant_id"], facts["units"], facts["best_before"], facts["batch"])
            ],
        )
