"""Rows of a group's own tables as what would become of each."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from core import phones, sheet_cells
from core.config import settings
from core.errors import DomainError
from core.money import parse_rupiah
from core.settings import CoreSettings
from core.sheets import Column, Layout, Row

MEMBERS = Layout(
    "members",
    _("Daftar anggota"),
    (
        Column("name", ("Nama", "Nama lengkap", "Name")),
        Column("call_me", ("Panggilan", "Nama panggilan"), is_needed=False),
        Column("phone", ("HP", "Nomor HP", "No HP", "Telepon", "Phone"), is_needed=False),
        Column("joined_on", ("Masuk", "Masuk sejak", "Tanggal masuk"), is_needed=False),
        Column("skills", ("Keahlian", "Skills"), is_needed=False),
    ),
)
SAVINGS = Layout(
    "savings",
    _("Saldo simpanan"),
    (
        Column("name", ("Nama", "Nama lengkap", "Name")),
        Column("number", ("Nomor", "Nomor anggota", "No"), is_needed=False),
        Column("principal", ("Pokok", "Simpanan pokok"), is_needed=False),
        Column("mandatory", ("Wajib", "Simpanan wajib"), is_needed=False),
        Column("voluntary", ("Sukarela", "Simpanan sukarela"), is_needed=False),
    ),
)
STOCK = Layout(
    "stock",
    _("Barang di kios dan di rumah"),
    (
        Column("owner", ("Pemilik", "Nama pemilik", "Toko", "Owner")),
        Column("goods", ("Barang", "Nama barang", "Goods")),
        Column("units", ("Jumlah", "Banyaknya", "Units")),
        Column("best_before", ("Baik sebelum", "Kedaluwarsa", "Tanggal baik"), is_needed=False),
        Column("batch", ("Kode buatan", "Batch"), is_needed=False),
        Column("place", ("Tempat", "Kios"), is_needed=False),
    ),
)


class Wrong(Exception):
    """One row cannot be written; never leaves the reading of a table."""

    def __init__(self, reason: Any) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one row; `facts` is what would be written."""

    line: int
    name: str
    told: str
    state: str
    reason: Any = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def says(self) -> object:
        """The facts in one order, for the seal of what was shown."""
        return sorted(self.facts.items())


def read_all(rows: Sequence[Row], read: Callable[[Row], Line]) -> list[Line]:
    """Every row as a line; what a reader cannot take is left out with its reason."""
    lines = []
    for row in rows:
        try:
            lines.append(read(row))
        except Wrong as wrong:
            name = text_of(row, "name") or text_of(row, "owner")
            lines.append(Line(row.line, name, "", "wrong", wrong.reason))
    return lines


def text_of(row: Row, key: str) -> str:
    """A cell's text, tidied; empty where there is none."""
    return " ".join(str(row.values.get(key) or "").split())


def plain(name: str) -> str:
    """A name as it is compared."""
    return " ".join(name.casefold().split())


def phone_of(row: Row) -> str | None:
    """A phone number, or none; raises Wrong."""
    text = text_of(row, "phone")
    if text in ("", "-"):
        return None
    if re.fullmatch("8[0-9]{8,12}", text):
        text = f"0{text}"  # A spreadsheet takes the first 0 for nothing.
    try:
        return phones.parse_mobile(text, allow_demo=settings(CoreSettings).demo)
    except DomainError as unread:
        raise Wrong(unread.sentence) from unread


def day_of(row: Row, key: str) -> date | None:
    """A day, or none; raises Wrong."""
    text = text_of(row, key)
    if text in ("", "-"):
        return None
    try:
        return sheet_cells.day(text)
    except DomainError as unread:
        raise Wrong(unread.sentence) from unread


def rupiah_of(row: Row, key: str) -> int:
    """An amount, 0 where the cell is empty; raises Wrong."""
    text = text_of(row, key)
    if text in ("", "-"):
        return 0
    try:
        return parse_rupiah(text)
    except DomainError as unread:
        raise Wrong(unread.sentence) from unread


def units_of(row: Row, most: int) -> int:
    """A count of things; raises Wrong."""
    text = text_of(row, "units")
    if re.fullmatch("[0-9]{1,9}", text) and 1 <= int(text) <= most:
        return int(text)
    raise Wrong(_("Tulis jumlah dengan angka bulat, contoh 12."))
