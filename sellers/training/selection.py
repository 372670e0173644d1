"""How seats of a scholarship are ranked: pure rules that anybody can follow with the record.

First those who never had a scholarship, where the batch says so; then by points, where it is
judged; then by lot. The lot of an application is SHA-256 of "seed:number", smallest first.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """One application as it is ranked; `points` are of all its judges, 0 where lots are drawn."""

    number: int
    is_first: bool
    points: int = 0


def lot(seed: str, number: int) -> str:
    """The lot of one application."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def ranked(
    candidates: Iterable[Candidate], *, seed: str, first_timers_first: bool
) -> Sequence[Candidate]:
    """Candidates in the order in which they get seats, then wait."""
    return sorted(
        candidates,
        key=lambda one: (
            first_timers_first and not one.is_first,
            -one.points,
            lot(seed, one.number),
        ),
    )
