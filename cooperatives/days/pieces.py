"""Notes and coins: what a counted drawer adds up to, and why it may differ from the books."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _

from core.errors import DomainError

NOTES = (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000)
COINS = (500, 200, 100)
PIECES = NOTES + COINS
"""A thousand is a note or a coin; nobody needs to tell them apart."""

PIECES_MAX = 9_999
WORDS_MAX = 200

REASONS: dict[str, Any] = {
    "change": _("Salah memberi kembalian"),
    "unwritten": _("Ada penjualan yang lupa dicatat"),
    "late": _("Penjualan lama baru masuk"),
    "bad_note": _("Uang rusak atau palsu"),
    "cost": _("Dipakai untuk belanja kios"),
    "unknown": _("Belum tahu sebabnya"),
    "other": _("Sebab lain"),
}


class NeedsReason(DomainError):
    """A difference is never booked without a reason, and some reasons need words."""

    sentence = _("Pilih sebab selisihnya. Untuk sebab lain, tulis juga ceritanya.")


@dataclass(frozen=True, slots=True)
class Counted:
    """What somebody counted of one way of paying; `seen` is what her page said there should be."""

    amount: int
    seen: int
    reason: str = ""
    words: str = ""
    pieces: Mapping[str, int] = field(default_factory=dict)


def total(pieces: Mapping[int, int]) -> int:
    """What so many of each note and coin are together."""
    return sum(value * number for value, number in pieces.items())


def explained(counted: Counted, expected: int) -> tuple[str, str]:
    """The reason and words to keep, nothing where nothing differs. Raises NeedsReason."""
    if counted.amount == expected:
        return "", ""
    words = counted.words.strip()[:WORDS_MAX]
    if counted.reason not in REASONS or (counted.reason == "other" and not words):
        raise NeedsReason
    return counted.reason, words
