"""Random lives of orders against the simulated Midtrans and Stripe, through the real SDKs.

Whatever happens (paid, paid twice, paid late, told twice, out of order or not at all, answers lost,
cancelled, lapsed, declined, handed over, undone, disputed, charged back, a worker that dies before
its commit), in the end the simulators' ledgers, our books and the order pages agree to the rupiah
and the cent, and the doctor finds nothing. LUMBUNG_LIVES raises the number of examples.
"""

import os
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event, select

from cooperatives import ledger
from cooperatives.settings import CooperativeSettings
from core import clock, doctor, orgs
from core.actors import GUEST, SYSTEM
from core.config import remembered
from core.db import db
from core.errors import DomainError, RemoteError
from orders import (
    asking,
    earning,
    endings,
    exchange,
    fulfilment,
    handover,
    money_pages,
    opening,
    presenting,
    refund_sending,
)
from orders.gateways.settings import GatewaySettings
from orders.models import Attempt, Order, Refund
from orders.simulators.midtrans import of_desk, papers
from orders.simulators.midtrans.desk import Desk
from orders.simulators.midtrans.payments import Refusal
from orders.simulators.server import serving
from orders.simulators.stripe import of_desk as of_card_desk
from orders.simulators.stripe import papers as card_papers
from orders.simulators.stripe.book import Refusal as CardRefusal
from orders.simulators.stripe.desk import Desk as CardDesk
from orders.simulators.switches import ALWAYS, Switches
from orders.simulators.world import World
from tests.orders.factories import a_market, balances, order, parcels_of, run_jobs

pytestmark = [pytest.mark.service, pytest.mark.race]

KEY, CARD_KEY, SECRET = "SB-Mid-server-for-lives", "sk_test_for_lives", "whsec_for_lives"
NOWHERE = "http://127.0.0.1:9"
SIGNERS = {"midtrans": papers.Signer(KEY), "stripe": card_papers.Signer(SECRET)}
LIVES = int(os.environ.get("LUMBUNG_LIVES", "30"))
FAULTS = ("", "", "", "lose_answer", "fail_5xx")
ORDERS = 4  # Each example begins with so many.
BUYING = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["qris", "va", "card"]),
        "units": st.integers(1, 3),
        "two": st.booleans(),
        "fault": st.sampled_from(FAULTS),
        "deed": st.sampled_from(["pay", "pay", "deny", ""]),
    }
)
LOST = (RemoteError, DomainError, Refusal)


class Died(Exception):
    """A worker is killed just before its commit."""


class Lives(RuleBasedStateMachine):
    """Some orders at once, in one house and at one gateway."""

    world = SimpleNamespace()

    @initialize(data=st.data())
    def begin(self, data):
        self.desk, self.cards, self.market = self.world.desk, self.world.cards, self.world.market
        self.letters, self.orders = [], []
        self.desk.delivery.tell = lambda told: self.letters.append(("midtrans", told))
        self.cards.delivery.tell = lambda told: self.letters.append(("stripe", told))
        self.now = clock.now()
        self.clock = time_machine.travel(self.now, tick=False)
        self.clock.start()
        remembered("remotes").clear()
        for _ in range(ORDERS):
            self._buy(**data.draw(BUYING))

    def _later(self, **delta):
        self.now += timedelta(**delta)
        self.clock.stop()
        self.clock = time_machine.travel(self.now, tick=False)
        self.clock.start()
        remembered("remotes").clear()

    def _one(self, data):
        return data.draw(st.sampled_from(self.orders))

    def _payments(self):
        return [
            payment
            for payment in list(self.desk.book.payments.values())
            if payment.order_id.rpartition("-")[0] in {placed.number for placed in self.orders}
        ]

    # What buyers do

    @rule(bought=BUYING)
    def buy(self, bought):
        self._buy(**bought)

    def _buy(self, method, units, two, fault, deed):
        wishes = [(self.market.batik, units)] + ([(self.market.tiwul, 1)] if two else [])
        placed = order(*wishes, method=method)
        self.orders.append(placed)
        self.world.lives += 1
        if method == "card":
            self._choose(placed, "TWD")
        self._with(fault, lambda: opening.open_payment(actor=GUEST, order_id=placed.id))
        if deed:
            self._do_there(placed, lambda page: page.channels[-1], deed)

    def _choose(self, placed, currency):
        def choose():
            endings.close_payment(placed.id)
            presenting.choose(actor=GUEST, order_id=placed.id, currency=currency)

        self._with("", choose)

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), currency=st.sampled_from(["TWD", "JPY", "USD"]))
    def choose_currency(self, data, currency):
        self._choose(self._one(data), currency)

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), fault=st.sampled_from(FAULTS))
    def press_pay(self, data, fault):
        placed = self._one(data)
        self._with(fault, lambda: opening.open_payment(actor=GUEST, order_id=placed.id))

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def pay_there(self, data):
        placed, deed = self._one(data), data.draw(st.sampled_from(["pay", "pay", "deny"]))
        self._do_there(placed, lambda page: data.draw(st.sampled_from(page.channels)), deed)

    def _do_there(self, placed, choose, deed):
        """On every page of this order that a buyer may still have open in a tab."""
        keys = f"{placed.number}-"
        for page in [p for p in self.desk.book.pages.values() if p.order_id.startswith(keys)]:
            with suppress(Refusal):
                self.desk.do(self.desk.pick(page, choose(page)), deed)
        for session in self._sessions(placed):
            if deed == "pay":
                with suppress(CardRefusal):
                    self.cards.pay(session)

    def _sessions(self, *orders):
        numbers = {placed.number for placed in orders}
        known = list(self.cards.book.sessions.values())
        return [one for one in known if one.reference.rpartition("-")[0] in numbers]

    @precondition(lambda self: self.orders)
    @rule(
        data=st.data(), method=st.sampled_from(["qris", "va", "card", "transfer", "cash_delivery"])
    )
    def another_way(self, data, method):
        placed = self._one(data)

        def change():
            endings.close_payment(placed.id)
            endings.change_method(actor=GUEST, order_id=placed.id, method_code=method)

        self._with("", change)

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), fault=st.sampled_from(FAULTS))
    def cancel(self, data, fault):
        placed = self._one(data)
        self._with(fault, lambda: endings.cancel(actor=GUEST, order_id=placed.id))

    # What the gateway and the banks do

    @precondition(lambda self: self.letters)
    @rule(data=st.data(), copies=st.integers(0, 3))
    def deliver(self, data, copies):
        """A notice comes once, twice, out of order, or never."""
        name, told = self.letters.pop(data.draw(st.integers(0, len(self.letters) - 1)))
        letter = SIGNERS[name].signed(told)
        for _ in range(copies):
            answer = self.world.client.post(
                f"/webhooks/{name}",
                data=letter.body,
                content_type="application/json",
                headers=dict(letter.headers),
            )
            assert answer.status_code in (200, 404), answer.text

    @rule(data=st.data(), deed=st.sampled_from(["settle", "undo", "charge_back"]))
    def bank(self, data, deed):
        for payment in self._payments():
            if data.draw(st.integers(0, 3)) == 0:
                with suppress(Refusal):
                    self.desk.do(payment, deed)

    @rule(data=st.data(), deed=st.sampled_from(["dispute", "won", "lost"]))
    def card_bank(self, data, deed):
        for session in self._sessions(*self.orders):
            if data.draw(st.integers(0, 3)) == 0:
                with suppress(CardRefusal):
                    if deed == "dispute":
                        self.cards.dispute(session)
                    else:
                        self.cards.decide(session, deed)

    # What the house does by itself

    @rule(fault=st.sampled_from(FAULTS))
    def work(self, fault):
        self._with(fault, run_jobs)

    @rule()
    def a_worker_dies_before_its_commit(self):
        def dies(_session):
            event.remove(db.session(), "before_commit", dies)
            raise Died

        waiting = "select count(*) from procrastinate_jobs where status = 'todo'"
        if not db.session.execute(db.text(waiting)).scalar():
            return
        row = db.session.execute(
            db.text(
                "select task_name, args from procrastinate_jobs where status = 'todo'"
                " order by id limit 1"
            )
        ).one()
        db.session.commit()
        from core.jobs import JOBS

        event.listen(db.session(), "before_commit", dies)
        try:
            JOBS[row.task_name].run(**row.args)  # It stays in the queue and is run again.
        except (Died, *LOST):
            pass
        finally:
            if event.contains(db.session(), "before_commit", dies):
                event.remove(db.session(), "before_commit", dies)
            db.session.rollback()

    @rule(minutes=st.sampled_from([4, 31, 65, 60 * 25]))
    def time_passes(self, minutes):
        self._later(minutes=minutes)
        self.desk.let_time_pass()
        self.cards.let_time_pass()
        asking.ask_gateways.run()
        endings.lapse_due.run()

    # What makers do

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), deed=st.sampled_from(["accept", "decline", "hand_over", "deliver"]))
    def maker(self, data, deed):
        placed = self._one(data)
        db.session.expire_all()
        for parcel in parcels_of(placed):
            step = {
                "accept": lambda p: fulfilment.accept(actor=SYSTEM, parcel_id=p),
                "decline": lambda p: fulfilment.decline(actor=SYSTEM, parcel_id=p, reason="gone"),
                "hand_over": lambda p: handover.hand_over(actor=SYSTEM, parcel_id=p),
                "deliver": lambda p: handover.deliver(actor=SYSTEM, parcel_id=p),
            }[deed]
            self._with("", lambda step=step, parcel_id=parcel.id: step(parcel_id))

    def _with(self, fault, act):
        if fault:
            self.world.switches.set(**{fault: 1})
        try:
            act()
        except LOST:
            db.session.rollback()
        finally:
            self.world.switches.set(lose_answer=0, fail_5xx=0)
            remembered("remotes").clear()
            db.session.expire_all()

    def teardown(self):
        try:
            if getattr(self, "orders", None):
                self._come_to_rest()
                self._agree()
        finally:
            if hasattr(self, "clock"):
                self.clock.stop()

    def _come_to_rest(self):
        """All that still has to be heard is heard: by the poller alone, for notices are lost."""
        for _ in range(4):
            self._with("", run_jobs)
            self._later(hours=2)
            self.desk.let_time_pass()
            self.cards.let_time_pass()
            ids = [placed.id for placed in self.orders]
            mine = select(Attempt.id).where(Attempt.order_id.in_(ids))
            for attempt in db.session.scalars(mine).all():
                self._with(
                    "", lambda attempt=attempt: asking.learn(actor=SYSTEM, attempt_id=attempt)
                )
            endings.lapse_due.run()
            refund_sending.send_again.run()
        self._later(days=9)
        earning.earn_due.run()
        self._with("", run_jobs)

    def _agree(self):
        db.session.expire_all()
        theirs = sum(line["amount"] for line in self.desk.book.ledger)
        house = orgs.operator_id(db.session())
        ours = ledger.balance(db.session(), money_pages.clearing(house, "midtrans"))
        assert ours == theirs
        self._cards_agree()
        assert sum(balances().values()) == 0
        for placed in self.orders:
            fresh = db.session.get(Order, placed.id, populate_existing=True)
            keys = f"{placed.number}-"
            came = [row for row in self.desk.book.ledger if row["order_id"].startswith(keys)]
            came += [row for row in self.cards.book.ledger if row["attempt"].startswith(keys)]
            if fresh.state in ("paid", "completed"):
                assert any(row["amount"] > 0 for row in came), "paid only where money came"
            text = self.world.client.get(f"/pesanan/{placed.code}").text
            assert ("Sudah dibayar" in text) == (fresh.state == "paid")
            self._nobody_paid_for_nothing(fresh)
        assert [(found.invariant.id, found.rows) for found in doctor.examine()] == []

    def _cards_agree(self):
        """To the cent of her own money, attempt by attempt."""
        mine = [placed.id for placed in self.orders]
        query = select(Attempt).where(Attempt.order_id.in_(mine), Attempt.method == "card")
        for attempt in db.session.scalars(query):
            theirs = sum(
                row["amount"]
                for row in self.cards.book.ledger
                if row["attempt"] == attempt.gateway_key
            )
            ours = attempt.presented_amount if attempt.captured_at else 0
            gone = select(Refund).where(Refund.attempt_id == attempt.id, Refund.state == "done")
            ours -= sum(refund.presented_amount for refund in db.session.scalars(gone))
            if attempt.state in ("disputed", "charged_back"):
                ours -= sum(dispute.amount for dispute in self._disputes_of(attempt))
            assert ours == theirs, attempt.gateway_key

    def _disputes_of(self, attempt):
        for session in self.cards.book.sessions.values():
            if session.reference == attempt.gateway_key:
                yield from (one for one in session.disputes if one.status != "won")

    def _nobody_paid_for_nothing(self, placed):
        """What came for an order that is over has gone back, or is owed."""
        attempts = db.session.scalars(select(Attempt).where(Attempt.order_id == placed.id)).all()
        if placed.state not in ("cancelled", "lapsed"):
            return
        for attempt in attempts:
            if attempt.reached and attempt.state not in ("reversed", "charged_back", "disputed"):
                owed = db.session.scalars(
                    select(Refund.amount).where(
                        Refund.attempt_id == attempt.id, Refund.state != "failed"
                    )
                ).all()
                assert sum(owed) == attempt.reached


@pytest.fixture
def world(committed):
    switches, room = Switches(), SimpleNamespace()
    switches.set(silent=ALWAYS)
    with (
        serving(lambda environ, start: room.midtrans(environ, start)) as snap,
        serving(lambda environ, start: room.stripe(environ, start)) as cards,
    ):
        desk = Desk(World(snap, NOWHERE, KEY, switches=switches))
        card_desk = CardDesk(World(cards, NOWHERE, CARD_KEY, (SECRET,), switches=switches))
        room.midtrans, room.stripe = of_desk(desk), of_card_desk(card_desk)
        committed.extensions["settings"][GatewaySettings] = GatewaySettings(
            midtrans_server_key=KEY,
            midtrans_snap_url=snap,
            midtrans_api_url=snap,
            stripe_secret_key=CARD_KEY,
            stripe_webhook_secrets=(SECRET,),
            stripe_api_url=cards,
            simulators=True,
            remote_seconds=2.0,
        )
        exchange.load_samples(actor=SYSTEM)
        rules = committed.extensions["settings"]
        rules[CooperativeSettings] = replace(rules[CooperativeSettings], hold_units_max=10**6)
        yield SimpleNamespace(
            desk=desk,
            cards=card_desk,
            market=a_market(units=9_000),
            switches=switches,
            client=committed.test_client(),
            lives=0,
        )
        desk.delivery.close()
        card_desk.delivery.close()


def test_the_gateway_the_books_and_the_pages_agree_after_any_life(world):
    Lives.world = world
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    lines = len(world.desk.book.ledger), len(world.cards.book.ledger)
    print(f"{world.lives} lives, lines in the ledgers of Midtrans and Stripe: {lines}")
    assert world.lives >= ORDERS * LIVES
