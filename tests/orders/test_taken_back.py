"""What a bank takes back: undone in minutes, disputed, lost; every rupiah stays booked."""

from datetime import timedelta

import pytest
import time_machine

from core import clock
from core.actors import GUEST, SYSTEM
from core.db import db
from core.tasks import Task
from orders import asking, earning, endings, fulfilment, handover, opening, taken_back
from orders.models import Order
from orders.states import AttemptEvent, IllegalMove
from orders.taken_back import NotABearer
from tests.cooperatives.factories import level
from tests.orders.factories import attempt_of, balances, order, parcels_of, run_jobs

pytestmark = pytest.mark.service


@pytest.fixture
def paid(shop, gateway):
    placed = order((shop.batik, 1), method="va")
    opening.open_payment(actor=GUEST, order_id=placed.id)
    gateway.pays(attempt_of(placed), theirs="t-9")
    hear(placed)
    return placed


def hear(placed):
    asking.learn(actor=SYSTEM, attempt_id=attempt_of(placed).id)
    run_jobs()
    db.session.expire_all()


def state_of(placed):
    return db.session.get(Order, placed.id, populate_existing=True).state


def sent_and_come(shop, placed):
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=shop.weaves, parcel_id=parcel.id)
    handover.hand_over(actor=shop.weaves, parcel_id=parcel.id)
    handover.deliver(actor=shop.weaves, parcel_id=parcel.id)
    return parcel


def days_later(days):
    return time_machine.travel(clock.now() + timedelta(days=days), tick=False)


def test_a_settlement_undone_minutes_later_makes_the_order_unpaid_again(paid, gateway, shop):
    gateway.says(attempt_of(paid), AttemptEvent.FAIL)
    hear(paid)
    assert (state_of(paid), attempt_of(paid).state) == ("awaiting_payment", "reversed")
    assert balances() == {}
    assert level(shop.lots[2], shop.homes[1]) == (10, 1, 0)
    assert db.session.query(Task).filter_by(kind="parcel.answer", closed_at=None).count() == 0
    assert opening.open_payment(actor=GUEST, order_id=paid.id).endswith("-2")
    gateway.pays(attempt_of(paid), theirs="t-10")
    hear(paid)
    assert state_of(paid) == "paid"
    assert db.session.query(Task).filter_by(kind="parcel.answer", closed_at=None).count() == 1


def test_a_denial_of_another_try_on_the_same_page_undoes_nothing(paid, gateway):
    gateway.says(attempt_of(paid), AttemptEvent.FAIL, theirs="another")
    hear(paid)
    assert state_of(paid) == "paid"


def test_undone_after_the_goods_went_it_is_a_loss_somebody_bears(paid, gateway, shop):
    sent_and_come(shop, paid)
    gateway.says(attempt_of(paid), AttemptEvent.FAIL)
    hear(paid)
    assert (state_of(paid), attempt_of(paid).state) == ("paid", "charged_back")
    assert balances() == {"held": -paid.total, "receivable": paid.total}


def test_a_surplus_undone_before_it_went_back_is_owed_no_more(shop, gateway, paid):
    second = order((shop.tiwul, 1), method="va")
    opening.open_payment(actor=GUEST, order_id=second.id)
    endings.cancel(actor=GUEST, order_id=second.id)
    gateway.pays(attempt_of(second), theirs="t-11")
    asking.learn(actor=SYSTEM, attempt_id=attempt_of(second).id)
    db.session.expire_all()
    gateway.says(attempt_of(second), AttemptEvent.FAIL)
    asking.learn(actor=SYSTEM, attempt_id=attempt_of(second).id)
    run_jobs()
    db.session.expire_all()
    assert attempt_of(second).state == "reversed"
    assert gateway.refunded == {}


def test_nobody_earns_while_the_bank_holds_the_money(paid, gateway, shop):
    parcel = sent_and_come(shop, paid)
    gateway.says(attempt_of(paid), AttemptEvent.DISPUTE)
    hear(paid)
    assert balances() == {"held": -paid.total, "receivable": paid.total}
    with days_later(9):
        earning.earn_due.run()
        db.session.expire_all()
        assert parcel.earned_at is None
        gateway.says(attempt_of(paid), AttemptEvent.WIN)
        hear(paid)
        earning.earn_due.run()
        db.session.expire_all()
        assert parcel.earned_at is not None
    assert attempt_of(paid).state == "captured"
    assert balances()["clearing"] == paid.total


@pytest.mark.parametrize("bearer", ["operator", "risk_fund"])
def test_a_lost_dispute_is_borne_by_decision_and_the_maker_is_paid(paid, gateway, shop, bearer):
    parcel = sent_and_come(shop, paid)
    for event in (AttemptEvent.DISPUTE, AttemptEvent.CHARGE_BACK, AttemptEvent.DISPUTE):
        gateway.says(attempt_of(paid), event)
        hear(paid)
    assert attempt_of(paid).state == "charged_back"
    treasurer, attempt_id = shop.treasurers[0], attempt_of(paid).id
    with pytest.raises(NotABearer):
        taken_back.decide(actor=treasurer, attempt_id=attempt_id, bearer="maker")
    taken_back.decide(actor=treasurer, attempt_id=attempt_id, bearer=bearer)
    with pytest.raises(IllegalMove):
        taken_back.decide(actor=treasurer, attempt_id=attempt_id, bearer=bearer)
    with days_later(9):
        earning.earn_due.run()
    db.session.expire_all()
    assert parcel.earned_at is not None
    assert "receivable" not in balances()


def test_a_dispute_after_the_maker_was_paid_is_booked_and_moves_no_stock(paid, gateway, shop):
    sent_and_come(shop, paid)
    with days_later(9):
        earning.earn_due.run()
        before = level(shop.lots[2], shop.homes[1])
        gateway.says(attempt_of(paid), AttemptEvent.CHARGE_BACK)
        hear(paid)
    assert level(shop.lots[2], shop.homes[1]) == before
    assert balances()["receivable"] == paid.total
    assert "clearing" not in balances()


def test_money_booked_as_gone_that_is_back_is_looked_at(paid, gateway):
    gateway.says(attempt_of(paid), AttemptEvent.FAIL)
    hear(paid)
    gateway.says(attempt_of(paid), AttemptEvent.CAPTURE)
    hear(paid)
    assert (attempt_of(paid).state, balances()) == ("reversed", {})
    assert db.session.query(Task).filter_by(kind="payment.look", closed_at=None).count() == 1


def test_a_dispute_won_after_it_was_lost_is_looked_at(paid, gateway, shop):
    sent_and_come(shop, paid)
    for event in (AttemptEvent.CHARGE_BACK, AttemptEvent.WIN):
        gateway.says(attempt_of(paid), event)
        hear(paid)
    assert attempt_of(paid).state == "charged_back"
    assert db.session.query(Task).filter_by(kind="payment.look", closed_at=None).count() == 1
