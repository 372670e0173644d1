"""The three machines, exhaustively: what must never happen does not."""

import pytest

from orders.states import (
    ATTEMPT_MOVES,
    ORDER_MOVES,
    PARCEL_MOVES,
    AttemptEvent,
    AttemptState,
    IllegalMove,
    OrderEvent,
    OrderState,
    ParcelEvent,
    ParcelState,
    move,
)

TABLES = [
    (ATTEMPT_MOVES, AttemptState, AttemptEvent),
    (ORDER_MOVES, OrderState, OrderEvent),
    (PARCEL_MOVES, ParcelState, ParcelEvent),
]
PAIRS = [
    (table, state, event)
    for table, states, events in TABLES
    for state in states
    for event in events
]
HAS_MONEY = {
    AttemptState.CAPTURED,
    AttemptState.SURPLUS,
    AttemptState.PARTLY_REFUNDED,
    AttemptState.REFUNDED,
    AttemptState.DISPUTED,
    AttemptState.CHARGED_BACK,
    AttemptState.REVERSED,
    AttemptState.PART,
    AttemptState.JOINED,
}


def reachable(table, start):
    seen, todo = {start}, [start]
    while todo:
        for state in set(table[todo.pop()].values()) - seen:
            seen.add(state)
            todo.append(state)
    return seen


@pytest.mark.parametrize(("table", "state", "event"), PAIRS)
def test_a_pair_is_in_the_table_or_refused(table, state, event):
    if event in table[state]:
        assert move(table, state, event) == table[state][event]
    else:
        with pytest.raises(IllegalMove):
            move(table, state, event)


@pytest.mark.parametrize(("table", "state", "event"), PAIRS)
def test_saying_it_twice_changes_nothing_more(table, state, event):
    if event in table[state]:
        once = table[state][event]
        assert table[once].get(event, once) == once


@pytest.mark.parametrize(
    ("table", "start"),
    [
        (ATTEMPT_MOVES, AttemptState.CREATED),
        (ORDER_MOVES, OrderState.AWAITING_PAYMENT),
        (PARCEL_MOVES, ParcelState.TO_ACCEPT),
    ],
)
def test_every_state_can_be_reached(table, start):
    assert reachable(table, start) == set(table)


@pytest.mark.parametrize("state", sorted(HAS_MONEY))
def test_money_that_came_is_never_forgotten(state):
    assert reachable(ATTEMPT_MOVES, state) <= HAS_MONEY


@pytest.mark.parametrize("state", sorted(HAS_MONEY - {AttemptState.REVERSED}))
@pytest.mark.parametrize(
    "late",
    [AttemptEvent.OPEN, AttemptEvent.CAPTURE, AttemptEvent.FAIL, AttemptEvent.EXPIRE],
)
def test_late_and_repeated_news_moves_no_money(state, late):
    assert move(ATTEMPT_MOVES, state, late) is state


def test_only_money_that_was_not_touched_yet_can_be_taken_back_by_the_gateway():
    can = {state for state, moves in ATTEMPT_MOVES.items() if AttemptEvent.REVERSE in moves}
    assert can == {AttemptState.CAPTURED, AttemptState.SURPLUS, AttemptState.REVERSED}


@pytest.mark.parametrize("state", sorted(set(AttemptState) - HAS_MONEY))
def test_money_counts_whenever_it_comes(state):
    assert move(ATTEMPT_MOVES, state, AttemptEvent.CAPTURE) == AttemptState.CAPTURED
    assert move(ATTEMPT_MOVES, state, AttemptEvent.CAPTURE_SECOND) == AttemptState.SURPLUS


@pytest.mark.parametrize("state", sorted(set(AttemptState) - HAS_MONEY))
def test_nothing_is_refunded_that_never_came(state):
    assert not ATTEMPT_MOVES[state].keys() & {AttemptEvent.REFUND_PART, AttemptEvent.REFUND_ALL}


def test_a_paid_order_never_lapses():
    assert OrderEvent.LAPSE not in ORDER_MOVES[OrderState.PAID]
    unless_taken_back = {
        state: {event: to for event, to in moves.items() if event is not OrderEvent.UNPAY}
        for state, moves in ORDER_MOVES.items()
    }
    assert OrderState.LAPSED not in reachable(unless_taken_back, OrderState.PAID)


def test_a_parcel_is_earned_only_after_hand_over_and_quiet_days():
    before = {
        state
        for state, moves in PARCEL_MOVES.items()
        if ParcelState.EARNED in moves.values() and state is not ParcelState.EARNED
    }
    assert before == {ParcelState.QUIET}
    assert ParcelEvent.CANCEL not in PARCEL_MOVES[ParcelState.HANDED_OVER]
