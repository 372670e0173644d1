"""How movements are called on pages where goods add up."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from cooperatives.home_stock import FILLED, WORDS
from cooperatives.movements import BEYOND
from cooperatives.reconciling.moves import ADJUSTED, CAME, LEFT

KINDS: Mapping[str, Any] = {
    "receive": _("Titipan masuk"),
    "transfer": _("Dipindah"),
    "sale": _("Terjual"),
    "return": _("Kembali"),
    "count": _("Koreksi hitungan"),
    "waste": _("Rusak atau hilang"),
    "sample": _("Untuk contoh"),
    "reversal": _("Dibatalkan"),
}
WAYS: Mapping[str, Any] = {CAME: _("Masuk"), LEFT: _("Keluar"), ADJUSTED: _("Koreksi")}

_REASONS: Mapping[str, Any] = {
    BEYOND: _("Lebih dari yang tercatat"),
    FILLED: _("Mengganti yang lebih dari catatan"),
    **WORDS,
}


def reason(written: str) -> Any:
    """Why, in words: what the house writes by itself is a code, what people write stays."""
    return _REASONS.get(written, written)
