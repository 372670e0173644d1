"""Excel files: read as a person would type them, written so that nothing runs."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from core import sheets, workbooks
from core.sheet_files import NotASheet
from core.sheets import Column, Kind, Layout

LAYOUT = Layout(
    "x",
    "x",
    (Column("name", ("Nama",)), Column("day", ("Hari",), Kind.DAY), Column("n", ("Jumlah",))),
)


def a_book(rows):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, column, cell, day)
                else:
                    sheet.write(line, column, cell)
    return file.getvalue()


def test_days_and_whole_numbers_read_as_they_look():
    content = a_book([["Nama", "Hari", "Jumlah"], ["Nur", date(2026, 11, 26), 12.0]])
    (row,) = sheets.read(content, [LAYOUT]).rows
    assert (row.line, row.values) == (2, {"name": "Nur", "day": date(2026, 11, 26), "n": "12"})


def test_what_is_written_is_read_again_and_no_formula_runs():
    nasty = '=HYPERLINK("http://x")'
    content = workbooks.written(["Nama", "Hari", "Jumlah"], [[nasty, "2026-01-02", 3]])
    (row,) = sheets.read(content, [LAYOUT]).rows
    assert row.values["name"] == nasty
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + bytes(500)])
def test_a_broken_file_is_refused_in_words(content):
    with pytest.raises(NotASheet):
        sheets.read(content, [LAYOUT])


def test_a_file_without_a_sheet_of_ours_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("x.txt", "halo")
    with pytest.raises(NotASheet):
        sheets.read(file.getvalue(), [LAYOUT])


def test_a_small_file_that_unpacks_into_very_much_is_refused(monkeypatch):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(workbooks.UNPACKED_MAX + 1))
    assert len(file.getvalue()) < 100_000
    with pytest.raises(NotASheet, match="NotASheet"):
        sheets.read(file.getvalue(), [LAYOUT])
