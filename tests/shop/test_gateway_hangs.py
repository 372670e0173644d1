"""While a gateway hangs, forty buyers press pay at once: the shop serves on, and all are told."""

import http.client
import threading
import time
from collections import Counter
from dataclasses import replace
from functools import partial

import pytest

from app import create_app
from cooperatives.settings import CooperativeSettings
from core.db import db
from orders.models import Attempt, Order
from tests.conftest import environ
from tests.crowd import at_once
from tests.hanging import Hanging
from tests.orders.factories import a_market, order
from tests.shop import serving
from tests.shop.serving import Buyer
from tests.visitor import Forms

pytestmark = [pytest.mark.service, pytest.mark.race]

BUYERS = 40
WORKERS, SLOTS = 2, 2


@pytest.fixture
def gateway():
    with Hanging().serving() as hanging:
        yield hanging


@pytest.fixture
def placed(own_database, gateway):
    """So many unpaid orders; their codes."""
    house = create_app(environ(own_database, **gateway.environ()))
    with house.app_context():
        market = a_market(units=100)
        rules = house.extensions["settings"]
        rules[CooperativeSettings] = replace(rules[CooperativeSettings], hold_units_max=1000)
        codes = [order((market.tiwul, 1), method="qris").code for _ in range(BUYERS)]
        db.session.remove()
        yield codes
        db.session.remove()
        db.engine.dispose()


def press(port, code):
    """One press on Bayar sekarang: the answer, not followed."""
    buyer = Buyer(port)
    buyer.get(f"/pesanan/{code}")
    pays = f"/pesanan/{code}/bayar"
    fields = next(form["fields"] for form in Forms(buyer.html).forms if form["action"] == pays)
    return serving.post(port, fields, buyer.cookies, pays)


def test_at_most_two_threads_of_a_worker_wait_and_the_shop_serves_on(own_database, gateway, placed):
    ends, seen = threading.Event(), Counter()

    def look_around(port):
        while not ends.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/")
            seen[connection.getresponse().status] += 1
            connection.close()

    with serving.web(own_database, **gateway.environ()) as web:
        passer_by = threading.Thread(target=look_around, args=(web.port,))
        passer_by.start()
        start = time.monotonic()
        answers = at_once(*(partial(press, web.port, code) for code in placed))
        took = time.monotonic() - start
        ends.set()
        passer_by.join()
    assert 0 < gateway.most <= WORKERS * SLOTS
    assert Counter(answer.status for answer in answers).keys() <= {200, 303}
    told = [a.location or a.text for a in answers]
    assert all("tunggu=1" in one or "Pesanan tetap tersimpan" in one for one in told)
    assert seen.keys() == {200}
    print(
        f"{gateway.calls} calls, {gateway.most} at once, {took:.1f} s, / served {seen[200]} times"
    )
    orders = db.session.query(Order).all()
    assert {one.state for one in orders} == {"awaiting_payment"}
    assert {one.state for one in db.session.query(Attempt).all()} <= {"created", "unknown"}
