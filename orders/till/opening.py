"""Opening a till: the device gets its sign, a kiosk's lease, and what it needs for the day.

One device at a time sells at a kiosk; at a bazaar several do, so nobody leases its box. What a till
has sold is taken whether it holds the lease or not: the lease only keeps goods for it.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives import lease, places
from cooperatives.lease import LeaseLost
from cooperatives.models import Place
from core import clock
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import NotFound
from orders.models import CounterSale, Order, Till
from orders.till.sold import CHANNELS
from sellers.owning import refuse_helpers


@in_transaction(retries=3)
def open_till(
    db: Session, *, actor: Actor, place_id: int, device_id: UUID, was: UUID | None = None
) -> dict[str, Any]:
    """Open the till on a device, or say that it is still alive. Answers its sign and its newest
    number. `was` is the till that the same phone had been before it forgot everything: it need not
    wait for itself. Raises TillTaken, NotFound.
    """
    refuse_helpers(actor)
    place = _with_till(places.tended(db, actor, place_id))
    if place.kind == "kiosk":
        try:
            lease.beat.within(db, actor=actor, place_id=place.id, device_id=device_id)
        except LeaseLost:
            if was is not None:
                lease.leave.within(db, actor=actor, place_id=place.id, device_id=was)
            lease.take.within(db, actor=actor, place_id=place.id, device_id=device_id)
    sign = sign_of(db, place, device_id)
    return {"sign": sign, "last": _last_number(db, device_id)}


@in_transaction(retries=3)
def close_till(db: Session, *, actor: Actor, place_id: int, device_id: UUID) -> None:
    """Nothing is kept for this till any more."""
    place = _with_till(places.tended(db, actor, place_id))
    lease.leave.within(db, actor=actor, place_id=place.id, device_id=device_id)


def _with_till(place: Place) -> Place:
    if place.kind not in CHANNELS:
        raise NotFound
    return place


def sign_of(db: Session, place: Place, device_id: UUID) -> str:
    """What the numbers of a device begin with, for ever."""
    values = {"device_id": device_id, "first_place_id": place.id, "opened_at": clock.now()}
    db.execute(insert(Till).values(values).on_conflict_do_nothing())
    till_id = db.scalars(select(Till.id).where(Till.device_id == device_id)).one()
    return f"K{till_id}"


def _last_number(db: Reader, device_id: UUID) -> int:
    """The highest running number that has come from a device, should it have forgotten."""
    running = cast(func.split_part(Order.number, "-", 2), BigInteger)
    query = (
        select(func.max(running))
        .join(CounterSale, CounterSale.order_id == Order.id)
        .where(CounterSale.device_id == device_id, Order.number.regexp_match("^K[0-9]+-[0-9]+$"))
    )
    return int(db.execute(query).scalar() or 0)
