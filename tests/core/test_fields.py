"""What people type becomes a plain value or one sentence, and never a crash."""

import io
from uuid import UUID

import pytest
from flask_wtf import FlaskForm
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from core.fields import NameField
from tests.core.every_form import ACT, APP, GOOD, EveryForm, judge, sent


def test_a_good_form_becomes_plain_values():
    with sent() as form:
        assert form.validate(), form.errors
        assert form.data == {
            "phone": "+6281234567890",
            "pin": "274951",
            "again": "274951",
            "code": "123456",
            "price": 25_000,
            "quantity": 3,
            "name": "Siti Aminah",
            "note": "Titip di warung",
            "story": "Baris satu\nBaris dua",
            "rt_rw": "02/03",
            "district": "330708",
            "postcode": "56371",
            "act_id": UUID(ACT),
        }


REQUIRED = [
    "phone",
    "pin",
    "again",
    "code",
    "price",
    "quantity",
    "name",
    "story",
    "district",
    "act_id",
]
OPTIONAL = {"note": "", "rt_rw": "", "postcode": ""}


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("nothing", ["", "   ", "\t", None])
def test_a_box_left_empty_is_asked_for_in_one_sentence(name, nothing):
    _, errors = judge(name, nothing)
    assert len(errors) == 1


@pytest.mark.parametrize(("name", "value"), OPTIONAL.items())
@pytest.mark.parametrize("nothing", ["", "   ", None])
def test_an_optional_box_may_be_left_empty(name, value, nothing):
    assert judge(name, nothing) == (value, [])


def test_a_post_without_any_content_is_refused_in_every_required_box():
    with APP.test_request_context(method="POST"):
        form = EveryForm()
        assert not form.validate()
        assert set(form.errors) == set(REQUIRED)


HOSTILE = [
    "\x00", "a\x00b", "081234567890\x00", "\r\n", "Siti\r\nBcc: x@example.com", "\x1b[31m",
    "\U0001f34c", "１２", "２５０００", "٣", "²", "½", "-1", "1e3", "NaN", "0x10", "1_000",
    "' or 1=1 --", "<script>alert(1)</script>", "{{ 7*7 }}", "%s%n", "../../etc/passwd",
    "\ud800", "\u202eabc", "\ufeff", "Z\u0351\u036b\u0343" * 50, "9" * 10_000, "a" * 10_000,
    " " * 10_000 + "1", "٠" * 6, "None", "[]", "{}", "true",
]  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_ends_as_a_sentence_or_a_harmless_value(name, hostile):
    with APP.test_request_context(method="POST"):
        form = EveryForm(formdata=MultiDict(GOOD | {name: hostile}))
        form.validate()
        assert all(str(error) for error in form[name].errors)
        assert len(form[name].errors) <= 1
        harmless = str(form[name].data).encode("utf-8")
        assert b"\x00" not in harmless
        assert len(harmless) < 500
        page = str(form[name]())
        page.encode("utf-8")
        assert "\x00" not in page
        assert "<script>" not in page
        assert len(page) < 1000


@given(st.sampled_from(sorted(GOOD)), st.text(max_size=300))
def test_no_text_breaks_any_box(name, text):
    with APP.test_request_context(method="POST"):
        form = EveryForm(formdata=MultiDict(GOOD | {name: text}))
        form.validate()
        str(form[name]()).encode("utf-8")
        str(form[name].data).encode("utf-8")


@pytest.mark.parametrize("name", GOOD)
def test_a_file_in_place_of_text_counts_as_nothing(name):
    data = {k: v for k, v in GOOD.items() if k != name}
    data[name] = (io.BytesIO(b"MZ"), "081234567890")
    with APP.test_request_context(method="POST", data=data):
        form = EveryForm()
        assert form.validate() is (name in OPTIONAL)


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("odd", [7, 1.5, None, True, {"a": 1}])
def test_a_json_value_that_is_no_text_counts_as_nothing(name, odd):
    with APP.test_request_context(method="POST", json=GOOD | {name: odd}):
        form = EveryForm()
        assert form.validate() is (name in OPTIONAL)


@pytest.mark.parametrize("name", GOOD)
def test_of_several_values_the_first_counts(name):
    with sent(**{name: [GOOD[name], "garbage \x00"]}) as form:
        assert form.validate(), form.errors


def test_what_was_typed_stays_in_the_box():
    with sent(phone="0812 <34", price="mahal", name="Siti 2", district="wonosobo") as form:
        assert not form.validate()
        assert form.phone.data is None
        assert 'value="0812 &lt;34"' in form.phone()
        assert 'value="mahal"' in form.price()
        assert 'value="Siti 2"' in form.name()
        assert 'value="wonosobo"' in form.district()
        assert 'value="25rb"' not in form.price()


def test_a_good_box_keeps_its_spelling_when_another_is_wrong():
    with sent(name="") as form:
        assert not form.validate()
        assert 'value="25rb"' in form.price()


def test_known_values_are_shown_the_way_people_write_them():
    with APP.test_request_context():
        form = EveryForm(
            data={"phone": "+6281234567890", "price": 25_000, "quantity": 0, "district": "330708"}
        )
        assert 'value="0812-3456-7890"' in form.phone()
        assert 'value="25.000"' in form.price()
        assert 'value="0"' in form.quantity()
        assert 'value="Kertek, Kabupaten Wonosobo, Jawa Tengah"' in form.district()
        assert 'value=""' in form.name()


def test_boxes_bring_up_the_right_keyboard():
    with APP.test_request_context():
        form = EveryForm()
        assert 'type="tel"' in form.phone()
        for name in ("pin", "price", "quantity", "postcode"):
            assert 'inputmode="numeric"' in form[name]()
        assert "inputmode" not in form.name()
        assert 'autocomplete="name"' in form.name()
        assert 'maxlength="60"' in form.name()
        assert "required" in form.name()
        assert "required" not in form.note()
        assert form.story().startswith("<textarea")


def test_a_form_may_say_how_its_box_is_drawn():
    class Search(FlaskForm):
        who = NameField("Nama", render_kw={"autocomplete": "off", "class": "wide"})

    with APP.test_request_context():
        assert 'autocomplete="off"' in Search().who()
        assert 'class="wide"' in Search().who()
