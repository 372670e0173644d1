"""The three machines, each a table of legal moves that can be read aloud.

Staying put means "heard that before": gateways and thumbs repeat themselves. A pair that is not in
the table is refused. Gateway events act on the attempt, never on the order.
"""

from enum import StrEnum
from typing import TypeVar

from flask_babel import lazy_gettext as _

from core.errors import DomainError

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


class AttemptState(StrEnum):
    """One try to pay."""

    CREATED = "created"
    PENDING = "pending"
    CAPTURED = "captured"
    FAILED = "failed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    SURPLUS = "surplus"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    CHARGED_BACK = "charged_back"
    REVERSED = "reversed"
    PART = "part"
    JOINED = "joined"


class AttemptEvent(StrEnum):
    """What a gateway, a treasurer or the clock says of one try."""

    OPEN = "open"
    CAPTURE = "capture"
    CAPTURE_SECOND = "capture_second"
    FAIL = "fail"
    EXPIRE = "expire"
    LOSE = "lose"
    REFUND_PART = "refund_part"
    REFUND_ALL = "refund_all"
    DISPUTE = "dispute"
    WIN = "win"
    CHARGE_BACK = "charge_back"
    REVERSE = "reverse"
    CAPTURE_PART = "capture_part"
    JOIN = "join"


class OrderState(StrEnum):
    """The buyer's whole order."""

    AWAITING_PAYMENT = "awaiting_payment"
    ON_DELIVERY = "on_delivery"
    PAID = "paid"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


class OrderEvent(StrEnum):
    """What can happen to an order."""

    CHOOSE_CASH = "choose_cash"
    CHOOSE_PREPAID = "choose_prepaid"
    PAY = "pay"
    COMPLETE = "complete"
    CANCEL = "cancel"
    LAPSE = "lapse"
    UNPAY = "unpay"


class ParcelState(StrEnum):
    """What goes from one place to the buyer."""

    TO_ACCEPT = "to_accept"
    ACCEPTED = "accepted"
    PACKED = "packed"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    QUIET = "quiet"
    EARNED = "earned"
    DECLINED = "declined"
    REFUSED = "refused"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class ParcelEvent(StrEnum):
    """What seller, keeper, courier, buyer and clock do to a parcel."""

    ACCEPT = "accept"
    DECLINE = "decline"
    PACK = "pack"
    HAND_OVER = "hand_over"
    DELIVER = "deliver"
    REST = "rest"
    EARN = "earn"
    REFUSE = "refuse"
    RETURN = "return"
    CANCEL = "cancel"
    REVIVE = "revive"


A, AE = AttemptState, AttemptEvent
_LATE = {  # Money counts whenever it comes: it pays, it is too much, or it is too little.
    AE.CAPTURE: A.CAPTURED,
    AE.CAPTURE_SECOND: A.SURPLUS,
    AE.CAPTURE_PART: A.PART,
}
_TAKEN_BACK = {AE.DISPUTE: A.DISPUTED, AE.CHARGE_BACK: A.CHARGED_BACK}  # By the buyer's bank.


def _stays(state: AttemptState, *more: AttemptEvent) -> dict[AttemptEvent, AttemptState]:
    """Old news about money that came: notices arrive late, twice and in any order."""
    return dict.fromkeys((AE.OPEN, AE.CAPTURE, AE.FAIL, AE.EXPIRE, AE.LOSE, *more), state)


ATTEMPT_MOVES: dict[AttemptState, dict[AttemptEvent, AttemptState]] = {
    A.CREATED: {
        AE.OPEN: A.PENDING,
        AE.FAIL: A.FAILED,
        AE.EXPIRE: A.EXPIRED,
        AE.LOSE: A.UNKNOWN,
        **_LATE,
    },
    A.PENDING: {
        AE.OPEN: A.PENDING,
        AE.FAIL: A.FAILED,
        AE.EXPIRE: A.EXPIRED,
        AE.LOSE: A.UNKNOWN,
        **_LATE,
    },
    A.UNKNOWN: {
        AE.OPEN: A.PENDING,
        AE.FAIL: A.FAILED,
        AE.EXPIRE: A.EXPIRED,
        AE.LOSE: A.UNKNOWN,
        **_LATE,
    },
    A.FAILED: {
        AE.OPEN: A.FAILED,
        AE.FAIL: A.FAILED,
        AE.EXPIRE: A.FAILED,
        AE.LOSE: A.FAILED,
        **_LATE,
    },
    A.EXPIRED: {
        AE.OPEN: A.EXPIRED,
        AE.FAIL: A.EXPIRED,
        AE.EXPIRE: A.EXPIRED,
        AE.LOSE: A.EXPIRED,
        **_LATE,
    },
    A.CAPTURED: {
        **_stays(A.CAPTURED, AE.CAPTURE_SECOND, AE.WIN),
        AE.REFUND_PART: A.PARTLY_REFUNDED,
        AE.REFUND_ALL: A.REFUNDED,
        AE.REVERSE: A.REVERSED,
        **_TAKEN_BACK,
    },
    A.SURPLUS: {
        **_stays(A.SURPLUS, AE.CAPTURE_SECOND, AE.WIN),
        AE.REFUND_PART: A.SURPLUS,  # It is a surplus until all of it has gone back.
        AE.REFUND_ALL: A.REFUNDED,
        AE.REVERSE: A.REVERSED,
        **_TAKEN_BACK,
    },
    A.PARTLY_REFUNDED: {
        **_stays(A.PARTLY_REFUNDED, AE.CAPTURE_SECOND, AE.REFUND_PART, AE.WIN),
        AE.REFUND_ALL: A.REFUNDED,
        **_TAKEN_BACK,
    },
    A.REFUNDED: {
        **_stays(A.REFUNDED, AE.CAPTURE_SECOND, AE.REFUND_PART, AE.REFUND_ALL, AE.WIN),
        **_TAKEN_BACK,
    },
    A.DISPUTED: {
        **_stays(A.DISPUTED, AE.CAPTURE_SECOND, AE.DISPUTE),
        AE.WIN: A.CAPTURED,
        AE.CHARGE_BACK: A.CHARGED_BACK,
    },
    A.CHARGED_BACK: _stays(A.CHARGED_BACK, AE.CAPTURE_SECOND, AE.DISPUTE, AE.CHARGE_BACK, AE.WIN),
    A.REVERSED: _stays(A.REVERSED, AE.REVERSE),
    A.PART: {  # Too little by itself: the rest comes and takes it along, or it goes back.
        **_stays(A.PART, AE.CAPTURE_PART),
        AE.JOIN: A.JOINED,
        AE.CAPTURE_SECOND: A.SURPLUS,
    },
    A.JOINED: _stays(A.JOINED, AE.JOIN),
}

OS, OE = OrderState, OrderEvent
ORDER_MOVES: dict[OrderState, dict[OrderEvent, OrderState]] = {
    OS.AWAITING_PAYMENT: {
        OE.CHOOSE_CASH: OS.ON_DELIVERY,
        OE.CHOOSE_PREPAID: OS.AWAITING_PAYMENT,
        OE.PAY: OS.PAID,
        OE.CANCEL: OS.CANCELLED,
        OE.LAPSE: OS.LAPSED,
    },
    OS.ON_DELIVERY: {
        OE.CHOOSE_CASH: OS.ON_DELIVERY,
        OE.CHOOSE_PREPAID: OS.AWAITING_PAYMENT,
        OE.PAY: OS.PAID,
        OE.CANCEL: OS.CANCELLED,
        OE.LAPSE: OS.LAPSED,
    },
    OS.PAID: {
        OE.PAY: OS.PAID,
        OE.COMPLETE: OS.COMPLETED,
        OE.CANCEL: OS.CANCELLED,
        OE.UNPAY: OS.AWAITING_PAYMENT,  # A settlement that the bank took back within minutes.
    },
    OS.COMPLETED: {OE.PAY: OS.COMPLETED, OE.COMPLETE: OS.COMPLETED},
    OS.CANCELLED: {OE.CANCEL: OS.CANCELLED, OE.LAPSE: OS.CANCELLED},
    OS.LAPSED: {
        OE.LAPSE: OS.LAPSED,
        OE.CANCEL: OS.LAPSED,
        OE.PAY: OS.PAID,
    },  # Paid late, goods there.
}

P, PE = ParcelState, ParcelEvent
PARCEL_MOVES: dict[ParcelState, dict[ParcelEvent, ParcelState]] = {
    P.TO_ACCEPT: {PE.ACCEPT: P.ACCEPTED, PE.DECLINE: P.DECLINED, PE.CANCEL: P.CANCELLED},
    P.ACCEPTED: {
        PE.ACCEPT: P.ACCEPTED,
        PE.PACK: P.PACKED,
        PE.HAND_OVER: P.HANDED_OVER,
        PE.DECLINE: P.DECLINED,
        PE.CANCEL: P.CANCELLED,
        PE.REFUSE: P.REFUSED,  # A pick-up that nobody came for.
    },
    P.PACKED: {
        PE.PACK: P.PACKED,
        PE.HAND_OVER: P.HANDED_OVER,
        PE.CANCEL: P.CANCELLED,
        PE.REFUSE: P.REFUSED,
    },
    P.HANDED_OVER: {
        PE.HAND_OVER: P.HANDED_OVER,
        PE.DELIVER: P.DELIVERED,
        PE.REFUSE: P.REFUSED,
    },
    P.DELIVERED: {PE.DELIVER: P.DELIVERED, PE.REST: P.QUIET, PE.RETURN: P.RETURNED},
    P.QUIET: {PE.REST: P.QUIET, PE.EARN: P.EARNED, PE.RETURN: P.RETURNED},
    P.EARNED: {PE.EARN: P.EARNED, PE.RETURN: P.RETURNED},
    P.DECLINED: {PE.DECLINE: P.DECLINED, PE.CANCEL: P.DECLINED},
    P.REFUSED: {PE.REFUSE: P.REFUSED, PE.RETURN: P.RETURNED},
    P.RETURNED: {PE.RETURN: P.RETURNED},
    P.CANCELLED: {
        PE.CANCEL: P.CANCELLED,
        PE.DECLINE: P.CANCELLED,
        PE.REVIVE: P.TO_ACCEPT,  # Its order had lapsed, and the money came all the same.
    },
}

assert ATTEMPT_MOVES.keys() == set(AttemptState), "every state must say where it leads"
assert ORDER_MOVES.keys() == set(OrderState), "every state must say where it leads"
assert PARCEL_MOVES.keys() == set(ParcelState), "every state must say where it leads"


class IllegalMove(DomainError):
    """This step does not follow from where the thing stands."""

    status = 409
    sentence = _("Langkah ini tidak bisa lagi. Muat ulang halaman untuk melihat keadaan terbaru.")


def move(table: dict[S, dict[E, S]], state: S, event: E) -> S:
    """Where `event` leads from `state`; raises IllegalMove if nowhere."""
    try:
        return table[state][event]
    except KeyError:
        raise IllegalMove from None
