"""Her photo on a thin line that breaks at any byte: there once, and whole."""

import random
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from core.album import Picture
from core.arrivals import Arrival
from sellers.models import ExpectedPhoto
from tests import weak_signal
from tests.journeys.test_photos import (  # noqa: F401
    count,
    from_a_camera,
    pick,
    product,
    shown,
    signed_in,
    words,
    worked,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_storage")]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_photo_gets_through_a_line_that_breaks_again_and_again(phone, product, seed):  # noqa: F811
    dice = random.Random(seed)
    with weak_signal.before(urlsplit(phone.address).port, seed, bits=200_000, late=0.02) as line:
        phone.address = line.address
        page = signed_in(phone, product)
        pick(page, from_a_camera())
        for _ in range(3):
            line.cut_after(dice.randint(2_000, 40_000), weak_signal.UP)
            while line.is_on and not words(page).get_by_text("Terkirim").count():
                page.wait_for_timeout(100)
            page.wait_for_timeout(300)
            line.cut_at = None
            line.on()
            page.evaluate("dispatchEvent(new Event('online'))")
        expect(words(page)).to_contain_text("Terkirim", timeout=120_000)
    worked()
    worked()
    assert (count(Arrival), count(ExpectedPhoto), count(Picture)) == (1, 1, 1)
    assert [row.state for row in shown(product)] == ["ready"]
