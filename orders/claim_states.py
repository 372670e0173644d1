"""A problem with an order: the claim's machine, and everything about it that is decided by a table.

The seller or keeper answers first, the buyer agrees or not, and the coordinator has the last word
in the house. Staying put means "heard that before", as in `orders.states`.
"""

from enum import StrEnum

from orders.states import ParcelState


class ClaimState(StrEnum):
    """Whose turn it is."""

    OPEN = "open"  # The seller's or keeper's.
    OFFERED = "offered"  # The buyer's: she was offered something else than she wished.
    ANSWERED = "answered"  # The buyer's: she was answered in words and gets nothing.
    ESCALATED = "escalated"  # The coordinator's.
    AGREED = "agreed"  # It is decided, and something is still to be done.
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class ClaimEvent(StrEnum):
    """What buyer, seller, coordinator and clock do to a claim."""

    OFFER = "offer"  # Something else than she wished.
    GRANT = "grant"  # All that she wished: nobody has to ask her again.
    REPLY = "reply"  # Words only: a reason why not, or what she asked for.
    ACCEPT = "accept"
    DECLINE = "decline"
    ESCALATE = "escalate"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"  # The buyer was silent: what was offered is done, what was said stands.
    BREAK = "break"  # Goods promised as a replacement are not there after all.
    FINISH = "finish"


S, E = ClaimState, ClaimEvent
CLAIM_MOVES: dict[ClaimState, dict[ClaimEvent, ClaimState]] = {
    S.OPEN: {
        E.OFFER: S.OFFERED,
        E.GRANT: S.AGREED,
        E.REPLY: S.ANSWERED,
        E.ESCALATE: S.ESCALATED,
        E.WITHDRAW: S.WITHDRAWN,
    },
    S.OFFERED: {
        E.ACCEPT: S.AGREED,
        E.LAPSE: S.AGREED,
        E.DECLINE: S.ESCALATED,
        E.BREAK: S.ESCALATED,
        E.WITHDRAW: S.WITHDRAWN,
    },
    S.ANSWERED: {E.ESCALATE: S.ESCALATED, E.LAPSE: S.CLOSED, E.WITHDRAW: S.WITHDRAWN},
    S.ESCALATED: {
        E.OFFER: S.OFFERED,
        E.GRANT: S.AGREED,
        E.REPLY: S.CLOSED,
        E.DECLINE: S.ESCALATED,
        E.ESCALATE: S.ESCALATED,
        E.BREAK: S.ESCALATED,
        E.WITHDRAW: S.WITHDRAWN,
    },
    S.AGREED: {
        E.ACCEPT: S.AGREED,
        E.GRANT: S.AGREED,
        E.LAPSE: S.AGREED,
        E.BREAK: S.ESCALATED,
        E.FINISH: S.CLOSED,
    },
    S.CLOSED: {E.FINISH: S.CLOSED, E.LAPSE: S.CLOSED, E.REPLY: S.CLOSED},
    S.WITHDRAWN: {E.WITHDRAW: S.WITHDRAWN},
}
assert CLAIM_MOVES.keys() == set(ClaimState), "every state must say where it leads"

LIVING = (S.OPEN, S.OFFERED, S.ANSWERED, S.ESCALATED, S.AGREED)
"""While a claim is one of these its parcel is not earned."""


class Wish(StrEnum):
    """What the buyer wishes."""

    REPLACE = "replace"
    MONEY = "money"
    ASK = "ask"


class Trouble(StrEnum):
    """What is wrong."""

    SPOILT = "spoilt"
    BROKEN = "broken"
    WRONG = "wrong"
    FEWER = "fewer"
    NOT_THERE = "not_there"
    OTHER = "other"


class Bearer(StrEnum):
    """Who bears what a claim costs."""

    MAKER = "maker"  # The sale of these pieces is undone: everybody gives her share back.
    KIOSK = "kiosk"
    COURIER = "courier"
    OPERATOR = "operator"
    RISK_FUND = "risk_fund"


ON_THE_WAY = (Trouble.BROKEN, Trouble.NOT_THERE)
IN_PACKING = (Trouble.WRONG, Trouble.FEWER)
CLAIMABLE = (
    ParcelState.HANDED_OVER,
    ParcelState.DELIVERED,
    ParcelState.QUIET,
    ParcelState.EARNED,
    ParcelState.RETURNED,
)
"""A parcel must have left for anybody to have a problem with what is in it."""


def usual_bearer(trouble: Trouble, *, shipped: bool, from_kiosk: bool) -> Bearer:
    """Who bears it unless a coordinator decides otherwise: whoever had the goods in hand."""
    packer = Bearer.KIOSK if from_kiosk else Bearer.MAKER
    if trouble in ON_THE_WAY:
        return Bearer.COURIER if shipped else packer
    return packer if trouble in IN_PACKING else Bearer.MAKER


def possible_bearers(
    trouble: Trouble, *, shipped: bool, from_kiosk: bool, by_operator: bool
) -> tuple[Bearer, ...]:
    """Whom a coordinator may let bear it; the operator's own money is the operator's to give."""
    may = {
        Bearer.MAKER: True,
        Bearer.KIOSK: from_kiosk,
        Bearer.COURIER: shipped and (trouble in ON_THE_WAY or by_operator),
        Bearer.OPERATOR: by_operator,
        Bearer.RISK_FUND: True,
    }
    return tuple(bearer for bearer, is_possible in may.items() if is_possible)
