"""What should stand in a report and does not: noted once, and forgotten when it comes."""

from datetime import timedelta

import pytest
import time_machine

from cooperatives import ledger
from cooperatives.accounts import own
from cooperatives.models.books import Kind
from core import clock
from core.actors import GUEST
from core.db import db
from core.tasks import Task
from orders import endings, money_pages
from orders.reports import differences, missing
from orders.reports.differences import Said
from tests.orders.factories import run_jobs
from tests.orders.reports.writing import line, lines, m_paid, m_row, midtrans, paid, upload

pytestmark = pytest.mark.service


def days_later(days):
    return time_machine.travel(clock.now() + timedelta(days=days), tick=False)


def reported_up_to_today(shop):
    """Some report whose only row is of today."""
    today = f"{clock.today()} 08:00:00"
    more = {"Transaction time": today, "Settlement time": today}
    upload(shop, midtrans(m_row("fee", 0, 100, **more)))


def asked(kind):
    return db.session.query(Task).filter_by(kind=kind, closed_at=None).count()


def test_what_a_later_report_does_not_tell_of_is_missing_once(shop, gateway):
    attempt = paid(shop, gateway)
    with days_later(9):
        reported_up_to_today(shop)
        missing.mind_reports.run()
        missing.mind_reports.run()
        found = line(kind="missing")
        assert (found.attempt_id, found.booked, found.flaw) == (
            attempt.id,
            attempt.reached,
            "missing",
        )
        assert asked("report.explain") == 1
        upload(shop, midtrans(m_paid(attempt, 300)))
        assert line(kind="missing").reason == "reported"
        assert (line(kind="charge").state, asked("report.explain")) == ("ok", 0)


def test_nothing_is_missing_before_its_time_or_after_the_last_report(shop, gateway):
    paid(shop, gateway)
    reported_up_to_today(shop)
    missing.mind_reports.run()
    assert lines(kind="missing") == []
    with days_later(30):
        paid(shop, gateway)
    with days_later(60):
        missing.mind_reports.run()
        assert lines(kind="missing") == []  # No report reaches so far: one is asked for.
        assert asked("report.upload") == 1
        reported_up_to_today(shop)
        assert asked("report.upload") == 0
        missing.mind_reports.run()
        assert len(lines(kind="missing")) == 2


def test_nobody_is_asked_for_reports_of_a_gateway_without_our_money(shop):
    missing.mind_reports.run()
    assert asked("report.upload") == 0


def test_a_refund_that_no_report_tells_of_is_missing_too(shop, gateway):
    attempt = paid(shop, gateway)
    endings.cancel(actor=GUEST, order_id=attempt.order_id)
    run_jobs()
    with days_later(9):
        reported_up_to_today(shop)
        missing.mind_reports.run()
        assert [(one.booked, one.refund_id is None) for one in lines(kind="missing")] == [
            (attempt.reached, True),
            (-attempt.reached, False),
        ]
        refund = m_row("refund", -attempt.reached, key=attempt.gateway_key)
        upload(shop, midtrans(m_paid(attempt), refund))
        assert {one.state for one in lines(kind="missing")} == {"closed"}


def test_money_given_up_comes_after_all(shop, gateway):
    attempt = paid(shop, gateway)
    rini, wati = shop.treasurers
    page = money_pages.clearing(shop.house, "midtrans")
    lost = own(Kind.OVER_SHORT, shop.house, "midtrans")
    with days_later(9):
        reported_up_to_today(shop)
        missing.mind_reports.run()
        said = Said("Penyedianya tidak bisa menjelaskan", changes_money=True)
        differences.explain(actor=rini, line_id=line(kind="missing").id, said=said)
        differences.agree(actor=wati, line_id=line(kind="missing").id)
        assert ledger.balance(db.session(), page) == -100
        assert ledger.balance(db.session(), lost) == attempt.reached
        upload(shop, midtrans(m_paid(attempt)))
        charge = line(kind="charge")
        assert (charge.state, charge.flaw, charge.difference) == (
            "differs",
            "not_here",
            attempt.reached,
        )
        differences.explain(
            actor=wati, line_id=charge.id, said=Said("Ternyata datang", changes_money=True)
        )
        differences.agree(actor=rini, line_id=charge.id)
        assert ledger.balance(db.session(), page) == attempt.reached - 100
        assert ledger.balance(db.session(), lost) == 0
