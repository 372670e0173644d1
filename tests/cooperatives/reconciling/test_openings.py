"""What stood when days began is told the same from carried sums and from the entries alone."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from cooperatives.carrying import nightly
from cooperatives.reconciling import money
from cooperatives.reconciling.asked import Days, Sums
from cooperatives.reconciling.books import Asked
from core import clock
from core.db import db
from tests.cooperatives.books_factories import (
    a_treasurer,
    account_of,
    earned_sale,
    house_id,
    maker_page,
    owed_without_an_order,
    parties,
)
from tests.cooperatives.factories import a_cooperative

pytestmark = pytest.mark.service


def before(days):
    return time_machine.travel(clock.now() - timedelta(days=days))


@pytest.fixture
def maker(app):
    """She earned 10.000 forty days ago, 500 two days ago, and 36.000 less shares today."""
    maker = parties(cooperative_id=a_cooperative().id)
    with before(40):
        owed_without_an_order(maker, 10_000)
    with before(2):
        owed_without_an_order(maker, 500)
    earned_sale((maker, 36_000))
    return maker


def asked(maker, *, back=0, **about):
    day = clock.today() - timedelta(days=back)
    actor = a_treasurer(maker.cooperative_id, house_id())
    return money.account(db.session(), actor, Asked(Days(day, day), **about))


@pytest.mark.parametrize("back", [0, 1, 2, 3, 20, 39, 40, 41, 90])
def test_pages_say_the_same_before_and_after_the_sums_are_carried(maker, back):
    of_hers = {"account_id": account_of(maker_page(maker))}

    def found():
        about = ({}, {"kind": "held"}, {"kind": "maker"}, of_hers)
        return [asked(maker, back=back, **one).lines for one in about]

    with before(1):
        before_today = found()
        nightly.carry_forward.run()  # All of it is below the mark; a second mark follows.
        assert found() == before_today
    told = found()
    owed_without_an_order(maker, 7)
    nightly.carry_forward.run()
    owed_without_an_order(maker, 8)
    if back:
        assert found() == told


def test_what_stood_is_the_opening_and_a_wrong_carried_sum_shows(maker):
    nightly.carry_forward.run()
    page = {"account_id": account_of(maker_page(maker))}
    (line,) = asked(maker, **page).lines
    assert line.sums == Sums(10_500, 33_480, 0, 0, 43_980)
    assert asked(maker, **page).is_whole
    db.session.execute(text("update carried_page set balance = balance - 7"))
    assert not asked(maker, **page).is_whole


def test_orders_pages_have_one_line_by_kind_and_a_page_of_their_own(maker):
    nightly.carry_forward.run()
    (line,) = asked(maker, kind="held").lines
    assert (line.account_id, line.sums) == (None, Sums(0, 36_000, 36_000, 0, 0))
    held = db.session.scalar(text("select max(id) from account where kind = 'held'"))
    (page,) = asked(maker, account_id=held).lines
    assert page.sums == line.sums
