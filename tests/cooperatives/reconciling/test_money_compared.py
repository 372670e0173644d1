"""Each comparison of money asks on the corruption planted for it, once, and ends by itself."""

import pytest
from sqlalchemy import select, text

from cooperatives import ledger, payouts
from cooperatives.accounts import Owner
from cooperatives.reconciling import comparing, money_compared
from cooperatives.reconciling.money_compared import ADVANCE, BAG, CLEARING, COUNTED, UNKNOWN
from core.actors import SYSTEM
from core.db import db
from core.tasks import Task
from tests.cooperatives.books_factories import (
    bank,
    book,
    clearing,
    closed,
    earned_sale,
    house_id,
    owed_without_an_order,
    parties,
    sent_payout,
)
from tests.cooperatives.days import factories as days
from tests.cooperatives.membership.factories import a_board, a_member, lent

pytestmark = pytest.mark.service


def night(kind):
    """One night's look at one thing; the organisations that are asked, and where it leads."""
    (one,) = [found for found in comparing.COMPARISONS if found.kind is kind]
    comparing.compare(actor=SYSTEM, comparison=one)
    query = select(Task).where(Task.kind == kind.name, Task.closed_at.is_(None))
    return [(task.subject_id, task.link) for task in db.session.scalars(query)]


def change(statement, **values):
    db.session.execute(text(statement), values)
    db.session.commit()


def unguarded(table, statement, **values):
    """Past the database's own guards: a hand that had no business there."""
    db.session.execute(text(f"alter table {table} disable trigger user"))
    db.session.execute(text(statement), values)
    db.session.execute(text(f"alter table {table} enable trigger user"))
    db.session.commit()


@pytest.fixture
def kiosk(app):
    """A day that is over: 50.000 came in, 49.000 were found, and all stays for tomorrow."""
    kiosk = days.a_kiosk()
    days.sold(kiosk=kiosk, amount=50_000)
    days.close(kiosk, 49_000, reason="change")
    return kiosk


@pytest.mark.parametrize(
    "planted",
    [
        "update trading_day set closing = closing + :by",
        "update drawer_count set counted = counted + :by where way = 'cash'",
    ],
)
def test_a_drawer_that_is_not_as_it_was_counted(kiosk, planted):
    assert night(COUNTED) == []
    change(planted, by=500)
    day = days.open_day(kiosk)
    for _night in range(2):
        assert night(COUNTED) == [(kiosk.organisation_id, f"/kios-kerja/hari/{day.id}")]
    change(planted, by=-500)
    assert night(COUNTED) == []


def test_a_payout_that_nobody_knows_to_have_come(app):
    board = a_board()
    sharing = parties(cooperative_id=board.id)
    earned_sale((sharing, 36_000))
    sent = sent_payout(closed(sharing, board.treasurer), board.treasurer, board.second)
    assert night(UNKNOWN) == []
    change("update payout set begun_at = now() - interval '4 days'")
    assert night(UNKNOWN) == [(board.id, f"/kas/bayar/{sent.id}")]
    payouts.confirm(actor=board.treasurer, payout_id=sent.id)
    assert night(UNKNOWN) == []


def test_more_left_a_clearing_page_than_came(app):
    earned_sale((parties(), 36_000))
    assert night(CLEARING) == []
    lines = [(bank(), 40_000), (clearing(), -40_000)]
    wrong = book(step=ledger.post, kind="moved", doc=("cash", "1"), lines=lines)
    ((organisation_id, link),) = night(CLEARING)
    assert organisation_id == house_id()
    assert link.startswith("/kas/cocok?rekening=")
    book(step=ledger.undo, journal_id=wrong.id, reason="salah")
    assert night(CLEARING) == []


def test_a_bag_that_is_long_on_its_way(kiosk):
    bag_id = days.packed(kiosk, 20_000)
    assert night(BAG) == []
    change("update bag set packed_at = now() - interval '3 days'")
    assert night(BAG) == [(kiosk.organisation_id, "/kas/setoran")]
    days.bags.confirm(actor=kiosk.treasurer, bag_id=bag_id, received=20_000)
    assert night(BAG) == []


@pytest.fixture
def advance(app):
    """Rp 200.000 lent; a settlement of Rp 100.000 gave 30 percent of it back."""
    board = a_board()
    member = a_member(board)
    advance_id = lent(board, member, percent=30, floor=50_000)
    sharing = parties(Owner(person_id=member.person_id), board.id)
    owed_without_an_order(sharing, 100_000)
    settled = closed(sharing, board.treasurer)
    assert settled.total == 70_000
    return board, advance_id


@pytest.mark.parametrize(
    ("planted", "mended"),
    [
        ("due_on = current_date - 1", "due_on = current_date + 30"),
        ("amount = 100000", "amount = 200000"),
        ("percent = 29", "percent = 30"),
        ("floor = 70001", "floor = 50000"),
        ("ended_at = now() - interval '1 hour'", "ended_at = null"),
    ],
)
def test_an_advance_that_is_not_as_agreed(advance, planted, mended):
    board, advance_id = advance
    assert night(ADVANCE) == []
    change(f"update advance set {planted}")
    assert night(ADVANCE) == [(board.id, f"/kas/pinjaman/{advance_id}")]
    change(f"update advance set {mended}")
    assert night(ADVANCE) == []


def test_every_comparison_of_money_is_proved_here():
    of_money = {kind for kind, _find in money_compared.COMPARED}
    assert of_money == {ADVANCE, BAG, CLEARING, COUNTED, UNKNOWN}
