"""A month of any captures, refunds, fees and payouts: reported and paid out, the page is zero."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cooperatives import ledger
from core import doctor
from core.actors import GUEST
from core.db import db
from orders import endings, money_pages
from orders.reports import differences, standing
from orders.reports.differences import Said
from tests.orders.factories import a_market, run_jobs
from tests.orders.reports.writing import (
    lines,
    m_paid,
    m_row,
    midtrans,
    paid,
    s_paid,
    s_row,
    stripe,
    upload,
)

pytestmark = pytest.mark.service

SALES = st.lists(
    st.fixed_dictionaries(
        {
            "units": st.integers(1, 3),
            "fee": st.integers(0, 4_000),
            "is_refunded": st.booleans(),
            "file": st.integers(0, 2),
        }
    ),
    min_size=1,
    max_size=4,
)
FEW = settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def market(app, gateway):
    return a_market(units=2_000)


def sound(app):
    db.session.expire_all()
    found = doctor.examine_on(db.session(), app.extensions["doctor"])
    assert [(finding.invariant.id, finding.rows) for finding in found] == []


def must_be_zero(app, market, name):
    page = money_pages.clearing(market.house, name)
    assert (ledger.balance(db.session(), page), standing.reported(db.session(), name)) == (0, 0)
    assert {line.state for line in lines(gateway=name)} <= {"ok", "closed"}
    sound(app)


def refund(attempt):
    endings.cancel(actor=GUEST, order_id=attempt.order_id)
    run_jobs()


@FEW
@given(sales=SALES, early=st.integers(0, 100), is_overlapping=st.booleans())
def test_midtrans_ends_at_zero(app, gateway, market, sales, early, is_overlapping):
    files, total = [[], [], []], 0
    for sale in sales:
        attempt = paid(market, gateway, (market.tiwul, sale["units"]))
        files[sale["file"]].append(m_paid(attempt, sale["fee"]))
        total += attempt.reached - sale["fee"]
        if sale["is_refunded"]:
            refund(attempt)
            row = m_row("refund", -attempt.reached, key=attempt.gateway_key, theirs=attempt.paid_as)
            files[2].append({**row, "Refund key": f"r-{attempt.paid_as}"})
            total -= attempt.reached
    first = total * early // 100
    files[1].append(m_row("payout", -first) if first > 0 else m_row("fee", 0))
    rest = total - max(first, 0)
    files[2].append(m_row("payout", -rest) if rest > 0 else m_row("adjustment", -rest))
    if is_overlapping:
        files[1] = files[0] + files[1]
    for rows in files:
        if rows:
            upload(market, midtrans(*rows))
    settle_by_hand(market, "midtrans")
    must_be_zero(app, market, "midtrans")


@FEW
@given(
    sales=SALES,
    cents=st.lists(st.integers(150, 9_000), min_size=4, max_size=4),
    arrived=st.integers(1, 900_000),
    settled=st.sampled_from(("sgd", "usd")),
)
def test_stripe_in_foreign_money_ends_at_zero(app, gateway, market, sales, cents, arrived, settled):
    rows, held = [], 0
    for sale, shown in zip(sales, cents, strict=False):
        attempt = paid(
            market, gateway, (market.tiwul, sale["units"]), method="card", presented=(shown, "SGD")
        )
        got = shown if settled == "sgd" else shown * 3 // 4
        fee = min(sale["fee"] // 100, got)
        rows.append(s_paid(attempt, f"{got / 100:.2f}", f"{fee / 100:.2f}", currency=settled))
        held += got - fee
        if sale["is_refunded"]:
            refund(attempt)
            rows.append(
                s_row(
                    "refund",
                    f"{-got / 100:.2f}",
                    currency=settled,
                    payment_intent_id=attempt.paid_as,
                    customer_facing_amount=f"{shown / 100:.2f}",
                    customer_facing_currency="sgd",
                )
            )
            held -= got
    rows = [{**row, "automatic_payout_id": f"po_{attempt.paid_as}"} for row in rows]
    upload(market, stripe(*rows))
    settle_by_hand(market, "stripe", arrived)
    page = money_pages.clearing(market.house, "stripe")
    if held > 0:
        must_be_zero(app, market, "stripe")
    else:  # More went back than came in: nothing was paid out, and Stripe takes it from the next.
        assert ledger.balance(db.session(), page) == standing.reported(db.session(), "stripe")
        sound(app)


def settle_by_hand(market, name, arrived=None):
    """Two treasurers settle what waits for people."""
    rini, wati = market.treasurers
    for line in lines(gateway=name):
        if line.state == "differs":
            said = Said("Dilihat di rekening", changes_money=True, rupiah=arrived)
            differences.explain(actor=rini, line_id=line.id, said=said)
            differences.agree(actor=wati, line_id=line.id)
