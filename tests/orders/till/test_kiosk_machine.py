"""The kiosk against a careful keeper's notebook: two tills without signal, a bazaar box, the web.

Sales are rung up on phones and sent hours later, in any order, twice, or into a server that dies
while it writes them; goods are counted, sent on, brought back and taken to bazaars; everybody is
settled and paid. After every step goods are conserved per lot and money per page of the books,
every sale stands once in the right woman's name, statements are what the books say, and the doctor
finds nothing (docs/proofs.md).
"""

import os

import pytest
from flask import current_app
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from core import doctor
from core.db import db
from orders.gateways import GATEWAYS
from tests.orders.playing import PlayingGateway
from tests.orders.till.kiosk.money import Money
from tests.orders.till.kiosk.sales import Sales
from tests.orders.till.kiosk.shelf import Shelf

pytestmark = pytest.mark.service

EXAMPLES = int(os.environ.get("LUMBUNG_KIOSK_EXAMPLES", "6"))
STEPS = 30


class Kiosk(Sales, Shelf, Money):
    """All of it together."""

    @invariant()
    def the_notebook_is_right(self):
        db.session.expire_all()
        self.book.must_stand()

    @invariant()
    def the_doctor_finds_nothing(self):
        found = doctor.examine_on(db.session(), current_app.extensions["doctor"])
        assert [(finding.invariant.id, finding.rows) for finding in found] == []

    def teardown(self):
        try:
            if hasattr(self, "book"):
                self.monday(None)
                self.statements_are_the_books()
        finally:
            self.forget()


class KilledKiosk(Kiosk):
    """The same on a server whose connections really end in the middle."""

    dies_really = True


def play(machine, examples, steps):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.reuse, Phase.generate),  # Shrinking on a database outlasts the timeout.
        ),
    )


@pytest.mark.timeout(300 + 30 * EXAMPLES)
def test_the_kiosk_agrees_with_the_keepers_notebook(session, gateway):
    play(Kiosk, EXAMPLES, STEPS)


@pytest.mark.race
def test_it_agrees_where_connections_are_killed(committed, monkeypatch):
    for name in ("midtrans", "stripe"):
        monkeypatch.setitem(GATEWAYS, name, PlayingGateway())
    play(KilledKiosk, 1, STEPS)
