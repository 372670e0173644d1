"""The label as a file: every part on every paper, Indonesian, nothing lost however long it is."""

import io
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from core.label_sheets import HEIGHT_MAX
from sellers.label_paper import PackLabel, drawn

LABEL = PackLabel(
    name="Keripik <b>Pisang</b> & pedas",
    net_weight_grams=250,
    ingredients="Pisang 90 %, minyak, garam",
    allergens=["Kacang tanah", "Susu"],
    storage="Di tempat kering",
    maker="Keripik Bu Nur",
    address=[
        "Dusun Contoh 7, RT 02/03", "Kertek, Kabupaten Wonosobo, Jawa Tengah 56371", "Indonesia",
    ],
    numbers=["P-IRT 2063307010001-31", "HALAL ID33110000123450223"],
    made_on=date(2026, 8, 1),
    batch="261126A",
    best_before=date(2027, 3, 24),
    url="http://localhost/p/keripik-pisang?batch=261126A",
)  # fmt: skip
PARTS = (
    "Keripik <b>Pisang</b> & pedas", "Berat bersih 250 g",
    "Komposisi: Pisang 90 %, minyak, garam", "Mengandung alergen: Kacang tanah, Susu",
    "Penyimpanan: Di tempat kering", "Diproduksi oleh: Keripik Bu Nur",
    "Dusun Contoh 7, RT 02/03", "Kertek, Kabupaten Wonosobo, Jawa Tengah 56371, Indonesia",
    "P-IRT 2063307010001-31", "HALAL ID33110000123450223",
    "Tanggal produksi: 1 Agustus 2026", "Kode produksi: 261126A",
    "Baik digunakan sebelum: 24 Maret 2027",
)  # fmt: skip


def pages(label, paper, pieces):
    return PdfReader(io.BytesIO(drawn(label, paper, pieces))).pages


def millimetres(page):
    return [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]]


def words_of(page):
    """What a reader sees, whatever the lines are broken at."""
    return " ".join(page.extract_text().split())


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("paper", ["a4", "80", "58"])
def test_every_part_stands_on_every_paper_in_indonesian(app, paper, language):
    with app.test_request_context(headers={"Accept-Language": language}):
        (page,) = pages(LABEL, paper, 1)
        text = words_of(page)
    for part in PARTS:
        assert part in text


@pytest.mark.parametrize(("paper", "width"), [("58", 58), ("80", 80)])
def test_a_roll_has_one_label_on_each_page_as_high_as_its_text(app, paper, width):
    short, long = (pages(replace(LABEL, ingredients="Pisang. " * n), paper, 3) for n in (1, 60))
    assert len(short) == len(long) == 3
    for page in short:
        assert millimetres(page)[0] == width
        assert words_of(page).count("Kode produksi") == 1
    assert 40 < millimetres(short[0])[1] < millimetres(long[0])[1]


def test_a_sheet_holds_several_and_no_more_than_asked(app):
    (sheet,) = pages(LABEL, "a4", 7)
    assert millimetres(sheet) == [210, 297]
    assert words_of(sheet).count("Kode produksi") == 7
    sheets = pages(LABEL, "a4", 25)
    assert [words_of(one).count("Kode produksi") for one in sheets] == [8, 8, 8, 1]


@pytest.mark.parametrize("paper", ["a4", "80", "58"])
def test_the_longest_texts_are_all_there_and_fit_the_sheet(app, paper):
    long = replace(
        LABEL, name="W" * 181, ingredients="w" * 600, storage="simpan " * 42, maker="M" * 80,
        allergens=["Kandungan " * 3] * 14, address=["J" * 120, "K" * 90, "Indonesia"],
        url="http://localhost/p/" + "a" * 80 + "?batch=" + "b" * 20,
    )  # fmt: skip
    (page,) = pages(long, paper, 1)
    text = page.extract_text().replace("\n", "")
    assert text.count("W") == 181
    assert text.count("w") == 600
    (form,) = page["/Resources"]["/XObject"].values()
    if paper == "a4":
        assert form.get_object()["/BBox"][3] <= HEIGHT_MAX


def test_no_allergen_is_said_and_no_storage_is_not(app):
    (page,) = pages(replace(LABEL, allergens=[], storage=""), "80", 1)
    assert "Alergen: tidak ada dalam bahan" in words_of(page)
    assert "Penyimpanan" not in words_of(page)


@pytest.mark.parametrize("paper", ["a4", "58"])
def test_many_labels_are_one_drawing(app, paper):
    assert len(drawn(LABEL, paper, 300)) < 200_000
    assert drawn(LABEL, paper, 10) == drawn(LABEL, paper, 10)
