"""Goods that stood on a group's shelf, or at a member's home, before this house, from a table.

At home only what she has never counted herself: from then on it is she who says what is there.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import goods, places
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
from cooperatives.models import Level, Place
from cooperatives.settings import CooperativeSettings
from core import clock, notify
from core.actors import Actor
from core.config import settings
from core.people import Person
from core.sheets import Row
from sellers.models import Listing, Seller, Variant

DOC = "opening"
HOME = frozenset({"rumah", "di rumah", "home"})


def look(db: Session, group_id: int, rows: Sequence[Row]) -> list[Line]:
    """What would be taken in, whose it is and where it stands."""
    known, kiosks = _variants(db, group_id), _kiosks(db, group_id)
    counted = _counted_at_home(db, [one.id for one in known])
    most = settings(CooperativeSettings).units_max

    def read(row: Row) -> Line:
        variant = _variant(known, text_of(row, "owner"), text_of(row, "goods"))
        place_id, place = _place(kiosks, counted, variant, text_of(row, "place"))
        units, best_before = units_of(row, most), day_of(row, "best_before")
        if best_before is not None and best_before < clock.today():
            raise Wrong(goods.PastItsDate.sentence)
        facts = {
            "owner_id": variant.seller_id,
            "variant_id": variant.id,
            "units": units,
            "best_before": best_before,
            "batch": text_of(row, "batch")[: goods.BATCH_MAX],
            "place_id": place_id,
        }
        told = f"{units} × {variant.name} · {place}"
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


def _counted_at_home(db: Session, variant_ids: Sequence[int]) -> frozenset[int]:
    """Which of these goods their maker has had at home before, by whatever count."""
    query = (
        select(Level.variant_id)
        .join(Place, Place.id == Level.place_id)
        .where(Place.kind == "home", Level.variant_id.in_(variant_ids))
    )
    return frozenset(db.scalars(query))


def _kiosks(db: Session, group_id: int) -> list[Any]:
    query = select(Place.id, Place.name, Place.slug).where(
        Place.organisation_id == group_id, Place.kind == "kiosk", Place.closed_at.is_(None)
    )
    return list(db.execute(query.order_by(Place.id)))


def _place(
    kiosks: list[Any], counted: frozenset[int], variant: Any, name: str
) -> tuple[int | None, Any]:
    """The kiosk that is meant, or her home (no id: it is made on first need) and how to say it.

    A group that has only one kiosk need not name it. Raises Wrong.
    """
    if plain(name) in HOME:
        if variant.id in counted:
            raise Wrong(_("Pemiliknya sudah menghitung sendiri barang ini di rumah."))
        return None, _("di rumah")
    found = [one for one in kiosks if not name or plain(name) in (plain(one.name), one.slug)]
    if len(found) != 1:
        raise Wrong(_("Tulis nama kiosnya di kolom Tempat, atau rumah."))
    return found[0].id, found[0].name


def write(db: Session, actor: Actor, group_id: int, sha256: str, lines: Sequence[Line]) -> None:
    """Take the goods in, each row a document of its own; who has some at home is told."""
    # What stands at her home is hers to move; a coordinator may only say what stood there before.
    at_home = replace(actor, is_system=True)
    told: set[int] = set()
    for line in lines:
        facts = line.facts
        is_home = facts["place_id"] is None
        goods.receive_goods.within(
            db,
            actor=at_home if is_home else actor,
            doc=Doc(DOC, f"{group_id}-{sha256[:32]}-{line.line}"),
            owner_id=facts["owner_id"],
            place_id=facts["place_id"] or places.home_of(db, facts["owner_id"]).id,
            goods=[
                Goods(facts["variant_id"], facts["units"], facts["best_before"], facts["batch"])
            ],
        )
        told |= {facts["owner_id"]} if is_home else set()
    _tell(db, f"{group_id}-{sha256[:32]}", told)


def _tell(db: Session, file: str, owners: set[int]) -> None:
    query = select(Seller.person_id).where(Seller.id.in_(owners), Seller.person_id.is_not(None))
    notify.tell(
        db,
        event_key=f"opening:{file}",
        people=[one for one in db.scalars(query) if one],
        title=_("Stok awal Ibu di rumah sudah ditulis"),
        text=_("Koordinator menyalinnya dari buku lama. Periksa dulu, ubah kalau tidak cocok."),
        link="/ibu/produk",
    )
