"""A till's sales in the days of its place: both ways of paying, what is undone, what comes late."""

from datetime import timedelta

import pytest

from core import clock
from tests.cooperatives.days.factories import close, expected, open_day
from tests.orders.till.factories import a_kiosk, line, sell, send

pytestmark = pytest.mark.service


@pytest.fixture
def shop(app, sound):
    return a_kiosk()


def stands(shop):
    return expected(shop.kiosk), expected(shop.kiosk, "qris")


def shut(shop):
    return close(shop.kiosk, *stands(shop), actor=shop.keeps)


def test_a_sale_paid_in_two_ways_is_expected_in_both(shop):
    sell(shop, line(shop.kopi), qris=15_000)
    sell(shop, line(shop.kopi))
    sell(shop, line(shop.kopi), qris=35_000)
    assert stands(shop) == (20_000 + 35_000, 15_000 + 35_000)
    shut(shop)


def test_what_is_undone_is_expected_no_more(shop):
    sale = sell(shop, line(shop.kopi), qris=15_000)
    send(shop, {"sale": str(sale.order_id), "why": "brought"}, kind="till.undo")
    assert stands(shop) == (0, 0)
    shut(shop)


def test_a_sale_of_a_day_that_is_closed_is_late_in_the_next(shop):
    first = sell(shop, line(shop.kopi))
    at = clock.now() - timedelta(seconds=30)
    day_id = shut(shop)
    late, now = sell(shop, line(shop.kopi), at=at), sell(shop, line(shop.kopi))
    assert (first.day_id, first.is_late) == (day_id, False)
    assert (late.is_late, now.is_late) == (True, False)
    assert late.day_id == now.day_id == open_day(shop.kiosk).id
    assert stands(shop) == (105_000, 0)
    shut(shop)
