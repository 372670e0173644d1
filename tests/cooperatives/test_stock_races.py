"""Many at once, on a database where commits are real: the last jar is sold once, and nobody waits
for ever. One test takes the guard out and sees the oversell, so the others can fail.
"""

import random
import threading
import time
from collections import Counter
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from app import create_app
from cooperatives import goods, holds, lease, promises_stock
from cooperatives.allocation import OutOfStock
from cooperatives.counter import Scan
from cooperatives.lease import TillTaken
from cooperatives.lots import Goods
from cooperatives.models import Hold, Level, Movement
from core import clock
from core.actors import SYSTEM, Actor
from core.db import db, in_transaction
from core.errors import Conflict
from tests.conftest import environ
from tests.cooperatives.factories import (
    a_doc,
    a_lot,
    a_maker,
    a_place,
    a_variant,
    broken,
    confirm,
    hand_over,
    level,
    limits,
    numbers,
    owner_of,
    promised,
    release,
    sell,
)
from tests.crowd import tried_at_once

pytestmark = [pytest.mark.service, pytest.mark.race]

CONNECTIONS = 16


@pytest.fixture
def town(own_database, monkeypatch):
    """An app with room for a crowd, on a database of its own."""
    app = create_app(environ(own_database, LUMBUNG_THREADS=str(CONNECTIONS)))
    with app.app_context():
        limits(monkeypatch, hold_units_max=1_000)
        yield app
        db.session.remove()
        db.engine.dispose()


def kinds(answers):
    return Counter(type(answer).__name__ for answer in answers)


def buy(variant, units=1):
    return lambda: promised(wishes=[(variant, units)], doc=a_doc(), buyer=f"buyer {uuid4()}")


def lots(variant, place, *units):
    """Several lots of one variant, come in on one paper."""
    goods.receive_goods(
        actor=SYSTEM,
        doc=a_doc(),
        owner_id=owner_of(variant).id,
        place_id=place.id,
        goods=[Goods(variant.id, n) for n in units],
    )


def deadlocks():
    query = "select deadlocks from pg_stat_database where datname = current_database()"
    db.session.execute(text("select pg_stat_force_next_flush()"))
    return db.session.scalar(text(query))


def test_fifty_buyers_and_one_last_jar(town):
    kiosk = a_place()
    for _ in range(5):
        variant = a_variant()
        lot = a_lot(variant, kiosk, 1)
        answers = tried_at_once(town, *[buy(variant)] * 50)
        assert kinds(answers) == {"list": 1, "OutOfStock": 49}
        assert level(lot, kiosk) == (1, 1, 0)
    assert broken(promises_stock.ALL) == set()


def test_without_the_guard_the_last_jar_is_sold_many_times(town):
    town.testing = True
    town.config["STOCK_GUARD_OFF"] = True
    for check in ("on_hand", "reserved", "counter_kept"):
        db.session.execute(text(f"alter table level drop constraint ck_level_{check}"))
    db.session.commit()
    kiosk, sold = a_place(), []
    for _ in range(5):
        variant = a_variant()
        a_lot(variant, kiosk, 1)
        sold.append(kinds(tried_at_once(town, *[buy(variant)] * 50))["list"])
    assert max(sold) > 1, sold
    assert broken(promises_stock.ALL) == {"S3"}


def test_eight_buyers_on_eight_jars_of_eight_lots_all_get_one(town):
    kiosk = a_place()
    for _ in range(20):
        variant = a_variant()
        lots(variant, kiosk, *[1] * 8)
        answers = tried_at_once(town, *[buy(variant)] * 8)
        assert kinds(answers) == {"list": 8}
        assert len({pick.lot_id for (pick,) in answers}) == 8


def test_carts_in_any_order_never_deadlock(town):
    """Sixteen workers, three seconds: order, pay, cancel, hand over; a till sells beside them."""
    kiosk, keeper = a_place(), Actor(a_maker(next(numbers)).id, is_system=True)
    variants = [a_variant() for _ in range(6)]
    for variant in variants:
        lots(variant, kiosk, 60, 60)
    before, ends = deadlocks(), time.monotonic() + 3
    phone, done = uuid4(), Counter()

    def one_order(chance):
        doc = a_doc()
        wishes = [(variant, 1) for variant in chance.sample(variants, 3)]
        try:
            promised(wishes=wishes, doc=doc, buyer=doc.id)
        except OutOfStock:
            done["refused"] += 1
            return
        chance.choice([cancel, pay_and_fetch])(doc)
        done["orders"] += 1

    def shop():
        chance = random.Random()
        while time.monotonic() < ends:
            one_order(chance)

    def till():
        chance = random.Random()
        lease.take(actor=keeper, place_id=kiosk.id, device_id=phone)
        while time.monotonic() < ends:
            lines = [Scan(variant.id, 1) for variant in chance.sample(variants, 2)]
            sell(actor=SYSTEM, place_id=kiosk.id, lines=lines, doc=a_doc("till"))
            lease.beat(actor=keeper, place_id=kiosk.id, device_id=phone)
            done["till"] += 1

    assert kinds(tried_at_once(town, *[shop] * 15, till)) == {"NoneType": 16}
    assert set(done) >= {"orders", "till"}
    assert deadlocks() == before
    assert broken(promises_stock.ALL) == set()


def cancel(doc):
    release(doc, "cancelled")


def pay_and_fetch(doc):
    if confirm(doc):
        hand_over(actor=SYSTEM, doc=doc)


def test_the_till_and_the_web_want_the_last_jar(town):
    """The till's sale stands; the web either comes too late or is told of a shortfall."""
    kiosk, ends = a_place(), Counter()
    for _ in range(15):
        variant = a_variant()
        lot, doc = a_lot(variant, kiosk, 1), a_doc("till")
        lines = [Scan(variant.id, 1)]
        sale, order = tried_at_once(
            town,
            lambda: sell(actor=SYSTEM, place_id=kiosk.id, lines=lines, doc=doc),  # noqa: B023
            buy(variant),
        )
        assert [pick.lot_id for pick in sale] == [lot.id]
        assert level(lot, kiosk) == (0, 0, 0)
        broke = db.session.scalar(select(func.count()).where(Hold.lot_id == lot.id))
        assert broke == (0 if isinstance(order, OutOfStock) else 1)
        ends[type(order).__name__] += 1
    assert set(ends) <= {"OutOfStock", "list"}
    assert broken(promises_stock.ALL) == set()


def test_one_sale_sent_by_two_wires_is_sold_once(town):
    kiosk, variant = a_place(), a_variant()
    lot, doc = a_lot(variant, kiosk, 10), a_doc("till")
    lines = [Scan(variant.id, 1)]
    answers = tried_at_once(
        town, *[lambda: sell(actor=SYSTEM, place_id=kiosk.id, lines=lines, doc=doc)] * 6
    )
    assert level(lot, kiosk) == (9, 0, 0)
    assert all(isinstance(answer, list | Conflict) for answer in answers), answers


def test_one_parcel_handed_over_by_two_people_leaves_once(town):
    kiosk, variant = a_place(), a_variant()
    lot, doc = a_lot(variant, kiosk, 10), a_doc()
    promised(wishes=[(variant, 4)], doc=doc)
    answers = tried_at_once(town, *[lambda: hand_over(actor=SYSTEM, doc=doc)] * 6)
    assert len({sale.id for (sale,) in answers}) == 1
    assert level(lot, kiosk) == (6, 0, 0)
    assert db.session.scalar(select(func.count()).where(Movement.kind == "sale")) == 1


def test_a_payment_and_a_lapse_at_the_same_moment_leave_no_half_order(town):
    kiosk, seen = a_place(), Counter()
    for _ in range(12):
        variant, doc = a_variant(), a_doc()
        lot = a_lot(variant, kiosk, 3)
        promised(wishes=[(variant, 3)], doc=doc)
        paid, lapsed = tried_at_once(
            town,
            lambda: confirm(doc),  # noqa: B023
            lambda: release(doc, "lapsed", unpaid_only=True),  # noqa: B023
        )
        assert (paid, lapsed) in ((3, 0), (0, 3))
        assert level(lot, kiosk) == (3, paid, 0)
        seen[paid] += 1
    assert broken(promises_stock.ALL) == set()


def test_two_sweepers_share_the_overdue_orders(town):
    """Neither waits for the other, and none is named twice."""
    kiosk, variant = a_place(), a_variant()
    a_lot(variant, kiosk, 20)
    for _ in range(20):
        promised(wishes=[(variant, 1)], until=clock.now())
    both = threading.Barrier(2, timeout=10)

    @in_transaction()
    def sweep(db):
        found = holds.lapse_due(db, clock.now(), limit=10)
        both.wait()  # Each has its rows locked while the other looks.
        return found

    first, second = tried_at_once(town, sweep, sweep)
    assert len(set(first) | set(second)) == 20 - len(set(first) & set(second))
    assert set(first) & set(second) == set()


def test_ten_devices_open_one_till(town):
    kiosk, keeper = a_place(), Actor(a_maker(next(numbers)).id, is_system=True)
    a_lot(a_variant(), kiosk, 10)
    answers = tried_at_once(
        town,
        *[lambda: lease.take(actor=keeper, place_id=kiosk.id, device_id=uuid4())] * 10,
    )
    assert kinds(answers) == {"CounterLease": 1, TillTaken.__name__: 9}
    assert db.session.scalar(select(func.sum(Level.counter_kept))) == 7
