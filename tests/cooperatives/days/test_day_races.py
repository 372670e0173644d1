"""Many at once at a kiosk: one close, and each sale in exactly one day. Without the guard, not."""

import random
import time
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app import create_app
from cooperatives import payouts
from cooperatives.days import bags, paying, promises
from cooperatives.days.bags import NotInDrawer
from cooperatives.days.closing import DayClosed, FiguresChanged
from cooperatives.days.pieces import Counted
from cooperatives.models import Bag, TradingDay
from cooperatives.models.books import Entry
from cooperatives.payouts import NotNow
from core import files
from core.db import db
from core.errors import Busy, NotFound
from tests.conftest import environ
from tests.cooperatives.days.factories import (
    a_kiosk,
    a_payout,
    close,
    counted,
    expected,
    in_drawer,
    open_day,
    sold,
)
from tests.cooperatives.factories import broken
from tests.crowd import tried_at_once

pytestmark = [pytest.mark.service, pytest.mark.race]
ROUNDS = 8
INK = b"\xff\xd8\xff\xe0ink"


@pytest.fixture
def town(own_database):
    app = create_app(environ(own_database, LUMBUNG_THREADS="16"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def errors(answers):
    return [answer for answer in answers if isinstance(answer, BaseException)]


def trade(town, kiosk):
    """Two tills that sell until somebody has closed three days meanwhile; answers with what they
    posted, and into which days.
    """
    done, shut, ends = [], [], time.monotonic() + 20

    def sell():
        while len(shut) < 3 and time.monotonic() < ends:
            done.append(sold(kiosk=kiosk, amount=1_000, pause=a_while))
            time.sleep(random.choice([0, 0.2]))  # Else nobody ever closes by the present figures.

    def close_days():
        while len(shut) < 3 and time.monotonic() < ends:
            cash = Counted(*[expected(kiosk)] * 2)
            shut.extend([True] if tried(partial(close, kiosk, cash)) else [])

    answers = tried_at_once(town, sell, sell, close_days)
    assert [answer for answer in answers if answer] == []
    assert len(shut) == 3, "the closes never met the sales"
    return done


def a_while():
    time.sleep(random.choice([0, 0.005, 0.02]))


def tried(deed):
    """Whether a close got through; somebody sold since the page was shown, or no day is open."""
    try:
        return deed()
    except (FiguresChanged, DayClosed):
        return False


def test_a_sale_that_races_a_close_is_in_exactly_one_day(town):
    for _ in range(ROUNDS // 4):
        kiosk = a_kiosk()
        sold(kiosk=kiosk, amount=10_000)
        done = trade(town, kiosk)
        assert in_drawer(kiosk) == 10_000 + 1_000 * len(done)
        assert broken(promises.ALL) == set()
        if open_day(kiosk).closed_at is None:
            close(kiosk, expected(kiosk))
        days = db.session.query(TradingDay).filter_by(place_id=kiosk.id).order_by("number").all()
        assert len(days) >= 3
        for day in days:  # What the sales say of their days is what the books say of them.
            said = sum(1_000 for posting in done if posting.day_id == day.id)
            assert day.closing - day.opening == said + (10_000 if day.number == 1 else 0)
        db.session.rollback()


def test_without_the_guard_a_closed_day_takes_more(town):
    town.testing = True
    town.config["DAY_GUARD_OFF"] = True
    for _ in range(ROUNDS * 4):
        kiosk = a_kiosk()
        sold(kiosk=kiosk, amount=10_000)
        trade(town, kiosk)
        fired = broken(promises.ALL)
        db.session.rollback()
        if "K1" in fired:
            return
    raise AssertionError("nothing was missed")


def test_two_phones_close_at_once_and_one_close_stands(town):
    for _ in range(ROUNDS):
        kiosk = a_kiosk()
        sold(kiosk=kiosk, amount=10_000)
        facts = {"leave": 4_000, "day": open_day(kiosk)}
        shut = partial(close, kiosk, counted(kiosk, 10_000), counted(kiosk, 0, "qris"), **facts)
        crew = (kiosk.keeper, kiosk.other, kiosk.coordinator)
        answers = tried_at_once(town, *(partial(shut, actor=who) for who in crew))
        assert [type(error) for error in errors(answers)] == [DayClosed] * 2
        assert db.session.query(Bag).filter_by(place_id=kiosk.id).count() == 1
        assert in_drawer(kiosk) == 4_000
        assert broken(promises.ALL) == set()
        db.session.rollback()


def test_a_drawer_is_emptied_once(town):
    kiosk = a_kiosk()
    for _ in range(ROUNDS):
        sold(kiosk=kiosk, amount=10_000)
        answers = tried_at_once(
            town,
            *[
                lambda: bags.pack(
                    actor=kiosk.keeper, act_id=uuid4(), place_id=kiosk.id, amount=10_000
                )
            ]
            * 3,
        )
        assert {type(error) for error in errors(answers)} <= {NotInDrawer, Busy}
        assert in_drawer(kiosk) == 0
    assert db.session.scalar(select(func.sum(Entry.amount))) == 0


def test_a_payout_leaves_the_drawer_once_or_is_dropped(town):
    """Two phones count out what a treasurer drops at the same time: one of the two happens."""
    kiosk = a_kiosk()
    sold(kiosk=kiosk, amount=500_000)
    paid = 0
    for _ in range(ROUNDS // 2):
        waiting = a_payout(kiosk)
        facts = {"payout_id": waiting.payout.id}
        phone = partial(paying.pay_out, actor=kiosk.keeper, **facts)
        answers = tried_at_once(
            town,
            partial(phone, signed=files.store(INK)),
            partial(phone, signed=files.store(INK)),
            partial(payouts.cancel, actor=waiting.treasurer, reason="salah orang", **facts),
        )
        assert {type(error) for error in errors(answers)} <= {NotFound, NotNow}
        paid += answers.count(True)
        kept = files.list_of(db.session(), ("payout", waiting.payout.id))
        assert len(kept) == answers.count(True) <= 1
        assert in_drawer(kiosk) == 500_000 - 33_480 * paid
