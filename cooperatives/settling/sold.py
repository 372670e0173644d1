"""What was sold of a payee's goods, as the floor above tells it: one line for each size and parcel.

Nothing that names a buyer is in it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from cooperatives.accounts import Owner
from cooperatives.sharing import Shares


@dataclass(frozen=True, slots=True)
class Sold:
    """Goods that were given in one parcel, with everybody's part of them before any complaint."""

    parcel_id: int
    day: date
    channel: str
    name: str
    units: int
    price: int
    shares: Shares


Teller = Callable[[Session, Owner, int, Sequence[int]], list[Sold]]
_tellers: list[Teller] = []


def tell_by(teller: Teller) -> None:
    """The floor above says what some parcels held of an owner's; once, when it is imported."""
    assert not _tellers, "a parcel has one content"
    _tellers.append(teller)


def sold_in(
    db: Session, owner: Owner, cooperative_id: int, parcel_ids: Sequence[int]
) -> list[Sold]:
    """What an owner sold through a cooperative in these parcels, in the order of days."""
    return _tellers[0](db, owner, cooperative_id, parcel_ids) if _tellers and parcel_ids else []
