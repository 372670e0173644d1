"""Advice on which permit a food asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellers.food_rules import advise


@pytest.mark.parametrize(
    "words",
    [
        "Carica dalam Sirup, 6 gelas x 120 g",
        "Nanas DALAM SIRUP",
        "Susu segar dipasteurisasi",
        "Nugget ayam beku",
        "Bakso sapi",
        "Ikan asap kaleng",
        "Sari buah carica",
        "Yoghurt",
    ],
)
def test_moist_frozen_and_pasteurised_food_needs_md(words):
    assert advise(words, 180).kind == "md"
    assert advise(words, 3).kind == "md"


@pytest.mark.parametrize(
    "words",
    [
        "Keripik Pisang",
        "Abon sapi",
        "Dodol Salak 250 g",
        "Kerupuk ikan",
        "Stik rasa ayam",
        "Kopi bubuk",
        "",
    ],
)
def test_dry_food_that_keeps_needs_a_pirt_number(words):
    assert advise(words, 120).kind == "pirt"
    assert advise(words, None).kind == "pirt"


@pytest.mark.parametrize(("days", "kind"), [(1, "fresh"), (7, "fresh"), (8, "pirt"), (400, "pirt")])
def test_what_keeps_a_week_or_less_can_have_no_pirt_number(days, kind):
    assert advise("Nagasari", days).kind == kind


def test_every_advice_is_a_plain_sentence(speaking):
    for words, days in (("bakso", 1), ("nagasari", 2), ("keripik", 90)):
        assert len(str(advise(words, days).sentence).split()) <= 15


@given(st.text(), st.none() | st.integers())
def test_any_words_get_an_advice(words, days):
    assert advise(words, days).kind in ("md", "fresh", "pirt")
