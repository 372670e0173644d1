"""Reading an uploaded CSV or Excel file as a table, by a layout that is data.

Banks and gateways put lines above the header and sums below the rows, and each writes days and
amounts in its own way. Encoding, delimiter and header are found out. What cannot be read is told
with its line and a sentence; nothing is left out in silence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Any

from flask_babel import lazy_gettext as _l

from core import sheet_cells, workbooks
from core.sheet_cells import Unreadable
from core.sheet_files import NotASheet, Record, decoded, delimiters, records_of

ROWS_MAX = 5_000
HEADER_LINES_MAX = 40
TEXT_MAX = 500


class Kind(StrEnum):
    """What a column holds. CREDIT and DEBIT make one signed amount, MARK signs one."""

    TEXT = "text"
    DAY = "day"
    TIME = "time"
    MOMENT = "moment"
    AMOUNT = "amount"
    CREDIT = "credit"
    DEBIT = "debit"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key of its value, and the header names by which it is known.

    A MARK without names stands right of the amount it signs. `places` are the digits of a minor
    unit. Texts of one key are joined, also from several columns of one name.
    """

    key: str
    names: tuple[str, ...]
    kind: Kind = Kind.TEXT
    is_needed: bool = True
    places: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """How one bank or gateway writes its table. `asides` begin lines that are no rows: sums, notes.

    Where two layouts fit one header, the earlier one is taken.
    """

    code: str
    label: Any
    columns: tuple[Column, ...]
    asides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row that was read: its line in the file and a value for each key; None where empty."""

    line: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Flaw:
    """One line that could not be read, and why."""

    line: int
    sentence: Any


@dataclass(slots=True)
class Sheet:
    """A table as it was read. `above` are the lines before the header; `asides` those below it that
    the layout knows to be no rows.
    """

    layout: Layout
    above: list[list[str]]
    rows: list[Row] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    asides: list[Flaw] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Header:
    """Which column of the layout stands where, in a row of so many cells."""

    columns: dict[int, Column]
    width: int


def read(content: bytes, layouts: Sequence[Layout], *, until: date | None = None) -> Sheet:
    """The table in a file, by whichever of these layouts fits its header.

    Days without a year are the last such ones up to `until`, or up to the newest day above the
    header. Raises NotASheet.
    """
    for records in _tables(content):
        for index, record in enumerate(records[:HEADER_LINES_MAX]):
            for layout in layouts:
                if header := _header(layout, record.cells):
                    sheet = Sheet(layout, [before.cells for before in records[:index]])
                    _fill(sheet, records[index + 1 :], header, until or _newest(sheet.above))
                    return sheet
    raise NotASheet(
        _l("Judul kolomnya tidak dikenal. Pilih susunan yang benar, atau unduh lagi CSV-nya.")
    )


def _tables(content: bytes) -> Iterator[list[Record]]:
    """The file as a table: an Excel sheet, or text by each delimiter that it may have."""
    most = ROWS_MAX + HEADER_LINES_MAX + 1
    if workbooks.is_workbook(content):
        yield workbooks.records_of(content)[:most]
        return
    text = decoded(content)
    for delimiter in delimiters(text):
        yield list(islice(records_of(text, delimiter), most))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", name.casefold()).strip()


def _header(layout: Layout, cells: Sequence[str]) -> _Header | None:
    """Where the layout's columns stand, if this record is its header."""
    names = [_plain(cell) for cell in cells]
    columns: dict[int, Column] = {}
    for column in layout.columns:
        wanted = [_plain(name) for name in column.names]
        found = [i for i, name in enumerate(names) if name in wanted and i not in columns]
        if not found and column.names and column.is_needed:
            return None
        for at in found if column.kind is Kind.TEXT else found[:1]:
            columns[at] = column
    for mark in (column for column in layout.columns if not column.names):
        signed = next(at for at, column in columns.items() if column.key == mark.key)
        if names[signed + 1 : signed + 2] == [""]:
            columns[signed + 1] = mark
    return _Header(columns, len(cells))


def _newest(above: Sequence[Sequence[str]]) -> date | None:
    """The newest whole day named above the header: the end of the statement's period."""
    days = []
    for word in re.findall(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{2,4}", str(above)):
        try:
            days.append(sheet_cells.day(word))
        except Unreadable:
            continue
    return max(days, default=None)


def _fill(sheet: Sheet, records: Sequence[Record], header: _Header, until: date | None) -> None:
    """Put every record where it belongs: a row, a flaw, or an aside."""
    if len(records) > ROWS_MAX:
        raise NotASheet(_l("Barisnya terlalu banyak. Pilih rentang waktu yang lebih pendek."))
    for record in records:
        if last := record.broken_until:
            sentence = _l("Tanda kutip tidak ditutup dengan benar sampai baris %(n)s.", n=last)
            sheet.flaws.append(Flaw(record.line, sentence))
        elif not any(record.cells):
            continue
        elif _is_aside(sheet.layout, record.cells, header):
            sheet.asides.append(Flaw(record.line, " ".join(filter(None, record.cells))[:TEXT_MAX]))
        else:
            try:
                sheet.rows.append(Row(record.line, _values(record.cells, header, until)))
            except Unreadable as unread:
                sheet.flaws.append(Flaw(record.line, unread.sentence))


def _is_aside(layout: Layout, cells: Sequence[str], header: _Header) -> bool:
    """A sum or a note below the rows, or the header again on the next page."""
    first = _plain(next(filter(None, cells)))
    return any(first.startswith(_plain(word)) for word in layout.asides) or (
        _header(layout, cells) == header
    )


def _values(cells: Sequence[str], header: _Header, until: date | None) -> dict[str, Any]:
    if any(cells[header.width :]):
        raise Unreadable(_l("Kolom di baris ini lebih banyak dari judulnya."))
    values: dict[str, Any] = dict.fromkeys(column.key for column in header.columns.values())
    marks: dict[str, str] = {}
    for at, column in header.columns.items():
        cell = cells[at] if at < len(cells) else ""
        if not cell:
            continue
        if column.kind is Kind.MARK:
            marks[column.key] = cell
        elif column.kind in (Kind.CREDIT, Kind.DEBIT):
            _add_side(values, column, cell)
        elif column.kind is Kind.TEXT:
            values[column.key] = _joined(values[column.key], cell)
        else:
            values[column.key] = _value(column, cell, until)
    for key, mark in marks.items():
        values[key] = _signed(values[key], mark)
    if any(column.is_needed and values[column.key] is None for column in header.columns.values()):
        raise Unreadable(_l("Ada kolom yang kosong di baris ini."))
    return values


def _joined(before: str | None, cell: str) -> str:
    whole = f"{before} {cell}" if before else cell
    if len(whole) > TEXT_MAX:
        raise Unreadable(_l("Keterangan di baris ini terlalu panjang."))
    return whole


def _add_side(values: dict[str, Any], column: Column, cell: str) -> None:
    """An amount whose column says whether it came or went; the other column is empty or 0."""
    amount = abs(sheet_cells.amount(cell, places=column.places))
    if not amount:
        return
    if values[column.key] is not None:
        raise Unreadable(_l("Tidak jelas uang ini masuk atau keluar (CR atau DB)."))
    values[column.key] = amount if column.kind is Kind.CREDIT else -amount


def _signed(amount: int | None, mark: str) -> int | None:
    if amount is None:
        return None
    return abs(amount) if sheet_cells.is_credit(mark) else -abs(amount)


def _value(column: Column, cell: str, until: date | None) -> Any:
    match column.kind:
        case Kind.DAY:
            return sheet_cells.day(cell, until=until)
        case Kind.TIME:
            return sheet_cells.time_of_day(cell)
        case Kind.MOMENT:
            return sheet_cells.moment(cell, until=until)
    return sheet_cells.amount(cell, places=column.places)
