"""Promised goods change hands: whole or in part, once, and never too old."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from cooperatives import places, promises_stock
from cooperatives.handover import NotPromised, TooOldToHandOver
from cooperatives.models import Hold
from core import clock
from core.actors import SYSTEM
from tests.cooperatives.factories import (
    a_doc,
    a_home,
    a_lot,
    a_place,
    a_variant,
    broken,
    confirm,
    hand_over,
    level,
    owner_of,
    promised,
)
from tests.factories import an_actor

pytestmark = pytest.mark.service


@pytest.fixture
def variant(session):
    return a_variant()


@pytest.fixture
def kiosk(session):
    return a_place("kiosk")


def test_goods_leave_when_they_are_handed_over(session, variant, kiosk):
    lot = a_lot(variant, kiosk, 10)
    doc, keeper = a_doc(), an_actor()
    promised(wishes=[(variant, 3)], doc=doc)
    confirm(doc)
    assert level(lot, kiosk) == (10, 3, 0)  # Paid is not gone.
    (sale,) = hand_over(actor=keeper, doc=doc)
    assert level(lot, kiosk) == (7, 0, 0)
    hold = session.scalars(select(Hold)).one()
    assert (sale.kind, sale.from_place_id, sale.quantity) == ("sale", kiosk.id, 3)
    assert sale.to_place_id == places.virtual(session, "customer")
    assert (sale.line, sale.actor_id) == (hold.id, keeper.person_id)
    assert hold.state == "used"


def test_cash_on_delivery_hands_over_before_it_is_paid(session, variant, kiosk):
    lot = a_lot(variant, kiosk, 10)
    doc = a_doc()
    promised(wishes=[(variant, 3)], doc=doc)
    hand_over(actor=SYSTEM, doc=doc)
    assert level(lot, kiosk) == (7, 0, 0)


def test_handing_over_again_answers_the_same(session, variant, kiosk):
    lot = a_lot(variant, kiosk, 10)
    doc = a_doc()
    promised(wishes=[(variant, 3)], doc=doc)
    first, again = (hand_over(actor=SYSTEM, doc=doc) for _ in range(2))
    assert [m.id for m in again] == [m.id for m in first]
    assert level(lot, kiosk) == (7, 0, 0)


def test_what_was_never_promised_is_not_handed_over(session):
    with pytest.raises(NotPromised):
        hand_over(actor=SYSTEM, doc=a_doc())


def test_each_place_hands_over_its_own_part(session, variant, kiosk):
    home, doc = a_home(seller=owner_of(variant)), a_doc()
    here, there = a_lot(variant, kiosk, 2, days=5), a_lot(variant, home, 2, days=9)
    promised(wishes=[(variant, 4)], doc=doc)
    (sale,) = hand_over(actor=SYSTEM, doc=doc, place_id=kiosk.id)
    assert sale.lot_id == here.id
    assert level(there, home) == (2, 2, 0)
    (later,) = hand_over(actor=SYSTEM, doc=doc, place_id=home.id)
    assert later.lot_id == there.id


def test_in_a_part_fulfilled_parcel_the_rest_is_released(session, variant, kiosk):
    first, second = a_lot(variant, kiosk, 2, days=5), a_lot(variant, kiosk, 4, days=9)
    doc = a_doc()
    promised(wishes=[(variant, 6)], doc=doc)
    (sale,) = hand_over(actor=SYSTEM, doc=doc, place_id=kiosk.id, taken={second.id: 3})
    assert (sale.lot_id, sale.quantity) == (second.id, 3)
    assert level(first, kiosk) == (2, 0, 0)
    assert level(second, kiosk) == (1, 0, 0)
    parts = select(Hold.state, Hold.quantity, Hold.reason).order_by(Hold.lot_id, Hold.state)
    assert session.execute(parts).all() == [
        ("released", 2, "part"),
        ("released", 1, "part"),
        ("used", 3, ""),
    ]
    assert broken(promises_stock.ALL) == set()


def test_no_more_is_handed_over_than_was_promised(session, variant, kiosk):
    lot = a_lot(variant, kiosk, 10)
    doc = a_doc()
    promised(wishes=[(variant, 2)], doc=doc)
    for taken in ({lot.id: 3}, {lot.id: -1}, {lot.id + 1: 1}):
        with pytest.raises(NotPromised):
            hand_over(actor=SYSTEM, doc=doc, taken=taken)
    assert level(lot, kiosk) == (10, 2, 0)


def test_goods_that_grew_too_old_are_not_handed_over(session, variant, kiosk):
    doc = a_doc()
    a_lot(variant, kiosk, 2, days=0)
    promised(wishes=[(variant, 1)], doc=doc)
    with time_machine.travel(clock.now() + timedelta(days=1)):
        with pytest.raises(TooOldToHandOver):
            hand_over(actor=SYSTEM, doc=doc)
        (sale,) = hand_over(actor=SYSTEM, doc=doc, device_at=clock.now())  # It has happened.
    assert sale.is_flagged
    assert broken(promises_stock.ALL) == set()
