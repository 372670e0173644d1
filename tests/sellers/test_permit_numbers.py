"""Numbers are read as people copy them, checked, and kept in one spelling."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellers.models import PERMIT_KINDS
from sellers.permit_numbers import (
    FOOD_TYPES,
    PACKAGINGS,
    READERS,
    NotAPermitNumber,
    display,
    parse,
)

TODAY = date(2026, 11, 22)
GOOD = {
    "pirt": "2063307010001-31",
    "md": "MD000000000012",
    "tr": "TR123456789",
    "halal": "ID33110000123450223",
    "nib": "1234567890123",
}


def read(kind, text, **more):
    return parse(kind, text, today=TODAY, **more)


def warned(found):
    return " ".join(str(warning) for warning in found.warnings)


@pytest.mark.parametrize(
    "text",
    [
        "206330701000131",
        "2063307010001-31",
        "P-IRT No. 2063307010001-31",
        "PIRT: 206 3307 01 0001 31",
        "p-irt nomor 2.06.3307.01.0001-31",
        "SPP-IRT 2063307010001 - 31.",
        "P-IRT 2063307010001–31",
        "２０６３３０７０１０００１－３１",
        "  P.IRT 206/3307/01/0001/31 ",
    ],
)
def test_a_pirt_number_is_read_in_every_spelling(text):
    found = read("pirt", text)
    assert found.number == "2063307010001-31"
    assert found.display == "P-IRT 2063307010001-31"
    assert found.expires == date(2031, 12, 31)
    assert found.warnings == ()


@pytest.mark.parametrize("text", ["20633070100013", "2063307010001312", "12", "P-IRT 1"])
def test_a_pirt_number_has_fifteen_digits(text, speaking):
    with pytest.raises(NotAPermitNumber) as refused:
        read("pirt", text)
    digits = len(re.sub("[^0-9]", "", text))
    assert (
        str(refused.value.sentence) == f"Nomor P-IRT punya 15 angka. Yang tertulis {digits} angka."
    )


@pytest.mark.parametrize("first", "0123456789")
def test_the_first_digit_of_a_pirt_number_is_a_known_packaging(first):
    text = f"{first}063307010001-31"
    if first in PACKAGINGS:
        assert read("pirt", text).number == text
    else:
        with pytest.raises(NotAPermitNumber):
            read("pirt", text)


@pytest.mark.parametrize("kind", [f"{number:02}" for number in range(100)])
def test_an_unknown_food_type_warns_only(kind, speaking):
    found = read("pirt", f"2{kind}3307010001-31")
    assert ("jenis pangan" in warned(found)) == (kind not in FOOD_TYPES)
    assert len(found.warnings) == (kind not in FOOD_TYPES)


def test_an_unknown_regency_warns_only(speaking):
    assert "kode kabupaten" in warned(read("pirt", "2069999010001-31"))


def test_a_pirt_number_says_when_it_ends(speaking):
    assert read("pirt", "2063307010001-26").expires == date(2026, 12, 31)
    assert read("pirt", "2063307010001-26").warnings == ()
    assert "berakhir tahun 2025" in warned(read("pirt", "2063307010001-25"))


def test_a_pirt_number_lasts_no_more_than_five_years(speaking):
    assert read("pirt", "2063307010001-31").warnings == ()
    assert "paling lama 5 tahun" in warned(read("pirt", "2063307010001-32"))


@pytest.mark.parametrize(
    "text",
    ["MD 123456789012", "BPOM RI MD 123456789012", "md123456789012", "POM-MD 1234 5678 9012"],
)
def test_a_bpom_number_is_read_in_every_spelling(text):
    found = read("md", text)
    assert (found.number, found.display) == ("MD123456789012", "BPOM RI MD 123456789012")
    assert (found.warnings, found.expires) == ((), None)


def test_a_number_of_imported_food_warns(speaking):
    found = read("md", "BPOM RI ML 123456789012")
    assert found.display == "BPOM RI ML 123456789012"
    assert "luar negeri" in warned(found)


@pytest.mark.parametrize(
    "text", ["MD 12345678901", "MD 1234567890123", "123456789012", "SI 123456789012"]
)
def test_a_bpom_number_is_letters_and_twelve_digits(text):
    with pytest.raises(NotAPermitNumber):
        read("md", text)


def test_herbal_goods_have_their_own_letters(speaking):
    assert read("tr", "POM TR 123 456 789").display == "BPOM RI TR 123456789"
    with pytest.raises(NotAPermitNumber, match="jamu"):
        read("md", "TR 123456789")
    with pytest.raises(NotAPermitNumber, match="pangan"):
        read("tr", "MD 123456789012")
    with pytest.raises(NotAPermitNumber):
        read("tr", "TR 12345678")


@pytest.mark.parametrize(
    "text", ["ID33110000123450223", "id 3311 0000 1234 50223", "33110000123450223"]
)
def test_a_halal_number_has_seventeen_digits(text):
    found = read("halal", text)
    assert (found.number, found.display) == ("ID33110000123450223", "ID33110000123450223")
    assert (found.warnings, found.expires) == ((), None)


@pytest.mark.parametrize("digits", [10, 15, 16, 18, 20])
def test_an_old_halal_number_warns(digits, speaking):
    found = read("halal", "ID" + "1" * digits)
    assert "sertifikat lama" in warned(found)


@pytest.mark.parametrize("text", ["ID123456789", "ID" + "1" * 21, "1" * 16, "halal", ""])
def test_other_numbers_are_no_halal_numbers(text):
    with pytest.raises(NotAPermitNumber):
        read("halal", text)


@pytest.mark.parametrize("text", ["1234567890123", "NIB: 1234567890123", "NIB No. 1234-5678-90123"])
def test_a_nib_has_thirteen_digits(text):
    found = read("nib", text)
    assert (found.number, found.display) == ("1234567890123", "NIB 1234567890123")


@pytest.mark.parametrize("text", ["123456789012", "12345678901234", "NIB", "abc"])
def test_other_numbers_are_no_nib(text):
    with pytest.raises(NotAPermitNumber):
        read("nib", text)


@pytest.mark.parametrize("kind", PERMIT_KINDS)
def test_a_sample_passes_only_where_samples_are(kind):
    sample = display(kind, GOOD[kind], is_sample=True)
    found = read(kind, sample, is_sample=True)
    assert found.number == GOOD[kind]
    assert found.display == sample
    assert sample.startswith("CONTOH ")
    with pytest.raises(NotAPermitNumber):
        read(kind, sample)


@pytest.mark.parametrize("kind", PERMIT_KINDS)
def test_a_sample_is_shown_as_one_however_it_was_typed(kind):
    assert read(kind, GOOD[kind], is_sample=True).display.startswith("CONTOH ")


@pytest.mark.parametrize("kind", PERMIT_KINDS)
def test_what_is_displayed_can_be_read_again(kind):
    found = read(kind, GOOD[kind])
    assert read(kind, found.display) == found


def test_every_kind_of_permit_has_a_reader():
    assert set(READERS) == set(PERMIT_KINDS)


@given(st.sampled_from(PERMIT_KINDS), st.text(max_size=90), st.booleans())
def test_any_text_is_a_number_or_refused_by_name(kind, text, is_sample):
    try:
        found = read(kind, text, is_sample=is_sample)
    except NotAPermitNumber:
        return
    assert re.fullmatch("[A-Z]{0,2}[0-9-]+", found.number)
    assert len(found.number) <= 40


@given(
    st.sampled_from(PERMIT_KINDS),
    st.lists(
        st.sampled_from(
            ["P-IRT", "MD", "TR", "ID", "NO.", "BPOM", "RI", "NIB", "HALAL", *"0123456789.-/ ٣²"]
        ),
        max_size=60,
    ),
)
def test_nearly_right_text_is_a_number_or_refused_by_name(kind, pieces):
    try:
        found = read(kind, "".join(pieces))
    except NotAPermitNumber:
        return
    assert read(kind, found.number).number == found.number


@pytest.mark.parametrize("kind", PERMIT_KINDS)
def test_a_flood_of_signs_is_refused_at_once(kind):
    for flood in ("-" * 50_000, "1-" * 50_000, "NO" * 50_000, "P-IRT " * 10):
        with pytest.raises(NotAPermitNumber):
            read(kind, flood)
