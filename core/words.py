"""Numbers, days and weights in the words of the people who read them."""

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import quote

from babel import Locale
from babel.dates import get_day_names, get_month_names
from flask_babel import get_locale

from core.clock import ZONES
from core.phones import wa_digits

SLUG_CHARACTERS_MAX = 80
SLUG_OF_NOTHING = "tanpa-nama"

_NO_BREAK_SPACE = "\u00a0"
_INDONESIAN = Locale("id")


@lru_cache(maxsize=4096)
def rupiah(amount: int) -> str:
    """Rp 25.000, never broken over two lines; the same in every language.

    Kept by hand and cached because Babel takes some 14 µs and a page shows dozens of prices.
    """
    digits = f"{abs(amount):,}".replace(",", ".")
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{_NO_BREAK_SPACE}{digits}"


def tanggal(day: date, zone: str = "WIB") -> str:
    """22 November 2026; a moment is shown on the calendar of a zone, WIB unless said otherwise."""
    day = _there(day, zone) if isinstance(day, datetime) else day
    return f"{day.day} {get_month_names('wide', locale=_locale())[day.month]} {day.year}"


def bulan() -> list[tuple[int, str]]:
    """The months of a year, to choose from: 1 and Januari, and so on."""
    return list(get_month_names("wide", locale=_locale()).items())


def hari(day: date) -> str:
    """Senin, 30 November 2026."""
    return f"{get_day_names('wide', locale=_locale())[day.weekday()]}, {tanggal(day)}"


def jam(moment: datetime, zone: str = "WIB") -> str:
    """The time of day there: 14.32 in Indonesian, 14:32 elsewhere."""
    separator = "." if _locale().language == "id" else ":"
    return _there(moment, zone).strftime(f"%H{separator}%M")


def tanggal_jam(moment: datetime, zone: str = "WIB") -> str:
    """22 November 2026, 14.32 WIB; the zone is named because readers live in four."""
    return f"{tanggal(moment, zone)}, {jam(moment, zone)} {zone}"


def jam_lain(moment: datetime, zone: str) -> str:
    """The same moment on the other clocks of Indonesia: 15.32 WITA, 16.32 WIT.

    Where it is another day there, the day is said.
    """
    here = _there(moment, zone).date()
    return ", ".join(
        jam(moment, other) + f" {other}"
        if _there(moment, other).date() == here
        else tanggal_jam(moment, other)
        for other in ZONES
        if other != zone
    )


def persen(basis_points: int) -> str:
    """7,5 % from 750 basis points; as exact as it was agreed."""
    written = f"{basis_points // 100}.{basis_points % 100:02}".rstrip("0").rstrip(".")
    if _locale().language == "id":
        written = written.replace(".", ",")
    return f"{written}{_NO_BREAK_SPACE}%"


_UNDER_TWELVE = (
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan",
    "sepuluh", "sebelas",
)  # fmt: skip
_STEPS = (
    (10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1_000, "ribu"), (100, "ratus"),
)  # fmt: skip


def terbilang(amount: int) -> str:
    """A sum in Indonesian words, as it stands on receipts: dua puluh lima ribu."""
    assert amount >= 0, amount
    if amount < 12:
        return _UNDER_TWELVE[amount]
    if amount < 20:
        return f"{_UNDER_TWELVE[amount - 10]} belas"
    if amount < 100:
        return _with_rest(f"{_UNDER_TWELVE[amount // 10]} puluh", amount % 10)
    size, word = next(step for step in _STEPS if amount >= step[0])
    many, rest = divmod(amount, size)
    said = f"se{word}" if many == 1 and size <= 1_000 else f"{terbilang(many)} {word}"
    return _with_rest(said, rest)


def _with_rest(said: str, rest: int) -> str:
    return f"{said} {terbilang(rest)}" if rest else said


def berat(grams: int) -> str:
    """450 g or 1,5 kg, exact to the gram."""
    if grams < 0:
        raise AssertionError(f"{grams} g weighs less than nothing")
    if grams < 1000:
        return f"{grams} g"
    kilograms, rest = divmod(grams, 1000)
    written = f"{kilograms:,}" + f".{rest:03}".rstrip("0").rstrip(".")
    if _locale().language == "id":
        written = written.translate({ord(","): ".", ord("."): ","})
    return f"{written} kg"


def slug(text: str) -> str:
    """A name as part of an address: small ASCII letters, digits and dashes, never empty."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_only.lower().replace("'", ""))
    return "-".join(words)[:SLUG_CHARACTERS_MAX].strip("-") or SLUG_OF_NOTHING


def wa_link(text: str, phone: str | None = None) -> str:
    """An address that opens WhatsApp with this text, to one E.164 number or to a choice.

    The text travels through other people's hands: no secrets and no order tokens in it.
    """
    # WhatsApp reads + as a plus sign, so quote_plus would be wrong.
    encoded = quote(text, safe="", errors="replace")
    return f"https://wa.me/{wa_digits(phone) if phone else ''}?text={encoded}"


def _there(moment: datetime, zone: str) -> datetime:
    if moment.tzinfo is None:
        raise AssertionError("a moment without a time zone cannot be shown")
    return moment.astimezone(ZONES[zone])


def _locale() -> Locale:
    """The reader's language; Indonesian where nobody is reading, as in a job."""
    return get_locale() or _INDONESIAN
