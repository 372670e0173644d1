"""Each promise about reports is silent on a healthy house and fires on what is planted for it."""

import pytest
from sqlalchemy import text

from core.db import db
from orders.reports import promises
from tests.cooperatives.factories import broken
from tests.orders.factories import a_market
from tests.orders.reports.writing import m_paid, m_row, midtrans, paid, upload

pytestmark = pytest.mark.service


@pytest.fixture
def reported(app, gateway):
    """A payment reported and paid out, and a difference that is open."""
    market = a_market()
    attempt = paid(market, gateway)
    upload(
        market,
        midtrans(
            m_paid(attempt, 300),
            m_row("payout", -10_000, theirs="wd-1"),
            m_row("adjustment", -700, theirs="adj-1"),
        ),
    )
    return market


PLANTED = {
    "G1": "update report_line set created_at = now() - interval '31 days' where state = 'differs'",
    "G2": "update report_line set fee_rupiah = fee_rupiah + 1 where kind = 'charge'",
    "G3": "update report_line set worth = worth - 1 where kind = 'payout'",
    "G4": "update task set closed_at = now() where doc_type = 'report_line'",
}


def test_a_healthy_house_breaks_nothing(reported):
    assert broken(promises.ALL) == set()


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_is_found(reported, name):
    db.session.execute(text(PLANTED[name]))
    assert broken(promises.ALL) == {name}


def test_a_fee_that_no_line_names_is_found(reported):
    db.session.execute(
        text(
            "update report_line set worth = null, fee_rupiah = null, state = 'differs'"
            " where kind = 'charge'"
        )
    )
    assert "G2" in broken(promises.ALL)


def test_a_closed_difference_that_still_asks_is_found(reported):
    db.session.execute(
        text(
            "update report_line set state = 'closed', reason = 'x', closed_at = now()"
            " where kind = 'adjustment'"
        )
    )
    assert broken(promises.ALL) == {"G4"}
