"""Prices that labels on the shelf may still say."""

from datetime import timedelta

import pytest
import time_machine

from core import clock
from sellers import prices, variants
from tests.sellers.factories import a_draft, a_shop, a_size

pytestmark = pytest.mark.service


def old_prices(session, variant_id, since):
    found = prices.prices_since(session, [variant_id], since)
    return [one.price for one in found.get(variant_id, [])]


@pytest.fixture
def size(session):
    shop, actor = a_shop()
    (variant,) = variants.list_of(session, a_draft(shop).id)
    return variant, actor


def cost(size, price):
    variant, actor = size
    variants.edit(actor=actor, variant_id=variant.id, size=a_size(price))


def test_a_label_printed_before_a_change_finds_its_price(session, size):
    printed_at = clock.now()
    cost(size, 15_000)
    cost(size, 16_000)
    assert old_prices(session, size[0].id, printed_at) == [15_000, 14_000]


def test_a_label_printed_since_knows_nothing_older(session, size):
    cost(size, 15_000)
    with time_machine.travel(clock.now() + timedelta(days=1)):
        printed_at = clock.now()
        cost(size, 16_000)
    assert old_prices(session, size[0].id, printed_at) == [15_000]
    assert old_prices(session, size[0].id, printed_at + timedelta(days=1)) == []


def test_todays_price_is_no_old_one(session, size):
    printed_at = clock.now()
    cost(size, 15_000)
    cost(size, 14_000)
    assert old_prices(session, size[0].id, printed_at) == [15_000]


def test_another_weight_is_no_change_of_price(session, size):
    printed_at = clock.now()
    variant, actor = size
    variants.edit(actor=actor, variant_id=variant.id, size=a_size(14_000, weight_grams=900))
    assert old_prices(session, variant.id, printed_at) == []
