"""Each box reads its own kind of thing the way people write it."""

from uuid import UUID

import pytest

from core.regions import district
from tests.core.every_form import ACT, APP, EveryForm, judge, make_app, sent

# Phones


def test_demo_numbers_pass_where_the_demo_world_is_loaded():
    assert judge("phone", "0840-0000-205")[0] is None
    with sent(app=make_app("yes"), phone="0840-0000-205") as form:
        assert form.validate(), form.errors
        assert form.phone.data == "+628400000205"


def test_a_wrong_phone_is_answered_with_an_example():
    assert judge("phone", "12345")[1] == ["Nomor HP belum benar. Contoh: 0812-3456-7890."]


# PINs


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("000000", "berulang"), ("777777", "berulang"), ("121212", "berulang"),
        ("123123", "berulang"), ("123456", "berurutan"), ("654321", "berurutan"),
        ("234567", "berurutan"), ("890123", "berurutan"), ("321098", "berurutan"),
    ],
)  # fmt: skip
def test_a_pin_that_a_thief_tries_first_is_refused(pin, why):
    with sent(pin=pin, again=pin) as form:
        assert not form.validate()
        assert why in form.pin.errors[0]
        assert form.again.errors == []  # One sentence is enough.


@pytest.mark.parametrize("pin", ["012346", "112233", "274951", "998877", "100000", "121213"])
def test_other_pins_are_the_owners_choice(pin):
    with sent(pin=pin, again=pin) as form:
        assert form.validate(), form.errors
        assert form.pin.data == pin


@pytest.mark.parametrize("pin", ["12345", "27495a", "２７４９５１", "27 495", "27495²", "+27495"])
def test_a_pin_has_six_plain_digits(pin):
    assert judge("pin", pin) == (None, ["PIN harus 6 angka."])


def test_an_old_pin_is_only_asked_for_and_not_judged():
    with sent(again="123456") as form:
        form.validate()
        assert form.again.errors == ["PIN belum sama."]


def test_a_pin_never_returns_to_the_page():
    with sent(phone="?") as form:
        assert not form.validate()
        assert "274951" not in form.pin()
        assert 'type="password"' in form.pin()
        assert 'autocomplete="new-password"' in form.pin()
        assert 'autocomplete="current-password"' in form.again()


# Amounts


@pytest.mark.parametrize(("text", "rupiah"), [("500", 500), ("5jt", 5_000_000), (" 1.500 ", 1500)])
def test_prices_are_whole_rupiah(text, rupiah):
    assert judge("price", text) == (rupiah, [])


@pytest.mark.parametrize("text", ["499", "5000001", "0"])
def test_a_price_out_of_bounds_is_answered_with_the_bounds(text):
    answer = "Tulis jumlah dari Rp\u00a0500 sampai Rp\u00a05.000.000."
    assert judge("price", text) == (None, [answer])


def test_a_price_that_is_no_number_is_answered_with_an_example():
    assert judge("price", "mahal") == (None, ["Tulis angkanya saja, contoh 15000."])


@pytest.mark.parametrize(("text", "count"), [("1", 1), ("99", 99), (" 7 ", 7), ("007", 7)])
def test_quantities_are_counts(text, count):
    assert judge("quantity", text) == (count, [])


@pytest.mark.parametrize(
    "text", ["0", "100", "-1", "1.5", "1,000", "１２", "²", "٣", "3 buah", "+3"]
)
def test_what_is_no_count_is_answered_with_the_bounds(text):
    assert judge("quantity", text) == (None, ["Tulis angka bulat dari 1 sampai 99."])


# Names and text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sumirah", "Sumirah"),
        ("  Siti   Nur'aini ", "Siti Nur'aini"),
        ("Dra. Hj. Dwi Astuti, S.Pd.", "Dra. Hj. Dwi Astuti, S.Pd."),
        ("I Gusti A. K. (Ayu)", "I Gusti A. K. (Ayu)"),
        ("Ng", "Ng"),
        ("陳美玲", "陳美玲"),
        ("مريم", "مريم"),
        ("Rene\u0301e", "Renée"),
        ("\u200eSiti\u202e", "Siti"),
        ("Siti\u00a0Aminah", "Siti Aminah"),
        ("a" * 60, "a" * 60),
        (" " * 100 + "a" * 60, "a" * 60),
    ],
)
def test_any_name_is_a_name(text, name):
    assert judge("name", text) == (name, [])


@pytest.mark.parametrize(
    "text", ["Siti 2", "0812", "Siti \U0001f34c", "...", "a@b", "<b>", "Siti;"]
)
def test_digits_and_signs_are_no_name(text):
    assert judge("name", text) == (None, ["Tulis nama dengan huruf, tanpa angka dan simbol."])


@pytest.mark.parametrize("mark", ["\r\n", "\n", "\r", "\t", "\x00", "\x1b", "\x85", "\u2028"])
@pytest.mark.parametrize("place", ["Siti{}Aminah", "Siti{}", "{}Siti"])
def test_a_line_end_in_a_name_is_refused(mark, place):
    assert judge("name", place.format(mark)) == (None, ["Tulis nama dalam satu baris."])


def test_what_lies_far_beyond_the_box_is_not_even_read():
    assert judge("name", " " * 300 + "Siti") == (None, ["Nama belum diisi. Satu kata pun boleh."])


def test_too_long_a_text_stays_in_the_box_to_be_shortened():
    with sent(name="a" * 61) as form:
        assert not form.validate()
        assert "a" * 61 in form.name()


def test_a_name_of_sixty_one_letters_is_too_long():
    answer = "Terlalu panjang. Paling banyak 60 huruf atau angka."
    assert judge("name", "a" * 61) == (None, [answer])


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("a\x00b\x1b[1m", "ab[1m"),
        ("satu\r\ndua\ttiga", "satu dua tiga"),
        ("\u202eterbalik\u2069", "terbalik"),
        ("\U0001f34c pisang", "\U0001f34c pisang"),
        ("\x00", ""),
        ("a" * 40, "a" * 40),
        ("e\u0301" * 40, "é" * 40),
    ],
)
def test_text_loses_what_cannot_be_printed_and_nothing_else(text, note):
    assert judge("note", text) == (note, [])


def test_text_that_is_too_long_says_how_long_it_may_be():
    answer = "Terlalu panjang. Paling banyak 40 huruf atau angka."
    assert judge("note", "a" * 41) == ("", [answer])


def test_a_required_text_of_control_characters_is_empty():
    assert judge("story", "\x00\x01")[1] == ["Isian ini belum diisi."]


def test_a_story_keeps_its_lines_and_a_line_end_counts_once():
    assert judge("story", " a\r\n\r\nb\rc ") == ("a\n\nb\nc", [])
    assert judge("story", "a\r\n" * 49 + "bc") == ("a\n" * 49 + "bc", [])


# Places


@pytest.mark.parametrize(
    "text",
    [
        "RT 02 RW 03", "RT02/RW03", "rt.2 rw.3", "RT. 02 / RW. 03", "RT/RW 02/03", "rt/rw: 2/3",
        "02/03", "2/3", "2-3", "2 3", "002/003", "RT: 02 RW: 03", "RT2RW3", "2, 3",
    ],
)  # fmt: skip
def test_neighbourhoods_are_kept_in_one_spelling(text):
    assert judge("rt_rw", text) == ("02/03", [])


def test_large_neighbourhoods_keep_three_digits():
    assert judge("rt_rw", "RT 012 RW 103") == ("12/103", [])


@pytest.mark.parametrize(
    "text", ["RT 2", "23", "2/3/4", "２/３", "RW 3", "2//3", "1234/5", "rt/rw"]
)
def test_half_a_neighbourhood_is_answered_with_an_example(text):
    assert judge("rt_rw", text) == ("", ["Tulis RT dan RW, contoh 02/03."])


def test_an_unclear_district_brings_its_choices():
    with sent(district="wonosobo") as form:
        assert not form.validate()
        assert form.district.data is None
        assert district("330709") in form.district.choices
        assert "Wonosobo, Kabupaten Wonosobo, Jawa Tengah" in form.district.errors[0]


def test_a_picked_label_is_its_district():
    label = "Leksono, Kabupaten Wonosobo, Jawa Tengah"
    assert judge("district", label) == ("330705", [])


def test_a_code_that_vanished_from_the_map_is_asked_again():
    with APP.test_request_context():
        assert 'value=""' in EveryForm(data={"district": "999999"}).district()


@pytest.mark.parametrize("text", ["5637", "563711", "05637", "56 371", "５６３７１", "5637a"])
def test_a_postcode_has_five_digits(text):
    assert judge("postcode", text) == ("", ["Kode pos terdiri dari 5 angka, contoh 56371."])


# The id of an act


def test_every_page_brings_its_own_act():
    with APP.test_request_context():
        one, other = EveryForm(), EveryForm()
        assert isinstance(one.act_id.data, UUID)
        assert one.act_id.data != other.act_id.data
        assert f'type="hidden" value="{one.act_id.data}"' in one.act_id()


def test_an_act_keeps_its_id_when_a_box_is_wrong():
    with sent(name="") as form:
        assert not form.validate()
        assert form.act_id.data == UUID(ACT)
        assert ACT in form.act_id()


@pytest.mark.parametrize(
    "broken",
    [
        "", "1", "{" + ACT + "}", "urn:uuid:" + ACT, ACT.replace("-", ""), ACT + "\n",
        ACT[:-1] + "g", ACT.replace("0", "０"), "\x00", "a" * 10_000,
    ],
)  # fmt: skip
def test_a_broken_act_is_refused_and_a_fresh_one_takes_its_place(broken):
    with sent(act_id=broken) as form:
        assert not form.validate()
        assert form.act_id.errors == ["Halaman ini sudah lama. Coba kirim sekali lagi."]
        assert isinstance(form.act_id.data, UUID)
        assert form.act_id.data != UUID(ACT)
        assert str(form.act_id.data) in form.act_id()


def test_an_act_id_in_capitals_is_the_same_act():
    assert judge("act_id", ACT.upper()) == (UUID(ACT), [])
