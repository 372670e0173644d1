"""What is read to a seller before she agrees: the whole of it, in words she would use herself.

The text is kept as it was read. Changing a sentence here means a new VERSION.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _

from core.access import Right
from core.words import rupiah, tanggal

VERSION = "2026-11"


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a helper may go: per cent of a price, units of a size a day, rupiah an order."""

    price_percent: int | None = None
    stock_units: int | None = None
    order_rupiah: int | None = None


def read_aloud(
    *, owner: str, helper: str, parts: Sequence[Right], limits: Limits, until: date
) -> str:
    """The text to read to her, always in Indonesian."""
    with force_locale("id"):
        said = [
            _("Saya, %(owner)s, minta dibantu oleh %(helper)s.", owner=owner, helper=helper),
            _("Yang boleh dikerjakan: %(parts)s.", parts=", ".join(_small(one) for one in parts)),
            *_limits(limits),
            _("Uang tetap milik saya. Rekening dan PIN tidak boleh dipegang orang lain."),
            _("Semua yang dikerjakan dicatat dengan dua nama: nama saya dan nama yang membantu."),
            _("Saya boleh membatalkan perubahan yang keliru."),
            _("Saya boleh berhenti kapan saja, cukup dengan satu kalimat."),
            _("Izin ini berlaku sampai %(day)s.", day=tanggal(until)),
        ]
    return "\n".join(said)


def _small(part: Right) -> str:
    words = str(part.label)
    return words[:1].lower() + words[1:]


def _limits(limits: Limits) -> list[str]:
    said = []
    if limits.price_percent is not None:
        n = limits.price_percent
        said.append(_("Harga boleh naik atau turun paling banyak %(n)s persen sehari.", n=n))
    if limits.stock_units is not None:
        n = limits.stock_units
        said.append(_("Stok satu ukuran boleh berubah paling banyak %(n)s sehari.", n=n))
    if limits.order_rupiah is not None:
        amount = rupiah(limits.order_rupiah)
        said.append(_("Pesanan yang boleh diterima paling besar %(amount)s.", amount=amount))
    return said
