"""A count against its frozen point: pure, with sales before, after and late."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperatives.counts.sums import Frozen, Moved, State, Told, Verdict, expected, verdict

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)


def at(minutes):
    return NINE + timedelta(minutes=minutes)


TEN = Frozen(10, 100, NINE)
SOLD_BEFORE = Moved(101, -2, at(5))
SOLD_AFTER = Moved(102, -3, at(20))
MENDED = Moved(103, -1, at(30), is_paper=True)


@pytest.mark.parametrize(
    ("moves", "quantity", "minutes", "said"),
    [
        ([], 10, 10, Verdict(State.SAME, 0)),
        ([], 9, 10, Verdict(State.DIFFERS, -1)),
        ([], 12, 10, Verdict(State.DIFFERS, 2)),
        ([], 0, 10, Verdict(State.DIFFERS, -10)),
        ([SOLD_BEFORE], 8, 10, Verdict(State.SAME, 0)),
        ([SOLD_AFTER], 10, 10, Verdict(State.MOVED, 0)),
        ([SOLD_BEFORE, SOLD_AFTER], 7, 10, Verdict(State.MOVED, -1)),
        ([MENDED], 9, 10, Verdict(State.SAME, 0)),
        ([SOLD_AFTER], 2, 10, Verdict(State.IMPOSSIBLE)),
        ([SOLD_BEFORE], 8, -60, Verdict(State.MOVED, -2)),
    ],
)
def test_a_number_is_compared_with_its_own_moment(moves, quantity, minutes, said):
    assert verdict(TEN, moves, [Told(1, quantity, at(minutes))]) == said


def test_nobody_counted_is_neither_zero_nor_same():
    assert verdict(TEN, [], []) == Verdict(State.UNCOUNTED, None)


def test_two_people_agree_by_what_was_missing_not_by_the_number():
    told = [Told(1, 10, at(1)), Told(2, 8, at(10))]
    assert verdict(TEN, [SOLD_BEFORE], told, choice="apply") == Verdict(State.SAME, 0)
    assert verdict(TEN, [], told).state is State.DISAGREE


def test_keep_mine_takes_what_moved_as_counted_already():
    told = [Told(1, 7, at(10))]
    assert verdict(TEN, [SOLD_AFTER], told, choice="apply").difference == -3
    assert verdict(TEN, [SOLD_AFTER], told, choice="keep", kept_until=102) == Verdict(State.SAME, 0)
    later = Moved(110, -1, at(40))
    kept = verdict(TEN, [SOLD_AFTER, later], told, choice="keep", kept_until=102)
    assert kept == Verdict(State.SAME, 0)


def test_what_moves_after_the_page_was_shown_wants_no_choice():
    told = [Told(1, 9, at(10))]
    assert verdict(TEN, [SOLD_AFTER], told, page_saw=100) == Verdict(State.DIFFERS, -1)
    assert verdict(TEN, [SOLD_AFTER], told, page_saw=102).state is State.MOVED


@given(
    st.integers(0, 50),
    st.lists(st.tuples(st.integers(-5, 5), st.integers(0, 60), st.booleans()), max_size=12),
    st.integers(0, 60),
    st.integers(-10, 10),
)
def test_no_sale_is_ever_lost(record, moved, minutes, truth):
    """Whatever moved, before and after: the record ends at what is really there."""
    frozen = Frozen(record, 0, NINE)
    moves = [Moved(n, units, at(when), paper) for n, (units, when, paper) in enumerate(moved, 1)]
    really = [move.units for move in moves if not move.is_paper]
    begun = record + truth  # What really stood there when the record said `record`.
    counted = begun + sum(m.units for m in moves if not m.is_paper and m.at <= at(minutes))
    difference = counted - expected(frozen, moves, at(minutes))
    ends = record + sum(move.units for move in moves) + difference
    assert ends == begun + sum(really)
