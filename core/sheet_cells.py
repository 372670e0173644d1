"""Reading one cell of somebody else's table: a day, a moment or an amount, however it is written.

Banks and gateways write 1.234.567,00 or 1,234,567.00 CR, 26/11 or 26 Nov 2026 13:45. What could
mean two things is refused and asked again, never guessed.
"""

import re
from datetime import date, datetime, time
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from core.clock import WIB
from core.errors import DomainError

AMOUNT_MAX = 10**15
CELL_CHARACTERS_MAX = 60
CENTURY = 2000


class Unreadable(DomainError):
    """A cell that is not what its column should hold; the sentence says what is wrong."""


CREDIT_MARKS = frozenset({"cr", "k", "kr", "c", "kredit", "credit", "+"})
DEBIT_MARKS = frozenset({"db", "d", "dr", "debit", "debet", "-"})

_MARKS = "|".join(sorted((re.escape(m) for m in CREDIT_MARKS | DEBIT_MARKS), key=len, reverse=True))
_MONEY = re.compile(
    rf"""
    (?P<open>\()? \s* (?P<sign>[+-])? \s* (?:(?:rp|idr)\.?)? \s* (?P<inner>[+-])?
    (?P<digits>[0-9.,]*[0-9])
    \s* (?P<close>\))? \s* (?P<mark>{_MARKS})? \.?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})+")


def _short(text: str) -> str:
    """The cell, cut where no day and no amount is so long: the patterns below stay quick."""
    return text.replace("\u00a0", " ").strip()[: CELL_CHARACTERS_MAX + 1]


def is_credit(mark: str) -> bool:
    """Whether CR, K, DB, D … says that money came in; raises Unreadable."""
    word = mark.strip().rstrip(".").casefold()
    if word in CREDIT_MARKS:
        return True
    if word in DEBIT_MARKS:
        return False
    raise Unreadable(_l("Tidak jelas uang ini masuk atau keluar (CR atau DB)."))


def amount(text: str, *, places: int = 0) -> int:
    """An amount in minor units of `places` digits, negative where it went out; raises Unreadable.

    Without a sign or a mark it is positive.
    """
    found = _MONEY.fullmatch(_short(text).replace("\u2212", "-"))
    if (
        found is None
        or bool(found["open"]) != bool(found["close"])
        or all(found.group("sign", "inner"))
    ):
        raise Unreadable(_l("Jumlah uangnya tidak terbaca."))
    whole, part = _halves(found["digits"])
    if re.match("0[0-9]", whole):  # Half of an amount that its own comma cut in two.
        raise Unreadable(_l("Jumlah uangnya tidak terbaca."))
    if part[places:].strip("0"):
        raise Unreadable(_l("Jumlah ini punya sen, padahal di sini hanya rupiah utuh."))
    minor = int(whole + part[:places].ljust(places, "0"))
    if minor > AMOUNT_MAX:
        raise Unreadable(_l("Jumlah uangnya terlalu besar."))
    says = {sign for sign in (found["sign"], found["inner"]) if sign}
    says |= {"-"} if found["open"] else set()
    says |= {"+" if is_credit(found["mark"]) else "-"} if found["mark"] else set()
    if len(says) > 1:
        raise Unreadable(_l("Tidak jelas uang ini masuk atau keluar (CR atau DB)."))
    return -minor if says == {"-"} else minor


def _halves(digits: str) -> tuple[str, str]:
    """What stands before and behind the decimal mark, without the marks of thousands."""
    digits = f"0{digits}" if digits[0] in ".," else digits
    marks = [mark for mark in digits if mark in ".,"]
    if not marks:
        return digits, ""
    last = marks[-1]
    if marks.count(last) == 1:
        whole, part = digits.rsplit(last, 1)
        grouped = bool(_GROUPS.fullmatch(whole)) and len(set(marks)) == 2
        if grouped or (whole.isdigit() and len(part) != 3):
            return re.sub("[.,]", "", whole), part
    if len(set(marks)) == 1 and _GROUPS.fullmatch(digits):
        return digits.replace(last, ""), ""
    raise Unreadable(_l("Jumlah uangnya tidak terbaca."))


_MONTHS = MappingProxyType(
    {
        name: number
        for number, names in enumerate(
            (
                "jan januari january", "feb peb februari pebruari february", "mar mrt maret march",
                "apr april", "mei may", "jun juni june", "jul juli july",
                "agu agt agus agustus aug august", "sep sept september",
                "okt oct oktober october", "nov nop november nopember",
                "des dec desember december",
            ),
            start=1,
        )
        for name in names.split()
    }
)  # fmt: skip
_CLOCK = r"(?P<h>[0-9]{1,2})[:.](?P<m>[0-9]{2})(?:[:.](?P<s>[0-9]{2})(?:\.[0-9]+)?)?"
_TIME = re.compile(rf"{_CLOCK}(?:\s*wib)?", re.IGNORECASE)
_DAY = re.compile(
    r"""
    (?: (?P<y1>[0-9]{4}) [-/.] (?P<m1>[0-9]{1,2}) [-/.] (?P<d1>[0-9]{1,2})
      | (?P<y2>[0-9]{4}) (?P<m2>[0-9]{2}) (?P<d2>[0-9]{2})
      | (?P<d3>[0-9]{1,2}) [-/. ] (?P<m3>[0-9]{1,2}|[a-z]{3,9})
        (?: [-/. ,]+ (?P<y3>[0-9]{4}|[0-9]{2}) )?
    )
    (?: [T ,]+ (?P<rest>\S.*) )?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)  # fmt: skip


def day(text: str, *, until: date | None = None) -> date:
    """A day; one without a year is the last such day up to `until`. Raises Unreadable."""
    return _day_and_rest(text, until)[0]


def moment(text: str, *, until: date | None = None) -> datetime:
    """A day and time, in Jakarta's clock unless it says another; raises Unreadable."""
    try:
        whole = datetime.fromisoformat(text.strip())
    except ValueError:
        found, rest = _day_and_rest(text, until)
        whole = datetime.combine(found, time_of_day(rest) if rest else time())
    return whole if whole.tzinfo else whole.replace(tzinfo=WIB)


def time_of_day(text: str) -> time:
    """13:45, 13.45.02 or 13:45 WIB; raises Unreadable."""
    found = _TIME.fullmatch(text.strip())
    try:
        if found:
            return time(int(found["h"]), int(found["m"]), int(found["s"] or 0))
    except ValueError:
        pass
    raise Unreadable(_l("Jamnya tidak terbaca."))


def _day_and_rest(text: str, until: date | None) -> tuple[date, str]:
    found = _DAY.fullmatch(_short(text))
    if found is None:
        raise Unreadable(_l("Tanggalnya tidak terbaca."))
    number = found["d1"] or found["d2"] or found["d3"]
    month = found["m1"] or found["m2"] or found["m3"]
    year = found["y1"] or found["y2"] or found["y3"]
    if not month.isdigit():
        month = str(_MONTHS.get(month.casefold(), 0))
    if year is None:
        return _without_year(int(month), int(number), until), found["rest"] or ""
    century = CENTURY if len(year) == 2 else 0
    return _real(century + int(year), int(month), int(number)), found["rest"] or ""


def _without_year(month: int, number: int, until: date | None) -> date:
    if until is None:
        raise Unreadable(_l("Tahunnya tidak ada di tanggal ini."))
    is_later = (month, number) > (until.month, until.day)
    return _real(until.year - is_later, month, number)


def _real(year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        raise Unreadable(_l("Tanggal ini tidak ada di kalender.")) from None
