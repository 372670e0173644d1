"""A package's price over its pieces: exact, whole, in proportion, never dearer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperatives.packages.pricing import Agreed, Part, fitting, nearest, spread

parts = st.lists(
    st.builds(Part, st.integers(1, 20), st.integers(1, 1_000_000)), min_size=1, max_size=12
)


@st.composite
def offered(draw):
    found = draw(parts)
    total = sum(one.units * one.price for one in found)
    return draw(st.integers(1, total)), found


@given(offered())
def test_pieces_add_up_to_the_price_and_none_is_dearer_than_alone(offer):
    price, found = offer
    pieces = spread(price, found)
    if pieces is None:
        return
    assert sum(one.units * piece for one, piece in zip(found, pieces, strict=True)) == price
    for one, piece in zip(found, pieces, strict=True):
        assert type(piece) is int
        assert 1 <= piece <= one.price


@given(offered())
def test_each_gets_her_proportion_but_for_what_rounding_leaves(offer):
    price, found = offer
    pieces = spread(price, found)
    if pieces is None:
        return
    total = sum(one.units * one.price for one in found)
    over = 1 + sum(one.units for one in found)
    for one, piece in zip(found, pieces, strict=True):
        assert abs(piece * total - price * one.price) <= over * total


@given(parts)
def test_the_full_price_gives_everybody_her_own(found):
    total = sum(one.units * one.price for one in found)
    assert spread(total, found) == [one.price for one in found]


@given(st.lists(st.integers(1, 1_000_000), min_size=1, max_size=12), st.data())
def test_single_pieces_can_always_be_shared(own, data):
    price = data.draw(st.integers(len(own), sum(own)))
    assert spread(price, [Part(1, one) for one in own]) is not None


def test_pairs_cannot_share_an_odd_price_and_are_told_the_next_ones():
    pairs = [Part(2, 10_000), Part(2, 5_000)]
    assert spread(27_001, pairs) is None
    assert nearest(27_001, pairs) == [27_000, 27_002]


@pytest.mark.parametrize("price", [0, 1, 30_001])
def test_no_price_below_a_rupiah_a_piece_or_above_the_sum(price):
    assert spread(price, [Part(1, 10_000), Part(2, 10_000)]) is None


JAM, CHIPS = Agreed(1, 11, 1, 14_000), Agreed(1, 12, 2, 9_000)
FULL = {11: 15_000, 12: 10_000, 13: 5_000}


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        ({11: 1, 12: 2}, True),
        ({11: 3, 12: 6, 13: 1}, True),
        ({11: 1, 12: 3}, False),
        ({11: 2, 12: 2}, False),
        ({11: 1}, False),
        ({}, False),
    ],
)
def test_a_package_counts_whole_or_not_at_all(wanted, fits):
    assert fitting(wanted, FULL, [JAM, CHIPS]) == ({11: JAM, 12: CHIPS} if fits else {})


def test_a_package_that_became_dearer_than_its_goods_does_not_count():
    assert fitting({11: 1, 12: 2}, FULL | {12: 8_999}, [JAM, CHIPS]) == {}


def test_of_two_packages_with_the_same_goods_the_older_one_counts():
    newer = [one._replace(package_id=2, piece_price=1_000) for one in (JAM, CHIPS)]
    assert fitting({11: 1, 12: 2}, FULL, [*newer, JAM, CHIPS]) == {11: JAM, 12: CHIPS}
