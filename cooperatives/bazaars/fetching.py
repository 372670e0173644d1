"""Goods ordered ahead on the web and fetched at a bazaar: makers who join bring them from home.

What is ordered ahead never stands in the box: it is packed, paid and promised to one buyer, and
leaves its maker's home until she or her friend has brought it to the stand. So the box can be
counted and closed without it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import BigInteger, bindparam, func, select

from cooperatives.models import Bazaar, BazaarSeat, Place
from cooperatives.places import TODAY
from core import clock
from core.db import Reader, Ready
from core.words import tanggal

DAYS_AHEAD = 1
"""Goods are ordered until the day before: somebody has to pack and to bring them."""
MOST = 20


def orders_until(starts_on: date) -> date:
    """The last day on which goods can be ordered for a bazaar."""
    return starts_on - timedelta(days=DAYS_AHEAD)


@dataclass(frozen=True, slots=True)
class Stand:
    """A bazaar as a place where orders are fetched; `homes` are places they may leave from."""

    place_id: int
    bazaar_id: int
    name: str
    spot: str
    starts_on: date
    ends_on: date
    is_closed: bool
    homes: tuple[int, ...] = ()

    @property
    def takes_orders(self) -> bool:
        """Whether something can still be ordered ahead."""
        return not self.is_closed and clock.today() <= orders_until(self.starts_on)

    @property
    def days(self) -> str:
        """When it is, in words."""
        first, last = tanggal(self.starts_on), tanggal(self.ends_on)
        return first if first == last else _("%(first)s sampai %(last)s", first=first, last=last)

    @property
    def words(self) -> str:
        """Its name, where it is, and when."""
        return f"{self.name}, {self.spot}, {self.days}"


_COLUMNS = (
    Bazaar.place_id, Bazaar.id, Bazaar.name, Bazaar.spot, Bazaar.starts_on, Bazaar.ends_on,
    Bazaar.closed_at.is_not(None).label("is_closed"),
)  # fmt: skip
_PLACE = bindparam("place", type_=BigInteger)
_STANDS = (
    select(*_COLUMNS, func.array_agg(Place.id).label("homes"))
    .join(BazaarSeat, BazaarSeat.bazaar_id == Bazaar.id)
    .join(Place, Place.seller_id == BazaarSeat.seller_id)
    .where(BazaarSeat.state == "joined", Place.kind == "home")
    .group_by(Bazaar.id)
)
_COMING = Ready(
    _STANDS.where(Bazaar.closed_at.is_(None), Bazaar.starts_on >= TODAY + DAYS_AHEAD)
    .order_by(Bazaar.starts_on, Bazaar.id)
    .limit(MOST)
)
_ONE = Ready(_STANDS.where(Bazaar.place_id == _PLACE))
_NAMED = Ready(select(*_COLUMNS).where(Bazaar.place_id == _PLACE))


def coming(db: Reader) -> list[Stand]:
    """Bazaars for which something can be ordered ahead, the next one first."""
    return [_stand(row) for row in _COMING.rows(db, {"today": clock.today()})]


def at(db: Reader, place_id: int) -> Stand | None:
    """The bazaar whose box this place is, with the homes of who joins; None for any other place."""
    rows = _ONE.rows(db, {"place": place_id}) or _NAMED.rows(db, {"place": place_id})
    return _stand(rows[0]) if rows else None


def named(db: Reader, place_id: int) -> Stand:
    """The same, to be told to people."""
    return _stand(_NAMED.rows(db, {"place": place_id})[0])


def _stand(row: Any) -> Stand:
    return Stand(
        row.place_id,
        row.id,
        row.name,
        row.spot,
        row.starts_on,
        row.ends_on,
        row.is_closed,
        tuple(getattr(row, "homes", ())),
    )
