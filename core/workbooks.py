"""Excel files: a sheet as records of cells, and a table as a file that runs no formula."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import xlsxwriter
from flask_babel import lazy_gettext as _l
from python_calamine import CalamineError, CalamineWorkbook

from core.sheet_files import BYTES_MAX, NotASheet, Record, tidy

SIGN = b"PK\x03\x04"
UNPACKED_MAX = 50 * 1024 * 1024
BROKEN = _l("Berkas Excel ini tidak bisa dibaca. Simpan lagi, lalu coba.")
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def is_workbook(content: bytes) -> bool:
    """Whether bytes begin as an Excel file does."""
    return content.startswith(SIGN)


def records_of(content: bytes) -> list[Record]:
    """The rows of the first sheet, cells as a person would type them; raises NotASheet."""
    _refuse_large(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as broken:
        raise NotASheet(BROKEN) from broken
    return [Record(line, [tidy(_typed(cell)) for cell in row]) for line, row in enumerate(rows, 1)]


def _refuse_large(content: bytes) -> None:
    """A small file may unpack into more than the machine holds: its own list says how much."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except zipfile.BadZipFile as broken:
        raise NotASheet(BROKEN) from broken
    if len(content) > BYTES_MAX or unpacked > UNPACKED_MAX:
        raise NotASheet(_l("Berkas ini terlalu besar. Bagi menjadi beberapa berkas."))


def _typed(cell: object) -> str:
    """A cell as text: whole numbers without a point, days as 2026-11-26."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def written(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as an Excel file; texts stay texts, whatever they begin with."""
    file = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, plain) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        for column, words in enumerate(header):
            sheet.write_string(0, column, str(words), bold)
            sheet.set_column(column, column, max(12, len(str(words)) + 2))
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, int | float) and not isinstance(cell, bool):
                    sheet.write_number(line, column, cell)
                else:
                    sheet.write_string(line, column, "" if cell is None else str(cell))
        sheet.freeze_panes(1, 0)
    return file.getvalue()
