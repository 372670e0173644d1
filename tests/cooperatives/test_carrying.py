"""Sums carried forward: every figure is the same with them, without them, and half carried."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from cooperatives import ledger, notebook, notebook_sums, settlement, treasury
from cooperatives.carrying import nightly, promises, sums
from cooperatives.membership import network, surplus
from cooperatives.models import Account, BookMark
from cooperatives.settling import turnover
from core import clock, doctor
from core.actors import SYSTEM
from core.db import db
from tests.cooperatives.books_factories import (
    a_treasurer,
    account_of,
    bank,
    book,
    closed,
    earned_sale,
    house_id,
    maker_page,
    numbers,
    paid_sale,
    sent_payout,
)
from tests.cooperatives.test_notebook import a_kitchen, charge, give_back, sell_at_home
from tests.cooperatives.test_notebook import sell_at_kiosk as sell

pytestmark = pytest.mark.service


@pytest.fixture
def kitchen(app):
    """Two makers who have sold, given back and been paid; something came late from last year."""
    kitchen = a_kitchen()
    kitchen.house = a_treasurer(house_id(), kitchen.home[0].cooperative_id)
    trade(kitchen)
    return kitchen


def trade(kitchen):
    sell_at_home(kitchen, 90_000)
    sell(kitchen, 40_000)
    give_back(kitchen, 8_000)
    charge(kitchen, 5_000)
    late = clock.now() - timedelta(days=400)
    lines = [(maker_page(kitchen.home[0]), -700), (bank(), 700)]
    book(step=ledger.post, kind="earned", doc=("thing", next(numbers)), lines=lines,
         happened_at=late)  # fmt: skip
    paid_sale(3_000)
    first, second = kitchen.treasurers
    sent_payout(closed(kitchen.home[1], first), first, second)


def figures(kitchen):
    """Everything that is read from carried sums."""
    session, now = db.session(), clock.now()
    cooperative, people = kitchen.home[0].cooperative_id, [one.person_id for one in kitchen.makers]
    hour, month = (now - timedelta(hours=1), now), (now - timedelta(days=40), now)
    return [
        sums.balances(session, list(session.scalars(select(Account.id)))),
        [row.balance for row in treasury.list_accounts(session, kitchen.house)],
        treasury.totals(session, kitchen.house),
        settlement.list_due(session, kitchen.treasurers[0], cooperative),
        [turnover.of_year(session, one, now.year) for one in people],
        turnover.at_least(session, 1, now.year),
        [network.sold_by_member(session, year) for year in (now.year - 2, now.year - 1, now.year)],
        [surplus.simulate_total(session, cooperative, year) for year in (now.year - 1, now.year)],
        [notebook.stands(session, one, until=at) for one in people for at in (*hour, *month)],
        [notebook_sums.sums(session, one, *month) for one in people],
        [notebook_sums.unpaid(session, one) for one in people],
    ]


def without_them(kitchen):
    """The same as if nobody had ever carried anything."""
    inner = db.session.begin_nested()
    for table in ("carried", "carried_page", "book_mark"):
        db.session.execute(text(f"delete from {table}"))
    found = figures(kitchen)
    inner.rollback()
    return found


def findings(app):
    db.session.flush()
    known = {promise.id: promise for promise in promises.ALL}
    return [found.invariant.id for found in doctor.examine_on(db.session(), known)]


def test_no_figure_changes_when_sums_are_carried(app, kitchen, monkeypatch):
    monkeypatch.setattr(nightly, "CHUNK", 7)
    before = figures(kitchen)
    nightly.carry_forward.run()
    assert figures(kitchen) == before == without_them(kitchen)
    trade(kitchen)
    half = figures(kitchen)
    assert half != before
    assert half == without_them(kitchen)
    nightly.carry_forward.run()
    nightly.carry_forward.run()
    assert figures(kitchen) == half
    assert findings(app) == []


def test_a_page_is_open_from_its_first_unsettled_entry(app, kitchen):
    nightly.carry_forward.run()
    settled = [account_of(maker_page(kitchen.home[1]))]
    first = db.session.scalar(text("select max(id) from entry"))
    assert sums.open_from(db.session(), settled) == first + 1
    earned_sale((kitchen.home[1], 10_000))
    assert sums.open_from(db.session(), settled) == first + 1
    assert sums.open_from(db.session(), [*settled, 10**9]) == 0  # A page nobody has carried yet.


@pytest.mark.parametrize(
    ("harm", "fires"),
    [
        ("update carried set amount = amount + 1 where account_id is null", ["M22"]),
        ("update carried set gross = gross + 1", ["M22"]),
        ("update carried_page set balance = balance - 1", ["M25"]),
        ("update carried_page set open_from = 1e12", ["M23"]),
        ("update book_mark set at = at - interval '1 day'", ["M24"]),
        ("insert into book_mark (at, entry_id, carried_to) select at + interval '3 hours',"
         " entry_id, carried_to from book_mark", ["M24"]),
    ],
)  # fmt: skip
def test_the_doctor_finds_sums_that_are_none(app, kitchen, harm, fires):
    nightly.carry_forward.run()
    assert findings(app) == []
    db.session.execute(text(harm))
    earned_sale((kitchen.home[1], 10_000))
    nightly.mark(actor=SYSTEM)
    assert findings(app) == fires


@pytest.mark.race
def test_whoever_writes_while_the_books_are_marked_is_below_the_mark(committed):
    begun, kitchen = threading.Event(), a_kitchen()

    def write():
        with committed.app_context():
            book(step=slowly, kitchen=kitchen, begun=begun)
            db.session.remove()

    writer = threading.Thread(target=write)
    writer.start()
    assert begun.wait(10)
    nightly.mark(actor=SYSTEM)
    writer.join()
    newest = db.session.scalar(text("select max(id) from entry"))
    assert db.session.scalar(select(BookMark.entry_id)) == newest


def slowly(db, *, actor, kitchen, begun):
    lines = [(maker_page(kitchen.home[0]), -700), (bank(), 700)]
    ledger.post(db, actor=actor, kind="test", doc=("thing", 1), lines=lines)
    begun.set()
    db.execute(text("select pg_sleep(0.5)"))
