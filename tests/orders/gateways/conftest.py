"""The real SDKs against simulators on loopback."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from core import clock
from orders.gateways import Invoice
from orders.gateways.midtrans import Midtrans
from orders.gateways.settings import GatewaySettings
from orders.gateways.words import Item
from orders.simulators.midtrans import of_desk
from orders.simulators.midtrans.desk import Desk
from orders.simulators.server import serving
from orders.simulators.switches import ALWAYS, Switches
from orders.simulators.world import World

KEY = "SB-Mid-server-for-tests"


@pytest.fixture
def gateway_settings(app):
    """Change the gateways' settings for one test; `app` puts them back."""

    def change(**changes):
        known = app.extensions["settings"]
        known[GatewaySettings] = replace(known[GatewaySettings], **changes)

    return change


@pytest.fixture
def switches():
    return Switches()


@pytest.fixture
def theirs(gateway_settings, switches):
    """A running Midtrans whose desk the test has in its hands; it tells nobody anything."""
    switches.set(silent=ALWAYS)
    room = SimpleNamespace(desk=None)

    def app(environ, start):
        return room.app(environ, start)

    with serving(app) as url:
        room.desk = Desk(World(url, "http://127.0.0.1:9", KEY, switches=switches, speed=10_000))
        room.app = of_desk(room.desk)
        gateway_settings(
            midtrans_server_key=KEY,
            midtrans_snap_url=url,
            midtrans_api_url=url,
            simulators=True,
            remote_seconds=1.0,
        )
        yield room.desk
        room.desk.delivery.close()


@pytest.fixture
def midtrans(theirs):
    return Midtrans()


def invoice(method="qris", amount=92_000, **changes):
    """What is to be paid, for a try that nobody else has."""
    made = Invoice(
        attempt_id=uuid4(),
        key=f"LB-{uuid4().hex[:8]}-1",
        amount=amount,
        currency="IDR",
        expires_at=clock.now() + timedelta(hours=1),
        method=method,
        number="LB-7KQ2M",
        items=(Item("Tiwul Instan", amount - 14_000), Item("Ongkir", 14_000)),
        return_url="https://lumbung.example/pesanan/kembali?pembayaran=LB-7KQ2M-1",
    )
    return replace(made, **changes)


class Opened:
    """A payment that is open at Midtrans, and what a buyer may do there."""

    def __init__(self, midtrans, desk, **changes):
        self.desk = desk
        asked = invoice(**changes)
        self.started = midtrans.start(asked)
        self.invoice = replace(asked, gateway_id=self.started.gateway_id)
        self.page = desk.book.pages[self.started.gateway_id]

    def pick(self, channel):
        self.payment = self.desk.pick(self.page, channel)
        return self

    def do(self, *deeds):
        for deed in deeds:
            self.desk.do(self.payment, deed)
        return self


@pytest.fixture
def opened(midtrans, theirs):
    def open_one(channel=None, *deeds, **changes):
        made = Opened(midtrans, theirs, **changes)
        return made.pick(channel).do(*deeds) if channel else made

    return open_one
