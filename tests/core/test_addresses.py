"""Whatever stands in the blanks of an address, the house answers in words and never breaks."""

import re
from urllib.parse import quote

import pytest

from core.access import RIGHTS
from core.actors import Actor
from core.addresses import BIGINT_MAX
from tests.factories import a_person, give, sign_in, token_in

pytestmark = pytest.mark.service

TOO_LARGE = ["9223372036854775808", str(10**30), "9" * 5000]
STRANGE_IDS = ["0", "-1", "1.5", "abc", "٣", "%00", "1%00"]
STRANGE_WORDS = [
    "%00",
    "a%00b",
    "x" * 5000,
    quote("🌶️🌶️"),
    "%0a",
    "%ff%fe",
    "..%2f..",
    "%27--",
    "%20",
]


def rules(house, *converters):
    """Every address with a blank of these kinds."""
    for rule in house.url_map.iter_rules():
        kinds = {type(rule._converters[name]).__name__ for name in rule.arguments}
        if kinds & set(converters):
            yield rule


def filled(rule, value):
    """The address with the value in each of its blanks (or their only fitting word)."""
    return re.sub(r"<(?:any\((\w+)[^>]*|[^>]*)>", lambda blank: blank.group(1) or value, rule.rule)


def statuses(client, rule, url, token):
    for method in rule.methods & {"GET", "POST"}:
        data = {"csrf_token": token} if method == "POST" else None
        yield method, client.open(url, method=method, data=data).status_code


@pytest.fixture
def with_every_right(client):
    """Somebody whom every gate lets pass, and the token of her forms."""
    person = a_person()
    for right in RIGHTS.values():
        if right.part_of is None:  # Who has the whole has its parts.
            give(Actor(person.id), right, 1)
    sign_in(client)
    return client, token_in(client.get("/akun"))


@pytest.mark.parametrize("value", TOO_LARGE, ids=len)
def test_an_id_that_the_database_cannot_hold_is_not_found(house, with_every_right, value):
    client, token = with_every_right
    asked = 0
    for rule in rules(house, "IdConverter"):
        url = filled(rule, value)
        for method, status in statuses(client, rule, url, token):
            asked += 1
            assert status in (404, 405), f"{method} {rule.rule} answers {status}"
    assert asked > 30


@pytest.mark.parametrize("value", [str(BIGINT_MAX), *STRANGE_IDS])
def test_an_id_of_nothing_breaks_no_page(house, with_every_right, value):
    client, token = with_every_right
    for rule in rules(house, "IdConverter"):
        for method, status in statuses(client, rule, filled(rule, value), token):
            assert status < 500, f"{method} {rule.rule} answers {status}"


@pytest.mark.parametrize("value", STRANGE_WORDS, ids=range(len(STRANGE_WORDS)))
def test_a_hostile_word_in_an_address_breaks_no_page(house, with_every_right, value):
    client, token = with_every_right
    asked = 0
    for rule in rules(house, "WordConverter", "PathConverter", "UUIDConverter"):
        for method, status in statuses(client, rule, filled(rule, value), token):
            asked += 1
            assert status < 500, f"{method} {rule.rule} answers {status}"
    assert asked > 3


def test_a_guest_with_a_hostile_address_is_sent_away(house, client):
    token = token_in(client.get("/masuk"))
    for rule in rules(house, "IdConverter"):
        for _, status in statuses(client, rule, filled(rule, TOO_LARGE[1]), token):
            assert status in (303, 404, 405)


def test_no_page_has_its_own_idea_of_an_id(house):
    """werkzeug's own converters know no bound: ours stand in their place everywhere."""
    for rule in house.url_map.iter_rules():
        for name in rule.arguments:
            kind = type(rule._converters[name]).__name__
            assert kind not in ("IntegerConverter", "UnicodeConverter"), rule.rule
