"""Two machines, each a table of legal moves: a big order, and the share that one maker is asked."""

from enum import StrEnum

from flask_babel import lazy_gettext as _

from core.errors import Conflict


class State(StrEnum):
    """Where a big order is."""

    DRAFT = "draft"
    ASKING = "asking"
    AGREED = "agreed"
    DONE = "done"
    CANCELLED = "cancelled"


class Event(StrEnum):
    """What happens to it."""

    PROPOSE = "propose"
    ASK = "ask"
    SEAL = "seal"
    DROP = "drop"
    FINISH = "finish"
    CANCEL = "cancel"


MOVES: dict[State, dict[Event, State]] = {
    State.DRAFT: {
        Event.PROPOSE: State.DRAFT,
        Event.ASK: State.ASKING,
        Event.CANCEL: State.CANCELLED,
    },
    State.ASKING: {
        Event.PROPOSE: State.ASKING,  # What was declined goes round again.
        Event.ASK: State.ASKING,
        Event.SEAL: State.AGREED,
        Event.CANCEL: State.CANCELLED,
    },
    State.AGREED: {
        Event.DROP: State.ASKING,  # Somebody falls ill: her pieces look for other hands.
        Event.FINISH: State.DONE,
        Event.CANCEL: State.CANCELLED,
    },
    State.DONE: {},
    State.CANCELLED: {},
}
assert MOVES.keys() == set(State), "every state must say where it leads"


class Share(StrEnum):
    """What has become of the share of one maker in one round."""

    PROPOSED = "proposed"
    ASKED = "asked"
    YES = "yes"
    NO = "no"
    LATE = "late"
    PASSED = "passed"
    DROPPED = "dropped"


SHARE_MOVES: dict[Share, frozenset[Share]] = {
    Share.PROPOSED: frozenset({Share.ASKED, Share.PASSED}),
    Share.ASKED: frozenset({Share.YES, Share.NO, Share.LATE}),
    Share.YES: frozenset({Share.YES, Share.DROPPED}),  # Less than she said may stay of it.
    Share.NO: frozenset(),
    Share.LATE: frozenset(),
    Share.PASSED: frozenset(),
    Share.DROPPED: frozenset(),
}
assert SHARE_MOVES.keys() == set(Share), "every state must say where it leads"


class NotNow(Conflict):
    """The order is not at a point where this can be done."""

    sentence = _("Pesanan ini sudah berubah. Muat ulang halaman, lalu lihat lagi.")


def after(state: str, event: Event) -> str:
    """Where an event leads from here; raises NotNow where it may not happen."""
    found = MOVES[State(state)].get(event)
    if found is None:
        raise NotNow
    return found.value


def becomes(share: str, to: Share) -> str:
    """The new state of a share; raises NotNow where it may not become that."""
    if to not in SHARE_MOVES[Share(share)]:
        raise NotNow
    return to.value
