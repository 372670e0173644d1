"""Which line of the bank statement is for what: pure rules over plain facts.

An amount that only one transfer asks for, or a text that names an order. What could be two things
is left to a person, and nothing is ever proposed that a line is too old for.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

A_NIGHT = timedelta(days=1)
"""A bank may write the day before or after: its night begins at another hour than ours."""


class Fit(StrEnum):
    """What a line is, as far as can be told."""

    EXACT = "exact"  # Just what one open transfer asks for.
    LATE = "late"  # The same, of a transfer whose time is up.
    KNOWN = "known"  # A treasurer noted this money before its line came.
    SHORT = "short"  # The text names the order, and it is too little.
    OVER = "over"  # The same, and it is more than was asked.
    SECOND = "second"  # Its order has its money already.
    REFUND = "refund"  # Money that went back to a buyer.
    PAYOUT = "payout"  # Money that went to a maker, or another payee.
    BAG = "bag"  # Cash that somebody carried from a kiosk to the bank.
    UNKNOWN = "unknown"


SURE = (Fit.EXACT, Fit.KNOWN)
"""What one press may confirm for all lines together."""


@dataclass(frozen=True, slots=True)
class Credit:
    """A line on which money came."""

    line_id: int
    day: date
    amount: int
    text: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """A transfer the money may be for. `asked` is what is still to come, `got` what came and
    `seen_on` when a treasurer said so; `has_line` says that its line was found already.
    """

    attempt_id: UUID
    number: str
    key: str
    since: date
    asked: int
    got: int
    is_open: bool
    has_line: bool
    seen_on: date | None = None

    @property
    def is_taken(self) -> bool:
        """Whether its money has come."""
        return self.seen_on is not None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a line is proposed to be for; `others` are what else it could be."""

    fit: Fit
    target: Awaited | None = None
    others: tuple[Awaited, ...] = ()


@dataclass(slots=True)
class _Round:
    """One look over all lines: what an earlier line was proposed for is not free any more."""

    awaited: Sequence[Awaited]
    given: set[UUID] = field(default_factory=set)

    def propose(self, line: Credit) -> Proposal:
        in_time = [one for one in self.awaited if one.since - A_NIGHT <= line.day]
        named = [one for one in in_time if names(line.text, one)]
        exact = [one for one in in_time if self._is_free(one) and one.asked == line.amount]
        known = [
            one for one in in_time if _is_known(one, line) and one.attempt_id not in self.given
        ]
        for fits in (exact, known):
            if found := _one_of(fits, named):
                self.given.add(found.attempt_id)
                return Proposal(_fit(found), found)
        if named and not exact:
            return self._of_named(line, named)
        return Proposal(Fit.UNKNOWN, None, tuple(dict.fromkeys([*named, *exact, *known])))

    def _is_free(self, one: Awaited) -> bool:
        return not one.is_taken and one.attempt_id not in self.given

    def _of_named(self, line: Credit, named: Sequence[Awaited]) -> Proposal:
        """The text names one order: too little, too much, or once more."""
        if len({one.number for one in named}) > 1:
            return Proposal(Fit.UNKNOWN, None, tuple(named))
        free = [one for one in named if self._is_free(one)]
        if not free:
            return Proposal(Fit.SECOND, named[-1])
        newest = next((one for one in reversed(free) if one.is_open), free[-1])
        return Proposal(Fit.SHORT if line.amount < newest.asked else Fit.OVER, newest)


def propose(lines: Iterable[Credit], awaited: Sequence[Awaited]) -> dict[int, Proposal]:
    """A proposal for every line, the oldest first; `awaited` in the order of opening."""
    looking = _Round(awaited)
    ordered = sorted(lines, key=lambda line: (line.day, line.line_id))
    return {line.line_id: looking.propose(line) for line in ordered}


def _fit(found: Awaited) -> Fit:
    if found.is_taken:
        return Fit.KNOWN
    return Fit.EXACT if found.is_open else Fit.LATE


def _is_known(one: Awaited, line: Credit) -> bool:
    if one.seen_on is None or one.has_line or one.got != line.amount:
        return False
    return line.day <= one.seen_on + A_NIGHT  # She can only have seen what was there.


def _one_of(fits: Sequence[Awaited], named: Sequence[Awaited]) -> Awaited | None:
    """The only one that fits; the text may choose among several, but never contradict."""
    both = [one for one in fits if one in named]
    if named and not both:
        return None
    chosen = both or fits
    return chosen[0] if len(chosen) == 1 else None


def names(text: str, one: Awaited) -> bool:
    """Whether a text names an order, however the bank has cut it."""
    return _squeezed(one.number) in _squeezed(text)


def _squeezed(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())


_NUMBER = re.compile(r"LMB\W{0,2}([0-9]{4})\W{0,2}([0-9]{4,8})", re.IGNORECASE)


def numbers_in(text: str) -> set[str]:
    """Every order number that may stand in a text; the last digits may be of an attempt."""
    return {
        f"LMB-{month}-{running[:length]}"
        for month, running in _NUMBER.findall(text)
        for length in range(4, len(running) + 1)
    }


def chosen(texts: str, candidates: Sequence[tuple[str, str]]) -> str | None:
    """Which of several outgoing things a line is for: the only one, or the only one it names.

    A candidate is its id and the word by which the bank may name it.
    """
    squeezed = _squeezed(texts)
    named = [key for key, word in candidates if word and _squeezed(word) in squeezed]
    if len(named) == 1:
        return named[0]
    return candidates[0][0] if len(candidates) == 1 and not named else None
