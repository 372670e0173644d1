"""A sale from the order to the last rupiah: every unit and every amount is right at each step."""

from datetime import timedelta

import pytest
import time_machine

from core import access, clock, doctor
from core.actors import SYSTEM
from core.db import db
from orders import earning, endings, fulfilment, handover, refunds, transfers
from orders.gateways import Reading
from orders.handover import CashMissing
from orders.models import Refund
from orders.payment import AmountDiffers, apply
from orders.states import AttemptEvent, IllegalMove
from tests.cooperatives.factories import level
from tests.orders.factories import (
    a_market,
    attempt_of,
    balances,
    order,
    parcels_of,
    rules,
    run_jobs,
)

pytestmark = pytest.mark.service


@pytest.fixture
def market(app):
    return a_market()


@pytest.fixture(autouse=True)
def the_house_is_in_order(app):
    yield
    db.session.expire_all()
    found = doctor.examine_on(db.session(), app.extensions["doctor"])
    assert [(finding.invariant.id, finding.rows) for finding in found] == []


def pay(placed, market):
    """A treasurer sees the transfer."""
    attempt = attempt_of(placed)
    done = transfers.confirm(
        actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount
    )
    run_jobs()
    return done


def reload(placed):
    db.session.expire_all()
    db.session.refresh(placed)
    return placed


def seller_of(market, parcel):
    return market.sells if parcel.place_id == market.homes[0].id else market.weaves


def ship(market, parcel, **more):
    actor = seller_of(market, parcel)
    fulfilment.accept(actor=actor, parcel_id=parcel.id)
    fulfilment.pack(actor=actor, parcel_id=parcel.id)
    handover.hand_over(actor=actor, parcel_id=parcel.id, **more)


def earn_everything():
    with time_machine.travel(clock.now() + timedelta(days=9), tick=False):
        earning.earn_due.run()
    run_jobs()
    db.session.expire_all()


def test_from_order_to_the_makers_money(market):
    placed = order((market.batik, 2))
    assert balances() == {}
    assert pay(placed, market)
    assert reload(placed).state == "paid"
    assert balances() == {"bank": placed.total, "held": -placed.total}

    (parcel,) = parcels_of(placed)
    ship(market, parcel, tracking=" jne-123 ")
    assert level(market.lots[2], market.homes[1]) == (8, 0, 0)
    assert parcel.tracking_number == "JNE-123"

    handover.deliver(actor=market.weaves, parcel_id=parcel.id)
    earn_everything()
    goods = 2 * 185_000
    assert balances() == {
        "bank": placed.total,
        "maker": -(goods - goods * 5 // 100 - goods * 2 // 100),
        "cooperative": -goods * 5 // 100,
        "operator": -goods * 2 // 100,
        "courier": -placed.delivery_total,
    }
    assert reload(placed).state == "completed"


def test_one_maker_does_not_wait_for_the_other(market):
    placed = order((market.tiwul, 12), (market.batik, 1))
    pay(placed, market)
    batik = next(p for p in parcels_of(placed) if p.place_id == market.homes[1].id)
    ship(market, batik)
    handover.deliver(actor=market.weaves, parcel_id=batik.id)
    earn_everything()
    assert reload(placed).state == "paid"
    assert balances()["maker"] == -(185_000 - 9_250 - 3_700)


def test_nothing_is_earned_before_the_quiet_days_are_over(market):
    placed = order((market.batik, 1))
    pay(placed, market)
    (parcel,) = parcels_of(placed)
    ship(market, parcel)
    handover.deliver(actor=market.weaves, parcel_id=parcel.id)
    earning.earn_due.run()
    assert "maker" not in balances()


def test_working_days_skip_the_weekend():
    friday = clock.datetime(2026, 11, 20, 3, tzinfo=clock.UTC)
    assert handover.quiet_until(friday).date().isoformat() == "2026-11-25"


def test_earning_twice_changes_nothing(market):
    placed = order((market.batik, 1))
    pay(placed, market)
    (parcel,) = parcels_of(placed)
    ship(market, parcel)
    handover.deliver(actor=market.weaves, parcel_id=parcel.id)
    earn_everything()
    before = balances()
    earn_everything()
    assert balances() == before


def test_cash_at_the_kiosk_is_paid_when_goods_change_hands(market):
    placed = order((market.tiwul, 2), pickup=market.kiosk, method="cash_pickup")
    run_jobs()
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=market.keeps, parcel_id=parcel.id)
    with pytest.raises(CashMissing):
        handover.hand_over(actor=market.keeps, parcel_id=parcel.id)
    assert level(market.lots[1], market.kiosk) == (10, 2, 0)
    handover.hand_over(actor=market.keeps, parcel_id=parcel.id, cash_taken=True)
    assert level(market.lots[1], market.kiosk) == (8, 0, 0)
    assert balances() == {"cash": 36_000, "held": -36_000}
    earn_everything()
    assert reload(placed).state == "completed"


def test_a_pick_up_code_opens_the_parcel_at_its_own_place(market):
    placed = order((market.tiwul, 1), pickup=market.kiosk, method="cash_pickup")
    run_jobs()
    (parcel,) = parcels_of(placed)
    assert len(parcel.pickup_code) == 4
    found = handover.find_pickup(
        db.session(), actor=market.keeps, place_id=market.kiosk.id, code=parcel.pickup_code
    )
    assert found.id == parcel.id


def test_after_five_wrong_codes_only_name_and_digits_help(market):
    placed = order((market.tiwul, 1), pickup=market.kiosk, method="cash_pickup")
    run_jobs()
    (parcel,) = parcels_of(placed)
    ask = {"actor": market.keeps, "place_id": market.kiosk.id}
    wrong = "0001" if parcel.pickup_code != "0001" else "0002"
    for _ in range(5):
        with pytest.raises(handover.NotFound):
            handover.find_pickup(db.session(), code=wrong, **ask)
    with pytest.raises(handover.limits.TooMany):
        handover.find_pickup(db.session(), code=parcel.pickup_code, **ask)
    found = handover.find_pickup(db.session(), name=" joko ", last_four="7890", **ask)
    assert found.id == parcel.id


def test_a_stranger_handles_nothing(market):
    placed = order((market.batik, 1))
    pay(placed, market)
    (parcel,) = parcels_of(placed)
    for stranger in (market.sells, market.keeps, market.treasurers[0]):
        with pytest.raises(access.NotFound):
            fulfilment.accept(actor=stranger, parcel_id=parcel.id)


def test_nobody_can_send_what_is_not_paid(market):
    placed = order((market.batik, 1))
    (parcel,) = parcels_of(placed)
    with pytest.raises(access.NotFound):
        fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)


def test_a_declined_parcel_gives_goods_and_money_back(market):
    placed = order((market.batik, 2))
    pay(placed, market)
    (parcel,) = parcels_of(placed)
    fulfilment.decline(actor=market.weaves, parcel_id=parcel.id, reason="hujan")
    assert level(market.lots[2], market.homes[1]) == (10, 0, 0)
    assert balances() == {"bank": placed.total, "refund_due": -placed.total}
    assert reload(placed).state == "cancelled"


def test_less_than_ordered_owes_the_difference(market):
    placed = order((market.batik, 3))
    pay(placed, market)
    (parcel,) = parcels_of(placed)
    (line,) = fulfilment.parcels.goods(db.session(), parcel.id)
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id, given={line.id: 1})
    assert balances()["refund_due"] == -2 * 185_000
    handover.hand_over(actor=market.weaves, parcel_id=parcel.id)
    assert level(market.lots[2], market.homes[1]) == (9, 0, 0)
    handover.deliver(actor=market.weaves, parcel_id=parcel.id)
    earn_everything()
    assert balances()["maker"] == -(185_000 - 9_250 - 3_700)


def test_less_than_ordered_makes_a_cash_bill_smaller(market):
    placed = order((market.tiwul, 3), pickup=market.kiosk, method="cash_pickup")
    run_jobs()
    (parcel,) = parcels_of(placed)
    (line,) = fulfilment.parcels.goods(db.session(), parcel.id)
    fulfilment.accept(actor=market.keeps, parcel_id=parcel.id, given={line.id: 2})
    assert (reload(placed).total, attempt_of(placed).amount) == (36_000, 36_000)
    handover.hand_over(actor=market.keeps, parcel_id=parcel.id, cash_taken=True)
    assert balances()["cash"] == 36_000


@pytest.mark.parametrize("pieces", [-1, 4])
def test_more_than_ordered_is_refused(market, pieces):
    placed = order((market.batik, 3))
    pay(placed, market)
    (parcel,) = parcels_of(placed)
    (line,) = fulfilment.parcels.goods(db.session(), parcel.id)
    with pytest.raises(fulfilment.OddQuantity):
        fulfilment.accept(actor=market.weaves, parcel_id=parcel.id, given={line.id: pieces})


def test_an_unpaid_order_lapses_and_its_goods_go_free(market):
    placed = order((market.batik, 3))
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        endings.lapse_due.run()
    assert reload(placed).state == "lapsed"
    assert attempt_of(placed).state == "expired"
    assert level(market.lots[2], market.homes[1]) == (10, 0, 0)


def test_a_packed_order_does_not_lapse_and_holds_no_other_up(market):
    packed = order((market.tiwul, 1), method="cash_pickup", pickup=market.kiosk)
    run_jobs()
    (parcel,) = parcels_of(packed)
    fulfilment.accept(actor=market.keeps, parcel_id=parcel.id)
    fulfilment.pack(actor=market.keeps, parcel_id=parcel.id)
    unpaid = order((market.batik, 3))
    with time_machine.travel(clock.now() + timedelta(hours=49), tick=False):
        endings.lapse_due.run()
    assert reload(unpaid).state == "lapsed"
    assert reload(packed).state == "on_delivery"


def test_a_paid_order_does_not_lapse(market):
    placed = order((market.batik, 3))
    pay(placed, market)
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        endings.lapse_due.run()
    assert not endings.end_order(actor=SYSTEM, order_id=placed.id, event=endings.OrderEvent.LAPSE)
    assert reload(placed).state == "paid"


def lapse(placed):
    endings.end_order(actor=SYSTEM, order_id=placed.id, event=endings.OrderEvent.LAPSE)
    db.session.expire_all()


def test_late_money_gets_the_goods_if_they_are_still_there(market):
    placed = order((market.batik, 3))
    lapse(placed)
    pay(placed, market)
    assert reload(placed).state == "paid"
    assert level(market.lots[2], market.homes[1]) == (10, 3, 0)


def test_late_money_without_goods_is_a_surplus_that_goes_back(market):
    placed = order((market.batik, 8))
    lapse(placed)
    order((market.batik, 8))
    pay(placed, market)
    assert reload(placed).state == "lapsed"
    assert attempt_of(placed).state == "surplus"
    assert balances() == {"bank": placed.total, "surplus_due": -placed.total}
    assert db.session.query(Refund).one().amount == placed.total


def test_hearing_of_a_payment_ten_times_books_it_once(market):
    placed = order((market.batik, 1))
    attempt = attempt_of(placed)
    for _ in range(10):
        reading = Reading(AttemptEvent.CAPTURE, attempt.amount)
        apply(actor=SYSTEM, attempt_id=attempt.id, reading=reading)
    assert balances() == {"bank": placed.total, "held": -placed.total}


@pytest.mark.parametrize(("off_by", "currency"), [(1, "IDR"), (-1, "IDR"), (0, "USD")])
def test_a_wrong_amount_or_currency_is_not_a_payment(market, off_by, currency):
    placed = order((market.batik, 1))
    attempt = attempt_of(placed)
    reading = Reading(AttemptEvent.CAPTURE, attempt.amount + off_by, currency)
    with pytest.raises(AmountDiffers):
        apply(actor=SYSTEM, attempt_id=attempt.id, reading=reading)
    assert reload(placed).state == "awaiting_payment"


def test_an_expiry_after_the_payment_is_not_heard(market):
    placed = order((market.batik, 1))
    pay(placed, market)
    apply(actor=SYSTEM, attempt_id=attempt_of(placed).id, reading=Reading(AttemptEvent.EXPIRE))
    assert reload(placed).state == "paid"


def test_a_large_transfer_needs_a_second_treasurer(market):
    rules(second_person_rupiah=100_000)
    placed = order((market.batik, 1))
    attempt = attempt_of(placed)
    ask = {"attempt_id": attempt.id, "amount": attempt.amount}
    assert not transfers.confirm(actor=market.treasurers[0], **ask)
    with pytest.raises(access.SamePerson):
        transfers.confirm(actor=market.treasurers[0], **ask)
    assert reload(placed).state == "awaiting_payment"
    assert transfers.confirm(actor=market.treasurers[1], **ask)
    assert reload(placed).state == "paid"


def test_only_a_treasurer_of_the_house_confirms(market):
    attempt = attempt_of(order((market.batik, 1)))
    with pytest.raises(access.NotFound):
        transfers.confirm(actor=market.sells, attempt_id=attempt.id, amount=attempt.amount)


def test_the_buyer_cancels_before_packing_and_gets_everything_back(market):
    placed = order((market.batik, 1))
    pay(placed, market)
    endings.cancel(actor=SYSTEM, order_id=placed.id)
    assert reload(placed).state == "cancelled"
    assert level(market.lots[2], market.homes[1]) == (10, 0, 0)
    refund = db.session.query(Refund).one()
    refunds.send(actor=market.treasurers[0], refund_id=refund.id)
    with pytest.raises(access.SamePerson):
        refunds.confirm(actor=market.treasurers[0], refund_id=refund.id)
    refunds.confirm(actor=market.treasurers[1], refund_id=refund.id)
    assert balances() == {}
    assert attempt_of(placed).state == "refunded"


def test_after_packing_nobody_cancels(market):
    placed = order((market.batik, 1))
    pay(placed, market)
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    fulfilment.pack(actor=market.weaves, parcel_id=parcel.id)
    with pytest.raises(endings.AlreadyPacked):
        endings.cancel(actor=SYSTEM, order_id=placed.id)
    assert reload(placed).state == "paid"


def test_the_buyer_changes_the_way_to_pay_while_unpaid(market):
    placed = order((market.tiwul, 1), pickup=market.kiosk)
    endings.close_payment(placed.id)
    attempt = endings.change_method(actor=SYSTEM, order_id=placed.id, method_code="cash_pickup")
    assert attempt.gateway_key == f"{placed.number}-2"
    assert reload(placed).state == "on_delivery"
    pay_now = {"actor": SYSTEM, "order_id": placed.id, "method_code": "transfer"}
    assert endings.change_method(**pay_now).number == 3


def test_a_paid_order_keeps_its_way_to_pay(market):
    placed = order((market.tiwul, 1), pickup=market.kiosk)
    pay(placed, market)
    with pytest.raises(IllegalMove):
        endings.change_method(actor=SYSTEM, order_id=placed.id, method_code="cash_pickup")
