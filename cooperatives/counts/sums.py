"""What a count means: pure arithmetic over the frozen point, the numbers, and what moved since.

A number is compared with what the record says for the moment it was counted: the frozen point and
every movement since that had happened by then. So sales go on while people count, and none is lost.
What only corrects the record (another count, an undone slip) moved no goods and counts at any time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Frozen:
    """What the record said, when, and the last movement it had seen."""

    on_record: int
    seen_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement since: units in (+) or out (−), when, and whether it only mends the record."""

    id: int
    units: int
    at: datetime
    is_paper: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One person's number."""

    person_id: int
    quantity: int
    at: datetime


class State(StrEnum):
    """How a line stands."""

    UNCOUNTED = "uncounted"
    SAME = "same"
    DIFFERS = "differs"
    MOVED = "moved"  # Goods moved after she counted: recount, keep mine, or apply the difference.
    DISAGREE = "disagree"  # Two people counted, and not the same.
    IMPOSSIBLE = "impossible"  # More has left since than was counted.


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a line says; `difference` is none where there is nothing to post."""

    state: State
    difference: int | None = None


def expected(frozen: Frozen, moves: Sequence[Moved], at: datetime, kept_until: int = 0) -> int:
    """What should have stood there when it was counted; with `kept_until`, all up to that movement
    is taken to be in her number already.
    """
    at = max(at, frozen.at)  # Nobody counts before the count began; her clock is behind.
    return frozen.on_record + sum(
        move.units for move in moves if move.is_paper or move.at <= at or move.id <= kept_until
    )


def moved_after(frozen: Frozen, moves: Sequence[Moved], at: datetime) -> int:
    """Units that came or went after the number was written, by the clocks."""
    at = max(at, frozen.at)
    return sum(move.units for move in moves if not move.is_paper and move.at > at)


def verdict(
    frozen: Frozen,
    moves: Sequence[Moved],
    told: Sequence[Told],
    *,
    choice: str = "",
    kept_until: int = 0,
    page_saw: int | None = None,
) -> Verdict:
    """What these numbers say. `page_saw` is the last movement on the page that decides: what came
    later is simply applied; what is on the page and moved after the count wants a choice.
    """
    if not told:
        return Verdict(State.UNCOUNTED)
    differences = {
        one.quantity - expected(frozen, moves, one.at, kept_until if choice == "keep" else 0)
        for one in told
    }
    if len(differences) > 1:
        return Verdict(State.DISAGREE)
    (difference,) = differences
    if frozen.on_record + sum(move.units for move in moves) + difference < 0:
        return Verdict(State.IMPOSSIBLE)
    if not choice:
        shown = [move for move in moves if page_saw is None or move.id <= page_saw]
        if any(moved_after(frozen, shown, one.at) for one in told):
            return Verdict(State.MOVED, difference)
    return Verdict(State.DIFFERS if difference else State.SAME, difference)
