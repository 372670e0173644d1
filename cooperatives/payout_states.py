"""The life of a payout as a table of legal moves; staying put means "heard that before"."""

from dataclasses import dataclass
from enum import StrEnum


class PayoutState(StrEnum):
    """Where a payout stands."""

    CREATED = "created"
    APPROVED = "approved"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class Event(StrEnum):
    """What can happen to a payout."""

    APPROVE = "approve"
    SEND = "send"
    CONFIRM = "confirm"
    FAIL = "fail"
    LOSE = "lose"
    ANSWER_PAID = "answer_paid"
    ANSWER_FAILED = "answer_failed"
    CANCEL = "cancel"
    RETURN = "return"


MOVES: dict[PayoutState, dict[Event, PayoutState]] = {
    PayoutState.CREATED: {
        Event.APPROVE: PayoutState.APPROVED,
        Event.CANCEL: PayoutState.CANCELLED,
    },
    PayoutState.APPROVED: {
        Event.SEND: PayoutState.SENT,
        Event.CANCEL: PayoutState.CANCELLED,
    },
    PayoutState.SENT: {
        Event.SEND: PayoutState.SENT,  # A button pressed twice.
        Event.CONFIRM: PayoutState.PAID,
        Event.FAIL: PayoutState.FAILED,
        Event.LOSE: PayoutState.UNKNOWN,
    },
    PayoutState.UNKNOWN: {
        Event.LOSE: PayoutState.UNKNOWN,
        Event.ANSWER_PAID: PayoutState.PAID,
        Event.ANSWER_FAILED: PayoutState.FAILED,
    },
    PayoutState.PAID: {
        Event.CONFIRM: PayoutState.PAID,
        Event.ANSWER_PAID: PayoutState.PAID,
        Event.RETURN: PayoutState.RETURNED,
    },
    PayoutState.FAILED: {Event.FAIL: PayoutState.FAILED, Event.ANSWER_FAILED: PayoutState.FAILED},
    PayoutState.CANCELLED: {Event.CANCEL: PayoutState.CANCELLED},
    PayoutState.RETURNED: {Event.RETURN: PayoutState.RETURNED},
}
assert MOVES.keys() == set(PayoutState), "every state must say where it leads"

ENDED = tuple(str(state) for state, moves in MOVES.items() if set(moves.values()) <= {state})
"""States that lead nowhere: the settlement may be paid by another payout."""

OPEN = tuple(str(state) for state in PayoutState if state not in (*ENDED, PayoutState.PAID))
"""States in which somebody still has to do something."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bank or provider said when asked: paid or not (None: not known yet), and where."""

    paid: bool | None
    evidence: str
