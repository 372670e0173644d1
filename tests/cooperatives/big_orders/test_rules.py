"""Sharing out: by strength and weather, in turn, to the piece; and the two tables of moves."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperatives.big_orders import rules, states
from cooperatives.big_orders.rules import Hand
from cooperatives.big_orders.states import MOVES, SHARE_MOVES, Event, NotNow, Share, State

MONDAY = date(2026, 11, 30)
HANDS = st.lists(
    st.builds(
        Hand,
        seller_id=st.integers(1, 10_000),
        lately=st.integers(0, 5) | st.integers(0, 10**9),
        strength=st.integers(0, 400),
    ),
    max_size=12,
    unique_by=lambda one: one.seller_id,
)


@pytest.mark.parametrize(
    ("skies", "sunny", "rainy", "pieces"),
    [
        ("sssssss", 70, 35, 70),
        ("rrrrrrr", 70, 35, 35),
        ("sssrr", 70, 35, 40),
        ("ss", 10, 3, 2),
        ("sr", 70, None, 20),  # Rain is nothing to her.
        ("sr", None, 35, 10),
        ("sr", 70, 0, 10),
        ("", 70, 35, 0),
        ("sssssss", None, None, 0),
    ],
)
def test_strength_is_days_by_the_sky(skies, sunny, rainy, pieces):
    assert rules.strength(skies, sunny, rainy) == pieces


def test_she_works_after_her_rest_and_not_where_there_is_no_time_to_begin():
    assert rules.her_days(MONDAY, "srsr", None, 1) == "srsr"
    assert rules.her_days(MONDAY, "srsr", date(2026, 12, 2), 1) == "sr"
    assert rules.her_days(MONDAY, "srsr", date(2026, 11, 20), 1) == "srsr"
    assert rules.her_days(MONDAY, "srsr", None, 5) == ""
    assert rules.her_days(MONDAY, "srsr", date(2026, 12, 9), 0) == ""


def test_who_had_least_goes_first_and_a_draw_can_be_repeated():
    hands = [Hand(n, 0, 9) for n in range(1, 9)]
    by_draw = sorted(range(1, 9), key=lambda n: rules.draw(7, n))
    assert [one.seller_id for one in rules.in_turn(7, hands)] == by_draw
    had = [Hand(1, 500, 9), Hand(2, 0, 9), Hand(3, 200, 9)]
    assert [one.seller_id for one in rules.in_turn(7, had)] == [2, 3, 1]


def test_by_hand_500_boxes_for_four():
    """125 each; Bu 3 makes only 60, so 65 are shared by three: 21 each, and two get one more."""
    hands = [Hand(1, 0, 200), Hand(2, 0, 200), Hand(3, 0, 60), Hand(4, 0, 200)]
    assert rules.share_out(500, hands) == {1: 147, 2: 147, 3: 60, 4: 146}


def test_a_share_is_worth_a_fire():
    hands = [Hand(1, 0, 90), Hand(2, 0, 10), Hand(3, 0, 90), Hand(4, 0, 90)]
    assert rules.share_out(60, hands, least=25) == {1: 30, 2: 0, 3: 30, 4: 0}
    assert rules.share_out(250, hands, least=90) == {1: 84, 2: 0, 3: 83, 4: 83}
    assert rules.share_out(10, hands, least=90) == {1: 10, 2: 0, 3: 0, 4: 0}


@given(st.integers(0, 2_000), HANDS, st.integers(1, 60))
def test_nothing_is_lost_and_nobody_is_above_her_strength(wanted, hands, least):
    ordered = rules.in_turn(3, hands)
    given_out = rules.share_out(wanted, ordered, least)
    assert given_out.keys() == {one.seller_id for one in hands}
    assert all(0 <= given_out[one.seller_id] <= one.strength for one in hands)
    able = sum(one.strength for one in hands if one.strength >= least)
    assert sum(given_out.values()) == min(wanted, able)
    assert rules.gap(wanted, given_out) == max(0, wanted - able)


@given(st.integers(0, 2_000), HANDS)
def test_whoever_gets_less_than_another_is_at_her_strength_or_behind_by_one_piece(wanted, hands):
    ordered = rules.in_turn(3, hands)
    given_out = rules.share_out(wanted, ordered)
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 :]:
            mine, theirs = given_out[one.seller_id], given_out[other.seller_id]
            assert mine in (theirs, theirs + 1) or min(mine, theirs) in (
                one.strength,
                other.strength,
            )


@given(st.integers(0, 2_000), HANDS, st.randoms())
def test_the_order_of_the_list_changes_nothing(wanted, hands, random):
    shuffled = random.sample(hands, len(hands))
    one = rules.share_out(wanted, rules.in_turn(3, hands))
    assert rules.share_out(wanted, rules.in_turn(3, shuffled)) == one


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_every_move_of_an_order(state, event):
    if event in MOVES[state]:
        assert states.after(state, event) == MOVES[state][event]
    else:
        with pytest.raises(NotNow):
            states.after(state, event)


@pytest.mark.parametrize("state", Share)
@pytest.mark.parametrize("to", Share)
def test_every_move_of_a_share(state, to):
    if to in SHARE_MOVES[state]:
        assert states.becomes(state, to) == to
    else:
        with pytest.raises(NotNow):
            states.becomes(state, to)


def test_an_end_is_an_end_and_every_state_is_reached():
    reached = {State.DRAFT} | {to for moves in MOVES.values() for to in moves.values()}
    assert reached == set(State)
    assert not MOVES[State.DONE]
    assert not MOVES[State.CANCELLED]
    ends = {Share.NO, Share.LATE, Share.PASSED, Share.DROPPED}
    assert all(not SHARE_MOVES[share] for share in ends)
