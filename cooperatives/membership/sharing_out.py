"""How a surplus is shared out, to the rupiah: pure arithmetic that anybody can repeat by hand.

Every part and every line is rounded down; what rounding leaves goes to the reserve. So a member
needs only the four figures of her own line to find it with a calculator.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cooperatives.models.surplus import PARTS
from core.money import BASIS_POINTS


@dataclass(frozen=True, slots=True)
class Base:
    """What a member did in the year: the price of what she sold, and what she has saved."""

    person_id: int
    sold: int
    saved: int


@dataclass(frozen=True, slots=True)
class Line:
    """A member's share: by her sales, and by her savings."""

    person_id: int
    sold: int
    saved: int
    business: int
    capital: int

    @property
    def total(self) -> int:
        """What she gets."""
        return self.business + self.capital


@dataclass(frozen=True, slots=True)
class Shared:
    """A surplus shared out: `pools` by part as decided, `rest` what rounding left for the reserve.

    `lines` and the pools without the members' two, with the rest, are the whole surplus again.
    """

    total: int
    pools: dict[str, int]
    lines: list[Line]
    sold: int
    saved: int

    @property
    def rest(self) -> int:
        """What neither a fund nor a member got: the reserve takes it."""
        given = sum(line.total for line in self.lines)
        return self.total - given - sum(
            amount for part, amount in self.pools.items() if part not in ("business", "capital")
        )  # fmt: skip

    @property
    def funds(self) -> dict[str, int]:
        """What each fund gets in the end; the reserve with the rest."""
        found = {part: self.pools[part] for part in PARTS if part not in ("business", "capital")}
        found["reserve"] += self.rest
        return found


def share_out(total: int, parts: dict[str, int], members: Sequence[Base]) -> Shared:
    """Share a surplus by the meeting's basis points; a loss is shared by nobody."""
    assert sum(parts.values()) == BASIS_POINTS, parts
    total = max(total, 0)
    pools = {part: total * points // BASIS_POINTS for part, points in parts.items()}
    sold = sum(max(one.sold, 0) for one in members)
    saved = sum(max(one.saved, 0) for one in members)
    lines = [
        Line(
            one.person_id,
            max(one.sold, 0),
            max(one.saved, 0),
            pools["business"] * max(one.sold, 0) // sold if sold else 0,
            pools["capital"] * max(one.saved, 0) // saved if saved else 0,
        )
        for one in members
    ]
    return Shared(total, pools, lines, sold, saved)
