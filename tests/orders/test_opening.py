"""A payment is opened at its gateway once, whatever gets lost on the way."""

from datetime import timedelta

import pytest
import time_machine

from core.actors import GUEST
from core.db import db
from core.errors import RemoteError
from core.remote import Down
from orders import asking, endings, opening
from orders.gateways.words import KeyTaken
from orders.models import Order
from orders.states import AttemptEvent
from tests.orders.factories import attempt_of, order, run_jobs
from tests.orders.playing import SILENCE

pytestmark = pytest.mark.service


def open_it(placed):
    db.session.expire_all()
    return opening.open_payment(actor=GUEST, order_id=placed.id)


def test_the_buyer_is_led_to_where_she_pays(shop, gateway):
    placed = order((shop.batik, 1), method="qris")
    assert open_it(placed) == f"https://pay.example/{placed.number}-1"
    assert attempt_of(placed).state == "pending"


def test_pressing_again_leads_to_the_same_page_without_asking(shop, gateway):
    placed = order((shop.batik, 1), method="qris")
    first = open_it(placed)
    gateway.failing = [SILENCE]
    assert open_it(placed) == first
    assert gateway.opened == [f"{placed.number}-1"]


def test_after_a_lost_answer_the_same_payment_is_opened_again(shop, gateway):
    placed = order((shop.batik, 1), method="qris")
    gateway.failing, gateway.acts_first = [SILENCE], True
    with pytest.raises(RemoteError):
        open_it(placed)
    assert attempt_of(placed).state == "unknown"
    assert open_it(placed) == f"https://pay.example/{placed.number}-1"
    assert gateway.opened == [f"{placed.number}-1"]
    assert attempt_of(placed).number == 1


def test_a_key_that_is_taken_is_closed_and_the_next_one_opened(shop, gateway):
    placed = order((shop.batik, 1), method="qris")
    gateway.failing, gateway.acts_first = [SILENCE, KeyTaken("taken")], True
    with pytest.raises(RemoteError):
        open_it(placed)
    assert open_it(placed) == f"https://pay.example/{placed.number}-2"
    assert gateway.readings[f"{placed.number}-1"].event is AttemptEvent.EXPIRE


def test_a_key_that_is_taken_and_paid_makes_the_order_paid(shop, gateway):
    placed = order((shop.batik, 1), method="qris")
    gateway.failing, gateway.acts_first = [SILENCE, KeyTaken("taken")], True
    with pytest.raises(RemoteError):
        open_it(placed)
    gateway.pays(attempt_of(placed))
    assert open_it(placed) == ""
    assert db.session.get(Order, placed.id, populate_existing=True).state == "paid"


def test_a_failed_try_is_followed_by_another_one(shop, gateway):
    placed = order((shop.batik, 1), method="qris")
    open_it(placed)
    gateway.says(attempt_of(placed), AttemptEvent.FAIL)
    asking.learn(actor=GUEST, attempt_id=attempt_of(placed).id)
    assert open_it(placed) == f"https://pay.example/{placed.number}-2"


def test_a_silent_gateway_keeps_the_order_and_is_left_in_peace(shop, gateway):
    placed = order((shop.batik, 1), method="qris")
    gateway.failing = [SILENCE] * 3
    for _ in range(3):
        with pytest.raises(RemoteError):
            open_it(placed)
    with pytest.raises(Down):
        open_it(placed)
    assert db.session.get(Order, placed.id, populate_existing=True).state == "awaiting_payment"
    assert gateway.opened == []


def test_the_worker_opens_it_where_the_web_has_no_hand_free(shop, gateway):
    placed = order((shop.batik, 1), method="qris")
    opening.open_later(order_id=placed.id)
    run_jobs()
    assert attempt_of(placed).pay_url


def test_another_way_closes_the_first_one_at_its_gateway(shop, gateway):
    placed = order((shop.batik, 1), method="qris")
    open_it(placed)
    endings.close_payment(placed.id)
    endings.change_method(actor=GUEST, order_id=placed.id, method_code="transfer")
    assert gateway.readings[f"{placed.number}-1"].event is AttemptEvent.EXPIRE
    assert attempt_of(placed).method == "transfer"


def test_what_was_never_opened_needs_no_closing(shop, gateway):
    placed = order((shop.batik, 1), method="qris")
    gateway.failing = [SILENCE]
    endings.cancel(actor=GUEST, order_id=placed.id)
    assert gateway.failing == [SILENCE]


def test_an_order_whose_gateway_is_silent_does_not_lapse(shop, gateway):
    placed = order((shop.batik, 1), method="qris")
    open_it(placed)
    gateway.failing = [SILENCE]
    with time_machine.travel(placed.pay_by + timedelta(minutes=1), tick=False):
        endings.lapse_due.run()
        assert db.session.get(Order, placed.id, populate_existing=True).state == "awaiting_payment"
        endings.lapse_due.run()
    assert db.session.get(Order, placed.id, populate_existing=True).state == "lapsed"


def test_money_found_when_the_time_is_up_makes_it_a_paid_order(shop, gateway):
    placed = order((shop.batik, 1), method="qris")
    open_it(placed)
    gateway.pays(attempt_of(placed))
    with time_machine.travel(placed.pay_by + timedelta(minutes=1), tick=False):
        endings.lapse_due.run()
    assert db.session.get(Order, placed.id, populate_existing=True).state == "paid"
