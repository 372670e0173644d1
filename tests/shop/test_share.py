"""The text that is passed on by WhatsApp."""

import pytest
from flask import Flask
from flask_babel import Babel

from shop.share import LETTERS_MAX, message

URL = "https://lumbung.example/p/tiwul-instan"


@pytest.fixture(autouse=True)
def speaking():
    app = Flask(__name__)
    Babel(app, default_locale="id")
    with app.app_context():
        yield


def told(**more):
    values = {
        "name": "Tiwul Instan",
        "price": "Rp 18.000",
        "maker": "Tiwul Bu Sumirah",
        "place": "Leksono, Wonosobo",
        "description": "Tiwul singkong siap seduh.",
        "url": URL,
    }
    return message(**{**values, **more})


def test_product_and_price_come_first_and_the_link_last():
    assert told().splitlines() == [
        "Tiwul Instan, Rp 18.000",
        "Buatan Tiwul Bu Sumirah, Leksono, Wonosobo.",
        "Tiwul singkong siap seduh.",
        "",
        URL,
    ]


def test_what_is_not_known_leaves_no_gap():
    assert told(place="", description="").splitlines() == [
        "Tiwul Instan, Rp 18.000",
        "Buatan Tiwul Bu Sumirah.",
        "",
        URL,
    ]


@pytest.mark.parametrize(
    "longest",
    [
        {"description": "sangat gurih dan renyah " * 200},
        {"description": "x" * 5000},
        {"name": "n" * 120, "maker": "m" * 80, "place": "p" * 200, "description": "d " * 500},
        {"name": "n" * 1000},
    ],
)
def test_it_never_has_more_than_700_letters_and_the_link_stays_whole(longest):
    text = told(**longest)
    assert len(text) <= LETTERS_MAX
    assert text.endswith(f"\n\n{URL}")


def test_a_long_description_ends_at_a_word():
    line = told(description="gurih " * 100).splitlines()[2]
    assert line.endswith("gurih…")
