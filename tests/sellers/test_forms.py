"""The seller's own boxes read what people type and refuse the rest in one sentence."""

from datetime import time

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form

from sellers.forms import BoxField, ClockField, DetailsForm, SizeForm, TicksField, WeightField

APP = Flask(__name__)
Babel(APP, default_locale="id")


class OneForm(Form):
    clock = ClockField("Jam", required=False)
    weight = WeightField("Berat", required=False)
    box = BoxField("Ukuran")
    ticks = TicksField("Pilih", {"a": "A", "b": "B"})


def fill(**typed):
    with APP.test_request_context():
        form = OneForm(MultiDict(typed))
        form.validate()
        return form.data, {box: [str(e) for e in errors] for box, errors in form.errors.items()}


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("10", time(10)),
        ("10.00", time(10)),
        ("9:05", time(9, 5)),
        ("23.59", time(23, 59)),
        ("10:30:00", time(10, 30)),
        ("", None),
    ],
)
def test_an_hour_is_read(typed, hour):
    data, errors = fill(clock=typed)
    assert (data["clock"], errors) == (hour, {})


@pytest.mark.parametrize("typed", ["24", "10.60", "pagi", "1000", "١٠", "-1"])
def test_an_hour_that_is_none_is_refused(typed):
    data, errors = fill(clock=typed)
    assert (data["clock"], errors) == (None, {"clock": ["Tulis jam seperti 10.00."]})


@pytest.mark.parametrize(
    ("typed", "grams"),
    [
        ("450", 450),
        ("450 g", 450),
        ("450gram", 450),
        ("1,5 kg", 1500),
        ("1.5kg", 1500),
        ("0,25 kg", 250),
        ("2 KILO", 2000),
        ("100 kg", 100_000),
        ("1", 1),
        ("2 ons", 200),
        ("2,5ons", 250),
        ("1/4 kg", 250),
        ("1/2 kilo", 500),
        ("3/4 kilogram", 750),
    ],
)
def test_a_weight_is_read_in_grams(typed, grams):
    data, errors = fill(weight=typed)
    assert (data["weight"], errors) == (grams, {})


@pytest.mark.parametrize(
    "typed",
    [
        "0",
        "1.500",
        "1,5",
        "1,5 g",
        "101 kg",
        "berat",
        "-1",
        "٤٥٠",
        "1e3",
        "1/2",
        "1/3 kg",
        "1,2345 kg",
    ],
)
def test_a_weight_that_could_mean_two_things_is_asked_again(typed):
    data, errors = fill(weight=typed)
    assert data["weight"] is None
    assert len(errors["weight"]) == 1


@pytest.mark.parametrize("typed", ["24 x 16 x 6", "24x16x6", "24 cm × 16 cm × 6 cm", "24*16*6cm"])
def test_three_sides_are_read(typed):
    assert fill(box=typed)[0]["box"] == (24, 16, 6)


@pytest.mark.parametrize("typed", ["24 x 16", "0 x 1 x 1", "201 x 1 x 1", "besar", "1 x 2 x 3 x 4"])
def test_other_sides_are_refused(typed):
    data, errors = fill(box=typed)
    assert data["box"] is None
    assert list(errors) == ["box"]


def test_only_what_was_offered_can_be_ticked():
    assert fill(ticks="a")[1] == {}
    assert fill(ticks="z")[1] == {"ticks": ["Pilih dari daftar ini."]}
    assert fill(ticks="")[1] == {"ticks": ["Pilih dari daftar ini."]}


def test_allergens_are_ticked_and_written_each_once():
    with APP.test_request_context():
        form = DetailsForm(
            MultiDict([("allergens", "susu"), ("more_allergens", " susu (jejak) , susu,, ")]),
            meta={"csrf": False},
        )
        assert form.all_allergens() == ["susu", "susu (jejak)"]


def test_a_long_allergen_is_told_beside_its_box():
    with APP.test_request_context():
        form = DetailsForm(
            MultiDict(
                {
                    "name": "Opak",
                    "lead_days": "1",
                    "halal": "none",
                    "category": "",
                    "more_allergens": "x" * 31,
                }
            ),
            meta={"csrf": False},
        )
        form.category.offer([])
        assert not form.validate()
        assert list(form.errors) == ["more_allergens"]


def test_a_price_is_typed_as_people_write_it():
    with APP.test_request_context():
        form = SizeForm(
            MultiDict(
                {"price": "25rb", "weight_grams": "1,5 kg", "unit": "bungkus", "box": "24x16x6"}
            ),
            meta={"csrf": False},
        )
        assert form.validate(), form.errors
        size = form.size()
    assert (size.price, size.weight_grams, size.length_cm, size.height_cm) == (25_000, 1500, 24, 6)


@given(st.text(max_size=60))
@hypothesis_settings(deadline=None)
def test_any_text_is_a_value_or_a_sentence(text):
    data, errors = fill(clock=text, weight=text, box=text)
    for box in ("clock", "weight", "box"):
        assert (data[box] is None) == (box in errors or not text.strip()), box
