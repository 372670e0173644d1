"""The ranking of a scholarship: pure, and the same for everybody who follows it."""

from hashlib import sha256
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sellers.training.selection import Candidate, lot, ranked

CANDIDATES = st.lists(
    st.builds(Candidate, st.integers(1, 10**6), st.booleans(), st.integers(0, 3000)),
    unique_by=lambda one: one.number,
)
SEEDS = st.text("0123456789abcdef", min_size=32, max_size=32)


def test_the_lot_is_what_anybody_computes():
    assert lot("benih", 7) == sha256(b"benih:7").hexdigest()


@given(CANDIDATES, SEEDS, st.booleans())
def test_everybody_has_one_place_whatever_the_order_they_came_in(candidates, seed, first):
    found = ranked(candidates, seed=seed, first_timers_first=first)
    assert sorted(found, key=lambda one: one.number) == sorted(
        candidates, key=lambda one: one.number
    )
    assert found == ranked(reversed(candidates), seed=seed, first_timers_first=first)


@given(CANDIDATES, SEEDS)
def test_first_timers_come_first_then_points_then_lots(candidates, seed):
    found = ranked(candidates, seed=seed, first_timers_first=True)
    for before, after in pairwise(found):
        assert (before.is_first, before.points) >= (after.is_first, after.points)
        if (before.is_first, before.points) == (after.is_first, after.points):
            assert lot(seed, before.number) < lot(seed, after.number)


@given(CANDIDATES, SEEDS)
def test_where_the_batch_does_not_say_so_nobody_is_asked_whether_she_had_one(candidates, seed):
    found = ranked(candidates, seed=seed, first_timers_first=False)
    assert [one.points for one in found] == sorted((c.points for c in candidates), reverse=True)
