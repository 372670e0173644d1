"""Notices of Midtrans reach the books through the inbox: once, in whatever order they come."""

import json
import threading
import time
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select, text

from app import create_app
from core import jobs
from core.actors import GUEST
from core.config import remembered, settings
from core.db import db
from core.settings import CoreSettings
from core.tasks import Task
from orders import opening, webhooks
from orders.gateways import GATEWAYS
from orders.gateways.settings import GatewaySettings
from orders.models import GatewayNotice, Order
from orders.simulators.midtrans import of_desk, papers
from orders.simulators.midtrans.desk import Desk
from orders.simulators.server import serving
from orders.simulators.world import World
from tests.conftest import SECRET, HouseClient
from tests.orders.factories import a_market, attempt_of, balances, order, run_jobs
from tests.orders.gateways.conftest import KEY

pytestmark = pytest.mark.service
NOWHERE = "postgresql+psycopg://lumbung@/lumbung?host=/nowhere"


@pytest.fixture
def placed(theirs):
    """An order that waits for its money at Midtrans, and everything Midtrans says about it."""
    remembered("remotes").clear()
    told = []
    theirs.delivery.tell = lambda event: told.append(dict(event))
    return Waiting(theirs, told)


class Waiting:
    """An order whose buyer stands at Midtrans."""

    def __init__(self, desk, told):
        self.desk, self.told = desk, told
        self.market = a_market()
        self.order = order((self.market.tiwul, 2), method="qris")
        opening.open_payment(actor=GUEST, order_id=self.order.id)
        self.attempt = attempt_of(self.order)
        self.page = desk.book.pages[self.attempt.gateway_id]

    def pays(self, channel="other_qris", *deeds):
        payment = self.desk.pick(self.page, channel)
        for deed in deeds or ("pay",):
            self.desk.do(payment, deed)
        return payment

    @property
    def state(self):
        db.session.expire_all()
        return db.session.get(Order, self.order.id).state


@pytest.fixture
def post(client):
    def send(event, key=KEY, **more):
        body = event if isinstance(event, bytes) else json.dumps(papers.sign(event, key)).encode()
        return client.post("/webhooks/midtrans", data=body, **more).status_code

    return send


def notices():
    return list(db.session.scalars(select(GatewayNotice).order_by(GatewayNotice.id)))


def test_a_notice_of_payment_pays_the_order(placed, post):
    placed.pays()
    assert [post(event) for event in placed.told] == [200, 200]
    assert placed.state == "awaiting_payment"  # Applied by the job, not by the answer.
    run_jobs()
    assert placed.state == "paid"
    assert [notice.outcome for notice in notices()] == ["captured", "captured"]
    assert balances() == {"clearing": placed.order.total, "held": -placed.order.total}


def test_ten_times_the_same_is_once(placed, post):
    placed.pays()
    event = placed.told[-1]
    for _ in range(5):
        assert post(event) == 200
    run_jobs()
    for _ in range(5):
        assert post(event) == 200
    run_jobs()
    assert len(notices()) == 1
    assert balances() == {"clearing": placed.order.total, "held": -placed.order.total}


def test_in_any_order_paid_stays_paid(placed, post):
    placed.pays()
    pending, settlement = placed.told
    expire = {**pending, "transaction_status": "expire", "status_code": "202"}
    for event in (settlement, expire, pending):
        assert post(event) == 200
        run_jobs()
        assert placed.state == "paid"


@pytest.mark.parametrize(
    "forge",
    [
        lambda event: b"",
        lambda event: json.dumps(event).encode(),
        lambda event: papers.Signer(KEY).forged(event).body,
        lambda event: json.dumps({**papers.sign(event, KEY), "order_id": "LB-OTHER-1"}).encode(),
        lambda event: json.dumps(papers.sign(event, "SB-Mid-server-sandbox")).encode(),
        lambda event: b"x" * (64 * 1024),
    ],
)
def test_a_forged_notice_changes_nothing(placed, post, forge):
    placed.pays()
    assert post(forge(placed.told[-1])) == 400
    run_jobs()
    assert (notices(), placed.state) == ([], "awaiting_payment")


def test_many_forged_notices_are_one_task_for_the_operators(placed, post, monkeypatch):
    monkeypatch.setattr(webhooks, "FORGED_MANY", 3)
    for _ in range(3):
        assert post(b"{}") == 400
    kind = select(func.count()).where(Task.kind == "notices.forged")
    assert db.session.scalar(kind) == 0
    for _ in range(3):
        assert post(b"{}") == 400
    assert db.session.scalar(kind) == 1


@pytest.mark.parametrize("deeds", [("pay_held",), ("pay_held", "deny")])
def test_a_card_that_was_not_accepted_pays_nothing(placed, post, deeds):
    """A right signature with status 200 and the verdict challenge or deny."""
    placed.pays("credit_card", *deeds)
    lie = {**placed.told[-1], "transaction_status": "settlement", "status_code": "200"}
    assert post(lie) == 200
    run_jobs()
    assert placed.state == "awaiting_payment"


def test_an_edited_state_is_not_believed(placed, post):
    placed.desk.pick(placed.page, "other_qris")
    assert post(papers.Signer(KEY).edited(placed.told[-1]).body) == 200
    run_jobs()
    assert placed.state == "awaiting_payment"


def test_money_of_another_amount_pays_nothing(placed, post, switches):
    switches.set(wrong_amount=1)
    placed.pays()
    assert post(placed.told[-1]) == 200
    run_jobs()
    assert placed.state == "awaiting_payment"
    assert notices()[0].outcome == "amount_differs"


def test_an_undone_settlement_makes_the_order_unpaid_again(placed, post):
    told, theirs = placed.told, placed.desk
    placed.page.channels.append("permata_va")
    payment = placed.pays("permata_va")
    post(told[-1])
    run_jobs()
    assert placed.state == "paid"
    theirs.do(payment, "undo")
    post(told[-1])
    run_jobs()
    assert placed.state == "awaiting_payment"


@pytest.mark.parametrize("order_id", ["LB-NOBODY-1", "payment_notif_test_G1_abc", "x" * 50])
def test_what_is_not_ours_is_answered_calmly(placed, post, order_id):
    placed.pays()
    assert post({**placed.told[-1], "order_id": order_id}) == 200
    assert notices() == []


def test_what_is_kept_holds_no_secret(placed, post):
    placed.pays()
    secret = {"Authorization": "Basic c2VjcmV0", "Cookie": "lumbung=x", "User-Agent": "Veritrans"}
    assert post(placed.told[-1], headers=secret) == 200
    kept = notices()[0].headers
    assert kept["User-Agent"] == "Veritrans"
    assert set(kept) == {"User-Agent", "Content-Type"}


def test_more_notices_than_anybody_needs_are_not_kept(placed, post, monkeypatch):
    monkeypatch.setattr(webhooks, "NOTICES_MAX", 2)
    placed.pays()
    for n in range(4):
        assert post({**placed.told[-1], "transaction_id": str(n)}) == 200
    assert len(notices()) == 2
    run_jobs()
    assert placed.state == "paid"


def test_too_large_a_notice_is_not_read(post):
    assert post(b"{" + b" " * 64 * 1024) == 413


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("post", "/webhooks/midtrans/", 400),
        ("post", "/webhooks/transfer", 404),
        ("post", "/webhooks/nobody", 404),
        ("get", "/webhooks/midtrans", 405),
    ],
)
def test_nobody_is_led_elsewhere(client, method, path, code):
    assert getattr(client, method)(path).status_code == code


class TestOurOwnFailures:
    """Midtrans gives up soon after a 500, and asks for hours after a 504."""

    def test_a_missing_inbox_is_told_as_504_and_nothing_is_lost(self, placed, post):
        placed.pays()
        event = placed.told[-1]
        db.session.execute(text("alter table gateway_notice rename to away"))
        db.session.commit()
        assert post(event) == 504
        db.session.execute(text("alter table away rename to gateway_notice"))
        db.session.commit()
        assert post(event) == 200
        run_jobs()
        assert placed.state == "paid"

    @pytest.mark.parametrize("error", [RuntimeError("a bug"), KeyError("x"), MemoryError()])
    def test_a_bug_of_ours_is_told_as_504(self, placed, post, monkeypatch, error):
        class Broken:
            def hear(self, headers, body):
                raise error

        monkeypatch.setitem(GATEWAYS, "midtrans", Broken())
        assert post(b"{}") == 504

    def test_a_database_that_is_away_is_told_as_504(self):
        environ = {"DATABASE_URL": NOWHERE, "SECRET_KEY": SECRET, "MIDTRANS_SERVER_KEY": KEY}
        event = {"order_id": "LB-1-1", "status_code": "200", "gross_amount": "1.00"}
        body = json.dumps(papers.sign(event, KEY)).encode()
        away = create_app(environ).test_client()
        assert away.post("/webhooks/midtrans", data=body).status_code == 504
        assert away.post("/webhooks/midtrans", data=b"{}").status_code == 504

    def test_a_gateway_that_is_silent_lets_the_job_try_again(self, placed, post, switches):
        placed.pays()
        assert post(placed.told[-1]) == 200
        switches.set(fail_5xx=1)
        work = jobs.JOBS["orders.apply_notices"].run
        with pytest.raises(Exception, match="midtrans"):
            work(attempt_id=str(placed.attempt.id))
        assert notices()[0].applied_at is None
        work(attempt_id=str(placed.attempt.id))
        assert (notices()[0].outcome, placed.state) == ("captured", "paid")


@contextmanager
def real_house(app, switches):
    """A house over HTTP whose commits are real, beside a Midtrans that tells it by HTTP, too."""
    app.test_client_class = HouseClient
    room = {}
    with serving(app) as house_url, serving(lambda *call: room["app"](*call)) as url:
        desk = Desk(World(url, house_url, KEY, switches=switches, speed=1_000))
        room["app"] = of_desk(desk)
        known = app.extensions["settings"]
        known[GatewaySettings] = GatewaySettings(
            midtrans_server_key=KEY, midtrans_snap_url=url, midtrans_api_url=url, simulators=True
        )
        yield desk
        desk.delivery.close()


def work(app):
    jobs.run_worker(app, settings(CoreSettings, app).database_url, wait=False)


def test_told_over_http_with_every_fault_it_is_paid_once(committed, switches):
    with real_house(committed, switches) as desk:
        waiting = Waiting(desk, [])
        switches.set(duplicate=1, reorder=1, forged=1)
        waiting.pays()
        switches.set(duplicate=1)
        desk.delivery.tell(papers.facts(desk.book.newest(waiting.attempt.gateway_key)))
        desk.delivery.drain()
        work(committed)
        assert waiting.state == "paid"
        assert sum(balances().values()) == 0
        assert balances()["clearing"] == desk.book.ledger[0]["amount"]


def test_an_inbox_that_is_broken_for_a_while_loses_nothing(committed, switches):
    with real_house(committed, switches) as desk:
        waiting = Waiting(desk, [])
        rename("gateway_notice", "away")
        waiting.pays()
        while len([told for told in desk.delivery.told() if told.answer == 504]) < 2:
            time.sleep(0.05)
        rename("away", "gateway_notice")
        desk.delivery.drain(30)
        assert {told.answer for told in desk.delivery.told()} == {504, 200}
        work(committed)
        assert waiting.state == "paid"


def rename(before, after):
    with db.engine.begin() as connection:
        connection.execute(text(f"alter table {before} rename to {after}"))


@pytest.mark.race
def test_the_same_notice_ten_times_at_once_is_once(committed, switches):
    with real_house(committed, switches) as desk:
        waiting, told = Waiting(desk, []), []
        desk.delivery.tell = lambda event: told.append(event)
        waiting.pays()
        body = papers.Signer(KEY).signed(told[-1]).body
        answers, gate = [], threading.Barrier(10)

        def post():
            client = committed.test_client()
            gate.wait()
            answers.append(client.post("/webhooks/midtrans", data=body).status_code)

        threads = [threading.Thread(target=post) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == [200] * 10
        work(committed)
        assert waiting.state == "paid"
        assert balances() == {"clearing": waiting.order.total, "held": -waiting.order.total}
        assert len(notices()) == 1
