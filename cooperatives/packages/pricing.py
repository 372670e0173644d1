"""What a piece costs inside a package: pure arithmetic, no database.

A line of an order is pieces times one whole price. So a package's price is spread over whole
prices per piece, in proportion, that add up to it exactly; or it is said that there are none.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Part(NamedTuple):
    """So many pieces that cost so much each when bought alone."""

    units: int
    price: int


def spread(price: int, parts: Sequence[Part]) -> list[int] | None:
    """Whole prices per piece that add up to `price`, near to proportion, none above its own price
    and none below one rupiah; None where no such prices are found.

    Every piece has its rupiah first, the rest goes in proportion, rounded down. What rounding
    leaves goes to the parts of most pieces as far as it fits, and so ends in a single piece.
    """
    total = sum(part.units * part.price for part in parts)
    count = sum(part.units for part in parts)
    if not parts or not count <= price <= total:
        return None
    rest, whole = price - count, max(1, total - count)
    pieces = [1 + rest * (part.price - 1) // whole for part in parts]
    left = price - sum(part.units * piece for part, piece in zip(parts, pieces, strict=True))
    by_size = sorted(range(len(parts)), key=lambda i: (-parts[i].units, i))
    for i in by_size:
        step = min(left // parts[i].units, parts[i].price - pieces[i])
        pieces[i] += step
        left -= step * parts[i].units
    return pieces if left == 0 else None


def nearest(price: int, parts: Sequence[Part], within: int = 1_000) -> list[int]:
    """The next price below and above that can be spread, where `price` itself cannot."""
    found = []
    for way in (-1, 1):
        tried = (price + way * step for step in range(1, within + 1))
        fitting = next((one for one in tried if spread(one, parts) is not None), None)
        if fitting is not None:
            found.append(fitting)
    return found


class Agreed(NamedTuple):
    """A piece of a package that is on sale: `full` is what the piece costs alone today."""

    package_id: int
    variant_id: int
    units: int
    piece_price: int


def fitting(
    wanted: Mapping[int, int], full: Mapping[int, int], agreed: Sequence[Agreed]
) -> dict[int, Agreed]:
    """By variant, the package price that these goods have; the older package first.

    A package counts where its goods are there as a whole number of packages and nothing over,
    because all pieces of a variant have one price; and never where it would make a piece dearer.
    """
    parts: dict[int, list[Agreed]] = {}
    for one in agreed:
        parts.setdefault(one.package_id, []).append(one)
    found: dict[int, Agreed] = {}
    for package_id in sorted(parts):
        rows = parts[package_id]
        counts = {divmod(wanted.get(one.variant_id, 0), one.units) for one in rows}
        whole = len(counts) == 1 and min(counts)[0] > 0 and min(counts)[1] == 0
        cheap = all(one.piece_price <= full.get(one.variant_id, 0) for one in rows)
        if whole and cheap and not any(one.variant_id in found for one in rows):
            found |= {one.variant_id: one for one in rows}
    return found
