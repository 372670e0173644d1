"""Whose turn it is, and who bears what: to the person and to the rupiah."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperatives.bazaars.costs import parts
from cooperatives.bazaars.figures import IN, OUT, bucket
from cooperatives.bazaars.rotation import Turn, draw, in_turn, is_out_of_turn, take

MAY, AUGUST = date(2026, 5, 17), date(2026, 8, 2)


def ids(turns):
    return [turn.seller_id for turn in turns]


def test_who_never_joined_goes_first_then_who_joined_longest_ago():
    turns = [Turn(1, AUGUST), Turn(2, MAY), Turn(3), Turn(4, MAY)]
    ordered = ids(in_turn(9, turns))
    assert ordered[0] == 3
    assert set(ordered[1:3]) == {2, 4}
    assert ordered[3] == 1


def test_among_equals_a_draw_decides_that_anybody_can_repeat():
    turns = [Turn(n) for n in range(1, 9)]
    assert ids(in_turn(9, turns)) == sorted(range(1, 9), key=lambda n: draw(9, n))
    assert ids(in_turn(9, turns)) == ids(in_turn(9, reversed(turns)))
    assert ids(in_turn(9, turns)) != ids(in_turn(10, turns))


def test_places_go_in_turn_and_nobody_is_jumped_over():
    ordered = [Turn(1), Turn(2, slots=2), Turn(3)]
    assert [ids(part) for part in take(ordered, 2)] == [[1], [2, 3]]
    assert [ids(part) for part in take(ordered, 3)] == [[1, 2], [3]]
    assert [ids(part) for part in take(ordered, 9)] == [[1, 2, 3], []]
    assert [ids(part) for part in take(ordered, 0)] == [[], [1, 2, 3]]


def test_only_the_next_one_is_in_turn():
    ordered = [Turn(1), Turn(2)]
    assert not is_out_of_turn(ordered, 1)
    assert is_out_of_turn(ordered, 2)
    assert not is_out_of_turn([], 2)


def test_the_house_example_600_000_for_12_is_50_000_each():
    assert parts(600_000, [1] * 12) == [50_000] * 12


def test_the_rest_goes_to_the_largest_remainders():
    assert parts(100, [1, 1, 1]) == [34, 33, 33]
    assert parts(1_000, [1, 2, 4]) == [143, 286, 571]


def test_where_nothing_was_sold_all_bear_the_same():
    assert parts(300_000, [0, 0, 0]) == [100_000] * 3
    assert parts(0, [1, 2]) == [0, 0]
    assert parts(10, []) == []


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**7), min_size=1, max_size=40))
def test_no_rupiah_is_lost_and_nobody_gets_money_for_costs(total, weights):
    found = parts(total, weights)
    assert sum(found) == total
    assert min(found) >= 0
    if any(weights):
        exact = [total * weight / sum(weights) for weight in weights]
        assert all(abs(a - b) <= 1 for a, b in zip(found, exact, strict=True))


@pytest.mark.parametrize(
    ("kind", "is_in"), [(kind, True) for kind in IN] + [(kind, False) for kind in OUT]
)
def test_a_mirror_image_takes_back_what_it_mirrors(kind, is_in):
    name, sign = bucket(kind, is_in=is_in, is_mirror=False)
    assert bucket(kind, is_in=not is_in, is_mirror=True) == (name, -sign)
