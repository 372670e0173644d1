"""Transfers with digits of their own: nobody pays more than the bill, and every rupiah adds up."""

from datetime import timedelta

import pytest
import time_machine
from flask import current_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core import clock, doctor
from core.actors import GUEST, Actor
from core.db import db
from orders import arrivals, earning, endings, fulfilment, handover, refunds, transfers
from orders.models import Attempt, Order, Refund
from orders.payment import AmountDiffers
from orders.refunds import TooMuch
from tests.cooperatives.books_factories import book
from tests.cooperatives.factories import a_maker
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
TIWUL, BATIK = 18_000, 185_000


@pytest.fixture
def market(app):
    made = a_market(units=500)
    rules(second_person_rupiah=10_000_000)
    return made


def is_well():
    db.session.expire_all()
    known = current_app.extensions["doctor"]
    found = doctor.examine_on(db.session(), known)
    assert [(finding.invariant.id, finding.rows) for finding in found] == []


def came(attempt, amount, market):
    """A treasurer saw this sum and is certain of it."""
    transfers.confirm(
        actor=market.treasurers[0], attempt_id=attempt.id, amount=amount, is_certain=True
    )
    run_jobs()
    db.session.expire_all()


def attempts_of(placed):
    query = select(Attempt).where(Attempt.order_id == placed.id).order_by(Attempt.number)
    return list(db.session.scalars(query))


def owed(placed):
    query = select(Refund.reason, Refund.amount).join(Attempt).where(Attempt.order_id == placed.id)
    return sorted(tuple(row) for row in db.session.execute(query))


def seller_of(market, parcel):
    if parcel.place_id == market.kiosk.id:
        return market.keeps
    return market.sells if parcel.place_id == market.homes[0].id else market.weaves


def earn_all(market, placed):
    for parcel in parcels_of(placed):
        if parcel.ended_at is None:
            actor = seller_of(market, parcel)
            if parcel.state == "to_accept":
                fulfilment.accept(actor=actor, parcel_id=parcel.id)
            if parcel.handed_over_at is None:
                handover.hand_over(actor=actor, parcel_id=parcel.id)
            if parcel.delivered_at is None:
                handover.deliver(actor=actor, parcel_id=parcel.id)
    with time_machine.travel(clock.now() + timedelta(days=9), tick=False):
        earning.earn_due.run()
    run_jobs()
    db.session.expire_all()


# What is asked


def test_a_transfer_asks_a_few_rupiah_less_than_the_bill(market):
    placed = order((market.tiwul, 2))
    attempt = attempt_of(placed)
    assert 1 <= attempt.unique_code <= 99
    assert attempt.amount + attempt.unique_code == placed.total


def test_no_two_open_transfers_ask_for_the_same_sum(market):
    asked = [attempt_of(order((market.tiwul, 1))).amount for _ in range(20)]
    assert len(set(asked)) == 20


def test_a_sum_is_not_asked_again_soon_after_its_time(market):
    rules(transfer_code_rupiah_max=2, transfer_code_days=14)
    first, second = order((market.tiwul, 1)), order((market.tiwul, 1))
    endings.cancel(actor=GUEST, order_id=first.id)
    assert attempt_of(order((market.tiwul, 1))).unique_code == 0  # Both are taken: the whole sum.
    endings.cancel(actor=GUEST, order_id=second.id)
    with time_machine.travel(clock.now() + timedelta(days=16), tick=False):
        assert attempt_of(order((market.tiwul, 1))).unique_code > 0


def test_the_database_refuses_the_same_sum_twice(market):
    order((market.tiwul, 1)), order((market.tiwul, 1))
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(text("update attempt set amount = 5, unique_code = 1"))


def test_a_house_may_do_without_digits(market):
    rules(transfer_code_rupiah_max=0)
    placed = order((market.tiwul, 1))
    assert (attempt_of(placed).unique_code, attempt_of(placed).amount) == (0, placed.total)


# What comes


def test_what_was_asked_pays_and_the_operator_bears_the_digits(market):
    placed = order((market.tiwul, 1), (market.batik, 1))
    code = attempt_of(placed).unique_code
    came(attempt_of(placed), attempt_of(placed).amount, market)
    earn_all(market, placed)
    assert db.session.get(Order, placed.id).state == "completed"
    stands = balances()
    assert (stands["bank"], stands["expense"]) == (placed.total - code, code)
    assert "held" not in stands
    is_well()


def test_who_pays_the_whole_total_gets_no_digits_back(market):
    placed = order((market.tiwul, 1))
    came(attempt_of(placed), placed.total, market)
    attempt = attempt_of(placed)
    assert (attempt.state, attempt.reached, attempt.unique_code) == ("captured", placed.total, 0)
    assert owed(placed) == []
    is_well()


def test_too_much_pays_and_the_rest_goes_back(market):
    placed = order((market.tiwul, 1))
    came(attempt_of(placed), placed.total + 5_000, market)
    assert db.session.get(Order, placed.id).state == "paid"
    assert owed(placed) == [("over", 5_000)]
    is_well()
    earn_all(market, placed)
    is_well()


def test_too_little_waits_for_its_rest(market):
    placed = order((market.batik, 1))
    attempt = attempt_of(placed)
    came(attempt, 100_000, market)
    assert db.session.get(Order, placed.id).state == "awaiting_payment"
    assert balances() == {"bank": 100_000, "surplus_due": -100_000}
    assert arrivals.asked(db.session(), attempt) == attempt.amount - 100_000
    is_well()
    came(attempt, attempt.amount - 100_000, market)
    assert [a.state for a in attempts_of(placed)] == ["captured", "joined"]
    assert owed(placed) == []
    assert balances() == {"bank": attempt.amount, "held": -attempt.amount}
    is_well()
    earn_all(market, placed)
    is_well()


def test_a_few_rupiah_too_little_are_let_go(market):
    placed = order((market.tiwul, 1))
    came(attempt_of(placed), placed.total - 700, market)
    assert (db.session.get(Order, placed.id).state, attempt_of(placed).unique_code) == ("paid", 700)
    is_well()


def test_a_part_whose_rest_never_comes_goes_back(market):
    placed = order((market.batik, 1))
    came(attempt_of(placed), 100_000, market)
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        endings.lapse_due.run()
    db.session.expire_all()
    assert db.session.get(Order, placed.id).state == "lapsed"
    assert owed(placed) == [("surplus", 100_000)]
    is_well()


def test_a_part_goes_back_where_all_of_it_comes_after_all(market):
    placed = order((market.batik, 1))
    attempt = attempt_of(placed)
    came(attempt, 100_000, market)
    came(attempt, attempt.amount, market)
    assert db.session.get(Order, placed.id).state == "paid"
    assert owed(placed) == [("surplus", 100_000)]
    is_well()


def test_a_part_for_an_order_that_has_ended_goes_back(market):
    placed = order((market.batik, 1))
    attempt = attempt_of(placed)
    endings.cancel(actor=GUEST, order_id=placed.id)
    came(attempt, 100_000, market)
    assert owed(placed) == [("surplus", 100_000)]
    is_well()


def test_another_sum_needs_certainty(market):
    attempt = attempt_of(order((market.tiwul, 1)))
    ask = {"actor": market.treasurers[0], "attempt_id": attempt.id}
    with pytest.raises(AmountDiffers):
        transfers.confirm(amount=attempt.amount + 1_000_000, **ask)
    db.session.refresh(attempt)
    assert attempt.state == "created"


def test_two_treasurers_have_to_see_the_same_sum(market):
    rules(second_person_rupiah=100_000)
    attempt = attempt_of(order((market.batik, 1)))
    first, second = market.treasurers
    ask = {"attempt_id": attempt.id, "is_certain": True}
    assert not transfers.confirm(actor=first, amount=150_000, **ask)
    with pytest.raises(AmountDiffers):
        transfers.confirm(actor=second, amount=160_000, **ask)
    assert transfers.confirm(actor=second, amount=150_000, **ask)
    db.session.expire_all()
    part = attempts_of(db.session.get(Order, attempt.order_id))[1]
    assert (part.state, part.noted_by, part.confirmed_by) == (
        "part", first.person_id, second.person_id,
    )  # fmt: skip
    is_well()


# Money for an order that has changed since


def smaller_cash_order(market):
    """An order changed from transfer to cash, and made smaller by its maker."""
    placed = order((market.tiwul, 4), pickup=market.kiosk)
    late = attempt_of(placed)
    endings.change_method(actor=GUEST, order_id=placed.id, method_code="cash_pickup")
    run_jobs()
    (parcel,) = parcels_of(placed)
    line = db.session.execute(text("select id from order_line where kind = 'goods'")).scalar()
    fulfilment.accept(actor=market.keeps, parcel_id=parcel.id, given={line: 3})
    db.session.expire_all()
    return placed, late, parcel


def test_late_money_for_an_order_that_became_smaller_pays_it_and_the_rest_goes_back(market):
    placed, late, parcel = smaller_cash_order(market)
    assert db.session.get(Order, placed.id).total == 3 * TIWUL
    came(late, late.amount, market)
    found = db.session.get(Order, placed.id)
    assert (found.state, late.is_capture) == ("paid", True)
    assert owed(placed) == [("over", late.amount - 3 * TIWUL)]
    is_well()
    handover.give_out(actor=market.keeps, parcel_id=parcel.id)
    earn_all(market, placed)
    is_well()


def test_late_money_after_the_cash_was_taken_is_a_surplus(market):
    placed, late, parcel = smaller_cash_order(market)
    handover.give_out(actor=market.keeps, parcel_id=parcel.id, cash_seen=3 * TIWUL)
    came(late, late.amount, market)
    assert owed(placed) == [("surplus", late.amount)]
    is_well()


def test_cancelling_after_a_surplus_has_gone_back(market):
    placed = order((market.tiwul, 4), pickup=market.kiosk)
    attempt = attempt_of(placed)
    endings.change_method(actor=GUEST, order_id=placed.id, method_code="cash_pickup")
    endings.change_method(actor=GUEST, order_id=placed.id, method_code="transfer")
    came(attempt_of(placed), attempt_of(placed).amount, market)
    came(attempt, attempt.amount, market)
    (surplus,) = db.session.scalars(select(Refund).where(Refund.attempt_id == attempt.id))
    refunds.send(actor=market.treasurers[0], refund_id=surplus.id)
    refunds.confirm(actor=market.treasurers[1], refund_id=surplus.id)
    endings.cancel(actor=GUEST, order_id=placed.id)
    db.session.expire_all()
    assert db.session.get(Order, placed.id).state == "cancelled"
    is_well()


# What goes back of a transfer that was asked less


def test_declining_everything_gives_back_what_came_and_no_more(market):
    placed = order((market.tiwul, 1), (market.batik, 1))
    attempt = attempt_of(placed)
    came(attempt, attempt.amount, market)
    for parcel in parcels_of(placed):
        fulfilment.decline(actor=seller_of(market, parcel), parcel_id=parcel.id, reason="gone")
    assert sum(amount for _reason, amount in owed(placed)) == attempt.amount
    is_well()


def test_more_than_the_digits_is_never_let_go(market):
    placed = order((market.batik, 1))
    attempt = attempt_of(placed)
    came(attempt, attempt.amount, market)
    with pytest.raises(TooMuch):
        refunds.owe(
            db.session(),
            actor=market.treasurers[0],
            order=placed,
            attempt=attempt,
            amount=attempt.amount + attempt.unique_code + 1,
            reason="part",
            doc=("x", 1),
        )


STEPS = st.lists(
    st.tuples(st.sampled_from(["accept", "part", "decline", "earn"]), st.integers(0, 1)), max_size=6
)


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(sums=st.lists(st.integers(1, 400_000), min_size=1, max_size=4), steps=STEPS)
def test_whatever_comes_and_whatever_is_given_every_rupiah_adds_up(market, sums, steps):
    before = balances()
    buyer = Actor(a_maker("x").id)  # Of her own: a buyer may not hold too much unpaid.
    placed = order((market.tiwul, 2), (market.batik, 1), actor=buyer)
    attempt = attempt_of(placed)
    for amount in sums:
        if attempt_of(placed).state == "created" and attempt.captured_at is None:
            came(attempt, amount, market)
        else:
            book(step=arrivals.take, attempt_id=attempt.id, amount=amount)
        is_well()
    if attempt.captured_at is not None:
        for step, which in steps:
            parcel = parcels_of(placed)[which]
            _do(market, placed, parcel, step)
            is_well()
        earn_all(market, placed)
    else:
        endings.cancel(actor=GUEST, order_id=placed.id)
    is_well()
    stands = balances()
    assert stands["bank"] - before.get("bank", 0) == sum(_taken(placed))
    assert stands.get("held", 0) == before.get("held", 0)
    due = stands.get("refund_due", 0) + stands.get("surplus_due", 0)
    before_due = before.get("refund_due", 0) + before.get("surplus_due", 0)
    assert before_due - due == sum(amount for _reason, amount in owed(placed))


def _taken(placed):
    return [attempt.reached - attempt.joined for attempt in attempts_of(placed)]


def _do(market, placed, parcel, step):
    actor = seller_of(market, parcel)
    if parcel.state != "to_accept":
        return
    if step == "accept":
        fulfilment.accept(actor=actor, parcel_id=parcel.id)
    elif step == "decline":
        fulfilment.decline(actor=actor, parcel_id=parcel.id, reason="gone")
    elif step == "part":
        lines = db.session.execute(
            text("select id, quantity from order_line where parcel_id = :p and kind = 'goods'"),
            {"p": parcel.id},
        ).all()
        if lines[0].quantity > 1:
            fulfilment.accept(actor=actor, parcel_id=parcel.id, given={lines[0].id: 1})
