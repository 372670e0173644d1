"""What became of every lot in a bazaar's box, read from the movements alone.

brought + found = sold + given + lost + returned + left, for each lot, at every moment. What did
not arrive with a load counts as brought, and as lost or returned: it all left her door.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from cooperatives.bazaars.loads import REST
from cooperatives.models import Bazaar, BazaarLoad, Movement
from core.db import Reader


@dataclass(slots=True)
class Figures:
    """Units of one lot."""

    brought: int = 0
    found: int = 0
    sold: int = 0
    given: int = 0
    lost: int = 0
    returned: int = 0

    @property
    def left(self) -> int:
        """What should stand in the box now."""
        return self.brought + self.found - self.sold - self.given - self.lost - self.returned

    def __sub__(self, other: "Figures") -> "Figures":
        names = [field.name for field in fields(self)]
        return Figures(*(getattr(self, name) - getattr(other, name) for name in names))


IN = {
    "transfer": ("brought", 1),
    "receive": ("brought", 1),
    "count": ("found", 1),
    "return": ("sold", -1),
}
OUT = {
    "sale": ("sold", 1),
    "sample": ("given", 1),
    "waste": ("lost", 1),
    "count": ("lost", 1),
    "return": ("returned", 1),
    "transfer": ("returned", 1),
}


def bucket(kind: str, *, is_in: bool, is_mirror: bool) -> tuple[str, int]:
    """Where a movement counts, and with which sign. A mirror image takes back what it mirrors."""
    name, sign = (IN if is_in != is_mirror else OUT)[kind]
    return name, -sign if is_mirror else sign


def of_box(db: Reader, bazaar: Bazaar) -> dict[int, Figures]:
    """The figures of every lot that ever stood in the box or was sent to it."""
    found: dict[int, Figures] = {}
    for row in db.execute(_moved(bazaar.place_id)):
        name, sign = bucket(row.kind, is_in=row.is_in, is_mirror=row.is_mirror)
        _add(found, row.lot_id, name, sign * int(row.units))
    for row in db.execute(_not_arrived(bazaar.id)):
        _add(found, row.lot_id, "brought", int(row.units))
        _add(found, row.lot_id, "lost" if row.kind == "waste" else "returned", int(row.units))
    return found


def _add(found: dict[int, Figures], lot_id: int, name: str, units: int) -> None:
    figures = found.setdefault(lot_id, Figures())
    setattr(figures, name, getattr(figures, name) + units)


def _moved(place_id: int) -> Any:
    mirrored = aliased(Movement)
    is_in = (Movement.to_place_id == place_id).label("is_in")
    is_mirror = Movement.reverses_id.is_not(None).label("is_mirror")
    kind = func.coalesce(mirrored.kind, Movement.kind).label("kind")
    return (
        select(Movement.lot_id, kind, is_in, is_mirror, func.sum(Movement.quantity).label("units"))
        .outerjoin(mirrored, mirrored.id == Movement.reverses_id)
        .where((Movement.from_place_id == place_id) | (Movement.to_place_id == place_id))
        .group_by(Movement.lot_id, kind, is_in, is_mirror)
    )


def _not_arrived(bazaar_id: int) -> Any:
    return (
        select(Movement.lot_id, Movement.kind, func.sum(Movement.quantity).label("units"))
        .join(BazaarLoad, func.cast(BazaarLoad.id, Movement.doc_id.type) == Movement.doc_id)
        .where(BazaarLoad.bazaar_id == bazaar_id, Movement.doc_type == REST)
        .group_by(Movement.lot_id, Movement.kind)
    )


@dataclass(frozen=True, slots=True)
class Taking:
    """What buyers paid at the box for one lot, and the maker's part of it."""

    gross: int = 0
    hers: int = 0


Teller = Callable[[Session, int], dict[int, Taking]]
_tellers: list[Teller] = []


def tell_by(teller: Teller) -> None:
    """The floor above says what was taken at a place, by lot; once, when it is imported."""
    assert not _tellers, "a jar is sold once"
    _tellers.append(teller)


def takings(db: Session, place_id: int) -> dict[int, Taking]:
    """What was taken at a box, by lot; sales that were undone are not in it."""
    return _tellers[0](db, place_id) if _tellers else {}
