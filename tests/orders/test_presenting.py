"""A buyer abroad chooses her money before she pays; a sum once shown stays as it is."""

import pytest
from sqlalchemy import select

from core.actors import GUEST, SYSTEM
from core.db import db
from orders import asking, currencies, endings, exchange, opening, presenting, refunds
from orders.gateways import Presented
from orders.models import Attempt, Order
from orders.presenting import CurrencyNotChosen, NotOffered
from orders.states import AttemptEvent
from tests.factories import send
from tests.orders.factories import attempt_of, balances, order, rules

pytestmark = pytest.mark.service


@pytest.fixture
def placed(shop):
    rules(card_margin_points=0)
    exchange.load_samples(actor=SYSTEM)
    return order((shop.batik, 1), method="card")


def choose(placed, currency="TWD"):
    presenting.choose(actor=GUEST, order_id=placed.id, currency=currency)
    return attempt_of(placed)


def state_of(placed):
    return db.session.get(Order, placed.id, populate_existing=True).state


def test_nothing_is_opened_before_she_has_chosen(placed, gateway, client):
    with pytest.raises(CurrencyNotChosen):
        opening.open_payment(actor=GUEST, order_id=placed.id)
    answer = send(client, f"/pesanan/{placed.code}/bayar")
    assert answer.location == f"/pesanan/{placed.code}/mata-uang"
    assert gateway.opened == []


def test_her_sum_and_its_rate_are_frozen_on_the_attempt(placed):
    attempt = choose(placed)
    assert attempt.number == 1
    assert attempt.presented_amount == -(-placed.total * 100 // 512)
    assert (attempt.presented_currency, attempt.rate_micros) == ("TWD", 512 * 10**6)
    assert attempt.amount == placed.total


def test_choosing_again_is_another_try(placed, gateway):
    first = choose(placed)
    second = choose(placed, "KRW")
    assert (first.state, second.number, second.presented_currency) == ("expired", 2, "KRW")
    assert (first.presented_currency, second.presented_amount) == ("TWD", -(-placed.total // 12))


def test_only_what_is_offered_can_be_chosen(placed):
    for code in ("", "IDR", "XXX", "usd"):
        with pytest.raises(NotOffered):
            choose(placed, code)


def test_her_money_pays_and_another_sum_or_currency_does_not(placed, gateway, client):
    attempt = choose(placed)
    opening.open_payment(actor=GUEST, order_id=placed.id)
    sum_ = attempt.presented_amount
    for amount, currency in (
        (sum_, "USD"),
        (sum_ * 100, "TWD"),
        (sum_ // 100, "TWD"),
        (placed.total, "IDR"),
    ):
        gateway.pays(attempt, amount, currency)
        assert asking.learn(actor=SYSTEM, attempt_id=attempt.id) == "amount_differs"
    assert state_of(placed) == "awaiting_payment"
    gateway.pays(attempt, sum_, "TWD")
    assert asking.learn(actor=SYSTEM, attempt_id=attempt.id) == "captured"
    assert state_of(placed) == "paid"
    assert balances()["held"] == -placed.total
    receipt = client.get(f"/pesanan/{placed.code}/struk").text
    assert f"{currencies.shown(Presented(sum_, 'TWD'))} (Rp\xa0192.000)" in receipt


def test_the_page_lets_her_choose_and_shows_what_she_pays(placed, client):
    page = client.get(f"/pesanan/{placed.code}/mata-uang").text
    assert "NT$" in page
    assert "checked" in page
    assert "Pilih mata uang" in client.get(f"/pesanan/{placed.code}").text
    answer = send(client, f"/pesanan/{placed.code}/mata-uang", currency="TWD")
    assert answer.location == f"/pesanan/{placed.code}"
    shown = client.get(answer.location).text
    assert "NT$" in shown
    assert "Jumlah ini tetap." in shown
    assert "Bayar sekarang" in shown


@pytest.mark.parametrize("typed", ["", "XXX", "\x00", "USDUSD" * 20])
def test_an_odd_choice_is_said_in_words(placed, client, typed):
    answer = send(client, f"/pesanan/{placed.code}/mata-uang", currency=typed)
    assert answer.status_code in (200, 303)
    assert attempt_of(placed).presented_currency in ("", "USD")


def test_without_fresh_rates_she_is_told_so(shop, client):
    placed = order((shop.batik, 1), method="card")
    page = client.get(f"/pesanan/{placed.code}/mata-uang").text
    assert "Belum ada mata uang" in page


def test_other_ways_to_pay_choose_no_currency(shop, client):
    placed = order((shop.batik, 1), method="qris")
    answer = client.get(f"/pesanan/{placed.code}/mata-uang")
    assert answer.location == f"/pesanan/{placed.code}"


def test_her_last_choice_is_remembered(placed):
    choose(placed, "KRW")
    assert presenting.guess(db.session(), placed) == "KRW"


def test_a_page_that_ran_out_asks_her_again(placed, gateway):
    attempt = choose(placed)
    opening.open_payment(actor=GUEST, order_id=placed.id)
    gateway.says(attempt, AttemptEvent.EXPIRE)
    asking.learn(actor=SYSTEM, attempt_id=attempt.id)
    with pytest.raises(CurrencyNotChosen):
        opening.open_payment(actor=GUEST, order_id=placed.id)
    tries = select(Attempt).order_by(Attempt.number)
    assert [row.number for row in db.session.scalars(tries)] == [1, 2]


def test_refunds_name_her_money(placed, gateway):
    attempt = choose(placed)
    opening.open_payment(actor=GUEST, order_id=placed.id)
    gateway.pays(attempt, attempt.presented_amount, "TWD")
    asking.learn(actor=SYSTEM, attempt_id=attempt.id)
    whole = attempt.presented_amount
    endings.cancel(actor=GUEST, order_id=placed.id)
    refund = db.session.scalars(select(refunds.Refund)).one()
    assert (refund.presented_amount, refund.presented_currency) == (whole, "TWD")
