"""What her shops themselves say to her day: that they rest, or that nothing is in them yet."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, words
from core.actors import Actor
from core.day import Card
from sellers import shops
from sellers.models import Listing, Seller
from sellers.owning import mine

REST, FIRST = 75, 90


def cards(db: Session, actor: Actor) -> list[Card]:
    """Her shops at rest, and the first step where there is no product."""
    has_goods = select(Listing.id).where(Listing.seller_id == Seller.id).exists()
    query = (
        select(
            Seller.store_name, Seller.resting, Seller.resting_until, has_goods.label("has_goods")
        )
        .where(Seller.closed_at.is_(None), mine(actor, Seller.id))
        .order_by(Seller.id)
        .limit(shops.SHOPS_MAX)
    )
    found = db.execute(query).all()
    resting = [row for row in found if shops.is_at_rest(row[1], row[2], clock.today())]
    made = [_rest(row.store_name, row.resting_until) for row in resting]
    if found and not any(row.has_goods for row in found):
        made.append(
            Card(
                FIRST,
                "info",
                "camera",
                _("Belum ada barang"),
                "/ibu/produk",
                _("Tambah barang"),
                _("Barang pertama cukup satu foto, nama, harga, stok, dan berat."),
            )
        )
    return made


def _rest(name: str, until: date | None) -> Card:
    title = (
        _("%(shop)s istirahat sampai %(day)s", shop=name, day=words.tanggal(until))
        if until
        else _("%(shop)s sedang istirahat", shop=name)
    )
    detail = _("Barang di rumah tidak dijual dulu. Barang di kios tetap dijual.")
    return Card(REST, "rest", "moon", title, "/ibu/libur", _("Atur libur"), detail)
