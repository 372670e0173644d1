"""The claim's machine and the tables around it, exhaustively."""

from datetime import datetime

import pytest

from core.clock import WIB
from orders import working_days
from orders.claim_states import (
    CLAIM_MOVES,
    LIVING,
    Bearer,
    ClaimEvent,
    ClaimState,
    Trouble,
    possible_bearers,
    usual_bearer,
)
from orders.states import IllegalMove, move

PAIRS = [(state, event) for state in ClaimState for event in ClaimEvent]
OVER = set(ClaimState) - set(LIVING)
BUYERS_TURN = (ClaimState.OFFERED, ClaimState.ANSWERED)


def leads_to(start):
    seen, todo = {start}, [start]
    while todo:
        for state in set(CLAIM_MOVES[todo.pop()].values()) - seen:
            seen.add(state)
            todo.append(state)
    return seen


@pytest.mark.parametrize(("state", "event"), PAIRS)
def test_a_pair_is_in_the_table_or_refused(state, event):
    if event in CLAIM_MOVES[state]:
        assert move(CLAIM_MOVES, state, event) == CLAIM_MOVES[state][event]
    else:
        with pytest.raises(IllegalMove):
            move(CLAIM_MOVES, state, event)


def test_every_state_can_be_reached_from_an_open_claim():
    assert leads_to(ClaimState.OPEN) == set(ClaimState)


@pytest.mark.parametrize("state", LIVING)
def test_every_claim_can_come_to_an_end(state):
    assert leads_to(state) & OVER


@pytest.mark.parametrize("state", sorted(OVER))
def test_what_is_over_stays_over(state):
    assert leads_to(state) == {state}


@pytest.mark.parametrize("state", sorted(set(LIVING) - {ClaimState.AGREED}))
def test_a_buyer_may_let_it_be_until_it_is_agreed(state):
    assert move(CLAIM_MOVES, state, ClaimEvent.WITHDRAW) is ClaimState.WITHDRAWN


@pytest.mark.parametrize("state", BUYERS_TURN)
def test_a_buyer_may_always_ask_the_coordinator(state):
    asked = (ClaimEvent.DECLINE, ClaimEvent.ESCALATE)
    assert ClaimState.ESCALATED in {CLAIM_MOVES[state].get(event) for event in asked}


@pytest.mark.parametrize("state", [ClaimState.OPEN, *BUYERS_TURN])
def test_nobody_can_stay_silent_for_ever(state):
    by_clock = ClaimEvent.ESCALATE if state is ClaimState.OPEN else ClaimEvent.LAPSE
    assert by_clock in CLAIM_MOVES[state]


def test_nothing_is_agreed_that_was_not_granted_or_offered():
    to_agreed = {
        (state, event)
        for state, moves in CLAIM_MOVES.items()
        for event, to in moves.items()
        if to is ClaimState.AGREED and state is not ClaimState.AGREED
    }
    assert to_agreed == {
        (ClaimState.OPEN, ClaimEvent.GRANT),
        (ClaimState.ESCALATED, ClaimEvent.GRANT),
        (ClaimState.OFFERED, ClaimEvent.ACCEPT),
        (ClaimState.OFFERED, ClaimEvent.LAPSE),
    }


USUAL = [
    (Trouble.SPOILT, True, True, Bearer.MAKER),
    (Trouble.SPOILT, False, False, Bearer.MAKER),
    (Trouble.BROKEN, True, False, Bearer.COURIER),
    (Trouble.BROKEN, False, True, Bearer.KIOSK),
    (Trouble.BROKEN, False, False, Bearer.MAKER),
    (Trouble.NOT_THERE, True, True, Bearer.COURIER),
    (Trouble.WRONG, True, True, Bearer.KIOSK),
    (Trouble.WRONG, True, False, Bearer.MAKER),
    (Trouble.FEWER, False, True, Bearer.KIOSK),
    (Trouble.OTHER, True, True, Bearer.MAKER),
]


@pytest.mark.parametrize(("trouble", "shipped", "from_kiosk", "bearer"), USUAL)
def test_whoever_had_the_goods_in_hand_bears_it(trouble, shipped, from_kiosk, bearer):
    assert usual_bearer(trouble, shipped=shipped, from_kiosk=from_kiosk) is bearer


@pytest.mark.parametrize("trouble", Trouble)
@pytest.mark.parametrize("shipped", [True, False])
@pytest.mark.parametrize("from_kiosk", [True, False])
def test_the_usual_bearer_may_be_chosen_and_the_operator_only_by_itself(
    trouble, shipped, from_kiosk
):
    where = {"shipped": shipped, "from_kiosk": from_kiosk}
    mine = possible_bearers(trouble, **where, by_operator=False)
    assert usual_bearer(trouble, **where) in mine
    assert Bearer.OPERATOR not in mine
    assert Bearer.OPERATOR in possible_bearers(trouble, **where, by_operator=True)
    assert (Bearer.KIOSK in mine) == from_kiosk
    assert shipped or Bearer.COURIER not in mine


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-23 09:00", 2, "2026-11-26"),  # Monday: Tuesday and Wednesday are hers.
        ("2026-11-26 23:30", 2, "2026-12-01"),  # Thursday: Friday and Monday.
        ("2026-11-27 08:00", 1, "2026-12-01"),  # Friday: Monday.
        ("2026-11-28 08:00", 1, "2026-12-01"),  # Saturday and Sunday count for nothing.
        ("2026-11-29 08:00", 1, "2026-12-01"),
        ("2026-11-23 09:00", 0, "2026-11-24"),
    ],
)
def test_weekends_are_no_working_days(start, days, end):
    began = datetime.fromisoformat(start).replace(tzinfo=WIB)
    assert working_days.end_of(began, days) == datetime.fromisoformat(end).replace(tzinfo=WIB)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-12-01 00:00", "30 November 2026"),
        ("2026-12-01 09:30", "1 Desember 2026, 09.30"),
    ],
)
def test_a_deadline_at_midnight_is_the_day_before(app, moment, said):
    at = datetime.fromisoformat(moment).replace(tzinfo=WIB)
    assert working_days.spoken(at).startswith(said)
