"""The shelf of a product, guessed from its name."""

import json
from pathlib import Path

import pytest

from sellers import shelf_words

WRITTEN = json.loads(
    (Path(__file__).parents[2] / "shop/demo/data/listings.json").read_text(encoding="utf-8")
)
SHELVES = [(row["slug"], row["name"]) for row in WRITTEN["categories"]]
KNOWN = shelf_words.vocabulary(SHELVES)


@pytest.mark.parametrize("row", WRITTEN["listings"], ids=lambda row: row["details"]["name"])
def test_every_product_of_the_demo_world_finds_its_shelf(row):
    assert shelf_words.suggest(row["details"]["name"], KNOWN) == row["category"]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("KERIPIK  bayam", "keripik"),
        ("Jenang Carica", "dodol"),
        ("Kópi bubuk", "minuman"),
        ("500 g gula merah", "gula"),
        ("Keset kain perca", "kerajinan"),
    ],
)
def test_the_first_known_word_says_what_it_is(name, slug):
    assert shelf_words.suggest(name, KNOWN) == slug


@pytest.mark.parametrize("name", ["", "   ", "Paket hemat", "123", "\x00", "tasbih"])
def test_an_unknown_name_is_left_to_her(name):
    assert shelf_words.suggest(name, KNOWN) is None


def test_a_new_shelf_is_known_by_its_own_name():
    known = shelf_words.vocabulary([("bumbu", "Aneka bumbu & sambal"), ("keripik", "Keripik")])
    assert shelf_words.suggest("Sambal roa", known) == "bumbu"
    assert shelf_words.suggest("Aneka keripik", known) == "keripik"


def test_a_shelf_that_is_not_there_is_never_guessed():
    assert shelf_words.suggest("Batik tulis", shelf_words.vocabulary(SHELVES[:2])) is None


def test_no_word_stands_on_two_shelves():
    words = [word for text in shelf_words.WORDS.values() for word in text.split()]
    assert len(words) == len(set(words))
    assert all(shelf_words.split(word) == [word] for word in words)
