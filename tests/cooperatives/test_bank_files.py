"""The banks' files: whole rupiah, a control sum, and nothing that a spreadsheet would run."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperatives import banks
from cooperatives.settling.bank_files import LAYOUTS, NAME_MAX, Transfer, plain_name, total, written
from core.words import terbilang

DAY = date(2026, 11, 30)
TWO = [
    Transfer("bri", "001234567890", "Nur Aini, S.E.", 33_480, "LBG1"),
    Transfer("bca", "8880001111", "=cmd|' /C calc'!A0", 1_000_000, "LBG2"),
]


def rows(content):
    return list(csv.reader(io.StringIO(content.decode("ascii"))))


@pytest.mark.parametrize("code", LAYOUTS)
def test_every_line_names_account_payee_and_whole_rupiah(code):
    found = rows(written(TWO, LAYOUTS[code], DAY))
    (first,) = (row for row in found if "001234567890" in row)
    assert "NUR AINI S E" in first
    assert "33480" in first
    assert any("LBG2" in row and "1000000" in row for row in found)


@pytest.mark.parametrize("code", ["bri", "mandiri"])
def test_the_control_sum_stands_in_the_file_where_the_bank_takes_one(code):
    found = rows(written(TWO, LAYOUTS[code], DAY))
    assert any("1033480" in row for row in found)
    assert total(TWO) == 1_033_480


def test_transfers_inside_the_bank_are_told_from_others():
    own, other = rows(written(TWO, LAYOUTS["mandiri"], DAY))[1:]
    assert (own[9], other[9]) == ("BAU", "BAU")
    own, other = rows(written(TWO, LAYOUTS["bca"], DAY))[1:]
    assert (own[0], other[0]) == ("BIF", "BCA")


@given(name=st.text(max_size=90), bank=st.sampled_from(sorted(banks.BANKS)))
def test_whatever_a_name_is_no_cell_runs_as_a_formula(name, bank):
    one = Transfer(bank, "12345678", name, 5_000, "LBG9")
    for layout in LAYOUTS.values():
        content = written([one], layout, DAY)
        for row in rows(content):
            assert not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for cell in row if cell)
    assert len(plain_name(name)) <= NAME_MAX


@pytest.mark.parametrize("amount", [0, -5])
def test_nothing_is_no_transfer(amount):
    with pytest.raises(AssertionError):
        written([Transfer("bri", "12345678", "Nur", amount, "LBG1")], LAYOUTS["bri"], DAY)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "nol"), (11, "sebelas"), (15, "lima belas"), (20, "dua puluh"),
        (99, "sembilan puluh sembilan"),
        (100, "seratus"), (1_000, "seribu"), (25_000, "dua puluh lima ribu"),
        (33_480, "tiga puluh tiga ribu empat ratus delapan puluh"), (1_000_000, "satu juta"),
        (1_101_001, "satu juta seratus satu ribu satu"), (2 * 10**9, "dua miliar"),
    ],
)  # fmt: skip
def test_a_sum_in_words(amount, words):
    assert terbilang(amount) == words
