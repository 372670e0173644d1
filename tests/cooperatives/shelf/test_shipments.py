"""Goods between two places: nothing vanishes on the way, whatever comes in whatever parts."""

import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cooperatives.goods import PlaceClosed, SamePlace
from cooperatives.models import Movement, Shipment
from cooperatives.places import close_place, transit_of
from cooperatives.promises_stock import ALL
from cooperatives.receiving.asked import WrongBoxes
from cooperatives.rights import KEEP
from cooperatives.shelf import shipments
from core import tasks
from core.actors import SYSTEM
from core.db import db
from core.errors import Busy, NotFound
from sellers.models import Variant
from tests.cooperatives.factories import (
    a_lot,
    a_place,
    a_variant,
    broken,
    level,
    promised,
)
from tests.cooperatives.receiving.factories import act
from tests.cooperatives.shelf.factories import a_shipment, arrived
from tests.factories import an_actor, give

pytestmark = pytest.mark.service


@pytest.fixture
def kiosk(session):
    return a_place("kiosk")


@pytest.fixture
def box(session):
    return a_place("bazaar")


@pytest.fixture
def lot(kiosk):
    return a_lot(a_variant(), kiosk, 10)


@pytest.fixture
def sender(kiosk):
    actor = an_actor()
    give(actor, KEEP, kiosk.id)
    return actor


@pytest.fixture
def taker(box):
    actor = an_actor(phone="0812-2222-3333")
    give(actor, KEEP, box.id)
    return actor


def the_line(shipment):
    (line,) = shipments.lines_of(db.session(), shipment)
    return line


def on_hand(lot, *places):
    return [level(lot, place)[0] for place in places]


def test_what_is_sent_is_on_the_way(session, kiosk, box, lot, sender, taker):
    shipment = a_shipment(kiosk, box, lot, 4, actor=sender)
    transit = transit_of(session, kiosk.organisation_id)
    assert on_hand(lot, kiosk, transit, box) == [6, 4, 0]
    assert the_line(shipment).on_the_way == 4
    (task,) = tasks.list_for(session, taker, KEEP)
    assert shipment.number in task.sentence


def test_it_comes_in_parts_and_the_rest_is_explained(session, kiosk, box, lot, sender, taker):
    shipment = a_shipment(kiosk, box, lot, 8, actor=sender)
    arrived(shipment, lot, actor=taker, datang=3)
    assert the_line(shipment).on_the_way == 5
    assert shipment.closed_at is None
    arrived(shipment, lot, actor=taker, datang=2, hilang=1, kembali=2)
    line = the_line(shipment)
    assert (line.came, line.lost, line.back, line.on_the_way) == (5, 1, 2, 0)
    transit = transit_of(session, kiosk.organisation_id)
    assert on_hand(lot, kiosk, transit, box) == [4, 0, 5]
    session.expire_all()
    assert shipment.closed_at is not None
    assert tasks.list_for(session, taker, KEEP) == []
    assert broken(ALL) == set()


def test_what_is_told_twice_came_once(session, kiosk, box, lot):
    shipment, act_id = a_shipment(kiosk, box, lot, 4), uuid.uuid4()
    content = {"shipment": shipment.id, f"datang-{lot.id}": 2}
    answers = [act(shipments.RECEIVE, SYSTEM, content, act_id) for _n in range(2)]
    assert answers[0] == answers[1]
    assert the_line(shipment).came == 2


def test_no_more_comes_than_is_on_the_way(session, kiosk, box, lot):
    shipment = a_shipment(kiosk, box, lot, 4)
    with pytest.raises(WrongBoxes) as refused:
        arrived(shipment, lot, datang=3, hilang=2)
    assert list(refused.value.wrong) == [f"datang-{lot.id}"]
    stranger = a_lot(a_variant(), kiosk)
    with pytest.raises(WrongBoxes):
        arrived(shipment, stranger, datang=1)


def test_promised_goods_stay(session, kiosk, box, lot):
    promised(wishes=[(session.get(Variant, lot.variant_id), 8)])
    with pytest.raises(WrongBoxes) as refused:
        a_shipment(kiosk, box, lot, 3)
    assert list(refused.value.wrong) == [f"jumlah-{lot.id}"]


def test_who_sent_may_only_let_it_come_back(session, kiosk, box, lot, sender):
    shipment = a_shipment(kiosk, box, lot, 4, actor=sender)
    for wish in ({"datang": 1}, {"hilang": 1}):
        with pytest.raises(WrongBoxes):
            arrived(shipment, lot, actor=sender, **wish)
    arrived(shipment, lot, actor=sender, kembali=4)
    assert on_hand(lot, kiosk, box) == [10, 0]


def test_an_arrival_that_outran_its_shipment_comes_again(session, taker):
    with pytest.raises(Busy):
        act(shipments.RECEIVE, taker, {"shipment": uuid.uuid4(), "datang-1": 1})


def test_strangers_neither_see_nor_touch_it(session, kiosk, box, lot):
    stranger, shipment = an_actor(phone="0812-7777-6666"), a_shipment(kiosk, box, lot)
    with pytest.raises(NotFound):
        arrived(shipment, lot, actor=stranger, datang=1)
    with pytest.raises(NotFound):
        shipments.get_seen(session, stranger, shipment.id)
    with pytest.raises(NotFound):
        a_shipment(kiosk, box, lot, 1, actor=stranger)


def test_it_goes_to_another_open_kiosk_or_bazaar(session, kiosk, box, lot):
    with pytest.raises(SamePlace):
        a_shipment(kiosk, kiosk, lot)
    close_place(actor=SYSTEM, place_id=box.id)
    with pytest.raises(PlaceClosed):
        a_shipment(kiosk, box, lot)
    assert db.session.query(Shipment).count() == 0


@pytest.mark.parametrize("typed", ["", "0", "x", "-3", "1.5", "99999999999"])
def test_no_number_sends_nothing(session, kiosk, box, lot, typed):
    with pytest.raises(WrongBoxes):
        a_shipment(kiosk, box, lot, typed)
    assert db.session.query(Movement).filter_by(doc_type=shipments.DOC).count() == 0


PARTS = st.tuples(*[st.integers(0, 3)] * 3)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(parts=st.lists(PARTS, max_size=5))
def test_whatever_comes_in_whatever_parts_nothing_vanishes(session, kiosk, box, lot, parts):
    transit = transit_of(session, kiosk.organisation_id)
    before = sum(on_hand(lot, kiosk, transit, box))
    sent = level(lot, kiosk)[0]
    if not sent:
        return
    shipment, lost = a_shipment(kiosk, box, lot, sent), 0
    for came, gone, back in parts:
        boxes = {"datang": came, "hilang": gone, "kembali": back}
        if 0 < sum(boxes.values()) <= the_line(shipment).on_the_way:
            arrived(shipment, lot, **{name: units for name, units in boxes.items() if units})
            lost += gone
    assert sum(on_hand(lot, kiosk, transit, box)) == before - lost
    line = the_line(shipment)
    assert line.sent == line.came + line.lost + line.back + line.on_the_way
    assert broken(ALL) == set()
