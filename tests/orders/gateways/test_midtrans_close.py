"""Closing a payment before its goods are let go, and sending money back."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
import time_machine

from core import clock
from core.errors import RemoteError
from orders.gateways import Presented
from orders.gateways.midtrans_calls import Refused
from orders.gateways.midtrans_channels import can_go_back, is_asleep
from orders.gateways.words import Refunded
from orders.simulators.midtrans.payments import CANNOT_MODIFY, Refusal
from orders.states import AttemptEvent
from tests.orders.gateways.conftest import invoice

pytestmark = pytest.mark.service


class TestCancel:
    def test_before_a_channel_is_picked_the_page_dies(self, midtrans, opened):
        payment = opened()
        assert midtrans.cancel(payment.invoice).event is AttemptEvent.EXPIRE
        assert payment.page.is_cancelled

    def test_what_waits_is_cancelled_and_its_page_too(self, midtrans, opened):
        payment = opened("other_qris")
        assert midtrans.cancel(payment.invoice).event is AttemptEvent.EXPIRE
        assert payment.payment.status == "cancel"
        with pytest.raises(Refusal):
            payment.pick("gopay")

    @pytest.mark.parametrize("deeds", [("pay",), ("pay", "charge_back"), ("pay", "refund")])
    def test_money_that_came_is_left_alone_and_told_of(self, midtrans, opened, deeds):
        payment = opened("other_qris", *deeds)
        status = payment.payment.status
        assert midtrans.cancel(payment.invoice).amount == 92_000
        assert payment.payment.status == status

    def test_a_captured_card_is_not_let_go_by_closing(self, midtrans, opened):
        payment = opened("credit_card", "pay")
        assert midtrans.cancel(payment.invoice).event is AttemptEvent.CAPTURE
        assert payment.payment.status == "capture"

    def test_a_held_card_is_let_go(self, midtrans, opened):
        payment = opened("credit_card", "pay_held")
        assert midtrans.cancel(payment.invoice).event is AttemptEvent.EXPIRE
        assert payment.payment.status == "cancel"

    @pytest.mark.parametrize("deed", ["expire", "cancel", "deny"])
    def test_what_is_over_already_is_over(self, midtrans, opened, deed):
        payment = opened("other_qris", deed)
        assert midtrans.cancel(payment.invoice).event is AttemptEvent.EXPIRE

    def test_closing_twice_is_closing_once(self, midtrans, opened):
        payment = opened("other_qris")
        assert midtrans.cancel(payment.invoice) == midtrans.cancel(payment.invoice)

    def test_what_cannot_be_cancelled_is_let_expire(self, midtrans, opened, monkeypatch):
        payment = opened("bca_va", method="va")
        close = payment.desk.book.close

        def only_expire(one, status):
            if status == "cancel":
                raise CANNOT_MODIFY
            close(one, status)

        monkeypatch.setattr(payment.desk.book, "close", only_expire)
        assert midtrans.cancel(payment.invoice).event is AttemptEvent.EXPIRE
        assert payment.payment.status == "expire"

    def test_paid_in_the_very_moment_it_is_told_of(self, midtrans, opened, monkeypatch):
        payment = opened("other_qris")

        def too_late(one, status):
            payment.desk.book.pay(one, clock.now())
            raise CANNOT_MODIFY

        monkeypatch.setattr(payment.desk.book, "close", too_late)
        assert midtrans.cancel(payment.invoice).event is AttemptEvent.CAPTURE

    def test_what_will_not_be_closed_keeps_its_goods(self, midtrans, opened, monkeypatch):
        payment = opened("other_qris")

        def refuse(one, status):
            raise CANNOT_MODIFY

        monkeypatch.setattr(payment.desk.book, "close", refuse)
        with pytest.raises(RemoteError):
            midtrans.cancel(payment.invoice)

    def test_a_page_nobody_was_told_of_needs_no_closing(self, midtrans):
        assert midtrans.cancel(invoice()).event is AttemptEvent.EXPIRE

    def test_a_silent_gateway_keeps_the_goods(self, midtrans, opened, switches):
        payment = opened("other_qris")
        switches.set(fail_5xx=1)
        with pytest.raises(RemoteError):
            midtrans.cancel(payment.invoice)
        assert payment.payment.status == "pending"


@pytest.fixture
def refund(midtrans):
    def send(payment, amount=92_000, refund_id=None):
        return midtrans.refund(
            payment.invoice, refund_id=refund_id or uuid4(), asked=Presented(amount, "IDR")
        )

    return send


def gone(desk):
    return [row["amount"] for row in desk.book.ledger if row["what"] in ("refund", "void")]


class TestRefund:
    @pytest.mark.parametrize("channel", ["other_qris", "gopay", "dana", "shopeepay", "ovo"])
    def test_money_goes_back_the_way_it_came(self, refund, opened, theirs, channel):
        with time_machine.travel("2026-11-26T05:00:00Z"):
            answer = refund(opened(channel, "pay"))
        assert answer.refunded is Refunded.DONE
        assert answer.theirs
        assert gone(theirs) == [-92_000]

    def test_a_part_goes_back(self, refund, opened, theirs):
        payment = opened("gopay", "pay")
        assert refund(payment, 20_000).refunded is Refunded.DONE
        assert refund(payment, 72_000).refunded is Refunded.DONE
        assert gone(theirs) == [-20_000, -72_000]

    def test_a_cards_refund_waits_for_its_bank(self, refund, opened):
        payment, refund_id = opened("credit_card", "pay", "settle"), uuid4()
        assert refund(payment, refund_id=refund_id).refunded is Refunded.UNDER_WAY
        payment.do("confirm")
        assert refund(payment, refund_id=refund_id).refunded is Refunded.DONE

    def test_a_card_that_has_not_settled_is_let_go(self, refund, opened, theirs):
        payment = opened("credit_card", "pay")
        assert refund(payment).refunded is Refunded.DONE
        assert (payment.payment.status, gone(theirs)) == ("cancel", [-92_000])

    def test_a_part_of_a_card_waits_until_it_has_settled(self, refund, opened, theirs):
        assert refund(opened("credit_card", "pay"), 20_000).refunded is Refunded.DENIED
        assert gone(theirs) == []

    def test_a_lost_answer_asked_again_sends_nothing_twice(self, refund, opened, theirs, switches):
        payment, refund_id = opened("other_qris", "pay"), uuid4()
        lose_answers_from_now_on(theirs, switches)
        with pytest.raises(RemoteError):
            refund(payment, refund_id=refund_id)
        assert refund(payment, refund_id=refund_id).refunded is Refunded.DONE
        assert gone(theirs) == [-92_000]

    @pytest.mark.parametrize("channel", ["bca_va", "permata_va", "echannel", "indomaret"])
    def test_banks_and_shops_give_nothing_back(self, refund, opened, channel):
        answer = refund(opened(channel, "pay", method="va"))
        assert answer.refunded is Refunded.BY_HAND

    @pytest.mark.parametrize("channel", ["shopeepay", "ovo"])
    def test_some_wallets_give_back_all_or_nothing(self, refund, opened, channel):
        assert refund(opened(channel, "pay"), 20_000).refunded is Refunded.BY_HAND

    def test_what_was_never_paid_is_for_a_person(self, refund, opened):
        assert refund(opened()).refunded is Refunded.BY_HAND

    def test_the_bank_says_no_in_the_clothes_of_a_success(self, refund, opened, theirs, switches):
        switches.set(deny_refund=1)
        assert refund(opened("other_qris", "pay")).refunded is Refunded.DENIED
        assert gone(theirs) == []

    def test_too_little_balance_is_a_no_for_now(self, refund, opened, switches):
        switches.set(no_balance=1)
        payment = opened("other_qris", "pay")
        assert refund(payment).refunded is Refunded.DENIED
        assert refund(payment).refunded is Refunded.DONE

    def test_more_than_there_is_does_not_go(self, refund, opened, theirs):
        payment = opened("gopay", "pay")
        assert refund(payment, 92_001).refunded is Refunded.DENIED
        assert gone(theirs) == []

    def test_a_wrong_state_is_a_no_for_now(self, refund, opened):
        assert refund(opened("other_qris", "pay", "charge_back")).refunded is Refunded.DENIED

    def test_a_key_used_before_is_looked_up(self, refund, opened, theirs, monkeypatch):
        payment, refund_id = opened("other_qris", "pay"), uuid4()
        theirs.refund(payment.payment, str(refund_id), 10_000)
        hide_refunds_once(theirs, payment, monkeypatch)
        assert refund(payment, 10_000, refund_id).refunded is Refunded.DONE
        assert gone(theirs) == [-10_000]

    @pytest.mark.parametrize(
        ("code", "refunded"),
        [("410", Refunded.BY_HAND), ("412", Refunded.DENIED), ("414", Refunded.DENIED)],
    )
    def test_each_code_of_the_papers(self, refund, opened, theirs, monkeypatch, code, refunded):
        monkeypatch.setattr(theirs, "refund", refusing(code))
        assert refund(opened("other_qris", "pay")).refunded is refunded

    @pytest.mark.parametrize("code", ["400", "401", "402", "404", "429"])
    def test_any_other_no_is_told_on(self, refund, opened, theirs, monkeypatch, code):
        monkeypatch.setattr(theirs, "refund", refusing(code))
        with pytest.raises(Refused) as caught:
            refund(opened("other_qris", "pay"))
        assert caught.value.code == code


def refusing(code):
    def refuse(*_):
        raise Refusal(code, "no")

    return refuse


def lose_answers_from_now_on(desk, switches):
    """The status is told well; then the refund is done, and its answer breaks."""
    give = desk.refund

    def refund(*facts):
        give(*facts)
        raise ConnectionResetError

    desk.refund = refund


def hide_refunds_once(desk, payment, monkeypatch):
    """The first status is older than the refund."""
    rows, get, asked = payment.payment.refunds, desk.book.get, []

    def older(name):
        asked.append(name)
        if len(asked) == 1:
            shown = SimpleNamespace(**{n: getattr(payment.payment, n) for n in SHOWN})
            shown.refunds, shown.status = [], "settlement"
            return shown
        payment.payment.refunds = rows
        return get(name)

    monkeypatch.setattr(desk.book, "get", older)


SHOWN = (
    "id", "order_id", "channel", "gross", "began_at", "settled_at", "fraud", "kind",
    "approval_code",
)  # fmt: skip
NOW = clock.now()


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        ({"payment_type": "qris", "transaction_type": "on-us"}, 45),
        ({"payment_type": "qris", "transaction_type": "off-us"}, 7),
        ({"payment_type": "qris"}, 7),
        ({"payment_type": "gopay"}, 45),
        ({"payment_type": "SHOPEEPAY"}, 365),
        ({"payment_type": "dana"}, 45),
        ({"payment_type": "ovo"}, 7),
    ],
)
def test_each_channel_has_its_time_to_give_back(kind, days):
    def asked_after(days):
        paid_at = NOW - timedelta(days=days)
        return can_go_back(kind, paid_at=paid_at, now=NOW, whole=True)

    assert asked_after(days)
    assert not asked_after(days + 0.01)


@pytest.mark.parametrize("kind", ["bank_transfer", "echannel", "cstore", "kredivo", "", "paypal"])
def test_what_is_not_in_the_table_never_gives_back(kind):
    assert not can_go_back({"payment_type": kind}, paid_at=NOW, now=NOW, whole=True)


@pytest.mark.parametrize(
    ("hour", "sleeps"), [("23:54", False), ("23:55", True), ("03:00", True), ("06:00", False)]
)
def test_shopeepay_sleeps_at_night(hour, sleeps):
    there = clock.now().replace(hour=int(hour[:2]), minute=int(hour[3:]), second=0).time()
    assert is_asleep({"payment_type": "shopeepay"}, there) == sleeps
    assert is_asleep({"payment_type": "qris", "acquirer": "airpay shopee"}, there) == sleeps
    assert not is_asleep({"payment_type": "gopay"}, there)


def test_at_night_shopeepay_is_not_even_asked(refund, opened, theirs):
    with time_machine.travel("2026-11-26T18:00:00Z"):  # One o'clock in Jakarta.
        assert refund(opened("shopeepay", "pay")).refunded is Refunded.DENIED
    assert gone(theirs) == []
