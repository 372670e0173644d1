"""Where an order is fetched: at the kiosk that holds its goods, or at a bazaar."""

from cooperatives.bazaars import fetching
from cooperatives.bazaars.fetching import Stand
from cooperatives.models import Place
from core.db import Reader
from orders.bill import NoPickup
from orders.models import Parcel


def sources(db: Reader, place_id: int | None) -> tuple[list[int] | None, Stand | None]:
    """Where goods may come from that are fetched there, and the bazaar if it is one; anywhere for
    what is sent. Raises NoPickup where nothing can be ordered ahead any more.
    """
    if place_id is None:
        return None, None
    stand = fetching.at(db, place_id)
    if stand is None:
        return [place_id], None
    if not stand.takes_orders:
        raise NoPickup
    return list(stand.homes), stand


def place_told(db: Reader, parcel: Parcel, place: Place) -> str:
    """Where a pick-up is fetched, in words."""
    if parcel.fetch_place_id is None:
        return place.name
    return fetching.named(db, parcel.fetch_place_id).words
