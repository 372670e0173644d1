"""Ordered ahead on the web, brought from home, fetched at a bazaar by its code."""

from datetime import date, timedelta

import pytest

from cooperatives import places, promises_stock
from cooperatives.bazaars import fetching, planning
from cooperatives.rights import KEEP
from core.actors import SYSTEM
from core.clock import today
from core.db import db
from core.errors import NotFound
from orders import bill, endings, fulfilment, handover, methods, parcels, promises, transfers
from orders.bill import NoPickup
from orders.methods import MethodClosed
from sellers.rights import SELL
from tests.cooperatives.bazaars.factories import a_stand
from tests.cooperatives.factories import a_seller, broken, level
from tests.factories import an_actor, give, send, sign_in
from tests.orders.factories import (
    a_market,
    attempt_of,
    balances,
    holder,
    order,
    parcels_of,
    run_jobs,
)

pytestmark = pytest.mark.service


@pytest.fixture
def market(app):
    return a_market()


@pytest.fixture
def stand(market):
    return a_stand()


def ordered(market, stand, units=2, **more):
    placed = order((stand.opak, units), pickup=stand.box, **more)
    attempt = attempt_of(placed)
    transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    run_jobs()
    return placed, parcels_of(placed)[0]


def test_goods_are_ordered_until_the_day_before():
    assert fetching.orders_until(date(2026, 12, 12)) == date(2026, 12, 11)


def test_it_is_paid_brought_from_home_and_given_out_by_its_code(market, stand):
    _placed, parcel = ordered(market, stand)
    assert (parcel.place_id, parcel.fetch_place_id) == (stand.home.id, stand.box.id)
    assert level(stand.lot, stand.home) == (5, 2, 0)
    sells = holder(SELL, stand.maker.id)
    fulfilment.accept(actor=sells, parcel_id=parcel.id)
    fulfilment.pack(actor=sells, parcel_id=parcel.id)
    with pytest.raises(handover.CodeNeeded):
        handover.send(actor=sells, parcel_id=parcel.id)
    found = handover.find_pickup(
        db.session, actor=stand.cashier, place_id=stand.box.id, code=parcel.pickup_code
    )
    assert found.id == parcel.id
    handover.give_out(actor=stand.cashier, parcel_id=parcel.id)
    assert level(stand.lot, stand.home) == (3, 0, 0)
    assert level(stand.lot, stand.box) == (0, 0, 0)  # It never stood among the goods of the box.
    assert balances() == {"bank": 20_000, "held": -20_000}
    assert broken([*promises.ALL, *promises_stock.ALL]) == set()


def test_only_goods_of_who_joins_can_be_fetched_there(stand):
    assert [one.place_id for one in fetching.coming(db.session)] == [stand.box.id]
    with pytest.raises(bill.OutOfStock):
        order((stand.emping, 1), pickup=stand.box)


def test_it_is_paid_before_it_is_brought(stand):
    with pytest.raises(MethodClosed):
        order((stand.opak, 1), pickup=stand.box, method="cash_pickup")
    placed = order((stand.opak, 1), pickup=stand.box)
    way, takes_cash = endings.delivered_how(db.session, placed.id)
    fitting = methods.fitting(way=way, total=placed.total, takes_cash=takes_cash)
    assert not any(method.is_cash for method in fitting)


@pytest.mark.parametrize("change", ["begun", "closed"])
def test_a_bazaar_that_begins_or_is_over_takes_no_orders(stand, change):
    bazaar = db.session.get(planning.Bazaar, stand.bazaar.id)
    if change == "begun":
        bazaar.starts_on = today()
    else:
        bazaar.closed_at = bazaar.created_at + timedelta(minutes=1)
    db.session.commit()
    assert fetching.coming(db.session) == []
    with pytest.raises(NoPickup):
        order((stand.opak, 1), pickup=stand.box)


def test_a_kiosks_keeper_and_a_stranger_give_nothing_out(market, stand):
    _placed, parcel = ordered(market, stand)
    stranger = holder(KEEP, market.kiosk.id)
    for actor in (stranger, holder(SELL, a_seller().id)):
        with pytest.raises(NotFound):
            handover.give_out(actor=actor, parcel_id=parcel.id)
        with pytest.raises(NotFound):
            parcels.fetched_here(db.session, actor, parcel.id)
    with pytest.raises(NotFound):
        handover.find_pickup(
            db.session, actor=stranger, place_id=stand.box.id, code=parcel.pickup_code
        )


def test_the_pages_say_where_and_when(market, stand, client):
    placed, parcel = ordered(market, stand)
    words = fetching.named(db.session, stand.box.id).words
    assert words in client.get(f"/pesanan/{placed.code}").text
    me = an_actor()
    give(me, SELL, stand.maker.id)
    give(me, KEEP, stand.box.id)
    sign_in(client)
    fulfilment.accept(actor=me, parcel_id=parcel.id)
    page = client.get(f"/ibu/pesanan/{parcel.id}").text
    assert f"Bawa paket ini ke {words}" in page
    waiting = client.get("/kios-kerja/ambil").text
    assert f"{stand.home.name}: 2 barang" in " ".join(waiting.split())
    assert "Belum dikemas" in waiting
    assert "Joko" not in waiting
    places.close_place(actor=SYSTEM, place_id=stand.box.id)
    found = send(client, "/kios-kerja/ambil", code=parcel.pickup_code).text  # Late, but not lost.
    assert placed.number in found
    assert "2 × Opak" in found
    done = send(client, "/kios-kerja/ambil", code=parcel.pickup_code, give="1")
    assert "Barang sudah diserahkan" in client.get(done.location).text
    db.session.refresh(parcel)
    assert parcel.state == "delivered"
