"""Who gets what of a sale, to the rupiah: pure arithmetic, no database.

The kiosk, the cooperative and the operator each get their rate, rounded half up for itself; the
maker gets the exact remainder. Whoever invited the buyer is paid out of the part of the party that
the terms name. What was shared at the sale is frozen: a refund gives back a part of those very
shares, and the last refund gives back whatever is left of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

from core.money import Money

EVERYBODY = "everybody"
"""Bears a discount where the terms name no single party: each in proportion to her part."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What the terms say about one channel and kind of place, in basis points of the price.

    `fee_payer` (operator, cooperative or maker) bears what a gateway charges; `pull_days` is how
    long before best-before goods come off the shelf. `affiliate_bp` is for whoever invited the
    buyer, out of `affiliate_payer`'s part. `discount_bp` is the most that a keeper may let off;
    `discount_payer` (everybody, maker, cooperative or kiosk) bears it.
    """

    cooperative_bp: int = 0
    kiosk_bp: int = 0
    operator_bp: int = 0
    fee_payer: str = "operator"
    pull_days: int = 14
    affiliate_bp: int = 0
    affiliate_payer: str = "maker"
    discount_bp: int = 1_000
    discount_payer: str = EVERYBODY

    @property
    def taken_bp(self) -> int:
        """What the maker does not get."""
        return self.cooperative_bp + self.kiosk_bp + self.operator_bp

    @property
    def of_makers(self) -> tuple[int, int, int, int, bool]:
        """What makers give: always, to whoever invited, to buyers alone or with the others, and to
        gateways. Where one of these rises, they are told ahead.
        """
        invited = self.affiliate_bp if self.affiliate_payer == "maker" else 0
        alone = self.discount_bp if self.discount_payer == "maker" else 0
        shared = self.discount_bp if self.discount_payer == EVERYBODY else alone
        return self.taken_bp, self.taken_bp + invited, alone, shared, self.fee_payer == "maker"


@dataclass(frozen=True, slots=True)
class Shares:
    """Everybody's part of one line, in whole rupiah; none is negative and nothing is lost."""

    kiosk: int = 0
    cooperative: int = 0
    operator: int = 0
    affiliate: int = 0
    maker: int = 0

    def __post_init__(self) -> None:
        assert all(type(part) is int and part >= 0 for part in self), self

    def __iter__(self) -> Iterator[int]:
        return (getattr(self, party.name) for party in fields(self))

    def __add__(self, other: "Shares") -> "Shares":
        return Shares(*(a + b for a, b in zip(self, other, strict=True)))

    def __sub__(self, other: "Shares") -> "Shares":
        return Shares(*(a - b for a, b in zip(self, other, strict=True)))

    @property
    def gross(self) -> int:
        """What the buyer paid for the line."""
        return sum(self)

    def inviting(self, amount: int, payer: str) -> "Shares":
        """`amount` of one party's part, at most all of it, is for whoever invited the buyer."""
        given = min(amount, getattr(self, payer))
        mine = {payer: getattr(self, payer) - given}
        return replace(self, **mine, affiliate=self.affiliate + given)

    def less(self, amount: int, payer: str) -> "Shares":
        """One party bears what was let off, as far as its part goes; the rest everybody bears."""
        borne = min(amount, getattr(self, payer))
        left = replace(self, **{payer: getattr(self, payer) - borne})
        return left - left.part(amount - borne)

    def part(self, amount: int) -> "Shares":
        """Of what is left, the part that `amount` rupiah of the gross gives back.

        Nobody gives back more than she has left, so refunds one after the other can never turn a
        share negative; asking for all that is left returns exactly that.
        """
        assert 0 <= amount <= self.gross, f"{amount} of {self.gross}"
        if amount == 0:
            return Shares()
        return Shares(*(piece.rupiah for piece in Money(amount).split(tuple(self))))

    def units(self, units: int, of: int) -> "Shares":
        """The part of `units` pieces when `of` pieces are left."""
        assert 0 <= units <= of != 0, f"{units} of {of}"
        return self.part((2 * self.gross * units + of) // (2 * of))


def split_line(price: int, rate: Rate, *, is_invited: bool = False, discount: int = 0) -> Shares:
    """Share what the buyer pays for one line: the price of all its pieces less the discount.

    The discount is borne as the terms say. Where tiny prices round up to more than there is, the
    later of kiosk, cooperative, operator gets what is left.
    """
    assert 0 <= discount <= price, f"a discount of {discount} on {price}"
    is_borne_by_all = rate.discount_payer == EVERYBODY
    left = gross = Money(price - discount if is_borne_by_all else price)
    parts: list[int] = []
    for basis_points in (rate.kiosk_bp, rate.cooperative_bp, rate.operator_bp):
        share = min(gross.percent(basis_points), left)
        left -= share
        parts.append(share.rupiah)
    kiosk, cooperative, operator = parts
    shares = Shares(kiosk, cooperative, operator, maker=left.rupiah)
    if is_invited:
        promised = gross.percent(rate.affiliate_bp).rupiah
        shares = shares.inviting(promised, rate.affiliate_payer)
    return shares if is_borne_by_all else shares.less(discount, rate.discount_payer)


def by_weight(amount: int, weights: Sequence[int]) -> list[int]:
    """Spread an amount and lose nothing: a bundle's price by the prices of its parts, a fee by
    the lines it was paid for.
    """
    return [part.rupiah for part in Money(amount).split(weights)]
