"""What somebody should look at after a sale at a till: it stands all the same."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from core import tasks


class Flag(StrEnum):
    """Why a sale is shown to keeper and coordinator."""

    BEYOND = "beyond"
    PROMISED = "promised"
    PRICE = "price"
    DISCOUNT = "discount"
    EXPIRED = "expired"
    TERMS = "terms"
    CLOCK = "clock"
    NUMBER = "number"
    INVITE = "invite"
    PACKAGE = "package"


WORDS: dict[str, Any] = {
    Flag.BEYOND: _l("Terjual lebih dari catatan stok"),
    Flag.PROMISED: _l("Sebagian sudah dipesan pembeli online"),
    Flag.PRICE: _l("Harganya lain dari daftar dan label"),
    Flag.DISCOUNT: _l("Potongannya lebih dari batas"),
    Flag.EXPIRED: _l("Tanggal baiknya sudah lewat"),
    Flag.TERMS: _l("Aturan titip jual tidak menyebut kasir ini"),
    Flag.CLOCK: _l("Jam di HP kasir keliru"),
    Flag.NUMBER: _l("Nomor nota sudah terpakai, jadi diganti"),
    Flag.PACKAGE: _l("Isi atau harga paketnya lain dari yang disetujui"),
    Flag.INVITE: _l("Kode ajakannya tidak dikenal, atau milik penjaga sendiri"),
}
LOOK = tasks.declare(
    "till.look",
    _l("Penjualan %(number)s di kasir perlu dilihat"),
    deed=_l("Lihat"),
    many=_l("%(count)s penjualan di kasir perlu dilihat"),
    urgency=35,
)


def address_of(order_id: object) -> str:
    """The page of a sale for those who keep or coordinate."""
    return f"/kios-kerja/kasir/nota/{order_id}"
