"""Claims and clauses that may not be written are found, and each has a kinder way to say it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellers.claims import _RULES, scan


def words(text, **more):
    return [claim.words for claim in scan(text, **more)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Menyembuhkan diabetes!", ["menyembuhkan", "diabetes"]),
        ("Cepat sembuh berkat penyembuhan ini", ["sembuh", "penyembuhan"]),
        ("Obat batuk alami", ["obat"]),
        ("Untuk mengobati dan pengobatan", ["mengobati", "pengobatan"]),
        ("Turunkan berat badan", ["turunkan berat badan"]),
        ("menurunkan KOLESTEROL dan asam urat", ["kolesterol", "asam urat"]),
        ("tanpa pengawet, tanpa bahan kimia", ["tanpa pengawet", "tanpa bahan kimia"]),
        ("Bebas MSG", ["bebas msg"]),
        ("tidak memakai pengawet", ["tidak memakai pengawet"]),
        ("100% alami", ["100 alami"]),
        ("Menambah daya tahan tubuh", ["daya tahan tubuh"]),
        ("khasiatnya? berkhasiat dan mujarab", ["berkhasiat", "mujarab"]),
        ("cures cancer, no preservatives", ["cures", "cancer", "no preservatives"]),
        ("sugar and preservative-free", ["preservative free"]),
        ("sakit jantung", ["sakit jantung"]),
    ],
)
def test_a_claim_on_food_is_found(text, found):
    assert words(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Barang yang sudah dibeli tidak dapat dikembalikan",
        "tidak bisa ditukar",
        "Kami tidak menerima retur",
        "tidak melayani penukaran",
        "no refunds",
        "Tidak boleh dibatalkan atau dikembalikan",
        "nggak bisa refund",
    ],
)
def test_refusing_returns_is_found_on_all_goods(text):
    for is_food in (True, False):
        assert [claim.kind for claim in scan(text, is_food=is_food)] == ["clause"]


@pytest.mark.parametrize(
    "text",
    [
        "0bat herbal",
        "o\u200bbat",
        "OBÁT",
        "k0l3sterol",
        "d1abetes",
        "ｏｂａｔ",
        "tanpa-pengawet",
        "tanpa\npengawet",
    ],
)
def test_a_claim_in_disguise_is_found(text):
    assert len(scan(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Tiwul singkong siap seduh: siram air panas, tunggu mengembang, kukus 15 menit.",
        "Manisnya dari gula aren Bu Rokhayah. Cukup dikukus 15 menit.",
        "Pisang raja nangka tua, renyah, asin-manis ringan.",
        "Dari tepung mocaf buatan kelompok sendiri.",
        "Ini camilan, bukan obat.",
        "Tumis jantung pisang",
        "Sweet treats for the afternoon",
        "Embuh, pokoknya enak",
        "Isi 12 gelas, 400 g, tahan 7 hari",
        "Barang rusak bisa ditukar",
        "Tanpa gula",
        "",
    ],
)
def test_plain_words_pass(text):
    assert scan(text) == []


def test_goods_one_cannot_eat_may_say_more():
    assert scan("Pewarna alami, tanpa bahan kimia", is_food=False) == []
    assert words("Pewarna alami, tanpa bahan kimia") == ["tanpa bahan kimia"]


def test_the_same_words_are_told_once():
    assert words("obat, obat, OBAT") == ["obat"]


def test_the_sentence_names_the_words_and_a_kinder_way(speaking):
    (claim,) = scan("menyembuhkan")
    assert claim.sentence == (
        "Kalimat “menyembuhkan” tidak boleh ditulis pada makanan."
        " Coba: “rasa gurih, cocok untuk sarapan”."
    )


@pytest.mark.parametrize("rule", _RULES, ids=lambda rule: rule.pattern.pattern[:20])
def test_the_kinder_way_is_itself_allowed(rule, speaking):
    assert scan(str(rule.kinder)) == []


def test_a_found_word_cannot_carry_markup(speaking):
    (claim,) = scan("<script>obat</script>")
    assert "<" not in claim.sentence


@given(st.text())
def test_any_text_can_be_scanned(text):
    for claim in scan(text):
        assert claim.words.strip() == claim.words != ""


@given(st.text(alphabet="tidak bsnopergw01 .-\u200b"))
def test_scanning_twice_finds_the_same(text):
    assert scan(text) == scan(text)


def test_a_very_long_text_is_scanned_quickly():
    assert scan("tidak bisa " * 200_000) == []
    assert scan("a" * 2_000_000) == []
