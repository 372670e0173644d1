"""Orders nobody answered stand on the desk of the right coordinator until they are answered."""

from datetime import timedelta

import pytest
import time_machine

from cooperatives.rights import COORDINATE
from core import clock
from core.actors import SYSTEM
from core.db import db
from orders import due, fulfilment, unanswered
from tests.cooperatives.factories import a_cooperative
from tests.factories import a_person, give, sign_in
from tests.orders.factories import RECEIVER, Actor, a_market, holder, order, parcels_of, run_jobs

pytestmark = pytest.mark.service
PHONE = "+6281299998888"


def a_waiting_parcel(market):
    placed = order((market.batik, 1), method="cash_delivery")
    run_jobs()
    return placed, parcels_of(placed)[0]


def titles(actor):
    return [card.title for card in unanswered.cards(db.session(), actor)]


def test_near_its_deadline_it_stands_there_and_answered_it_is_gone(session):
    market = a_market()
    umi = holder(COORDINATE, market.cooperative.id)
    placed, parcel = a_waiting_parcel(market)
    assert titles(umi) == []
    with time_machine.travel(parcel.accept_by - timedelta(hours=3), tick=False):
        (card,) = unanswered.cards(session, umi)
        assert (card.kind, card.url) == ("wait", f"/koord/paket/{parcel.id}")
        assert placed.number in card.title
        assert titles(holder(COORDINATE, a_cooperative().id)) == []
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        (card,) = unanswered.cards(session, umi)
        assert (card.kind, card.urgency) == ("warning", 0)
        fulfilment.accept(actor=SYSTEM, parcel_id=parcel.id)
        assert titles(umi) == []


def test_her_desk_tells_a_late_order_once_and_names_no_buyer(client, app):
    market = a_market()
    she = Actor(a_person("Umi", phone=PHONE).id)
    give(she, COORDINATE, market.cooperative.id)
    placed, parcel = a_waiting_parcel(market)
    with time_machine.travel(parcel.accept_by + timedelta(hours=1), tick=False):
        due.call_late.run()
        sign_in(client, phone=PHONE)
        page = client.get("/koord").text
    assert page.count(f"Pesanan {placed.number} belum dijawab") == 2  # Its title, and its button.
    assert f"/koord/paket/{parcel.id}" in page
    assert RECEIVER.name not in page
    assert RECEIVER.street not in page
