"""Her months as a picture drawn by hand: one bar a month, each beside her own months before.

Pure shapes in a box of 320 × 180; no other woman's figures ever stand beside hers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDE, HIGH, GROUND, ROOM = 320, 180, 148, 112
WIDTH = 34


@dataclass(frozen=True, slots=True)
class Bar:
    """One month: the outline and the strokes within, where its words stand, and how tall it is."""

    outline: str
    strokes: str
    middle: int
    top: int
    height: int


def bars(amounts: Sequence[int]) -> list[Bar]:
    """A bar for each amount, the largest filling the box; what is not above zero stands flat."""
    most = max([*amounts, 1])
    room = WIDE // max(len(amounts), 1)
    return [
        _bar(place * room + (room - WIDTH) // 2, max(amount, 0) * ROOM // most, place)
        for place, amount in enumerate(amounts)
    ]


def _bar(left: int, height: int, place: int) -> Bar:
    right, top = left + WIDTH, GROUND - height
    corners = [(left, GROUND), (left, top), (right, top), (right, GROUND)]
    shaky = [(x + _shake(place, n), y + _shake(place, n + 4)) for n, (x, y) in enumerate(corners)]
    outline = "M" + "L".join(f"{x} {y}" for x, y in shaky)
    strokes = "".join(
        f"M{left + 3 + _shake(place, y)} {y}l{WIDTH - 6} {-8 + _shake(place, y + 1)}"
        for y in range(GROUND - 4, top + 8, -9)
    )
    return Bar(outline, strokes, left + WIDTH // 2, top, height)


def _shake(place: int, n: int) -> int:
    """A small tremble that is the same each time the picture is drawn."""
    return (place * 37 + n * 53) % 5 - 2
