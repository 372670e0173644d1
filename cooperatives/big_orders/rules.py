"""How a big order is shared out: pure rules, no database, to be repeated with paper and pencil.

1. Strength: what a maker can make in a week, dry or wet, divided by seven for each day of it.
2. Turn: who was given least of big orders lately goes first; among equals a draw decides that
   anybody can repeat.
3. Everybody gets the same, nobody above her strength; what one cannot make is shared by the others.
4. What is left over is one piece each, in turn.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

WEEK = 7
SUNNY, RAINY = "s", "r"


@dataclass(frozen=True, slots=True)
class Hand:
    """A maker who may be asked: what she was given lately, in rupiah, and what she can make."""

    seller_id: int
    lately: int
    strength: int


def strength(skies: str, sunny: int | None, rainy: int | None) -> int:
    """Pieces in these days (`s` or `r` each); a figure that is not known is that of the other sky.

    A part of a piece is none.
    """
    dry = sunny if sunny is not None else rainy or 0
    wet = rainy if rainy is not None else dry
    return (skies.count(SUNNY) * dry + skies.count(RAINY) * wet) // WEEK


def her_days(first: date, skies: str, awake_from: date | None, lead_days: int) -> str:
    """The days on which she works: after her rest, and none where they are too few to begin."""
    asleep = 0 if awake_from is None else max(0, (awake_from - first).days)
    mine = skies[asleep:]
    return mine if len(mine) >= lead_days else ""


def days(first: date, last: date) -> list[date]:
    """Each day, both ends counted."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def draw(order_id: int, seller_id: int) -> str:
    """The lot that a maker drew for this order; the smallest goes first."""
    return sha256(f"{order_id}:{seller_id}".encode()).hexdigest()


def in_turn(order_id: int, hands: Iterable[Hand]) -> list[Hand]:
    """Everybody in the order in which pieces are given."""
    return sorted(hands, key=lambda one: (one.lately, draw(order_id, one.seller_id)))


def share_out(wanted: int, ordered: Sequence[Hand], least: int = 1) -> dict[int, int]:
    """Pieces for each maker, in turn; together `wanted`, or less where all are at their strength.

    Only so many are asked as get `least` pieces each, the first in turn; more of them where those
    cannot make it all. Who cannot make `least` is not asked.
    """
    able = [one for one in ordered if one.strength >= max(1, least)]
    asked = _enough(wanted, able, max(1, wanted // max(1, least)))
    given = dict.fromkeys((one.seller_id for one in ordered), 0)
    return given | _level(wanted, asked)


def _enough(wanted: int, able: Sequence[Hand], count: int) -> Sequence[Hand]:
    while count < len(able) and sum(one.strength for one in able[:count]) < wanted:
        count += 1
    return able[:count]


def _level(wanted: int, asked: Sequence[Hand]) -> dict[int, int]:
    """The same for everybody up to her strength, as many times as it takes."""
    given = {one.seller_id: 0 for one in asked}
    left = wanted
    while open_ones := [one for one in asked if given[one.seller_id] < one.strength]:
        each = left // len(open_ones)
        if each == 0:
            break
        for one in open_ones:
            more = min(each, one.strength - given[one.seller_id])
            given[one.seller_id] += more
            left -= more
    for one in open_ones[:left]:
        given[one.seller_id] += 1
    return given


def gap(wanted: int, agreed: Mapping[int, int]) -> int:
    """How many pieces nobody has taken on."""
    return max(0, wanted - sum(agreed.values()))
