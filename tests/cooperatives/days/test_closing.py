"""The close of a day at a kiosk: what was counted, what differs, and what is left."""

from datetime import timedelta
from uuid import uuid4

import pytest

from cooperatives.days import figures
from cooperatives.days.closing import DayClosed, FiguresChanged, TooMuchLeft
from cooperatives.days.pieces import Counted, NeedsReason, explained, total
from cooperatives.days.promises import ALL
from cooperatives.models import Bag, DrawerCount, Place, TradingDay
from core import clock
from core.errors import NotFound
from tests.cooperatives.days.factories import (
    a_kiosk,
    close,
    counted,
    desk,
    expected,
    in_drawer,
    odd,
    open_day,
    owes,
    sold,
)
from tests.cooperatives.factories import broken

pytestmark = pytest.mark.service


@pytest.fixture
def kiosk(app):
    return a_kiosk()


def test_notes_and_coins_add_up():
    assert total({100_000: 2, 2_000: 3, 500: 1}) == 206_500


def test_a_difference_needs_a_reason_and_another_one_needs_words():
    assert explained(Counted(10, 10, "late", "x"), 10) == ("", "")
    assert explained(Counted(9, 10, "change"), 10) == ("change", "")
    assert explained(Counted(9, 10, "other", " jatuh "), 10) == ("other", "jatuh")
    for wrong in (Counted(9, 10), Counted(9, 10, "nonsense"), Counted(9, 10, "other", " ")):
        with pytest.raises(NeedsReason):
            explained(wrong, 10)


def test_a_day_that_fits_is_closed_and_the_next_begins_with_what_was_left(kiosk, session):
    sold(kiosk=kiosk, amount=36_000)
    sold(kiosk=kiosk, amount=14_000, way="qris")
    day_id = close(kiosk, 36_000, 14_000, leave=30_000)
    day = session.get(TradingDay, day_id)
    assert (day.closing, day.closed_by) == (30_000, kiosk.keeper.person_id)
    assert in_drawer(kiosk) == 30_000
    assert owes(kiosk, kiosk.keeper) == 6_000
    assert odd(kiosk) == 0
    sold(kiosk=kiosk, amount=5_000)
    assert open_day(kiosk).opening == 30_000
    assert expected(kiosk) == 35_000
    assert expected(kiosk, "qris") == 0
    assert broken(ALL) == set()


def test_a_drawer_that_lacks_money_is_booked_short_and_never_hidden(kiosk, session):
    """Case B23."""
    sold(kiosk=kiosk, amount=36_000)
    close(kiosk, counted(kiosk, 31_000, reason="change"))
    assert odd(kiosk) == 5_000
    assert in_drawer(kiosk) == 31_000
    cash = session.query(DrawerCount).filter_by(way="cash").one()
    assert (cash.expected, cash.counted, cash.reason) == (36_000, 31_000, "change")
    assert broken(ALL) == set()


def test_too_much_in_the_drawer_and_too_little_on_the_qris_are_booked_each(kiosk):
    sold(kiosk=kiosk, amount=10_000)
    sold(kiosk=kiosk, amount=20_000, way="qris")
    over, short = counted(kiosk, 12_000, reason="unwritten"), counted(kiosk, 15_000, "qris", "late")
    close(kiosk, over, short)
    assert odd(kiosk) == -2_000 + 5_000
    assert in_drawer(kiosk) == 12_000
    assert broken(ALL) == set()


def test_without_a_reason_nothing_is_closed(kiosk, session):
    sold(kiosk=kiosk, amount=10_000)
    with pytest.raises(NeedsReason):
        close(kiosk, 9_000)
    assert open_day(kiosk).closed_at is None
    assert session.query(DrawerCount).count() == 0
    assert in_drawer(kiosk) == 10_000


def test_who_saw_other_figures_counts_again(kiosk):
    sold(kiosk=kiosk, amount=10_000)
    cash, qris = counted(kiosk, 10_000), counted(kiosk, 0, "qris")
    sold(kiosk=kiosk, amount=1_000)
    with pytest.raises(FiguresChanged):
        close(kiosk, cash, qris)
    assert open_day(kiosk).closed_at is None


def test_more_than_was_counted_cannot_be_left(kiosk):
    sold(kiosk=kiosk, amount=10_000)
    with pytest.raises(TooMuchLeft):
        close(kiosk, 10_000, leave=10_001)


def test_a_close_sent_twice_is_one_and_a_second_close_is_told(kiosk, session):
    sold(kiosk=kiosk, amount=10_000)
    act_id, day = uuid4(), open_day(kiosk)
    cash, qris = counted(kiosk, 10_000), counted(kiosk, 0, "qris")
    facts = {"leave": 4_000, "day": day}
    first = close(kiosk, cash, qris, act_id=act_id, **facts)
    assert close(kiosk, cash, qris, act_id=act_id, **facts) == first
    with pytest.raises(DayClosed):
        close(kiosk, cash, qris, actor=kiosk.other, **facts)
    assert session.query(Bag).one().amount == 6_000


def test_a_coordinator_may_close_and_a_stranger_may_not(kiosk):
    sold(kiosk=kiosk, amount=10_000)
    with pytest.raises(NotFound):
        close(kiosk, 10_000, actor=a_kiosk().keeper)
    with pytest.raises(NotFound):
        close(kiosk, 10_000, actor=kiosk.treasurer)
    close(kiosk, 10_000, actor=kiosk.coordinator)
    assert open_day(kiosk).closed_at is not None


def test_a_late_sale_goes_into_the_next_day_and_is_shown_there(kiosk, session):
    at = clock.now() - timedelta(minutes=5)
    sold(kiosk=kiosk, amount=10_000)
    first = close(kiosk, counted(kiosk, 14_000, reason="unwritten"))
    late = sold(kiosk=kiosk, amount=4_000, at=at)
    sold(kiosk=kiosk, amount=1_000)
    assert late.is_late
    assert late.day_id != first
    day, place = open_day(kiosk), session.get(Place, kiosk.id)
    assert [one.amount for one in figures.late_in(session, day, desk(place))] == [4_000]
    assert session.get(TradingDay, first).closing == 14_000
    close(kiosk, counted(kiosk, 15_000, reason="late"))
    assert odd(kiosk) == 0  # What was too much then is too little now.
    assert broken(ALL) == set()


def test_a_day_may_be_closed_with_nothing_in_it_but_what_was_left(kiosk):
    sold(kiosk=kiosk, amount=10_000)
    close(kiosk, 10_000)
    sold(kiosk=kiosk, amount=1, way="qris")
    close(kiosk, 10_000, 1, leave=0)
    assert in_drawer(kiosk) == 0
    assert broken(ALL) == set()
