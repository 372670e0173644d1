"""Counts while tills and other people work, on a database where commits are real (case A12)."""

import time
from collections import Counter

import pytest

from app import create_app
from cooperatives import promises_books, promises_stock
from cooperatives.counts import closing, promises, reading
from cooperatives.models import StockCount
from core import clock
from core.db import db
from tests.conftest import environ
from tests.cooperatives.counts.factories import a_keeper, decide, opened, post, rows, sold, write
from tests.cooperatives.factories import a_lot, a_place, a_variant, broken, level
from tests.crowd import tried_at_once

pytestmark = [pytest.mark.service, pytest.mark.race]


@pytest.fixture
def town(own_database):
    app = create_app(environ(own_database, LUMBUNG_THREADS="8"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_a_count_is_frozen_while_sales_commit(town):
    """Counts begin among sales; what was really there is always what is found."""
    kiosk = a_place("kiosk")
    keeper, lot = a_keeper(kiosk), a_lot(a_variant(), kiosk, 100)
    begun = []

    def till():
        for _ in range(12):
            sold(lot, kiosk)

    def shelf():
        for _ in range(10):
            begun.append(opened(kiosk, keeper))
            time.sleep(0.01)

    answers = tried_at_once(town, till, till, till, shelf)
    assert answers == [None] * 4
    there = level(lot, kiosk)[0]
    assert there == 100 - 36
    for count_id in begun:
        write(count_id, keeper, numbers={lot: there}, at=clock.now())
        assert rows(count_id)[lot.id].verdict().difference == 0
    assert broken([*promises.ALL, *promises_stock.ALL]) == set()


def test_a_difference_is_posted_among_sales_and_only_once(town):
    kiosk = a_place("kiosk")
    keeper, lot = a_keeper(kiosk), a_lot(a_variant(), kiosk, 60)
    seconds = [a_keeper(kiosk) for _ in range(3)]
    count_id = opened(kiosk, keeper)
    write(count_id, keeper, numbers={lot: 57})
    decide(count_id, keeper, reasons={lot: "lost"})
    saw = closing.last_movement(db.session)
    count = db.session.get(StockCount, count_id)
    seen = closing.digest(reading.rows(db.session, count), saw)

    def till():
        for _ in range(8):
            sold(lot, kiosk)

    posts = [lambda who=who: post(count_id, who, saw=saw, seen=seen) for who in seconds]
    answers = tried_at_once(town, till, till, *posts)
    assert Counter(type(one).__name__ for one in answers[2:]) == {"list": 1, "CountEnded": 2}
    assert level(lot, kiosk)[0] == 60 - 3 - 16
    every = [*promises.ALL, *promises_stock.ALL, *promises_books.ALL]
    assert broken(every) == set()
