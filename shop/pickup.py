"""Where a basket can be fetched: kiosks that hand goods out, and what each of them lacks."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy import select

from cooperatives.allocation import see
from cooperatives.bazaars import fetching
from cooperatives.models import Place
from core.db import PAGE_SIZE_MAX, Reader, Ready
from shop.basket import Item

_KIOSKS = Ready(
    select(Place.id, Place.name, Place.village, Place.landmark)
    .where(Place.kind == "kiosk", Place.is_pickup, Place.closed_at.is_(None))
    .order_by(Place.name, Place.id)
    .limit(PAGE_SIZE_MAX)
)


@dataclass(frozen=True, slots=True)
class Kiosk:
    """A kiosk or bazaar with some of the goods; `lacks` names those it has too few of."""

    id: int
    name: str
    village: str
    landmark: str
    lacks: tuple[str, ...] = ()

    @property
    def way(self) -> str:
        """How the checkout form names it."""
        return f"pickup-{self.id}"


def list_kiosks(db: Reader, items: Sequence[Item]) -> list[Kiosk]:
    """Kiosks that hold at least one of the goods now, and bazaars to which it is brought from the
    homes of who joins; three queries.
    """
    free: dict[int, Counter[int]] = defaultdict(Counter)
    for standing in see(db, [item.variant_id for item in items]):
        free[standing.place_id][standing.variant_id] += standing.free
    offered = [
        (Kiosk(row.id, row.name, row.village, row.landmark), free[row.id])
        for row in _KIOSKS.rows(db, {})
    ]
    for stand in fetching.coming(db):
        there = sum((free[home] for home in stand.homes), Counter[int]())
        days = _("%(days)s, dibayar dulu", days=stand.days)
        offered.append((Kiosk(stand.place_id, stand.name, stand.spot, days), there))
    found = []
    for kiosk, has in offered:
        lacking = [item for item in items if has[item.variant_id] < item.quantity]
        if len(lacking) < len(items):
            names = tuple(f"{item.name} {item.note}".strip() for item in lacking)
            found.append(replace(kiosk, lacks=names))
    return found
