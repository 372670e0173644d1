"""Cash: limited by a buyer's history, refused at the door, carried by makers, handed in."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from flask import current_app
from sqlalchemy import select

from cooperatives.accounts import own
from cooperatives.days.drawers import drawer
from cooperatives.models.books import Kind
from cooperatives.rights import COORDINATE
from core import clock, doctor
from core.actors import GUEST, Actor
from core.db import db
from core.errors import Conflict, NotFound
from orders import (
    attempts,
    cash_desk,
    cash_trust,
    endings,
    fulfilment,
    handover,
    money_pages,
    parcels,
    refusals,
    transfers,
)
from orders.cash_desk import NothingDiffers, NotThatMuch
from orders.cash_trust import CashRefused, History, why_not
from orders.models import Attempt, Event, Order
from orders.refusals import NotABearer, NotYetMissed, OddBack
from orders.states import IllegalMove
from tests.cooperatives.books_factories import stands
from tests.cooperatives.factories import a_maker, level
from tests.orders.factories import (
    a_market,
    attempt_of,
    balances,
    holder,
    order,
    parcels_of,
    rules,
    run_jobs,
)

pytestmark = pytest.mark.service
TIWUL = 18_000


@pytest.fixture
def market(app):
    made = a_market(units=60)
    rules(transfer_code_rupiah_max=0)
    made.coordinates = holder(COORDINATE, made.cooperative.id)
    return made


@pytest.fixture(autouse=True)
def the_house_is_in_order(app):
    yield
    db.session.expire_all()
    found = doctor.examine_on(db.session(), current_app.extensions["doctor"])
    assert [(finding.invariant.id, finding.rows) for finding in found] == []


def on_the_way(market, **more):
    """A cash order whose parcel has left for the buyer's door."""
    placed = order((market.batik, 1), method="cash_delivery", **more)
    run_jobs()
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    handover.send(actor=market.weaves, parcel_id=parcel.id)
    return placed, parcel


def refused(market, **more):
    placed, parcel = on_the_way(market, **more)
    refusals.refuse(actor=market.weaves, parcel_id=parcel.id)
    run_jobs()
    db.session.expire_all()
    return placed, parcel


def waiting_at_the_kiosk(market, **more):
    """A cash order that is packed at the kiosk."""
    placed = order((market.tiwul, 2), method="cash_pickup", pickup=market.kiosk, **more)
    run_jobs()
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=market.keeps, parcel_id=parcel.id)
    fulfilment.pack(actor=market.keeps, parcel_id=parcel.id)
    return placed, parcel


# A buyer's history


@pytest.mark.parametrize(
    ("known", "total", "is_open"),
    [
        (History(), 250_000, True), (History(), 250_001, False),
        (History(paid=1), 400_000, True), (History(paid=1, unpaid=2), 1_000, True),
        (History(paid=1, unpaid=3), 1_000, False), (History(paid=9, not_taken=1), 1_000, True),
        (History(paid=9, not_taken=2), 1_000, False),
    ],
)  # fmt: skip
def test_how_much_cash_a_history_allows(app, known, total, is_open):
    rules()
    assert (why_not(known, total) is None) is is_open
    assert (why_not(known, total, is_guest=True) is None) is is_open


def test_a_guest_hears_nothing_of_what_the_number_did(app):
    rules()
    for known in (History(unpaid=3), History(not_taken=2)):
        assert "untuk nomor ini" in str(why_not(known, 1_000, is_guest=True))
        assert "untuk nomor ini" not in str(why_not(known, 1_000))


def test_a_first_cash_order_is_small(market):
    rules(cash_first_rupiah_max=50_000)
    order((market.tiwul, 2), method="cash_pickup", pickup=market.kiosk)
    with pytest.raises(CashRefused):
        order((market.tiwul, 3), method="cash_pickup", pickup=market.kiosk)


def test_who_has_paid_before_may_pay_more(market):
    rules(cash_first_rupiah_max=50_000, transfer_code_rupiah_max=0)
    before = order((market.tiwul, 1))
    transfers.confirm(
        actor=market.treasurers[0], attempt_id=attempt_of(before).id, amount=before.total
    )
    assert order((market.tiwul, 3), method="cash_pickup", pickup=market.kiosk)


def test_only_so_many_cash_orders_at_once(market):
    rules(cash_open_max=2)
    for _ in range(2):
        order((market.tiwul, 1), method="cash_pickup", pickup=market.kiosk)
    with pytest.raises(CashRefused):
        order((market.tiwul, 1), method="cash_pickup", pickup=market.kiosk)
    assert order((market.tiwul, 1), pickup=market.kiosk)  # A transfer is always possible.


def test_a_number_and_a_person_are_the_same_buyer(market):
    rules(cash_open_max=1)
    order((market.tiwul, 1), method="cash_pickup", pickup=market.kiosk)
    somebody = Actor(a_maker("siti").id)
    with pytest.raises(CashRefused):  # Signing in does not help: it is the same phone.
        order((market.tiwul, 1), method="cash_pickup", pickup=market.kiosk, actor=somebody)


def test_changing_to_cash_asks_the_same(market):
    rules(cash_open_max=1)
    order((market.tiwul, 1), method="cash_pickup", pickup=market.kiosk)
    other = order((market.tiwul, 1), pickup=market.kiosk)
    with pytest.raises(CashRefused):
        endings.change_method(actor=GUEST, order_id=other.id, method_code="cash_pickup")
    assert attempts.newest_open(db.session(), other.id).method == "transfer"


def test_after_two_refusals_there_is_no_cash_until_they_are_old(market):
    rules(cash_missed_max=2, cash_memory_days=30)
    for _ in range(2):
        refused(market)
    with pytest.raises(CashRefused):
        order((market.batik, 1), method="cash_delivery")
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        assert order((market.batik, 1), method="cash_delivery")


def test_a_pickup_that_lapses_after_it_was_taken_on_counts(market):
    placed = order((market.tiwul, 1), method="cash_pickup", pickup=market.kiosk)
    run_jobs()
    fulfilment.accept(actor=market.keeps, parcel_id=parcels_of(placed)[0].id)
    unanswered = order((market.tiwul, 1), method="cash_pickup", pickup=market.kiosk)
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        endings.lapse_due.run()
    missed = db.session.scalars(select(Event.order_id).where(Event.what == "pickup_missed")).all()
    assert missed == [placed.id]
    assert db.session.get(Order, unanswered.id).state == "lapsed"
    known = cash_trust.history(db.session(), buyer_id=None, phone="+6281234567890")
    assert known == History(not_taken=1)


# Refused at the door


def test_a_refused_order_ends_without_money_and_its_goods_come_back(market):
    placed, parcel = refused(market)
    assert (db.session.get(Order, placed.id).state, parcel.state) == ("cancelled", "refused")
    assert db.session.scalars(select(Attempt.state)).all() == ["expired"]
    assert balances() == {}
    assert level(market.lots[2], market.homes[1]) == (59, 0, 0)
    refusals.take_back(actor=market.weaves, parcel_id=parcel.id)
    db.session.expire_all()
    assert (parcel.state, level(market.lots[2], market.homes[1])) == ("returned", (60, 0, 0))
    refusals.take_back(actor=market.weaves, parcel_id=parcel.id)
    db.session.expire_all()
    assert level(market.lots[2], market.homes[1]) == (60, 0, 0)


def test_what_came_back_broken_is_written_off(market):
    _placed, parcel = refused(market)
    (line,) = [line.id for line in lines_of(parcel)]
    with pytest.raises(OddBack):
        refusals.take_back(actor=market.weaves, parcel_id=parcel.id, good={line: 2})
    refusals.take_back(actor=market.weaves, parcel_id=parcel.id, good={line: 0})
    assert level(market.lots[2], market.homes[1]) == (59, 0, 0)


def lines_of(parcel):
    return parcels.goods(db.session(), parcel.id)


def test_only_whoever_handles_it_may_say_so(market):
    _placed, parcel = on_the_way(market)
    for actor in (market.sells, market.keeps, GUEST):
        with pytest.raises(NotFound):
            refusals.refuse(actor=actor, parcel_id=parcel.id)
    refusals.refuse(actor=market.coordinates, parcel_id=parcel.id)
    with pytest.raises(NotFound):
        refusals.take_back(actor=market.sells, parcel_id=parcel.id)


def test_what_is_paid_is_not_refused_this_way(market):
    _placed, parcel = on_the_way(market)
    handover.deliver(actor=market.weaves, parcel_id=parcel.id, cash_taken=True)
    with pytest.raises(IllegalMove):
        refusals.refuse(actor=market.weaves, parcel_id=parcel.id)


def test_a_pickup_that_nobody_fetched_is_on_sale_again(market):
    placed, parcel = waiting_at_the_kiosk(market)
    with pytest.raises(NotYetMissed):
        refusals.refuse(actor=market.keeps, parcel_id=parcel.id)
    with time_machine.travel(clock.now() + timedelta(days=4), tick=False):
        refusals.refuse(actor=market.keeps, parcel_id=parcel.id)
    db.session.expire_all()
    assert db.session.get(Order, placed.id).state == "cancelled"
    assert level(market.lots[1], market.kiosk) == (60, 0, 0)
    with pytest.raises(IllegalMove):
        refusals.take_back(actor=market.keeps, parcel_id=parcel.id)


@pytest.mark.parametrize(
    ("bearer", "page"),
    [("sender", None), ("risk_fund", Kind.RISK_FUND), ("operator", Kind.EXPENSE)],
)
def test_who_bears_the_delivery_is_said_once(market, bearer, page):
    _placed, parcel = refused(market)
    actor = market.treasurers[0] if bearer == "operator" else market.coordinates
    refusals.decide_fee(actor=actor, parcel_id=parcel.id, bearer=bearer)
    assert refusals.borne_by(db.session(), parcel.id) == bearer
    if page is None:
        assert balances() == {}
    else:
        assert balances() == {page.value: parcel.fee, "courier": -parcel.fee}
    with pytest.raises(IllegalMove):
        refusals.decide_fee(actor=actor, parcel_id=parcel.id, bearer=bearer)
    assert refusals.list_undecided(db.session()) == []


def test_nobody_spends_anothers_money(market):
    _placed, parcel = refused(market)
    for actor, bearer in (
        (market.coordinates, "operator"), (market.treasurers[0], "risk_fund"),
        (market.weaves, "risk_fund"), (market.coordinates, "buyer"), (GUEST, "sender"),
    ):  # fmt: skip
        with pytest.raises(NotABearer):
            refusals.decide_fee(actor=actor, parcel_id=parcel.id, bearer=bearer)
    _placed, moving = on_the_way(market)
    with pytest.raises(NotFound):
        refusals.decide_fee(actor=market.coordinates, parcel_id=moving.id, bearer="sender")


# Cash on its way to the house


def carried(market):
    """Cash that the weaver took at a door."""
    placed, parcel = on_the_way(market)
    handover.deliver(actor=market.weaves, parcel_id=parcel.id, cash_taken=True)
    run_jobs()
    return placed.total


def test_what_a_maker_carries_is_handed_in_once(market):
    amount = carried(market)
    treasurer = market.treasurers[0]
    (one,) = cash_desk.list_carried(db.session(), treasurer)
    assert (one.seller_id, one.amount) == (market.weaver.id, amount)
    asked = {"actor": treasurer, "act_id": uuid4(), "seller_id": market.weaver.id}
    with pytest.raises(NotThatMuch):
        cash_desk.hand_in(**{**asked, "act_id": uuid4()}, amount=amount + 1)
    for _ in range(2):  # A button pressed twice.
        cash_desk.hand_in(**asked, amount=amount - 1_000)
    with pytest.raises(Conflict):
        cash_desk.hand_in(**asked, amount=1_000)
    assert [one.amount for one in cash_desk.list_carried(db.session(), treasurer)] == [1_000]
    assert stands(money_pages.bank(market.house)) == amount - 1_000
    cash_desk.hand_in(**{**asked, "act_id": uuid4()}, amount=1_000)
    assert cash_desk.list_carried(db.session(), treasurer) == []


def in_the_drawer(market):
    placed, parcel = waiting_at_the_kiosk(market)
    handover.give_out(actor=market.keeps, parcel_id=parcel.id)
    return placed.total


def test_a_drawer_is_put_into_the_bank_and_its_difference_is_booked(market):
    amount, treasurer = in_the_drawer(market), market.treasurers[0]
    asked = {"actor": treasurer, "place_id": market.kiosk.id}
    found = {one.place_id: one.amount for one in cash_desk.list_drawers(db.session(), treasurer)}
    assert found == {market.kiosk.id: amount}
    with pytest.raises(NothingDiffers):
        cash_desk.count(**asked, act_id=uuid4(), counted=amount)
    act_id = uuid4()
    assert cash_desk.count(**asked, act_id=act_id, counted=amount - 500) == -500
    assert cash_desk.count(**asked, act_id=act_id, counted=amount - 500) == -500
    odd = own(Kind.OVER_SHORT, market.kiosk.organisation_id, market.kiosk.slug)
    assert stands(odd) == 500
    with pytest.raises(NotThatMuch):
        cash_desk.deposit(**asked, act_id=uuid4(), amount=amount)
    cash_desk.deposit(**asked, act_id=uuid4(), amount=amount - 500)
    assert stands(drawer(market.kiosk.organisation_id, market.kiosk.slug)) == 0


def test_others_touch_no_cash(market):
    for actor in (market.weaves, market.keeps, market.coordinates, GUEST):
        with pytest.raises(NotFound):
            cash_desk.hand_in(actor=actor, act_id=uuid4(), seller_id=market.weaver.id, amount=1)
        with pytest.raises(NotFound):
            cash_desk.count(actor=actor, act_id=uuid4(), place_id=market.kiosk.id, counted=1)
        with pytest.raises(NotFound):
            cash_desk.list_carried(db.session(), actor)
