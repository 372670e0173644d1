"""From what a batch costs to a fair price: pure arithmetic, by the very rules that share a sale."""

from dataclasses import dataclass, fields

from cooperatives.sharing import Rate, split_line
from core.money import BASIS_POINTS, RUPIAH_MAX

STEP = 500
"""Prices are rounded up to this, so that change is easy at a market."""

GAINS_PERCENT = (30, 50, 70)
"""What a maker may want to earn above her costs; the middle one is offered first."""

PIECES_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What one batch takes, in rupiah, her own time included; all of it is for herself alone."""

    ingredients: int = 0
    labour: int = 0
    packaging: int = 0
    power: int = 0
    delivery: int = 0
    pieces: int = 1

    def __post_init__(self) -> None:
        assert 0 < self.pieces <= PIECES_MAX, self
        assert all(0 <= getattr(self, box.name) <= RUPIAH_MAX for box in fields(self)), self

    @property
    def total(self) -> int:
        """The whole batch."""
        return self.ingredients + self.labour + self.packaging + self.power + self.delivery

    @property
    def each(self) -> int:
        """One piece, rounded up, so that nothing is lost by selling all of them."""
        return -(-self.total // self.pieces)


def received(price: int, rate: Rate) -> int:
    """What the maker gets when one piece is sold at this price."""
    return split_line(price, rate).maker


def fair_price(cost: int, gain_percent: int, rate: Rate) -> int | None:
    """The lowest round price of which cost and gain are left for the maker.

    None where the terms leave her nothing, or where it would be dearer than any price may be.
    """
    left_bp = BASIS_POINTS - rate.taken_bp
    if cost <= 0 or left_bp <= 0:
        return None
    wanted = -(-cost * (100 + gain_percent) // 100)
    price = -(-wanted * BASIS_POINTS // (left_bp * STEP)) * STEP
    while received(price, rate) < wanted:  # Each share rounds for itself.
        price += STEP
    return price if price <= RUPIAH_MAX else None
