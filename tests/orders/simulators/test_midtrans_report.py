"""The simulated Midtrans' report and our books: paid, refunded, taken back, paid out, and zero."""

from dataclasses import replace

import pytest
import requests

from cooperatives import ledger
from core import clock, doctor
from core.actors import GUEST, SYSTEM
from core.config import remembered
from core.db import db
from orders import asking, endings, money_pages, opening
from orders.gateways.settings import GatewaySettings
from orders.reports import intake
from orders.simulators.midtrans import of_desk, report
from orders.simulators.midtrans.desk import Desk
from orders.simulators.server import serving
from orders.simulators.switches import ALWAYS, Switches
from orders.simulators.world import World
from tests.orders.factories import a_market, attempt_of, order, run_jobs
from tests.orders.reports.writing import lines, upload

pytestmark = pytest.mark.service
KEY = "SB-Mid-server-for-reports"


@pytest.fixture
def desk(app):
    """A running Midtrans that this house takes money through; it tells nobody anything."""
    switches = Switches()
    switches.set(silent=ALWAYS)
    room = []
    remembered("remotes").clear()
    with serving(lambda environ, start: room[1](environ, start)) as url:
        made = Desk(World(url, "http://127.0.0.1:9", KEY, switches=switches))
        room += [made, of_desk(made)]
        known = app.extensions["settings"]
        known[GatewaySettings] = replace(
            known[GatewaySettings],
            midtrans_server_key=KEY,
            midtrans_snap_url=url,
            midtrans_api_url=url,
            simulators=True,
        )
        made.url = url
        yield made
        made.delivery.close()


def hear(placed):
    asking.learn(actor=SYSTEM, attempt_id=attempt_of(placed).id)
    run_jobs()


def paid(desk, wish, method, channel):
    placed = order(wish, method=method)
    opening.open_payment(actor=GUEST, order_id=placed.id)
    page = desk.book.pages[attempt_of(placed).gateway_id]
    payment = desk.pick(page, channel)
    desk.do(payment, "pay")
    if payment.kind == "credit_card":
        desk.do(payment, "settle")
    hear(placed)
    return placed, payment


def test_what_its_report_says_brings_our_page_of_it_to_zero(app, desk):
    market = a_market()
    back, _payment = paid(desk, (market.tiwul, 1), "qris", "other_qris")
    paid(desk, (market.batik, 1), "va", "bca_va")
    paid(desk, (market.tiwul, 2), "qris", "credit_card")
    lost, payment = paid(desk, (market.tiwul, 1), "qris", "credit_card")
    endings.cancel(actor=GUEST, order_id=back.id)
    run_jobs()
    desk.do(payment, "charge_back")
    hear(lost)
    assert requests.post(f"{desk.url}/payout", timeout=5).status_code == 200
    answer = requests.get(f"{desk.url}/report.csv", timeout=5)
    assert answer.headers["Content-Type"].startswith("text/csv")
    upload(market, answer.content)
    assert [(line.kind, line.state) for line in lines()] == [
        ("charge", "ok"),
        ("refund", "ok"),
        ("charge", "ok"),
        ("charge", "ok"),
        ("charge", "ok"),
        ("chargeback", "ok"),
        ("payout", "ok"),
    ]
    page = money_pages.clearing(market.house, "midtrans")
    assert ledger.balance(db.session(), page) == report.balance(desk.book) == 0
    db.session.expire_all()
    found = doctor.examine_on(db.session(), app.extensions["doctor"])
    assert [(finding.invariant.id, finding.rows) for finding in found] == []


def test_nothing_is_paid_out_where_nothing_is_left(desk):
    report.pay_out(desk.book, clock.now())
    assert list(report.rows(desk.book)) == []
    with pytest.raises(intake.NothingInIt):
        intake.read(report.written(desk.book))
