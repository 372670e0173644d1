"""How a payment stands: every state of Midtrans' table, asked through the real SDK."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core import clock
from core.errors import RemoteError
from orders.gateways.midtrans_states import MEANINGS, Transaction, Unreadable, rupiah
from orders.simulators.midtrans import papers
from orders.states import AttemptEvent

pytestmark = pytest.mark.service
AE = AttemptEvent


def test_before_a_channel_is_picked_it_is_open(midtrans, opened):
    assert midtrans.read(opened().invoice).event is AE.OPEN


def test_a_page_that_died_untouched_is_over(midtrans, opened):
    asked = replace(opened().invoice, expires_at=clock.now() - timedelta(minutes=6))
    assert midtrans.read(asked).event is AE.EXPIRE


@pytest.mark.parametrize(
    ("channel", "deeds", "event"),
    [
        ("other_qris", (), AE.OPEN),
        ("other_qris", ("pay",), AE.CAPTURE),
        ("gopay", ("pay",), AE.CAPTURE),
        ("dana", (), AE.OPEN),  # Told in capitals.
        ("shopeepay", (), AE.OPEN),
        ("other_qris", ("deny",), AE.OPEN),  # She may pay again on the same page.
        ("other_qris", ("expire",), AE.EXPIRE),
        ("other_qris", ("cancel",), AE.EXPIRE),
        ("credit_card", ("pay",), AE.CAPTURE),
        ("credit_card", ("pay", "settle"), AE.CAPTURE),
        ("credit_card", ("pay_held",), AE.OPEN),
        ("credit_card", ("pay_held", "approve"), AE.CAPTURE),
        ("credit_card", ("pay_held", "deny"), AE.OPEN),
        ("credit_card", ("cancel",), AE.EXPIRE),
        ("credit_card", ("pay_held", "cancel"), AE.EXPIRE),
        ("other_qris", ("pay", "refund"), AE.CAPTURE),
        ("other_qris", ("pay", "charge_back"), AE.CHARGE_BACK),
        ("other_qris", ("pay", "charge_back_half"), AE.CHARGE_BACK),
        ("other_qris", ("pay", "charge_back_half", "charge_back"), AE.CHARGE_BACK),
    ],
)
def test_each_state_is_told_in_our_words(midtrans, opened, channel, deeds, event):
    payment = opened(channel, *deeds)
    reading = midtrans.read(payment.invoice)
    assert reading.event is event
    assert reading.theirs == payment.payment.id


@pytest.mark.parametrize(
    ("channel", "deeds", "event"),
    [
        ("bca_va", (), AE.OPEN),
        ("bca_va", ("pay",), AE.CAPTURE),
        ("echannel", ("pay",), AE.CAPTURE),
        ("permata_va", ("pay",), AE.CAPTURE),
        ("indomaret", ("pay",), AE.CAPTURE),  # No fraud_status at all.
        ("permata_va", ("pay", "undo"), AE.FAIL),
        ("echannel", ("pay", "undo"), AE.FAIL),
        ("indomaret", ("pay", "undo"), AE.FAIL),
        ("permata_va", ("deny",), AE.FAIL),
    ],
)
def test_numbers_to_pay_and_what_a_bank_takes_back(midtrans, opened, channel, deeds, event):
    """A settlement undone is FAIL by the very transaction that had brought the money."""
    payment = opened(channel, *deeds, method="va")
    reading = midtrans.read(payment.invoice)
    assert (reading.event, reading.theirs) == (event, payment.payment.id)


def test_what_came_is_told_exactly(midtrans, opened):
    reading = midtrans.read(opened("other_qris", "pay").invoice)
    assert (reading.amount, reading.currency, reading.returned) == (92_000, "IDR", 0)
    assert reading.channel == "qris"


@pytest.mark.parametrize(
    ("method", "picked", "channel"),
    [
        ("qris", "other_qris", "qris"),
        ("qris", "gopay", "gopay"),
        ("qris", "credit_card", "card"),
        ("va", "bca_va", "bca_va"),
        ("va", "permata_va", "permata_va"),
        ("va", "echannel", "echannel"),
        ("va", "alfamart", "alfamart"),
    ],
)
def test_it_is_told_what_she_paid_with(midtrans, opened, method, picked, channel):
    assert midtrans.read(opened(picked, "pay", method=method).invoice).channel == channel


def test_another_amount_is_told_as_it_is(midtrans, opened, switches):
    switches.set(wrong_amount=1)
    assert midtrans.read(opened("other_qris", "pay").invoice).amount == 93_000


def test_a_denied_card_may_be_followed_by_another(midtrans, opened):
    payment = opened("credit_card", "deny")
    first = midtrans.read(payment.invoice).theirs
    payment.pick("other_qris").do("pay")
    reading = midtrans.read(payment.invoice)
    assert reading.event is AE.CAPTURE
    assert reading.theirs != first


def test_a_denied_card_on_a_dead_page_has_failed(midtrans, opened):
    asked = opened("credit_card", "deny").invoice
    dead = replace(asked, expires_at=clock.now() - timedelta(minutes=6))
    assert midtrans.read(dead).event is AE.FAIL


def test_returned_money_is_counted(midtrans, opened, theirs):
    payment = opened("gopay", "pay")
    theirs.refund(payment.payment, "one", 20_000)
    assert midtrans.read(payment.invoice).returned == 20_000
    theirs.refund(payment.payment, "two", 72_000)
    reading = midtrans.read(payment.invoice)
    assert (reading.event, reading.amount, reading.returned) == (AE.CAPTURE, 92_000, 92_000)


def test_a_cards_refund_counts_once_its_bank_has_confirmed_it(midtrans, opened, theirs):
    payment = opened("credit_card", "pay", "settle")
    theirs.refund(payment.payment, "one", 20_000)
    assert midtrans.read(payment.invoice).returned == 0
    payment.do("confirm")
    assert midtrans.read(payment.invoice).returned == 20_000


def test_a_chargeback_tells_what_the_bank_took(midtrans, opened):
    half = opened("other_qris", "pay", "charge_back_half")
    assert midtrans.read(half.invoice).returned == 46_000
    assert midtrans.read(half.do("charge_back").invoice).returned == 92_000


def test_a_card_let_go_of_is_money_that_went_back(midtrans, opened):
    reading = midtrans.read(opened("credit_card", "pay", "cancel").invoice)
    assert (reading.event, reading.returned) == (AE.CAPTURE, 92_000)


def test_an_answer_about_something_else_is_not_believed(midtrans, opened, monkeypatch):
    payment = opened("other_qris", "pay")
    payment.payment.order_id, asked = "LB-other-1", payment.invoice
    monkeypatch.setattr(payment.desk.book, "newest", lambda name: payment.payment)
    with pytest.raises(RemoteError):
        midtrans.read(asked)


FRAUDS = ("", "accept", "challenge", "deny")


def of(status, fraud="", **more):
    facts = {
        "order_id": "LB-1",
        "transaction_id": "t",
        "transaction_status": status,
        "gross_amount": "10000.00",
        "payment_type": "qris",
        "currency": "IDR",
        "transaction_time": "2026-11-26 10:00:00",
        **more,
    }
    return Transaction(facts | ({"fraud_status": fraud} if fraud else {}))


def test_the_table_knows_every_state_with_every_verdict():
    assert set(MEANINGS) == {
        "pending", "authorize", "capture", "settlement", "deny", "failure", "cancel", "expire",
        "refund", "partial_refund", "chargeback", "partial_chargeback",
    }  # fmt: skip
    for status, by_fraud in MEANINGS.items():
        assert set(by_fraud) == set(FRAUDS), status


PAID = {("capture", ""), ("capture", "accept"), ("settlement", ""), ("settlement", "accept")}


@pytest.mark.parametrize("lives", [True, False])
@pytest.mark.parametrize("fraud", FRAUDS)
@pytest.mark.parametrize("status", [*MEANINGS, *(status.upper() for status in MEANINGS)])
def test_only_an_accepted_success_is_money(status, fraud, lives):
    reading = of(status, fraud).reading(page_lives=lives)
    is_money = reading.event is AE.CAPTURE and reading.returned == 0
    refunded = status.lower() in ("refund", "partial_refund")  # No row says how much went back.
    assert is_money == ((status.lower(), fraud) in PAID or refunded)


@pytest.mark.parametrize(("status", "fraud"), [("", ""), ("paid", ""), ("settlement", "maybe")])
def test_an_unknown_state_concludes_nothing(status, fraud):
    with pytest.raises(Unreadable):
        of(status, fraud).reading(page_lives=True)


@pytest.mark.parametrize(
    ("written", "amount"),
    [("10000.00", 10_000), ("10000", 10_000), ("0.00", 0), ("999999999.00", 999_999_999)],
)
def test_an_amount_is_read_exactly(written, amount):
    assert rupiah(written) == amount


@pytest.mark.parametrize(
    "written",
    ["10000.50", "10.000,00", "1e4", "-1.00", "+1", " 1", "", "１００", "NaN", "1_000", ".", 10_000,
     10000.0, None, ["1"], "9" * 30],
)  # fmt: skip
def test_another_writing_of_an_amount_is_not_guessed(written):
    with pytest.raises(Unreadable):
        rupiah(written)


def test_the_simulator_tells_every_state_in_a_way_we_can_read(opened):
    payment = opened("other_qris", "pay")
    told = papers.status(payment.payment, "key")
    assert Transaction(told).reading(page_lives=True).amount == 92_000
