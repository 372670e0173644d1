"""What orders tell the notebook: her money on its way, and her goods in a parcel."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from cooperatives import notebook
from cooperatives.accounts import Owner
from cooperatives.rights import TREASURE
from cooperatives.settling import rounds, statement_words, stating
from cooperatives.settling.statement import Parts
from core import clock
from orders import earning, fulfilment, handover, transfers
from orders.her_share import CASH, WHY, goods_in, on_its_way, sold_in
from tests.orders.factories import a_market, attempt_of, holder, order, parcels_of, run_jobs

pytestmark = pytest.mark.service


@pytest.fixture
def market(app):
    return a_market()


def pay(placed, market):
    attempt = attempt_of(placed)
    transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    run_jobs()


def why(session, seller):
    return [(one.amount, one.why) for one in on_its_way(session, seller.person_id)]


def test_money_is_on_its_way_until_it_is_hers(market, session):
    placed = order((market.batik, 2))
    assert why(session, market.weaver) == []
    pay(placed, market)
    (parcel,) = parcels_of(placed)
    hers = 2 * 185_000 * 93 // 100
    assert why(session, market.weaver) == [(hers, WHY["to_accept"])]
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    assert why(session, market.weaver) == [(hers, WHY["accepted"])]
    handover.hand_over(actor=market.weaves, parcel_id=parcel.id)
    assert why(session, market.weaver) == [(hers, WHY["handed_over"])]
    handover.deliver(actor=market.weaves, parcel_id=parcel.id)
    (one,) = on_its_way(session, market.weaver.person_id)
    assert (one.order, one.until) == (placed.number, parcel.quiet_until)
    assert why(session, market.maker) == []
    with time_machine.travel(clock.now() + timedelta(days=30)):
        earning.earn_due.run()
    assert why(session, market.weaver) == []
    lines, _more = notebook.list_lines(
        session,
        market.weaver.person_id,
        clock.now() - timedelta(1),
        clock.now() + timedelta(60),
    )
    assert [(line.goods, line.amount - line.delivery) for line in lines] == [(370_000, hers)]


def test_cash_that_nobody_has_noted_waits_for_that(market, session):
    placed = order((market.batik, 1), method="cash_delivery")
    run_jobs()
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    handover.hand_over(actor=market.weaves, parcel_id=parcel.id)
    session.execute(text("update parcel set state = 'delivered', quiet_until = now()"))
    session.expire_all()
    assert [reason for _amount, reason in why(session, market.weaver)] == [CASH]


def test_of_a_shared_parcel_each_sees_her_own_goods(market, session):
    placed = order((market.tiwul, 2), pickup=market.kiosk)
    pay(placed, market)
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=market.keeps, parcel_id=parcel.id)
    told = goods_in(session, market.maker.person_id, parcel.id)
    assert told.items == [("Tiwul Instan", 2, 18_000)]
    assert told.url == ""  # The kiosk sends it: that page is the keeper's.
    assert goods_in(session, market.weaver.person_id, parcel.id).items == []


def test_a_parcel_of_her_own_has_its_page(market, session):
    placed = order((market.batik, 1))
    pay(placed, market)
    (parcel,) = parcels_of(placed)
    told = goods_in(session, market.weaver.person_id, parcel.id)
    assert told.url == f"/ibu/pesanan/{parcel.id}"


def test_a_settlement_tells_every_line_she_sold(market, session):
    """What came back before it was earned is a line of its own, so that the sum is right."""
    placed = order((market.tiwul, 3), pickup=market.kiosk)
    pay(placed, market)
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=market.keeps, parcel_id=parcel.id)
    handover.hand_over(actor=market.keeps, parcel_id=parcel.id)
    session.execute(text("update parcel set state = 'delivered', quiet_until = now()"))
    session.expire_all()
    earning.earn_due.run()
    treasurer = holder(TREASURE, market.cooperative.id)
    begun = rounds.begin(actor=treasurer, organisation_id=market.cooperative.id)
    rounds.settle.run(begun.id)
    (row,) = stating.list_of_person(session, market.maker.person_id)
    found = stating.of_person(session, market.maker.person_id, row.id)
    (sale,) = found.sales
    assert (sale.channel, sale.name, sale.units, sale.price) == ("web", "Tiwul Instan", 3, 18_000)
    assert found.adjusted == Parts()
    assert (found.total, found.adds_up) == (50_220, True)
    assert placed.number not in statement_words.text(found)
    stranger = Owner(person_id=market.weaver.person_id)
    assert sold_in(session, stranger, market.cooperative.id, [parcel.id]) == []
    assert sold_in(session, Owner(person_id=market.maker.person_id), 0, [parcel.id]) == []
