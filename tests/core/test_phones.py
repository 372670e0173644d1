"""One person, one number, however she writes it."""

import re
import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.phones import NotAPhone, last_four, masked, parse_mobile, show, wa_digits

SPELLINGS = [
    "081234567890", "0812-3456-7890", "0812 3456 7890", "0812.3456.7890", "(0812) 3456-7890",
    "62812-3456-7890", "6281234567890", "+6281234567890", "+62 812 3456 7890",
    "+62 (0) 812-3456-7890", "+62 0812 3456 7890", "6281234567890 ", "620812 3456 7890",
    "81234567890", "812-3456-7890", "0812\u00a03456\u00a07890", "+62\u202f812\u20113456\u20117890",
    "0812–3456–7890", "\u202a+62 812-3456-7890\u202c", "\u200e081234567890", "0812/3456/7890",
    "０８１２３４５６７８９０", "＋６２ ８１２ ３４５６ ７８９０",
]  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_indonesian_spelling_is_the_same_number(text):
    assert parse_mobile(text) == "+6281234567890"


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("62812345678", "+62812345678"),  # Not +62 62812…, a landline.
        ("0812345678", "+62812345678"),
        ("0812-3456-78901", "+62812345678901"),
    ],
)
def test_short_and_long_numbers_are_mobile_too(text, e164):
    assert parse_mobile(text) == e164


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("+852 9123 4567", "+85291234567"),
        ("+886 912 345 678", "+886912345678"),
        ("+966 50 123 4567", "+966501234567"),
        ("+61 491 570 006", "+61491570006"),
        ("+1 (202) 555-0123", "+12025550123"),
    ],
)
def test_buyers_abroad_write_a_plus(text, e164):
    assert parse_mobile(text) == e164


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "+", "0", "62", "081", "61491570006", "0085291234567", "00812-3456-7890",
        "+62 00812 3456 7890", "12025550123", "+999123456",
        "0812345678901234", "+62812345678901234", "+886 0", "0812-CALL-NOW", "HP 081234567890",
        "081234567890 ext 5", "081234567890x5", "tel:+6281234567890", "0812+3456+7890",
        "081234567890\x00", "0812\ud80034567890", "٠٨١٢٣٤٥٦٧٨٩٠", "\U0001f4de081234567890",
        "081234567890,081234567891", "0" * 10_000, "8" * 40, "+" * 40, "<script>",
        "0812-3456-7890" + " " * 40,
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_with_a_sentence(text):
    with pytest.raises(NotAPhone) as refused:
        parse_mobile(text)
    assert refused.value.sentence == "Nomor HP belum benar. Contoh: 0812-3456-7890."


@pytest.mark.parametrize("text", ["021-5551234", "+62 21 5551234", "0628 212345", "0804 123 4567"])
def test_an_indonesian_number_must_be_mobile(text):
    with pytest.raises(NotAPhone) as refused:
        parse_mobile(text)
    assert "bukan nomor HP" in str(refused.value.sentence)


@pytest.mark.parametrize("text", ["+628400000205", "0840-0000-205"])
def test_demo_numbers_pass_only_where_the_demo_world_is_loaded(text):
    assert parse_mobile(text, allow_demo=True) == "+628400000205"
    with pytest.raises(NotAPhone):
        parse_mobile(text)


@pytest.mark.parametrize("text", ["0840000020", "084000002055", "0841-0000-205"])
def test_only_whole_demo_numbers_are_demo_numbers(text):
    with pytest.raises(NotAPhone):
        parse_mobile(text, allow_demo=True)


@pytest.mark.parametrize(
    ("e164", "shown", "hidden"),
    [
        ("+6281234567890", "0812-3456-7890", "0812-••••-890"),
        ("+62812345678", "0812-345-678", "0812-••••-678"),
        ("+628123456789", "0812-3456-789", "0812-••••-789"),
        ("+62812345678901", "0812-3456-78901", "0812-••••-901"),
        ("+628400000205", "0840-0000-205", "0840-••••-205"),
        ("+85291234567", "+852 9123 4567", "+852 ••••-567"),
        ("+12025550123", "+1 202-555-0123", "+1 ••••-123"),
    ],
)
def test_numbers_are_shown_as_people_know_them(e164, shown, hidden):
    assert show(e164) == shown
    assert masked(e164) == hidden


def test_whatsapp_and_the_pick_up_desk_get_their_digits():
    assert wa_digits("+6281234567890") == "6281234567890"
    assert last_four("+6281234567890") == "7890"


@given(st.sampled_from(["0812", "0857", "0896", "0811"]), st.integers(10**6, 10**8 - 1))
def test_what_is_shown_is_read_back(prefix, rest):
    e164 = parse_mobile(f"{prefix}{rest}")
    assert parse_mobile(show(e164)) == e164


@given(st.text(max_size=60), st.booleans())
def test_no_text_breaks_the_reader(text, allow_demo):
    with suppress(NotAPhone):
        assert re.fullmatch(r"\+[0-9]{8,15}", parse_mobile(text, allow_demo=allow_demo))


def test_the_big_tables_of_phonenumbers_are_never_loaded():
    heavy = "{'phonenumbers.carrier', 'phonenumbers.geocoder', 'phonenumbers.timezone'}"
    code = f"import sys, core.fields; sys.exit(bool({heavy} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
