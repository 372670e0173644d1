"""Refunds through the gateway: sent once, booked when it says so, and by people where it cannot."""

from datetime import timedelta

import pytest
import time_machine

from core.actors import GUEST, SYSTEM
from core.db import db, in_transaction
from core.errors import RemoteError
from core.tasks import Task
from orders import asking, endings, opening, refund_sending, refunds
from orders.gateways import Answer, Presented, Refunded
from orders.models import Refund
from orders.states import AttemptEvent
from tests.orders.factories import attempt_of, balances, order, run_jobs
from tests.orders.playing import SILENCE

pytestmark = pytest.mark.service


@pytest.fixture
def paid(shop, gateway):
    return paid_order(shop, gateway)


def paid_order(shop, gateway, **presented):
    placed = order((shop.batik, 1), method="qris")
    opening.open_payment(actor=GUEST, order_id=placed.id)
    attempt = attempt_of(placed)
    for name, value in presented.items():
        setattr(attempt, name, value)
    db.session.flush()
    gateway.pays(
        attempt,
        presented.get("presented_amount"),
        presented.get("presented_currency", "IDR"),
    )
    asking.learn(actor=SYSTEM, attempt_id=attempt.id)
    run_jobs()
    return placed


def cancelled(placed):
    endings.cancel(actor=GUEST, order_id=placed.id)
    return db.session.query(Refund).one()


def test_a_cancelled_order_is_paid_back_by_itself(paid, gateway):
    refund = cancelled(paid)
    assert refund.state == "due"
    run_jobs()
    assert refund.state == "done"
    assert gateway.refunded == {refund.id: Presented(paid.total, "IDR")}
    assert attempt_of(paid).state == "refunded"
    assert balances() == {}


def test_a_lost_answer_is_asked_again_and_sends_nothing_twice(paid, gateway):
    refund = cancelled(paid)
    gateway.failing, gateway.acts_first = [SILENCE], True
    with pytest.raises(RemoteError):
        run_jobs()
    assert refund.state == "due"
    refund_sending.send_refund.run(refund_id=str(refund.id))
    db.session.expire_all()
    assert refund.state == "done"
    assert len(gateway.refunded) == 1


def test_one_taken_in_is_booked_when_the_gateway_confirms_it(paid, gateway):
    refund = cancelled(paid)
    gateway.answer = Answer(Refunded.UNDER_WAY, "r-1")
    run_jobs()
    assert (refund.state, refund.gateway_id) == ("sent", "r-1")
    assert balances() == {"clearing": paid.total, "refund_due": -paid.total}
    gateway.pays(attempt_of(paid), returned=paid.total)
    asking.learn(actor=SYSTEM, attempt_id=attempt_of(paid).id)
    db.session.expire_all()
    assert refund.state == "done"
    assert balances() == {}


def test_what_the_method_cannot_do_is_asked_of_the_treasurers(paid, gateway):
    refund = cancelled(paid)
    gateway.answer = Answer(Refunded.BY_HAND)
    run_jobs()
    assert (refund.state, refund.route) == ("due", "by_hand")
    assert db.session.query(Task).filter_by(kind="refund.send").count() == 1


def test_denied_three_times_it_goes_to_the_treasurers(paid, gateway):
    refund = cancelled(paid)
    gateway.answer = Answer(Refunded.DENIED)
    run_jobs()
    for tries in (1, 2):
        assert (refund.state, refund.route, refund.tries) == ("due", "gateway", tries)
        refund_sending.send_refund.run(refund_id=str(refund.id))
        db.session.expire_all()
    assert (refund.state, refund.route) == ("due", "by_hand")


def test_a_denied_refund_is_asked_for_again_after_the_night(paid, gateway):
    refund = cancelled(paid)
    gateway.answer = Answer(Refunded.DENIED)
    run_jobs()
    for hours, tries in ((1, 1), (9, 2), (12, 2), (17, 3)):
        with time_machine.travel(refund.created_at + timedelta(hours=hours), tick=False):
            refund_sending.send_again.run()
        db.session.expire_all()
        assert refund.tries == tries
    assert refund.route == "by_hand"


def test_one_taken_in_that_fails_later_goes_to_the_treasurers(paid, gateway):
    refund = cancelled(paid)
    gateway.answer = Answer(Refunded.UNDER_WAY)
    run_jobs()
    gateway.answer = Answer(Refunded.BY_HAND)
    for days, state in ((1, "sent"), (3, "due")):
        with time_machine.travel(refund.created_at + timedelta(days=days), tick=False):
            refund_sending.send_again.run()
        db.session.expire_all()
        assert refund.state == state
    assert refund.route == "by_hand"


def test_what_somebody_sent_back_there_already_is_not_sent_by_hand_too(paid, gateway):
    refund = cancelled(paid)
    gateway.answer = Answer(Refunded.DENIED)
    gateway.pays(attempt_of(paid), returned=paid.total)
    run_jobs()
    assert (refund.state, refund.route) == ("done", "gateway")
    assert balances() == {}


def test_what_the_buyers_bank_has_taken_back_goes_to_no_treasurer(paid, gateway):
    refund = cancelled(paid)
    gateway.answer = Answer(Refunded.DENIED)
    gateway.says(attempt_of(paid), AttemptEvent.DISPUTE)
    run_jobs()
    for _ in range(4):
        refund_sending.send_refund.run(refund_id=str(refund.id))
        db.session.expire_all()
    assert (refund.state, refund.route) == ("due", "gateway")


def test_hearing_of_it_twice_books_it_once(paid, gateway):
    refund = cancelled(paid)
    run_jobs()
    for _ in range(3):
        refund_sending.take_answer(refund_id=refund.id, answer=Answer(Refunded.DONE))
        gateway.pays(attempt_of(paid), returned=paid.total)
        asking.learn(actor=SYSTEM, attempt_id=attempt_of(paid).id)
    assert balances() == {}


def test_money_sent_back_at_the_gateway_itself_is_shown_to_a_person(paid, gateway):
    gateway.pays(attempt_of(paid), returned=1_000)
    asking.learn(actor=SYSTEM, attempt_id=attempt_of(paid).id)
    assert db.session.query(Task).filter_by(kind="payment.look").count() == 1
    assert balances() == {"clearing": paid.total, "held": -paid.total}


def test_parts_in_her_own_money_add_up_to_the_whole(shop, gateway):
    placed = paid_order(
        shop, gateway, presented_amount=1_237, presented_currency="USD", rate_micros=1
    )
    attempt = attempt_of(placed)
    third = placed.total // 3
    sums = (third, third, placed.total - 2 * third)
    for number, amount in enumerate(sums):
        owe(placed, attempt, amount, number)
    run_jobs()
    assert sum(asked.amount for asked in gateway.refunded.values()) == 1_237
    assert {asked.currency for asked in gateway.refunded.values()} == {"USD"}
    assert refunds.gone_back(db.session(), attempt.id) == placed.total


def owe(placed, attempt, amount, number):
    @in_transaction()
    def do(session):
        refunds.owe(
            session,
            actor=SYSTEM,
            order=placed,
            attempt=attempt,
            amount=amount,
            reason="part",
            doc=("test", number),
        )

    do()
