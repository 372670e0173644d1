"""A buyer in Taiwan pays by card in her own money: choose, see the sum, pay, come back."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from core import web
from core.actors import SYSTEM
from core.config import remembered
from core.db import db
from core.settings import CoreSettings
from orders import exchange
from orders.gateways.settings import GatewaySettings
from orders.models import Order
from orders.simulators.switches import ALWAYS, Switches
from tests.orders.factories import a_market, order
from tests.orders.gateways.stripe_room import running

pytestmark = pytest.mark.browser


@pytest.fixture
def stripe_there(committed, address):
    known, switches = committed.extensions["settings"], Switches()
    switches.set(silent=ALWAYS)
    remembered("remotes").clear()

    def change(**changes):
        known[GatewaySettings] = replace(known[GatewaySettings], **changes)

    before = known[GatewaySettings], known[CoreSettings]
    known[CoreSettings] = replace(known[CoreSettings], public_url=address)
    with running(change, switches) as desk:
        web.let_forms_lead_to(committed, desk.world.own_url)
        yield desk
    known[GatewaySettings], known[CoreSettings] = before


def test_a_card_pays_in_dollars_of_taiwan(phone, stripe_there):
    market = a_market()
    exchange.load_samples(actor=SYSTEM)
    placed = order((market.batik, 1), method="card")
    code, order_id = placed.code, placed.id
    db.session.remove()
    page = phone.go(f"/pesanan/{code}").page
    phone.must_be_usable()
    page.get_by_role("link", name="Pilih mata uang").click()
    phone.keep("card-currency")
    phone.must_be_usable()
    page.get_by_label(re.compile("Dolar Baru Taiwan")).check()
    page.get_by_role("button", name="Pakai mata uang ini").click()
    expect(page.get_by_text("Jumlah ini tetap.")).to_be_visible()
    phone.keep("card-frozen")
    phone.must_be_usable()
    page.get_by_role("button", name="Bayar sekarang").click()
    expect(page.get_by_text("bukan uang sungguhan")).to_be_visible()
    phone.keep("card-stripe")
    page.get_by_role("button", name=re.compile("Bayar dengan kartu contoh")).click()
    expect(page.get_by_text("Sudah dibayar").first).to_be_visible()
    phone.keep("card-paid")
    assert db.session.get(Order, order_id).state == "paid"
    phone.go(f"/pesanan/{code}/struk")
    expect(page.get_by_text("NT$384,62 (Rp 192.000)")).to_be_visible()
