"""Closing a month: in order first, then nothing counts in it any more."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from cooperatives import months
from cooperatives.membership import closing, expenses, promises, vouchers
from cooperatives.membership.closing import NotInOrder, NotOver
from cooperatives.models import Journal, MonthLock, Voucher
from core import clock
from core.clock import WIB
from core.errors import NotFound
from tests.cooperatives.factories import broken
from tests.cooperatives.membership.factories import a_board, a_member, saved, wish, withdrawn

pytestmark = pytest.mark.service
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


@pytest.fixture
def board(session):
    with time_machine.travel(datetime(2026, 12, 3, 10, tzinfo=WIB)):
        yield a_board()


def spent(board, day, amount=1_000):
    asked = wish(board, "cost", amount, category="other", happened_on=day)
    return expenses.write(actor=board.treasurer, wish=asked, receipt=None)


def journal_of(session, voucher):
    return session.query(Journal).filter_by(doc_type="voucher", doc_id=str(voucher.id)).one()


def lock(board, month=OCTOBER):
    return closing.lock(actor=board.treasurer, organisation_id=board.id, month=month)


def test_what_comes_late_counts_in_the_next_open_month_and_says_so(session, board):
    in_time = spent(board, date(2026, 10, 30))
    lock(board)
    late = spent(board, date(2026, 10, 31))
    assert journal_of(session, in_time).late_for is None
    booked = journal_of(session, late)
    assert booked.late_for == date(2026, 10, 31)
    assert booked.happened_at == months.begins(NOVEMBER)
    lock(board, NOVEMBER)
    later = journal_of(session, spent(board, date(2026, 10, 31)))
    assert months.month_of(later.happened_at) == date(2026, 12, 1)
    assert broken(promises.ALL) == set()


def test_other_groups_and_other_months_are_not_concerned(session, board):
    lock(board)
    other = spent(a_board(), date(2026, 10, 31))
    assert journal_of(session, other).late_for is None
    assert journal_of(session, spent(board, date(2026, 9, 30))).late_for is None


def test_a_month_that_goes_on_is_not_closed(session, board):
    with pytest.raises(NotOver):
        lock(board, date(2026, 12, 1))


def test_a_voucher_that_waits_keeps_the_month_open(session, board):
    member = a_member(board)
    saved(board, member, 10_000)
    asked = withdrawn(board, member, 5_000, happened_on=date(2026, 10, 31))
    with pytest.raises(NotInOrder):
        lock(board)
    vouchers.agree(actor=board.second, voucher_id=asked.id)
    first = lock(board)
    assert lock(board).locked_at == first.locked_at


def test_the_doctor_sees_what_slipped_into_a_closed_month(session, board):
    made = spent(board, date(2026, 10, 30))
    journal = journal_of(session, made)
    assert broken(promises.ALL) == set()
    session.add(
        MonthLock(
            organisation_id=board.id, month=OCTOBER,
            locked_at=journal.posted_at - timedelta(seconds=1),
        )
    )  # fmt: skip
    assert broken(promises.ALL) == {"V1"}


def test_the_doctor_sees_a_voucher_that_is_not_in_the_books(session, board):
    made = spent(board, clock.today())
    session.get(Voucher, made.id).state = "waiting"
    assert broken(promises.ALL) == {"V2"}


def test_only_its_own_treasurer_closes_a_month(session, board):
    with pytest.raises(NotFound):
        closing.lock(actor=a_board().treasurer, organisation_id=board.id, month=OCTOBER)
    with pytest.raises(NotFound):
        closing.lock(actor=board.coordinator, organisation_id=board.id, month=OCTOBER)
