"""Which lot each line of a sale came from, and how it is shared: pure arithmetic.

The stock says how many units of each lot went; a till says its lines. Scanned lines get the lot on
their label, named ones a lot of that maker, and the others what is left of their variant.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from cooperatives.allocation import Pick
from orders.till.said import SaidLine


class Piece(NamedTuple):
    """So many units of a lot, sold as one line."""

    line: SaidLine
    pick: Pick
    quantity: int


def pieces(lines: Sequence[SaidLine], picks: Sequence[Pick]) -> list[Piece]:
    """The lines by lot, in the till's order; together they are exactly what was picked."""
    left = Counter({pick.lot_id: pick.quantity for pick in picks})
    by_turn = sorted(enumerate(lines), key=lambda at: (_vagueness(at[1]), at[0]))
    found: list[tuple[int, Piece]] = []
    for place, line in by_turn:
        wanted = line.quantity
        for pick in sorted(picks, key=lambda pick: _distance(line, pick)):
            part = min(wanted, left[pick.lot_id]) if pick.variant_id == line.variant_id else 0
            if part:
                found.append((place, Piece(line, pick, part)))
                left[pick.lot_id] -= part
                wanted -= part
        assert wanted == 0, f"{wanted} of {line} came from nowhere"
    return [piece for _place, piece in sorted(found, key=lambda at: at[0])]


def _vagueness(line: SaidLine) -> int:
    """Who says most gets first."""
    if line.lot_id is not None:
        return 0
    return 1 if line.owner_id is not None else 2


def _distance(line: SaidLine, pick: Pick) -> tuple[bool, bool]:
    return pick.lot_id != line.lot_id, pick.owner_id != line.owner_id
