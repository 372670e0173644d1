"""One statement for each settlement, as plain values: sales over all channels, and what went off.

Its lines add up to the settlement's total, always. Where what was sold and what was booked differ
(goods came back before they were earned), the difference is a line of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date

from cooperatives.settling.sold import Sold
from cooperatives.sharing import Shares


@dataclass(frozen=True, slots=True)
class Parts:
    """What buyers paid for goods and who got which part of it; she got what is left."""

    gross: int = 0
    cooperative: int = 0
    kiosk: int = 0
    operator: int = 0
    affiliate: int = 0

    @property
    def taken(self) -> int:
        """All cuts together."""
        return self.cooperative + self.kiosk + self.operator + self.affiliate

    @property
    def hers(self) -> int:
        """Her part."""
        return self.gross - self.taken

    def __add__(self, other: "Parts") -> "Parts":
        return Parts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def __sub__(self, other: "Parts") -> "Parts":
        return Parts(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Sale:
    """Equal goods sold on one day through one channel at one price."""

    day: date
    channel: str
    name: str
    units: int
    price: int
    parts: Parts


@dataclass(frozen=True, slots=True)
class Deduction:
    """A line that is no sale: its heading, the day, the reason, and rupiah (negative goes off)."""

    heading: str
    day: date
    words: str
    reason: str
    amount: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What one settlement is made of. `carried` are lines that an earlier round had met already,
    when nothing was due; `adjusted` is what was booked of sales less than was given.
    """

    settlement_id: int
    kind: str
    owner: str
    call_me: str
    book: str
    since: date | None
    closed_on: date
    total: int
    state: str
    sales: list[Sale] = field(default_factory=list)
    adjusted: Parts = Parts()
    others: list[Deduction] = field(default_factory=list)
    carried: list[Deduction] = field(default_factory=list)

    @property
    def sold(self) -> Parts:
        """All sales together, as they were booked."""
        return sum((sale.parts for sale in self.sales), self.adjusted)

    @property
    def carried_over(self) -> int:
        """What stood there from earlier rounds; negative where she owed."""
        return sum(line.amount for line in self.carried)

    def of_channel(self, channel: str) -> Parts:
        """The sales of one channel."""
        return sum((sale.parts for sale in self.sales if sale.channel == channel), Parts())

    def other(self, heading: str) -> int:
        """What the lines under one heading add up to."""
        return sum(line.amount for line in self.others if line.heading == heading)

    @property
    def adds_up(self) -> bool:
        """Whether the lines are the total, to the rupiah."""
        others = sum(line.amount for line in self.others)
        return self.sold.hers + others + self.carried_over == self.total


def merged(sold: Iterable[Sold]) -> list[Sale]:
    """Equal goods of one day, channel and price as one line: pieces times price is right."""
    found: dict[tuple[date, str, str, int], tuple[int, Parts]] = {}
    for one in sold:
        key = (one.day, one.channel, one.name, one.price)
        units, parts = found.get(key, (0, Parts()))
        found[key] = (units + one.units, parts + of_shares(one.shares))
    return [
        Sale(day, channel, name, units, price, parts)
        for (day, channel, name, price), (units, parts) in sorted(found.items())
    ]


def of_shares(shares: Shares) -> Parts:
    """Everybody's shares, seen from hers."""
    return Parts(shares.gross, shares.cooperative, shares.kiosk, shares.operator, shares.affiliate)
