"""How payments stand: asked of the gateway, and taken in by one function for all."""

from datetime import timedelta

import pytest
import time_machine

from core import clock
from core.actors import GUEST, SYSTEM
from core.db import db
from core.tasks import Task
from orders import asking, endings, opening
from orders.models import Order, Refund
from orders.states import AttemptEvent
from tests.orders.factories import attempt_of, balances, order, parcels_of, run_jobs
from tests.orders.playing import SILENCE

pytestmark = pytest.mark.service


@pytest.fixture
def placed(shop):
    placed = order((shop.batik, 1), method="qris")
    opening.open_payment(actor=GUEST, order_id=placed.id)
    return placed


def learn(placed):
    word = asking.learn(actor=SYSTEM, attempt_id=attempt_of(placed).id)
    db.session.expire_all()
    return word


def later(**delta):
    return time_machine.travel(clock.now() + timedelta(**delta), tick=False)


def state_of(placed):
    return db.session.get(Order, placed.id, populate_existing=True).state


def test_paid_there_is_paid_here(placed, gateway):
    gateway.pays(attempt_of(placed))
    assert learn(placed) == "captured"
    assert state_of(placed) == "paid"
    assert balances() == {"clearing": placed.total, "held": -placed.total}
    assert (attempt_of(placed).paid_as, attempt_of(placed).channel) == ("t-1", "qris")


def test_heard_ten_times_and_in_any_order_it_is_booked_once(placed, gateway):
    gateway.pays(attempt_of(placed))
    for event in [AttemptEvent.CAPTURE, AttemptEvent.OPEN, AttemptEvent.EXPIRE] * 3:
        gateway.says(attempt_of(placed), event)
        learn(placed)
    gateway.says(attempt_of(placed), AttemptEvent.CAPTURE)
    assert learn(placed) == "captured"
    assert balances() == {"clearing": placed.total, "held": -placed.total}


@pytest.mark.parametrize(
    ("factor", "off", "currency"),
    [(1, 1, "IDR"), (1, -1, "IDR"), (100, 0, "IDR"), (1, 0, "USD"), (1, 0, "idr")],
)
def test_another_amount_or_currency_pays_nothing_and_asks_a_person(
    placed, gateway, factor, off, currency
):
    attempt = attempt_of(placed)
    gateway.pays(attempt, attempt.amount * factor + off, currency)
    assert learn(placed) == "amount_differs"
    assert state_of(placed) == "awaiting_payment"
    assert attempt_of(placed).state == "unknown"
    assert balances() == {}
    assert db.session.query(Task).filter_by(kind="payment.look").count() == 1
    assert opening.open_payment(actor=GUEST, order_id=placed.id) == ""  # Nobody pays it again.


def test_money_after_the_hold_lapsed_opens_the_parcels_again(placed, gateway, shop):
    with later(hours=1):
        gateway.readings.clear()
        endings.lapse_due.run()
        assert state_of(placed) == "lapsed"
        assert [parcel.state for parcel in parcels_of(placed)] == ["cancelled"]
        gateway.pays(attempt_of(placed))
        asking.ask_gateways.run()
        run_jobs()
        db.session.expire_all()
        assert state_of(placed) == "paid"
        (parcel,) = parcels_of(placed)
        assert (parcel.state, parcel.ended_at) == ("to_accept", None)
        assert parcel.accept_by is not None


def test_money_after_the_goods_are_gone_goes_back_by_itself(placed, gateway, shop):
    with later(hours=1):
        endings.lapse_due.run()
        order((shop.batik, 10), method="qris")
        gateway.pays(attempt_of(placed))
        assert learn(placed) == "surplus"
        run_jobs()
        db.session.expire_all()
        assert attempt_of(placed).state == "refunded"
        assert balances() == {}
        assert state_of(placed) == "lapsed"


def test_the_second_payment_of_an_order_goes_back_by_itself(placed, gateway, shop):
    first = attempt_of(placed)
    endings.change_method(actor=GUEST, order_id=placed.id, method_code="va")
    opening.open_payment(actor=GUEST, order_id=placed.id)
    second = attempt_of(placed)
    gateway.pays(first, theirs="a")
    gateway.pays(second, theirs="b")
    for attempt in (first, second):
        asking.learn(actor=SYSTEM, attempt_id=attempt.id)
    run_jobs()
    db.session.expire_all()
    assert {first.state, second.state} == {"captured", "refunded"}
    assert len(gateway.refunded) == 1
    assert balances() == {"clearing": placed.total, "held": -placed.total}


def test_a_first_try_that_ends_after_the_second_was_paid_changes_nothing(placed, gateway):
    first = attempt_of(placed)
    endings.change_method(actor=GUEST, order_id=placed.id, method_code="va")
    opening.open_payment(actor=GUEST, order_id=placed.id)
    gateway.pays(attempt_of(placed))
    learn(placed)
    gateway.says(first, AttemptEvent.EXPIRE)
    asking.learn(actor=SYSTEM, attempt_id=first.id)
    assert state_of(placed) == "paid"


def test_when_nobody_tells_us_the_poller_finds_everything(shop, gateway):
    placed = [order((shop.batik, 1), method="va") for _ in range(3)]
    for one in placed:
        opening.open_payment(actor=GUEST, order_id=one.id)
        gateway.pays(attempt_of(one), theirs=one.number)
    asking.ask_gateways.run()
    assert [state_of(one) for one in placed] == ["awaiting_payment"] * 3  # A notice may come yet.
    with later(minutes=4):
        asking.ask_gateways.run()
    assert [state_of(one) for one in placed] == ["paid"] * 3


def test_the_poller_leaves_a_gateway_in_peace_that_is_down(shop, gateway):
    placed = [order((shop.batik, 1), method="va") for _ in range(5)]
    for one in placed:
        opening.open_payment(actor=GUEST, order_id=one.id)
    gateway.failing = [SILENCE] * 5
    with later(minutes=4):
        asking.ask_gateways.run()
    assert len(gateway.failing) == 2  # Three failures, and then nobody asks.


def test_the_poller_does_not_ask_again_at_once(placed, gateway):
    with later(minutes=4):
        asking.ask_gateways.run()
        gateway.failing = [SILENCE]
        asking.ask_gateways.run()
    assert gateway.failing == [SILENCE]


def test_nobody_but_people_know_of_a_transfer(shop):
    placed = order((shop.batik, 1))
    assert learn(placed) == "only_people_know"


def test_a_surplus_is_owed_once_however_often_it_is_heard(placed, gateway, shop):
    endings.cancel(actor=GUEST, order_id=placed.id)
    gateway.pays(attempt_of(placed))
    for _ in range(3):
        learn(placed)
    assert db.session.query(Refund).count() == 1


def test_money_that_came_and_went_before_we_heard_pays_nothing(placed, gateway):
    gateway.pays(attempt_of(placed), returned=placed.total)
    assert learn(placed) == "failed"
    assert state_of(placed) == "awaiting_payment"
    assert balances() == {}


@pytest.mark.parametrize(
    ("event", "state"),
    [(AttemptEvent.DISPUTE, "disputed"), (AttemptEvent.CHARGE_BACK, "charged_back")],
)
def test_what_we_first_hear_of_as_taken_back_had_come_before(placed, gateway, event, state):
    gateway.pays(attempt_of(placed))
    gateway.says(attempt_of(placed), event, returned=placed.total)
    for _ in range(2):
        assert learn(placed) == state
    assert balances() == {"held": -placed.total, "receivable": placed.total}
