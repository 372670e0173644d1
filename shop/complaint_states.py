"""The life of a complaint, as a table that can be read aloud, and its words.

*Waiting* means that it waits for us; *answered* that the next word is the complainer's. Whoever
writes into a closed one opens it again.
"""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _


class State(StrEnum):
    """Who has the next word."""

    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


class Deed(StrEnum):
    """What the complainer and the operator do to it."""

    WRITE = "write"
    ANSWER = "answer"
    CLOSE = "close"


MOVES: dict[State, dict[Deed, State]] = {
    State.WAITING: {
        Deed.WRITE: State.WAITING,
        Deed.ANSWER: State.ANSWERED,
        Deed.CLOSE: State.CLOSED,
    },
    State.ANSWERED: {
        Deed.WRITE: State.WAITING,
        Deed.ANSWER: State.ANSWERED,
        Deed.CLOSE: State.CLOSED,
    },
    State.CLOSED: {Deed.WRITE: State.WAITING},
}
assert MOVES.keys() == set(State), "every state must say where it leads"

WORDS: dict[str, tuple[Any, str]] = {
    State.WAITING: (_("Menunggu jawaban kami"), "wait"),
    State.ANSWERED: (_("Sudah kami jawab"), "info"),
    State.CLOSED: (_("Selesai"), "good"),
}
TOPICS: dict[str, Any] = {
    "order": _("Pesanan"),
    "goods": _("Barang"),
    "seller": _("Penjual"),
    "data": _("Data pribadi"),
    "job": _("Iklan lowongan kerja"),
    "other": _("Lainnya"),
}
