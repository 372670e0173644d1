"""Whether a line of a report agrees with our books: pure rules, no database.

What agrees is settled at once. What does not gets a flaw, the word under which people read why.
"""

from dataclasses import dataclass
from enum import StrEnum

from orders.gateways import Presented


class Flaw(StrEnum):
    """Why a line is not settled by itself."""

    NO_KEY = "no_key"  # The gateway has money that belongs to no attempt of ours.
    NOT_HERE = "not_here"  # The attempt is ours, but our books have no such money.
    AMOUNT = "amount"  # Both have it, with other amounts.
    CURRENCY = "currency"  # It came in a currency that nobody was asked for.
    TWICE = "twice"  # Another line has settled this already.
    ADJUSTMENT = "adjustment"  # The gateway changed our balance for a reason only people know.
    NO_RUPIAH = "no_rupiah"  # Foreign money reached our bank: only people see how many rupiah.
    LARGE = "large"  # It agrees, but so much money is booked by two.
    NOT_SEEN = "not_seen"  # It agrees, but the second treasurer did not see the money.
    MISSING = "missing"  # Our books have it, and no report tells of it.


@dataclass(frozen=True, slots=True)
class Claimed:
    """What the line says: its kind, minor units of a currency, and what the buyer saw."""

    kind: str
    gross: int
    currency: str = "IDR"
    presented: Presented | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What our books have of it on the gateway's page, in rupiah; `presented` as we asked for it.

    `is_ours` says that the attempt is known, `is_settled` that another line has settled it.
    """

    is_ours: bool = False
    is_settled: bool = False
    booked: int = 0
    presented: Presented | None = None


NEEDS_NOBODY = ("fee", "payout", "adjustment")
"""Lines that are for no attempt."""


def flaw_of(line: Claimed, known: Known) -> Flaw | None:
    """Why the line cannot be settled by itself; None where it agrees."""
    if line.kind == "adjustment":
        return Flaw.ADJUSTMENT
    if line.kind == "payout":
        return None if line.currency == "IDR" else Flaw.NO_RUPIAH
    if line.kind == "fee":
        return None
    if not known.is_ours:
        return Flaw.NO_KEY
    if known.is_settled:
        return Flaw.TWICE
    if not known.booked:
        return Flaw.NOT_HERE
    return _money_differs(line, known)


def _money_differs(line: Claimed, known: Known) -> Flaw | None:
    """What the buyer was asked for is compared; what it is worth to us may differ by the rate."""
    if known.presented is None:
        if line.currency != "IDR":
            return Flaw.CURRENCY
        return None if line.gross == known.booked else Flaw.AMOUNT
    seen = line.presented or Presented(abs(line.gross), line.currency)
    if seen.currency != known.presented.currency:
        return Flaw.CURRENCY
    is_same_way = (line.gross > 0) == (known.booked > 0)
    return None if is_same_way and seen.amount == known.presented.amount else Flaw.AMOUNT


def worth_of(line: Claimed, known: Known) -> int:
    """Rupiah an agreeing line is settled at: what the gateway says, or what we had counted."""
    return line.gross if line.currency == "IDR" else known.booked


def part_of(amount: int, of: int, worth: int) -> int:
    """What `amount` of `of` foreign minor units is worth, where all of them are worth `worth`."""
    if of == 0:
        return 0
    whole = (2 * abs(amount * worth) + abs(of)) // (2 * abs(of))
    return whole if (amount < 0) == ((of < 0) != (worth < 0)) else -whole
