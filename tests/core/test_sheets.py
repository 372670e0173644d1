"""Whatever a bank writes into its CSV, every line ends as a row, a flaw or an aside."""

import csv
import io
from contextlib import suppress
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import sheet_cells, sheets
from core.sheet_cells import Unreadable
from core.sheet_files import BYTES_MAX, NotASheet, decoded, written
from core.sheets import ROWS_MAX, Column, Kind, Layout

MARKED = Layout(
    "marked",
    "Bank dengan CR dan DB",
    (
        Column("day", ("Tanggal Transaksi",), Kind.DAY),
        Column("text", ("Keterangan",)),
        Column("amount", ("Jumlah",), Kind.AMOUNT),
        Column("amount", (), Kind.MARK, is_needed=False),
    ),
    asides=("Saldo Awal", "Mutasi Kredit"),
)
SIDES = Layout(
    "sides",
    "Bank dengan dua kolom",
    (
        Column("day", ("PostDate", "Date"), Kind.DAY),
        Column("text", ("Remarks", "Description")),
        Column("amount", ("Credit Amount", "Credit"), Kind.CREDIT),
        Column("amount", ("Debit Amount", "Debit"), Kind.DEBIT),
    ),
)
BOTH = (MARKED, SIDES)
MARKED_FILE = """Informasi Rekening - Mutasi Rekening
No. rekening : ,'0000000000
Periode : 01/12/2025 - 05/01/2026

Tanggal Transaksi,Keterangan,Cabang,Jumlah,,Saldo
'31/12,TRSF E-BANKING CR 3112/LMB-2512-0007,'0000,"1,234,567.00",CR,"5,000,000.00"
'02/01,BIAYA ADM,'0000,"15,000.00",DB,"4,985,000.00"
PEND,TRSF E-BANKING CR,'0000,"10,000.00",CR,"4,995,000.00"
Saldo Awal,:,"3,765,433.00"
"""
SIDES_FILE = (
    "AccountNo;Ccy;PostDate;Remarks;AdditionalDesc;Credit Amount;Debit Amount;Close Balance\n"
    "0000;IDR;26 November 2026 11:27:10;CN BANK;LMB;1.000.000,00;.00;13.838.932,64\n"
    "0000;IDR;27 Nopember 2026;SETOR;;0,00;750000,00;13.088.932,64\n"
)


def read(text, layouts=BOTH, **kwargs):
    return sheets.read(text.encode() if isinstance(text, str) else text, layouts, **kwargs)


def seen(cell):
    return "".join(c for c in cell if c.isprintable()).strip()


def values(sheet):
    return [(row.line, row.values["day"], row.values["amount"]) for row in sheet.rows]


# Amounts


@pytest.mark.parametrize(
    ("text", "rupiah"),
    [
        ("1.234.567,00", 1_234_567), ("1,234,567.00", 1_234_567), ("1234567", 1_234_567),
        ("1234567.00", 1_234_567), ("1.234.567", 1_234_567), ("1,234,567", 1_234_567),
        ("12.345", 12_345), ("12,345", 12_345), ("100,0", 100), (".00", 0), ("0,00", 0),
        ("Rp 25.000", 25_000), ("IDR 25,000.00", 25_000), ("Rp.25.000,00", 25_000),
        ("799,700.00 CR", 799_700), ("799,700.00 DB", -799_700), ("25.000 K", 25_000),
        ("25.000 D", -25_000), ("25.000DR.", -25_000), ("-25.000", -25_000), ("25.000-", -25_000),
        ("(25.000)", -25_000), ("+25.000", 25_000), ("\u221225.000", -25_000),
        ("Rp -5.000", -5_000),
        ("-25.000 DB", -25_000), ("1000000.0000", 1_000_000),
    ],
)  # fmt: skip
def test_an_amount_is_read_however_it_is_written(text, rupiah):
    assert sheet_cells.amount(text) == rupiah


@pytest.mark.parametrize(
    "text",
    [
        "", "abc", "12.34", "1.5", "1.234.56", "1,23,456", "1.234,567.00", "0.500", "1234.567",
        "-25.000 CR", "(25.000", "25.000)", "1 000", "1e9", "NaN", "²5", "１２", "--5", "9" * 17,
        "1.234.567,89", "=1+1",
    ],
)  # fmt: skip
def test_what_could_mean_two_things_is_no_amount(text):
    with pytest.raises(Unreadable):
        sheet_cells.amount(text)


def test_minor_units_are_kept_where_the_column_has_them():
    assert sheet_cells.amount("12.34", places=2) == 1234
    assert sheet_cells.amount("-1,234.5", places=2) == -123450
    assert sheet_cells.amount("1.234", places=2) == 123400


@given(st.integers(-(10**12), 10**12), st.sampled_from(".,"))
def test_a_grouped_amount_comes_back_as_it_was(rupiah, mark):
    text = f"{rupiah:,}".replace(",", mark)
    assert sheet_cells.amount(text) == rupiah
    assert sheet_cells.amount(text + (",00" if mark == "." else ".00")) == rupiah


# Days and times


@pytest.mark.parametrize(
    "text",
    [
        "26/11/2026", "26-11-26", "2026-11-26", "26.11.2026", "20261126", "26 Nov 2026",
        "26-Nop-26", "26 November 2026", "26/11/2026 13:45:02", "2026/11/26", "26 nopember 2026",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(text):
    assert sheet_cells.day(text) == date(2026, 11, 26)


@pytest.mark.parametrize("text", ["", "31/02/2026", "26/13/2026", "26 Foo 2026", "PEND", "26/11"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(Unreadable):
        sheet_cells.day(text)


def test_a_day_without_a_year_is_the_last_one_up_to_the_end():
    assert sheet_cells.day("31/12", until=date(2026, 1, 5)) == date(2025, 12, 31)
    assert sheet_cells.day("05/01", until=date(2026, 1, 5)) == date(2026, 1, 5)


def test_a_moment_is_jakartas_unless_it_says_another():
    noon = datetime(2026, 11, 26, 5, 30, tzinfo=UTC)
    assert sheet_cells.moment("26/11/2026 12:30:00") == noon
    assert sheet_cells.moment("2026-11-26T05:30:00Z") == noon
    assert sheet_cells.time_of_day("13.45") == time(13, 45)
    with pytest.raises(Unreadable):
        sheet_cells.time_of_day("25:00")


# Files


def test_a_bank_with_marks_and_days_without_years():
    sheet = read(MARKED_FILE)
    assert sheet.layout is MARKED
    assert values(sheet) == [(6, date(2025, 12, 31), 1_234_567), (7, date(2026, 1, 2), -15_000)]
    assert sheet.rows[0].values["text"] == "TRSF E-BANKING CR 3112/LMB-2512-0007"
    assert [flaw.line for flaw in sheet.flaws] == [8]
    assert [aside.line for aside in sheet.asides] == [9]
    assert sheet.above[1] == ["No. rekening :", "0000000000"]


def test_a_bank_with_two_columns_of_money():
    sheet = read(SIDES_FILE)
    assert sheet.layout is SIDES
    assert values(sheet) == [(2, date(2026, 11, 26), 1_000_000), (3, date(2026, 11, 27), -750_000)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_is_found_out(encoding, line_end):
    text = SIDES_FILE.replace("SETOR", "café").replace("\n", line_end)
    sheet = read(text.encode(encoding))
    assert [row.values["text"] for row in sheet.rows] == ["CN BANK", "café"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter_is_found_out(delimiter):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(
        [["Date", "Description", "Credit", "Debit"], ["26/11/2026", "a, b; c", "1,000.00", ""]]
    )
    assert values(read(out.getvalue())) == [(2, date(2026, 11, 26), 1000)]


def test_texts_of_one_name_are_joined():
    sheet = read("Date,Description,Description,Debit,Credit\n26/11/26,satu,dua,.00,100\n")
    assert sheet.rows[0].values["text"] == "satu dua"


def test_a_broken_quote_is_told_and_the_next_line_is_read():
    sheet = read('Date,Description,Credit,Debit\n26/11/26,"a"b,1,\n27/11/26,c,2,\n')
    assert [(flaw.line, row.line) for flaw, row in zip(sheet.flaws, sheet.rows, strict=True)] == [
        (2, 3)
    ]


def test_a_quote_that_never_ends_is_told_with_where_it_began():
    sheet = read('Date,Description,Credit,Debit\n26/11/26,"a,1,\n27/11/26,c,2,\n')
    assert (sheet.rows, [flaw.line for flaw in sheet.flaws]) == ([], [2])
    assert "3" in str(sheet.flaws[0].sentence)


@pytest.mark.parametrize(
    "row",
    [
        "26/11/26,a,1,000.00,", "26/11/26,a,1,2", "26/11/26,a,0,0", "26/11/26,a", ",a,1,",
        "26/11/26,a,satu,", f"26/11/26,{'a' * 501},1,", "31/11/26,a,1,", "26/11/26,a,1.50,",
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_is_told_with_its_line(row):
    sheet = read(f"Date,Description,Credit,Debit\n\n{row}\n")
    assert (sheet.rows, [flaw.line for flaw in sheet.flaws]) == ([], [3])
    assert str(sheet.flaws[0].sentence)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"   \n", b"PK\x03\x04zip", b"%PDF-1.7", b"\xd0\xcf\x11\xe0old", b"a,b\nc,d\n",
        b"Date,Description,Credit,Debit\n26/11/26,\x00,1,\n", b"\x81\x8d\x8f", b"\xff\xfe\x00",
        b"x" * (BYTES_MAX + 1),
        b"Date,Description,Credit,Debit\n" + b"26/11/26,a,1,\n" * (ROWS_MAX + 1),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_with_a_sentence(content):
    with pytest.raises(NotASheet) as refused:
        read(content)
    assert str(refused.value.sentence)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content):
    with suppress(NotASheet):
        read(b"Date,Description,Credit,Debit\n" + content)


@given(st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=12))
def test_every_line_ends_as_a_row_a_flaw_or_an_aside(rows):
    out = io.StringIO()
    csv.writer(out).writerows([["Date", "Description", "Credit", "Debit"], *rows])
    try:
        text = decoded(out.getvalue().encode("utf-8", "replace"))
    except NotASheet:
        return
    sheet = read(text)
    filled = [
        row
        for row in rows
        if any("".join(c if c.isprintable() else " " for c in cell).strip() for cell in row)
    ]
    told = len(sheet.rows) + len(sheet.flaws) + len(sheet.asides)
    assert told <= len(filled)
    assert told or not filled


@pytest.mark.parametrize("text", ["=1+1", "+62", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_formula_is_written_as_a_text(text):
    rows = list(
        csv.reader(io.StringIO(written(["a", "b"], [[text, -1]]).decode("utf-8-sig"), newline=""))
    )
    assert rows == [["a", "b"], [f"'{text}", "-1"]]
