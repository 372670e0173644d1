"""What is promised: paid in time or too late, declined, prolonged, overdue, given back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cooperatives import holds
from cooperatives.models import Hold
from core import clock
from tests.cooperatives.factories import (
    a_doc,
    a_home,
    a_lot,
    a_place,
    a_variant,
    confirm,
    level,
    owner_of,
    prolong,
    promised,
    release,
)

pytestmark = pytest.mark.service


@pytest.fixture
def variant(session):
    return a_variant()


@pytest.fixture
def kiosk(session):
    return a_place("kiosk")


def test_a_paid_promise_never_lapses(session, variant, kiosk):
    a_lot(variant, kiosk, 10)
    doc = a_doc()
    promised(wishes=[(variant, 3)], doc=doc)
    assert confirm(doc) == 3
    hold = session.scalars(select(Hold)).one()
    assert (hold.state, hold.until) == ("allocated", None)
    assert confirm(doc) == 3  # Gateways repeat themselves.


def test_money_that_comes_after_the_release_confirms_nothing_and_may_allocate_again(
    session, variant, kiosk
):
    lot = a_lot(variant, kiosk, 3)
    doc = a_doc()
    promised(wishes=[(variant, 3)], doc=doc)
    release(doc, "lapsed")
    assert confirm(doc) == 0
    promised(wishes=[(variant, 3)], doc=doc)
    assert confirm(doc) == 3
    assert level(lot, kiosk) == (3, 3, 0)


def test_what_is_released_can_be_promised_again(session, variant, kiosk):
    lot = a_lot(variant, kiosk, 3)
    doc = a_doc()
    promised(wishes=[(variant, 3)], doc=doc)
    assert release(doc, "cancelled") == 3
    assert release(doc, "cancelled") == 0
    assert level(lot, kiosk) == (3, 0, 0)
    hold = session.scalars(select(Hold)).one()
    assert (hold.state, hold.reason, hold.until) == ("released", "cancelled", None)


def test_a_lapse_leaves_what_was_paid_meanwhile(session, variant, kiosk):
    lot = a_lot(variant, kiosk, 3)
    doc = a_doc()
    promised(wishes=[(variant, 3)], doc=doc)
    confirm(doc)
    assert release(doc, "lapsed", unpaid_only=True) == 0
    assert level(lot, kiosk) == (3, 3, 0)


def test_one_place_may_decline_its_part(session, variant, kiosk):
    home, doc = a_home(seller=owner_of(variant)), a_doc()
    here, there = a_lot(variant, kiosk, 2, days=5), a_lot(variant, home, 2, days=9)
    promised(wishes=[(variant, 4)], doc=doc)
    assert release(doc, "declined", place_id=kiosk.id) == 2
    assert (level(here, kiosk), level(there, home)) == ((2, 0, 0), (2, 2, 0))


def test_another_way_to_pay_may_give_more_time(session, variant, kiosk):
    a_lot(variant, kiosk, 3)
    doc, paid, tomorrow = a_doc(), a_doc(), clock.now() + timedelta(days=1)
    for held in (doc, paid):
        promised(wishes=[(variant, 1)], doc=held)
    confirm(paid)
    for held in (doc, paid):
        prolong(held, tomorrow)
    states = select(Hold.state, Hold.until).order_by(Hold.id)
    assert session.execute(states).all() == [("held", tomorrow), ("allocated", None)]


def test_overdue_orders_are_found_oldest_first_and_nothing_is_released_yet(session, variant, kiosk):
    lot = a_lot(variant, kiosk, 10)
    now, docs = clock.now(), [a_doc() for _ in range(4)]
    for doc, minutes in zip(docs, (-1, -9, 30, -5), strict=True):
        promised(wishes=[(variant, 1)], doc=doc, until=now + timedelta(minutes=minutes))
    confirm(docs[3])
    assert holds.lapse_due(session, now) == [docs[1], docs[0]]
    assert level(lot, kiosk) == (10, 4, 0)


def test_a_lapsing_order_is_named_once(session, kiosk):
    doc, past = a_doc(), clock.now() - timedelta(minutes=1)
    variants = [a_variant(), a_variant()]
    for variant in variants:
        a_lot(variant, kiosk)
    promised(wishes=[(variant, 1) for variant in variants], doc=doc, until=past)
    assert holds.lapse_due(session, clock.now()) == [doc]
