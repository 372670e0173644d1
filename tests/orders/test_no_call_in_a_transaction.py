"""While a gateway is asked, no transaction of ours is open: the database server itself says so."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from core import clock
from core.actors import GUEST, SYSTEM
from core.config import remembered
from core.db import db
from orders import asking, endings, opening, refund_sending
from orders.gateways import GATEWAYS
from orders.models import Refund
from tests.factories import send
from tests.orders.factories import a_market, attempt_of, order
from tests.orders.playing import PlayingGateway

pytestmark = [pytest.mark.service, pytest.mark.race]


@pytest.fixture
def watched(committed, own_engine, monkeypatch):
    """A gateway that asks PostgreSQL, each time it is asked, who has a transaction open."""
    open_ones, playing = [], PlayingGateway()

    def watch():
        with own_engine.connect() as connection:
            rows = connection.execute(
                text(
                    "select state, query from pg_stat_activity where datname = current_database()"
                    " and pid <> pg_backend_pid() and xact_start is not null"
                )
            )
            open_ones.append([tuple(row) for row in rows])

    playing.watch = watch
    monkeypatch.setitem(GATEWAYS, "midtrans", playing)
    remembered("remotes").clear()
    playing.open_ones = open_ones
    return playing


class Careful:
    """A browser of this test, which itself has read things and must let go of them first."""

    def __init__(self, client):
        self._client = client

    def get(self, *args, **kwargs):
        db.session.commit()
        return self._client.get(*args, **kwargs)

    def post(self, *args, **kwargs):
        db.session.commit()
        return self._client.post(*args, **kwargs)


def test_the_watch_sees_an_open_transaction(watched):
    db.session.execute(text("select 1"))
    watched.watch()
    assert watched.open_ones.pop() != []


def test_no_transaction_is_open_while_a_gateway_is_asked(committed, watched):
    market = a_market()
    browser = Careful(committed.test_client())
    first, second, third = (order((market.batik, 1), method="qris") for _ in range(3))
    send(browser, f"/pesanan/{first.code}/bayar")  # start
    watched.pays(attempt_of(first))
    browser.get(f"/pesanan/kembali?pembayaran={first.number}-1")  # read
    opening.open_payment(actor=GUEST, order_id=second.id)
    opening.open_payment(actor=GUEST, order_id=third.id)
    send(browser, f"/pesanan/{second.code}/batal", f"/pesanan/{second.code}")  # cancel
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        asking.ask_gateways.run()  # read, by the poller
        endings.lapse_due.run()  # cancel, by the clock
    db.session.expire_all()
    endings.cancel(actor=SYSTEM, order_id=first.id)
    refund = db.session.query(Refund).one()
    refund_sending.send_refund.run(refund_id=str(refund.id))  # refund
    assert watched.refunded.keys() == {refund.id}
    assert len(watched.open_ones) >= 7
    assert [found for found in watched.open_ones if found] == []
