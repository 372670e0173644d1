"""A surplus shared out: every line by hand, nothing lost, nothing for nobody."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperatives.membership.sharing_out import Base, share_out
from cooperatives.models.surplus import PARTS

USUAL = dict(zip(PARTS, (4_000, 2_500, 1_500, 500, 500, 500, 500), strict=True))


def test_the_figures_that_the_members_were_told():
    """Sumirah's 24 of 240 million, and 640 thousand of 16 million saved."""
    others = Base(2, 216_000_000, 15_360_000)
    shared = share_out(18_000_000, USUAL, [Base(1, 24_000_000, 640_000), others])
    assert shared.pools == {
        "reserve": 7_200_000, "business": 4_500_000, "capital": 2_700_000, "board": 900_000,
        "staff": 900_000, "education": 900_000, "social": 900_000,
    }  # fmt: skip
    line = shared.lines[0]
    assert (line.business, line.capital, line.total) == (450_000, 108_000, 558_000)
    assert shared.rest == 0


def test_what_rounding_leaves_goes_to_the_reserve():
    shared = share_out(100, USUAL, [Base(n, 1, 1) for n in range(3)])
    assert [line.total for line in shared.lines] == [8 + 5] * 3
    assert shared.rest == 1
    assert shared.funds["reserve"] == 41


@pytest.mark.parametrize("total", [0, -5_000])
def test_a_loss_is_shared_by_nobody(total):
    shared = share_out(total, USUAL, [Base(1, 10, 10)])
    assert shared.total == 0
    assert shared.lines[0].total == 0
    assert set(shared.funds.values()) == {0}


def test_with_nobody_who_sold_the_reserve_gets_that_pool_too():
    shared = share_out(1_000, USUAL, [Base(1, -50, 0)])
    assert shared.lines[0].total == 0
    assert shared.funds["reserve"] == 400 + 250 + 150


@st.composite
def meetings(draw):
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), min_size=6, max_size=6)))
    edges = [0, *cuts, 10_000]
    return dict(zip(PARTS, (b - a for a, b in pairwise(edges)), strict=True))


amounts = st.integers(-(10**6), 10**11)


@given(amounts, meetings(), st.lists(st.tuples(amounts, amounts), max_size=30))
def test_every_rupiah_is_shared_once_and_every_line_repeats_by_hand(total, parts, members):
    shared = share_out(total, parts, [Base(n, *one) for n, one in enumerate(members)])
    given_out = sum(line.total for line in shared.lines) + sum(shared.funds.values())
    assert given_out == max(total, 0)
    assert min([0, *shared.funds.values()]) == 0
    for line in shared.lines:
        by_hand = line.sold * shared.pools["business"] // shared.sold if shared.sold else 0
        assert line.business == by_hand
        by_hand = line.saved * shared.pools["capital"] // shared.saved if shared.saved else 0
        assert line.capital == by_hand
