"""Stripe's adapter, through the real SDK, in one room with a simulated Stripe."""

from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

from orders.gateways import Presented
from orders.gateways.stripe import Stripe
from orders.simulators.server import serving
from orders.simulators.stripe import of_desk
from orders.simulators.stripe.desk import Desk
from orders.simulators.world import World
from tests.orders.gateways.conftest import invoice

KEY, SECRET = "sk_test_for_tests_very_secret", "whsec_for_tests"
TWD = Presented(18_218, "TWD")


@contextmanager
def running(gateway_settings, switches, house="http://127.0.0.1:9"):
    """A running Stripe whose desk the test has in its hands."""
    room = SimpleNamespace(app=None)
    with serving(lambda environ, start: room.app(environ, start)) as url:
        desk = Desk(World(url, house, KEY, (SECRET,), switches, speed=10_000))
        room.app = of_desk(desk)
        gateway_settings(
            stripe_secret_key=KEY,
            stripe_webhook_secrets=(SECRET,),
            stripe_api_url=url,
            simulators=True,
            remote_seconds=2.0,
        )
        yield desk
        desk.delivery.close()


def card(presented=TWD, **changes):
    """What a buyer abroad is to pay."""
    return invoice(method="card", presented=presented, **changes)


class Opened:
    """A payment that is open at Stripe, and what a buyer and her bank may do there."""

    def __init__(self, desk, presented=TWD, **changes):
        self.desk, asked = desk, card(presented, **changes)
        self.started = Stripe().start(asked)
        self.invoice = replace(asked, gateway_id=self.started.gateway_id)

    @property
    def session(self):
        return self.desk.book.sessions[self.started.gateway_id]

    def pay(self):
        self.desk.pay(self.session)
        return self

    def read(self):
        return Stripe().read(self.invoice)
