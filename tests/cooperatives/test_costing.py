"""A fair price leaves the maker her costs and her gain, whatever others take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperatives.costing import GAINS_PERCENT, STEP, Costs, fair_price, received
from cooperatives.sharing import Rate
from core.money import RUPIAH_MAX

HOME = Rate(cooperative_bp=500, operator_bp=200)
costs = st.integers(1, 1_000_000)
gains = st.sampled_from(GAINS_PERCENT)
rates = st.builds(
    Rate,
    cooperative_bp=st.integers(0, 3_000),
    kiosk_bp=st.integers(0, 3_000),
    operator_bp=st.integers(0, 3_000),
)


def test_a_batch_is_divided_and_rounded_up():
    batch = Costs(ingredients=50_000, labour=30_000, packaging=9_999, pieces=10)
    assert (batch.total, batch.each) == (89_999, 9_000)


def test_the_example_of_the_page():
    assert fair_price(9_000, 50, HOME) == 15_000
    assert received(15_000, HOME) == 13_950


@given(costs, gains, rates)
def test_cost_and_gain_are_left_and_not_one_step_more_is_asked(cost, gain, rate):
    price = fair_price(cost, gain, rate)
    wanted = cost + cost * gain / 100
    assert price % STEP == 0
    assert received(price, rate) >= wanted
    assert received(price - STEP, rate) < wanted + 2


@pytest.mark.parametrize(
    ("cost", "rate"),
    [(0, HOME), (-1, HOME), (5_000, Rate(cooperative_bp=10_000)), (RUPIAH_MAX, HOME)],
)
def test_where_no_price_is_fair_none_is_told(cost, rate):
    assert fair_price(cost, 50, rate) is None


@pytest.mark.parametrize("odd", [{"pieces": 0}, {"ingredients": -1}, {"labour": RUPIAH_MAX + 1}])
def test_odd_costs_are_our_bug(odd):
    with pytest.raises(AssertionError):
        Costs(**odd)
