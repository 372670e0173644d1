"""The doctor of trading days: silent on healthy ones, and each promise fires on its corruption."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from cooperatives.days import bags, shifts
from cooperatives.days.promises import ALL
from core.db import db
from tests.cooperatives.days.factories import a_kiosk, close, counted, expected, packed, sold
from tests.cooperatives.factories import broken

pytestmark = pytest.mark.service

CORRUPTIONS = {
    "a drawer left fuller than its day says": (
        {"K1", "K2"},
        "update trading_day set closing = closing + 1 where number = 1",
    ),
    "an entry that came into a closed day": (
        {"K1"},
        "update entry set amount = amount + 1 where id = (select min(e.id) from entry e"
        " join account a on a.id = e.account_id where a.kind = 'cash')",
    ),
    "a day that begins elsewhere": (
        {"K2"},
        "update trading_day set entries_from = entries_from - 1 where number = 2",
    ),
    "an open day before the last": (
        {"K2", "K4"},
        "update trading_day set closed_at = null, closing = null, entries_until = null,"
        " number = -number where number = 1",
    ),
    "a difference that was never booked": (
        {"K3"},
        "update drawer_count set counted = counted + 1, reason = 'change' where why = 'shift'",
    ),
    "a closed day that nobody counted": ({"K4"}, "delete from drawer_count where way = 'qris'"),
    "a close that another counted": (
        {"K4"},
        "update trading_day set closed_by = (select max(id) from person) where number = 1",
    ),
    "a bag that is larger than what left": ({"K5"}, "update bag set amount = amount + 1"),
    "a bag that is seen and still owed": (
        {"K5"},
        "update bag set confirmed_at = now(), received = amount,"
        " confirmed_by = (select max(id) from person) where confirmed_at is null",
    ),
}


@pytest.fixture
def town(app):
    """Two days, a difference, a change of shift, a bag that is seen and one on its way."""
    kiosk = a_kiosk()
    sold(kiosk=kiosk, amount=80_000)
    sold(kiosk=kiosk, amount=20_000, way="qris")
    close(kiosk, counted(kiosk, 79_000, reason="change"), 20_000, leave=30_000)
    sold(kiosk=kiosk, amount=40_000)
    bags.confirm(actor=kiosk.treasurer, bag_id=packed(kiosk, 10_000), received=9_000)
    packed(kiosk, 5_000)
    there = counted(kiosk, expected(kiosk) - 500, reason="unknown")
    shifts.offer(actor=kiosk.keeper, act_id=uuid4(), place_id=kiosk.id, counted=there)
    assert broken(ALL) == set()
    return kiosk


@pytest.mark.parametrize("what", CORRUPTIONS)
def test_each_corruption_is_found(town, session, what):
    ids, damage = CORRUPTIONS[what]
    session.execute(text("set local session_replication_role = replica"))
    if what.startswith("an open day"):
        session.execute(text("drop index uq_trading_day_open"))
    session.execute(text(damage))
    session.execute(text("set local session_replication_role = origin"))
    assert broken(ALL) == ids
    db.session.rollback()
