"""What members share while people do not wait for each other: vouchers, savings, closed months."""

import random
import time
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial

import pytest
import time_machine
from sqlalchemy import func, select, text

from app import create_app
from cooperatives import ledger, months
from cooperatives.accounts import Owner, Page, own
from cooperatives.membership import closing, promises, savings, vouchers
from cooperatives.membership.closing import NotOver
from cooperatives.membership.vouchers import NotNow, TooMuch
from cooperatives.models.books import Account, Entry, Journal, Kind
from core.clock import WIB
from core.db import db
from tests.conftest import environ
from tests.cooperatives.books_factories import account_of
from tests.cooperatives.factories import broken
from tests.cooperatives.membership.factories import a_board, a_member, saved, wish, withdrawn
from tests.crowd import tried_at_once

pytestmark = [pytest.mark.service, pytest.mark.race]
ROUNDS = 4
OCTOBER, FIRST = date(2026, 10, 1), datetime(2026, 11, 1, tzinfo=WIB)


@pytest.fixture
def town(own_database):
    app = create_app(environ(own_database, LUMBUNG_THREADS="16"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def errors(answers):
    return [type(answer) for answer in answers if isinstance(answer, BaseException)]


def has_saved(board, member):
    page = Page(Kind.SAVINGS, board.id, Owner(person_id=member.person_id), "voluntary")
    return -ledger.balance(db.session(), page)


def test_a_voucher_that_is_sent_by_two_phones_is_booked_once(town):
    board = a_board()
    member = a_member(board)
    for number in range(1, ROUNDS + 1):
        asked = wish(board, "saved", 10_000, person_id=member.person_id, sort="voluntary")
        deed = partial(savings.write, wish=asked)
        answers = tried_at_once(
            town, *[partial(deed, actor=who) for who in (board.treasurer, board.second)] * 2
        )
        assert errors(answers) == []
        assert has_saved(board, member) == 10_000 * number
    assert broken(promises.ALL) == set()


def test_savings_are_taken_out_once_however_many_agree(town):
    """Two withdrawals of all she has are agreed to at once: one is paid, the other cannot be."""
    board = a_board()
    member = a_member(board)
    for _ in range(ROUNDS):
        saved(board, member, 50_000)
        both = [withdrawn(board, member, 50_000).id for _ in range(2)]
        answers = tried_at_once(
            town,
            *[partial(vouchers.agree, actor=board.second, voucher_id=one) for one in both * 2],
        )
        assert len(errors(answers)) == 3
        assert set(errors(answers)) == {TooMuch, NotNow}
        assert has_saved(board, member) == 0
        for one in both:
            tried_at_once(
                town,
                partial(
                    vouchers.refuse, actor=board.coordinator, voucher_id=one, reason="tidak cukup"
                ),
            )
    assert ledger.balance(db.session(), own(Kind.CASH, board.id, "kas")) == 0
    assert broken(promises.ALL) == set()


def spend(board, pages, done, ends):
    """Book costs of October, each in a transaction that takes its time, until the month is shut."""
    while time.monotonic() < ends and (not done or random.random() < 0.7):
        ledger.post(
            db.session(),
            actor=board.treasurer,
            kind="cost",
            doc=("voucher", f"{random.getrandbits(60)}"),
            lines=[(pages[0], 1_000), (pages[1], -1_000)],
            happened_at=FIRST - timedelta(hours=2),
        )
        time.sleep(random.choice([0, 0.01, 0.03]))
        db.session.commit()


def october(board):
    """What the books say was spent in October."""
    query = (
        select(func.count(Journal.id.distinct()))
        .join(Entry, Entry.journal_id == Journal.id)
        .join(Account, Account.id == Entry.account_id)
        .where(Account.organisation_id == board.id, Journal.happened_at < FIRST)
    )
    return db.session.scalar(query)


def shut(board, done):
    """Close the month among the bookings; what it held the very moment it was closed."""
    time.sleep(0.2)
    closing.lock(actor=board.treasurer, organisation_id=board.id, month=OCTOBER)
    done.append(october(board))


def missed(town):
    """How many costs stand in October that were not there when it was closed."""
    board, done = a_board(), []
    pages = own(Kind.EXPENSE, board.id), own(Kind.CASH, board.id, "kas")
    for page in pages:
        account_of(page)
    till = partial(spend, board, pages, done, time.monotonic() + 5)
    answers = tried_at_once(town, till, till, till, partial(shut, board, done))
    assert errors(answers) == []
    later = october(board) - done[0]
    db.session.rollback()
    return later


@contextmanager
def december():
    with time_machine.travel(datetime(2026, 12, 3, 10, tzinfo=WIB), tick=True):
        yield


def test_nothing_is_added_to_a_month_from_the_moment_it_is_closed(town):
    """The last costs of October race its close: each is in before, or counts in November."""
    with december():
        assert [missed(town) for _ in range(ROUNDS)] == [0] * ROUNDS
        late = select(func.count()).where(Journal.late_for.is_not(None))
        assert db.session.scalar(late) > 0, "nothing ever met the close"
        assert broken(promises.ALL) == set()


def test_a_month_is_not_closed_before_whoever_wrote_in_it_has_finished(town):
    """A sale of the last second may still be on its way to the books some moments later."""
    board = a_board()
    lock = partial(closing.lock, actor=board.treasurer, organisation_id=board.id, month=OCTOBER)
    with time_machine.travel(FIRST + timedelta(minutes=1)), pytest.raises(NotOver):
        lock()
    with time_machine.travel(FIRST + closing.QUIET):
        assert lock().month == OCTOBER
    assert months.month_of(FIRST) == date(2026, 11, 1)
    assert db.session.execute(text("select count(*) from month_lock")).scalar() == 1
