"""Many press Pesan sekarang at once, on a database where commits are real: one jar is one order.

LUMBUNG_RACE_ROUNDS says how often the last jar is fought for.
"""

import os
import threading
from collections import Counter

import pytest
from sqlalchemy import func, select

from app import create_app
from core import doctor
from core.db import db
from orders.models import Order
from tests.conftest import HouseClient, environ
from tests.cooperatives.factories import a_lot, a_variant
from tests.orders.factories import a_market
from tests.shop.buying import check, hidden, typed

pytestmark = [pytest.mark.service, pytest.mark.race]

BUYERS = 50
ROUNDS = int(os.environ.get("LUMBUNG_RACE_ROUNDS", "3"))
CONNECTIONS = 16  # As many requests as one worker serves at a time; the others wait their turn.


@pytest.fixture
def town(own_database):
    """A house that serves sixteen at a time, on a database of its own."""
    app = create_app(environ(own_database, LUMBUNG_THREADS=str(CONNECTIONS)))
    app.test_client_class = HouseClient
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def browser(app, n):
    """A browser at a network address of its own."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = f"10.0.{n // 250}.{n % 250 + 1}"
    return client


def at_once(*presses):
    """Everybody presses at the same moment; the answers, in order."""
    start = threading.Barrier(len(presses), timeout=30)
    seats = threading.Semaphore(CONNECTIONS)
    answers = [None] * len(presses)

    def run(n, press):
        start.wait()
        with seats:
            answers[n] = press()

    crowd = [threading.Thread(target=run, args=pair) for pair in enumerate(presses)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    return answers


def order_count():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Order))


def ready(app, n, variant, agreed):
    """A buyer before her last press, with everything filled in as the second step has it."""
    client = browser(app, n)
    token = hidden(client.get("/masuk"))["csrf_token"]
    own = typed((variant, 1), phone=f"0812345{n:05}", district="337406")
    sent = {**agreed, **own, "csrf_token": token, "go": "order"}
    return lambda: client.post("/beli", data=sent)


def agreed_by(page):
    """What the second step showed and every buyer agrees to."""
    return {
        name: value
        for name, value in hidden(page).items()
        if name in ("method", "total_seen") or name.startswith("service-")
    }


def test_fifty_buyers_and_one_last_jar(town):
    market = a_market()
    for round_ in range(ROUNDS):
        variant = a_variant(price=20_000)
        a_lot(variant, market.kiosk, 1)
        agreed = agreed_by(check(browser(town, 9_000 + round_), (variant, 1)))
        buyers = [
            ready(town, n, variant, agreed) for n in range(BUYERS * round_, BUYERS * (round_ + 1))
        ]
        before = order_count()
        answers = at_once(*buyers)
        assert Counter(a.status_code for a in answers) == {303: 1, 409: BUYERS - 1}
        refused = [a.text for a in answers if a.status_code == 409]
        assert all("Stok sudah habis." in text for text in refused)
        assert order_count() == before + 1
    assert doctor.examine() == []


def test_ten_identical_presses_are_one_order_and_one_page(town):
    market = a_market()
    client = browser(town, 1)
    page = check(client, (market.batik, 1))
    sent = {**hidden(page), "go": "order"}
    cookie = client.get_cookie("lumbung").value

    def press():
        tab = browser(town, 1)
        tab.set_cookie("lumbung", cookie)
        return tab.post("/beli", data=sent)

    answers = at_once(*[press] * 10)
    assert {a.status_code for a in answers} == {303}
    assert len({a.location for a in answers}) == 1
    assert order_count() == 1
    assert doctor.examine() == []
