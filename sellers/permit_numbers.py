"""Permit numbers: read as people copy them from paper, checked, and kept in one spelling.

Pure rules. The shapes are those of docs/listings.md; whatever is unusual but possible is a
warning, because a strange number on real paper must still get in.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from core import regions
from core.errors import DomainError

TYPED_MAX = 60
PIRT_YEARS_MAX = 5
PACKAGINGS = frozenset("12345678")  # Glass, plastic, paper, can, foil, other, composite, double.
FOOD_TYPES = frozenset(f"{number:02}" for number in range(1, 16))
SAMPLE_WORD = "CONTOH"

# A digit, then digits with any dots, spaces and dashes between them.
_DIGITS = r"(?P<digits>[0-9](?:[-./\s]*[0-9])*)[.\s]*"
_SPACE = r"[-.:,\s]"
_PIRT = re.compile(rf"(?:NOMOR|NO|(?:SP)?P[-.\s]?IRT|{_SPACE})*{_DIGITS}")
_BPOM = re.compile(rf"(?:NOMOR|NO|BPOM|POM|RI|{_SPACE})*(?P<letters>MD|ML|TR){_SPACE}*{_DIGITS}")
_HALAL = re.compile(rf"(?:NOMOR|NO|BPJPH|HALAL|{_SPACE})*(?P<letters>ID)?{_SPACE}*{_DIGITS}")
_NIB = re.compile(rf"(?:NOMOR|NO|NIB|OSS|{_SPACE})*{_DIGITS}")
_SAMPLE = re.compile(rf"\s*{SAMPLE_WORD}\b{_SPACE}*")
_DASHES = re.compile("[\u2010-\u2015\u2212]")


class NotAPermitNumber(DomainError):
    """What was typed cannot be a number of this kind; the sentence says how one looks."""

    sentence = _l("Nomor izin ini belum bisa dibaca. Salin persis dari suratnya.")


@dataclass(frozen=True, slots=True)
class PermitNumber:
    """A number that can be true. `number` is its one spelling, `display` how people see it.

    `expires` is the last day the number itself speaks of, if it does; warnings are for a person
    to look at and stop nothing.
    """

    kind: str
    number: str
    display: str
    warnings: tuple[Any, ...] = ()
    expires: date | None = None


def parse(kind: str, text: str, *, today: date, is_sample: bool = False) -> PermitNumber:
    """Read a number of this kind (nib, pirt, md, tr or halal); raises NotAPermitNumber.

    The word CONTOH in front passes for samples only, and every sample is shown with it.
    """
    typed = _DASHES.sub("-", unicodedata.normalize("NFKC", text[:TYPED_MAX])).upper().strip()
    if len(text) > TYPED_MAX:
        raise NotAPermitNumber
    bare = _SAMPLE.sub("", typed, count=1) if is_sample else typed
    if SAMPLE_WORD in bare:
        raise NotAPermitNumber(_l("Nomor contoh hanya untuk toko contoh. Tulis nomor yang asli."))
    found = READERS[kind](bare, today)
    return replace(found, display=display(found.kind, found.number, is_sample=is_sample))


def display(kind: str, number: str, *, is_sample: bool = False) -> str:
    """The number as it stands on a label, with its legal prefix."""
    shown = {
        "nib": f"NIB {number}",
        "pirt": f"P-IRT {number}",
        "md": f"BPOM RI {number[:2]} {number[2:]}",
        "tr": f"BPOM RI {number[:2]} {number[2:]}",
        "halal": number,
    }[kind]
    return f"{SAMPLE_WORD} {shown}" if is_sample else shown


def _digits(found: re.Match[str]) -> str:
    return re.sub("[^0-9]", "", found["digits"])


def _pirt(text: str, today: date) -> PermitNumber:
    """Packaging 1, food type 2, regency 4, product 2, producer 4, year of expiry 2 digits."""
    found = _PIRT.fullmatch(text)
    if found is None:
        raise NotAPermitNumber(_l("Nomor P-IRT terdiri dari 15 angka. Salin persis dari suratnya."))
    digits = _digits(found)
    if len(digits) != 15:
        raise NotAPermitNumber(
            _l("Nomor P-IRT punya 15 angka. Yang tertulis %(n)s angka.", n=len(digits))
        )
    if digits[0] not in PACKAGINGS:
        raise NotAPermitNumber(_l("Angka pertama P-IRT adalah kemasan, dari 1 sampai 8."))
    expires = date(2000 + int(digits[13:]), 12, 31)
    return PermitNumber(
        "pirt", f"{digits[:13]}-{digits[13:]}", "", tuple(_doubts(digits, today)), expires
    )


def _doubts(digits: str, today: date) -> Iterator[Any]:
    """What looks strange in a P-IRT number and may still be so on paper."""
    if digits[1:3] not in FOOD_TYPES:
        yield _l("Angka ke-2 dan ke-3 bukan jenis pangan yang kami kenal.")
    if digits[3:7] not in regions.regencies():
        yield _l("Angka ke-4 sampai ke-7 bukan kode kabupaten yang kami kenal.")
    year = 2000 + int(digits[13:])
    if year < today.year:
        yield _l("Izin ini sudah berakhir tahun %(year)s.", year=year)
    if year > today.year + PIRT_YEARS_MAX:
        yield _l("P-IRT berlaku paling lama 5 tahun. Periksa dua angka terakhir.")


def _md(text: str, today: date) -> PermitNumber:  # noqa: ARG001
    letters, digits = _bpom(text)
    if letters == "TR":
        raise NotAPermitNumber(_l("Nomor TR untuk jamu. Pilih jenis izin BPOM TR."))
    if len(digits) != 12:
        raise NotAPermitNumber(
            _l("Nomor BPOM MD punya 12 angka. Yang tertulis %(n)s angka.", n=len(digits))
        )
    imported = _l("ML untuk pangan dari luar negeri. Buatan sendiri memakai MD.")
    return PermitNumber("md", letters + digits, "", (imported,) if letters == "ML" else ())


def _tr(text: str, today: date) -> PermitNumber:  # noqa: ARG001
    letters, digits = _bpom(text)
    if letters != "TR":
        raise NotAPermitNumber(_l("Nomor MD untuk pangan. Jamu memakai nomor TR."))
    if len(digits) != 9:
        raise NotAPermitNumber(
            _l("Nomor BPOM TR punya 9 angka. Yang tertulis %(n)s angka.", n=len(digits))
        )
    return PermitNumber("tr", letters + digits, "")


def _bpom(text: str) -> tuple[str, str]:
    found = _BPOM.fullmatch(text)
    if found is None:
        raise NotAPermitNumber(_l("Nomor BPOM diawali MD, ML, atau TR, lalu angka."))
    return found["letters"], _digits(found)


def _halal(text: str, today: date) -> PermitNumber:  # noqa: ARG001
    found = _HALAL.fullmatch(text)
    digits = _digits(found) if found else ""
    if not 10 <= len(digits) <= 20 or (len(digits) != 17 and found and not found["letters"]):
        raise NotAPermitNumber(_l("Nomor halal diawali ID, lalu 17 angka."))
    old = _l("Nomor halal sekarang punya 17 angka. Periksa apakah ini sertifikat lama.")
    return PermitNumber("halal", f"ID{digits}", "", () if len(digits) == 17 else (old,))


def _nib(text: str, today: date) -> PermitNumber:  # noqa: ARG001
    found = _NIB.fullmatch(text)
    if found is None:
        raise NotAPermitNumber(_l("NIB terdiri dari 13 angka. Lihat di surat NIB."))
    digits = _digits(found)
    if len(digits) != 13:
        raise NotAPermitNumber(_l("NIB punya 13 angka. Yang tertulis %(n)s angka.", n=len(digits)))
    return PermitNumber("nib", digits, "")


READERS: Mapping[str, Callable[[str, date], PermitNumber]] = {
    "nib": _nib,
    "pirt": _pirt,
    "md": _md,
    "tr": _tr,
    "halal": _halal,
}
