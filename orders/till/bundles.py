"""Packages of several makers at a till: what a phone offers, and whether a sale was one."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from cooperatives.packages import shown
from cooperatives.packages.shown import Shown
from orders.till.said import SaidLine

Known = Mapping[int, Shown]


def offered(db: Session, variants: Collection[int]) -> list[dict[str, Any]]:
    """Packages on sale whose goods are all known to a till, as its script reads them."""
    return [
        {
            "id": one.package.id,
            "name": one.package.name,
            "price": one.package.price,
            "parts": [
                {"variant": part.variant_id, "units": part.units, "price": part.piece_price}
                for part in (each.part for each in one.content)
            ],
        }
        for one in shown.list_open_of(db, variants)
    ]


def known(db: Session, lines: Sequence[SaidLine]) -> Known:
    """The packages that a sale names, by id; what is none is left out."""
    ids = {line.package_id for line in lines if line.package_id is not None}
    return {one.package.id: one for one in (shown.list_by_id(db, ids) if ids else ())}


def is_whole(lines: Sequence[SaidLine], packages: Known) -> bool:
    """Whether each package of a sale was sold whole, at the prices that its makers agree to."""
    sold: dict[int, Counter[int]] = defaultdict(Counter)
    for line in lines:
        if line.package_id is not None:
            if not _is_agreed(line, packages.get(line.package_id)):
                return False
            sold[line.package_id][line.variant_id] += line.quantity
    return all(_is_full(pieces, packages[package_id]) for package_id, pieces in sold.items())


def _is_agreed(line: SaidLine, package: Shown | None) -> bool:
    if package is None or package.package.ended_at is not None or package.waits_for:
        return False
    prices = {each.part.variant_id: each.part.piece_price for each in package.content}
    return prices.get(line.variant_id) == line.price


def _is_full(pieces: Counter[int], package: Shown) -> bool:
    parts = [each.part for each in package.content]
    times = {divmod(pieces[part.variant_id], part.units) for part in parts}
    return len(times) == 1 and min(times)[1] == 0
