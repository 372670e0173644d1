"""Placing an order: goods held, prices and parts frozen, and no trace of what failed."""

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from cooperatives.allocation import OutOfStock
from cooperatives.models import Hold
from core.actors import GUEST
from core.db import db
from core.errors import Conflict
from orders import checkout
from orders.bill import NoDelivery
from orders.checkout import EmptyBasket, TotalChanged
from orders.methods import MethodClosed
from orders.models import Line, Order
from tests.cooperatives.factories import level
from tests.orders.factories import a_market, asked, attempt_of, order, parcels_of, rules, run_jobs

pytestmark = pytest.mark.service


@pytest.fixture
def market(app):
    return a_market()


def lines_of(placed, kind="goods"):
    query = select(Line).where(Line.order_id == placed.id, Line.kind == kind)
    return list(db.session.scalars(query.order_by(Line.position)))


def nothing_was_written():
    counts = [db.session.scalar(select(func.count()).select_from(t)) for t in (Order, Hold, Line)]
    return counts == [0, 0, 0]


def test_two_makers_become_two_parcels_and_one_payment(market):
    placed = order((market.tiwul, 2), (market.batik, 1))
    assert len(parcels_of(placed)) == 2
    assert placed.goods_total == 2 * 18_000 + 185_000
    assert placed.total == placed.goods_total + placed.delivery_total
    assert attempt_of(placed).amount == placed.total
    assert attempt_of(placed).gateway_key == f"{placed.number}-1"


def test_goods_are_held_and_still_on_the_shelf(market):
    order((market.batik, 3))
    assert level(market.lots[2], market.homes[1]) == (10, 3, 0)


def test_the_earliest_date_goes_first_and_short_lots_are_joined(market):
    placed = order((market.tiwul, 12))
    parts = {(line.lot_id, line.quantity) for line in lines_of(placed)}
    assert parts == {(market.lots[1].id, 10), (market.lots[0].id, 2)}


def test_everybodys_part_is_frozen_and_sums_to_the_price(market):
    line = lines_of(order((market.batik, 1)))[0]
    assert (line.cooperative_part, line.operator_part, line.kiosk_part) == (9_250, 3_700, 0)
    assert line.maker_part == 185_000 - 9_250 - 3_700


def test_a_later_price_does_not_change_the_order(market):
    placed = order((market.batik, 1))
    market.batik.price = 1
    db.session.commit()
    assert lines_of(placed)[0].price == 185_000


def test_the_same_form_sent_twice_is_one_order(market):
    wanted = asked((market.batik, 1), pickup=None)
    with pytest.raises(TotalChanged) as changed:
        checkout.place_order(actor=GUEST, asked=wanted)
    agreed = replace(wanted, total_seen=changed.value.total)
    first = checkout.place_order(actor=GUEST, asked=agreed)
    assert checkout.place_order(actor=GUEST, asked=agreed) == first
    assert level(market.lots[2], market.homes[1]) == (10, 1, 0)


def test_the_same_id_with_another_basket_is_a_conflict(market):
    act = uuid.uuid4()
    order((market.batik, 1), order_id=act)
    with pytest.raises(Conflict):
        order((market.batik, 2), order_id=act)


def test_a_total_the_buyer_did_not_see_is_refused_without_a_trace(market):
    with pytest.raises(TotalChanged):
        checkout.place_order(actor=GUEST, asked=asked((market.batik, 1), total=1))
    assert nothing_was_written()


def test_one_missing_jar_undoes_the_whole_order(market):
    with pytest.raises(OutOfStock):
        order((market.batik, 1), (market.tiwul, 21))
    assert nothing_was_written()


def test_an_empty_basket_is_refused(market):
    with pytest.raises(EmptyBasket):
        checkout.place_order(actor=GUEST, asked=asked())


def test_a_pick_up_takes_from_the_kiosk_only_and_costs_no_delivery(market):
    placed = order((market.tiwul, 2), pickup=market.kiosk, method="cash_pickup")
    (parcel,) = parcels_of(placed)
    assert (parcel.place_id, parcel.way, placed.delivery_total) == (market.kiosk.id, "pickup", 0)
    with pytest.raises(OutOfStock):
        order((market.batik, 1), pickup=market.kiosk)


def test_a_pick_up_cannot_be_paid_at_the_door(market):
    with pytest.raises(MethodClosed):
        order((market.tiwul, 1), pickup=market.kiosk, method="cash_delivery")


def test_cash_at_the_door_is_for_one_parcel_only(market):
    with pytest.raises(MethodClosed):
        order((market.tiwul, 1), (market.batik, 1), method="cash_delivery")


def test_cash_at_the_door_has_a_limit(market):
    rules(cash_rupiah_max=1_000)
    with pytest.raises(MethodClosed):
        order((market.tiwul, 1), method="cash_delivery")


def test_an_unknown_way_to_pay_is_refused(market):
    with pytest.raises(MethodClosed):
        order((market.tiwul, 1), method="gold")


def test_where_nobody_delivers_the_buyer_is_told(market):
    wanted = asked((market.batik, 1))
    elsewhere = replace(wanted, receiver=replace(wanted.receiver, district_code="999999"))
    with pytest.raises(NoDelivery):
        checkout.place_order(actor=GUEST, asked=elsewhere)
    assert nothing_was_written()


def test_a_transfer_waits_and_asks_nobody_yet(market):
    placed = order((market.batik, 1))
    run_jobs()
    assert placed.state == "awaiting_payment"
    assert parcels_of(placed)[0].accept_by is None


def test_numbers_are_for_people_and_codes_for_links(market):
    one, other = order((market.batik, 1)), order((market.batik, 1))
    assert one.number.startswith("LMB-")
    assert one.number != other.number
    assert len(one.code) >= 24
    assert one.number not in one.code
