"""Numbers and days read as people say them, in Indonesian and in English."""

import timeit
from datetime import UTC, date, datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask_babel import Babel, force_locale
from hypothesis import given
from hypothesis import strategies as st

from core.money import parse_rupiah
from core.words import berat, jam, jam_lain, rupiah, slug, tanggal, tanggal_jam, wa_link

NOON = datetime(2026, 8, 17, 5, 3, tzinfo=UTC)  # 12.03 in Wonosobo.


@pytest.fixture
def english():
    app = Flask(__name__)
    Babel(app, default_locale="id")
    with app.test_request_context(), force_locale("en"):
        yield


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Rp\u00a00"),
        (999, "Rp\u00a0999"),
        (25_000, "Rp\u00a025.000"),
        (1_234_567_890, "Rp\u00a01.234.567.890"),
        (-25_000, "-Rp\u00a025.000"),
    ],
)
def test_rupiah_have_dots_and_stay_on_one_line(amount, words):
    assert rupiah(amount) == words


def test_rupiah_look_the_same_in_english(english):
    assert rupiah(25_000) == "Rp\u00a025.000"


@given(st.integers(0, 1_000_000_000))
def test_rupiah_that_are_shown_can_be_typed(amount):
    assert parse_rupiah(rupiah(amount)) == amount


def test_a_price_costs_next_to_nothing_to_show():
    fastest = min(timeit.repeat(lambda: rupiah(18_000), number=10_000, repeat=5)) / 10_000
    assert fastest < 0.5e-6 * 4  # Four times the budget: the machine may be busy.


def test_days_carry_indonesian_month_names():
    assert tanggal(date(2026, 8, 17)) == "17 Agustus 2026"
    assert tanggal(date(2026, 12, 1)) == "1 Desember 2026"


def test_days_carry_english_month_names_for_english_readers(english):
    assert tanggal(date(2026, 8, 17)) == "17 August 2026"


def test_moments_are_told_in_western_indonesian_time():
    assert jam(NOON) == "12.03"
    assert tanggal_jam(NOON) == "17 Agustus 2026, 12.03 WIB"
    late = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    assert tanggal_jam(late) == "1 Januari 2027, 00.00 WIB"
    assert tanggal(late) == "1 Januari 2027"
    assert jam(NOON.astimezone(timezone(timedelta(hours=-8)))) == "12.03"


def test_moments_are_told_on_the_clock_of_each_zone():
    assert tanggal_jam(NOON, "WIT") == "17 Agustus 2026, 14.03 WIT"
    assert jam_lain(NOON, "WITA") == "12.03 WIB, 14.03 WIT"


def test_another_day_elsewhere_is_said():
    late = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # Half past eleven in the evening of Jakarta.
    assert jam_lain(late, "WIB") == "1 Januari 2027, 00.30 WITA, 1 Januari 2027, 01.30 WIT"


def test_english_readers_get_a_colon(english):
    assert tanggal_jam(NOON) == "17 August 2026, 12:03 WIB"


@pytest.mark.parametrize("words", [tanggal, jam, tanggal_jam])
def test_a_moment_without_a_zone_is_our_own_bug(words):
    with pytest.raises(AssertionError):
        words(datetime(2026, 8, 17, 5, 3))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("grams", "words"),
    [
        (0, "0 g"),
        (450, "450 g"),
        (999, "999 g"),
        (1000, "1 kg"),
        (1500, "1,5 kg"),
        (1250, "1,25 kg"),
        (1001, "1,001 kg"),
        (10_000, "10 kg"),
        (1_250_500, "1.250,5 kg"),
    ],
)
def test_weights_change_to_kilograms_and_lose_no_gram(grams, words):
    assert berat(grams) == words


def test_english_weights_have_a_point(english):
    assert berat(1_250_500) == "1,250.5 kg"


def test_a_negative_weight_is_our_own_bug():
    with pytest.raises(AssertionError):
        berat(-1)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Keripik Pisang Bu Nur", "keripik-pisang-bu-nur"),
        ("  Opak -- 250 g! ", "opak-250-g"),
        ("Ma'u & Crème Brûlée", "mau-creme-brulee"),
        ("木薯片", "tanpa-nama"),
        ("", "tanpa-nama"),
        ("---", "tanpa-nama"),
        ("\U0001f34c\x00../../etc", "etc"),
        ("a" * 79 + " b", "a" * 79),
        ("x" * 10_000, "x" * 80),
    ],
)
def test_addresses_are_small_ascii_words(text, address):
    assert slug(text) == address


@given(st.text())
def test_an_address_is_never_empty_long_or_strange(text):
    made = slug(text)
    assert 1 <= len(made) <= 80
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert made.strip("-") == made
    assert slug(made) == made


def test_a_whatsapp_link_spells_spaces_and_signs_out():
    link = wa_link("Keripik 50% + bonus\nRp 25.000 & lain", "+6281234567890")
    assert link == (
        "https://wa.me/6281234567890?text=Keripik%2050%25%20%2B%20bonus%0ARp%2025.000%20%26%20lain"
    )


def test_without_a_phone_whatsapp_asks_whom_to_send_to():
    assert wa_link("a/b") == "https://wa.me/?text=a%2Fb"


@given(st.text(min_size=1))
def test_any_text_arrives_whole(text):
    query = parse_qs(urlsplit(wa_link(text)).query, keep_blank_values=True)
    assert query["text"] == [text]


def test_half_a_character_does_not_break_a_link():
    assert wa_link("a\ud800b") == "https://wa.me/?text=a%3Fb"
