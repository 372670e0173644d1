"""Many press Pesan sekarang at once, on real gunicorn and a database where commits are real.

LUMBUNG_RACE_ROUNDS says how often the last jar is fought for, and LUMBUNG_CARTS_SECONDS for how
long sixteen buyers order three things each in any order.
"""

import os
import random
import time
import uuid
from collections import Counter

import pytest
from sqlalchemy import func, select, text

from app import create_app
from core import doctor
from core.db import db
from orders.models import Order
from tests.conftest import environ
from tests.crowd import at_once
from tests.orders.factories import a_market
from tests.shop import serving
from tests.shop.factories import first_size, goods, stock
from tests.shop.serving import another, at_the_check, press

pytestmark = [pytest.mark.service, pytest.mark.race]

BUYERS = 50
ROUNDS = int(os.environ.get("LUMBUNG_RACE_ROUNDS", "3"))
CARTS_SECONDS = float(os.environ.get("LUMBUNG_CARTS_SECONDS", "4"))
THREADS = 8  # In each of the two workers, so that sixteen buyers are served at a time.


@pytest.fixture
def town(own_database):
    """The house's own eyes on the database that gunicorn works on."""
    app = create_app(environ(own_database))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def web(town, own_database):
    with serving.web(own_database, threads=THREADS) as running:
        yield running


def order_count():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Order))


def fight_for_the_last(web, kiosk, round_):
    """Fifty buyers and one jar: the statuses of the answers, and the sentences of refusal."""
    listing = goods(prices=(20_000,), units=1, at=kiosk)
    first = at_the_check(web.port, listing.slug)
    buyers = [another(first, n) for n in range(BUYERS * round_, BUYERS * (round_ + 1))]
    answers = at_once(*buyers)
    refused = [answer.text for answer in answers if answer.status != 303]
    return Counter(answer.status for answer in answers), refused


def test_fifty_buyers_and_one_last_jar(web):
    market, total = a_market(), Counter()
    for round_ in range(ROUNDS):
        before = order_count()
        statuses, refused = fight_for_the_last(web, market.kiosk, round_)
        assert statuses == {303: 1, 409: BUYERS - 1}
        assert all("Stok sudah habis." in page for page in refused)
        assert order_count() == before + 1
        total += statuses
    assert doctor.examine() == []
    print(f"{ROUNDS} rounds of {BUYERS} buyers: {dict(total)}, {order_count()} orders")


def test_without_the_guard_the_last_jar_is_sold_many_times(town, own_database):
    for check in ("on_hand", "reserved", "counter_kept"):
        db.session.execute(text(f"alter table level drop constraint ck_level_{check}"))
    db.session.commit()
    market, sold = a_market(), []
    with serving.web(own_database, "tests.shop.serving:unguarded()", THREADS) as running:
        for round_ in range(3):
            statuses, _ = fight_for_the_last(running, market.kiosk, round_)
            sold.append(statuses[303])
    assert max(sold) > 1, sold
    assert "S3" in {finding.invariant.id for finding in doctor.examine()}
    print(f"without the guard one jar was sold {sold} times")


def test_eight_buyers_on_eight_jars_of_eight_lots_all_get_one(web):
    market = a_market()
    for round_ in range(ROUNDS):
        listing = goods(prices=(20_000,))
        for _ in range(8):
            stock(first_size(listing), 1, market.kiosk)
        first = at_the_check(web.port, listing.slug)
        answers = at_once(*[another(first, 8 * round_ + n) for n in range(8)])
        assert Counter(answer.status for answer in answers) == {303: 8}
    assert order_count() == 8 * ROUNDS
    assert doctor.examine() == []


def test_ten_identical_presses_are_one_order_and_one_page(web):
    market = a_market()
    buyer = at_the_check(web.port, goods(units=5, at=market.kiosk).slug)
    answers = at_once(*[press(buyer)] * 10)
    assert {answer.status for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert order_count() == 1
    assert doctor.examine() == []


def deadlocks():
    db.session.rollback()
    query = "select deadlocks from pg_stat_database where datname = current_database()"
    return db.session.scalar(text(query))


def the_check_of(web, buyer, cart):
    """The form of the last step with other goods in it, all that is asked of the buyer agreed."""
    plain = {k: v for k, v in buyer.form("total_seen").items() if not k.startswith("goods-")}
    buyer.html = serving.post(web.port, plain | cart | {"go": "check"}, buyer.cookies).text
    agreed = buyer.form("total_seen") | {"go": "order"}
    return {key: value for key, value in agreed.items() if not key.startswith("goods-")}


def test_carts_in_any_order_never_trouble_a_person(web):
    """Sixteen buyers; each cart has three of six goods, in any order."""
    market, answers = a_market(), []
    listings = [goods(prices=(20_000,)) for _ in range(6)]
    sizes = [first_size(listing) for listing in listings]
    for size in sizes:
        for units in (20, 20, 1_000):
            stock(size, units, market.kiosk)
    ids = [size.id for size in sizes]
    buyer = at_the_check(web.port, listings[0].slug)
    agreed = the_check_of(web, buyer, {f"goods-{number}": "1" for number in ids[:3]})
    before, ends = deadlocks(), time.monotonic() + CARTS_SECONDS

    def shop():
        chance = random.Random()
        while time.monotonic() < ends:
            cart = {f"goods-{number}": "1" for number in chance.sample(ids, 3)}
            own = {"act_id": str(uuid.uuid4()), "phone": f"0812{chance.randrange(10**8):08}"}
            answers.append(serving.post(web.port, agreed | cart | own, buyer.cookies))

    at_once(*[shop] * 16)
    statuses = Counter(answer.status for answer in answers)
    print(f"{CARTS_SECONDS} s of carts: {dict(statuses)}, {deadlocks() - before} deadlocks")
    assert set(statuses) <= {303, 409}
    assert all("Stok" in answer.text for answer in answers if answer.status == 409)
    assert statuses[303] == order_count() > 0
    assert doctor.examine() == []
