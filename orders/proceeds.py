"""Where the money of a paid order goes, to the rupiah: pure arithmetic behind the *Struk Jujur*.

Makers, cooperatives, kiosks, the operator and the courier get their parts of what the buyer keeps;
what she does not keep goes back to her. All parts together are what she paid, always.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from cooperatives.sharing import Shares
from core.money import Money


class Party(StrEnum):
    """Who gets a part; in the order in which a receipt names them."""

    MAKER = "maker"
    COOPERATIVE = "cooperative"
    KIOSK = "kiosk"
    OPERATOR = "operator"
    AFFILIATE = "affiliate"
    COURIER = "courier"
    BUYER = "buyer"
    BEARER = "bearer"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Part:
    """One party's part, under the name the shop shows. `gross` is what a maker's goods cost.

    Only a bearer's part is negative: she pays for what went wrong, and the makers keep theirs.
    """

    party: Party
    name: str
    amount: int
    gross: int = 0


@dataclass(frozen=True, slots=True)
class Sold:
    """Goods of one maker that the buyer keeps: everybody's shares, and the names of three."""

    maker: str
    cooperative: str
    kiosk: str
    shares: Shares


def divide(
    paid: int,
    sold: Iterable[Sold],
    fees: Iterable[tuple[str, int]],
    back: int,
    operator: str,
    borne: Iterable[tuple[str, int]] = (),
) -> list[Part]:
    """Everybody's part of what was paid; `fees` are couriers and theirs, `back` goes to the buyer,
    and `borne` are those who pay for it in the makers' place.

    Where more goes back than the goods she does not keep, all give back in proportion. Where less
    does, promised goods are just being replaced, and that part is open.
    """
    assert 0 <= back <= paid, f"{back} back of {paid}"
    parts = _by_party([*_of_goods(sold, operator), *_of_fees(fees)])
    bearers = _by_party(Part(Party.BEARER, who, -amount) for who, amount in borne)
    left = paid - back - sum(part.amount for part in (*parts, *bearers))
    if left < 0:
        parts = _lowered(parts, -left)
    parts += [Part(Party.BUYER, "", back), *bearers]
    parts.append(Part(Party.OPEN, "", max(0, left)))
    return [part for part in parts if part.amount]


def _of_goods(sold: Iterable[Sold], operator: str) -> Iterable[Part]:
    for goods in sold:
        shares = goods.shares
        yield Part(Party.MAKER, goods.maker, shares.maker, shares.gross)
        yield Part(Party.COOPERATIVE, goods.cooperative, shares.cooperative)
        yield Part(Party.KIOSK, goods.kiosk, shares.kiosk)
        yield Part(Party.OPERATOR, operator, shares.operator)
        yield Part(Party.AFFILIATE, "", shares.affiliate)


def _of_fees(fees: Iterable[tuple[str, int]]) -> Iterable[Part]:
    for courier, fee in fees:
        yield Part(Party.COURIER, courier, fee)


def _by_party(parts: Iterable[Part]) -> list[Part]:
    """One part for each name, in the order of `Party` and then as first met."""
    found: dict[tuple[Party, str], Part] = {}
    for part in parts:
        key = (part.party, part.name)
        before = found.get(key, replace(part, amount=0, gross=0))
        amount, gross = before.amount + part.amount, before.gross + part.gross
        found[key] = replace(part, amount=amount, gross=gross)
    order = list(Party)
    return sorted(found.values(), key=lambda part: order.index(part.party))


def _lowered(parts: Sequence[Part], amount: int) -> list[Part]:
    """The same parts after all have given back their share of `amount`."""
    given = Money(amount).split([part.amount for part in parts])
    return [
        replace(part, amount=part.amount - less.rupiah)
        for part, less in zip(parts, given, strict=True)
    ]
