"""Whose turn it is to join a bazaar: pure rules, no database.

Who never joined goes first, then whoever joined longest ago. Among equals a draw decides that
anybody can repeat: the number of the bazaar and of the shop, hashed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Turn:
    """A member who wants to join, and the last day of the last bazaar she joined."""

    seller_id: int
    last_on: date | None = None
    slots: int = 1


def draw(bazaar_id: int, seller_id: int) -> str:
    """The lot that a member drew for this bazaar; the smallest goes first."""
    return sha256(f"{bazaar_id}:{seller_id}".encode()).hexdigest()


def in_turn(bazaar_id: int, turns: Iterable[Turn]) -> list[Turn]:
    """Everybody in the order in which places are given."""
    return sorted(turns, key=lambda t: (t.last_on or date.min, draw(bazaar_id, t.seller_id)))


def take(ordered: Sequence[Turn], free: int) -> tuple[list[Turn], list[Turn]]:
    """Who gets the free places, in turn, and who waits. Nobody is jumped over: where the next one
    needs more places than are left, nobody behind her is taken before her.
    """
    taken = 0
    for number, turn in enumerate(ordered):
        if turn.slots > free - taken:
            return list(ordered[:number]), list(ordered[number:])
        taken += turn.slots
    return list(ordered), []


def is_out_of_turn(ordered: Sequence[Turn], seller_id: int) -> bool:
    """Whether somebody else is before her."""
    return bool(ordered) and ordered[0].seller_id != seller_id
