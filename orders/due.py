"""When an order is due (paid, or to be paid in cash): makers and keepers are asked, once each.

Runs as a job behind the news `order_due`, so a payment never waits for it; running twice asks once.
Who does not answer is told of to the coordinator, and an order that ends asks nothing any more.
"""

from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.models import Place
from cooperatives.rights import COORDINATE
from core import access, clock, jobs, notify, tasks
from core.actors import SYSTEM
from core.db import in_transaction
from orders import events, fulfilment, parcels, pickup_codes, pickups
from orders.fulfilment import ANSWER, LATE, accept_by
from orders.models import Order, Parcel
from orders.states import ParcelState

BATCH_MAX = 100


@jobs.job("orders.ask_makers", key="order_id")
def ask_makers(order_id: str) -> None:
    """Ask for every parcel of a due order that nobody has answered yet."""
    _ask(order_id=UUID(order_id))


@in_transaction(retries=3)
def _ask(db: Session, *, order_id: UUID) -> None:
    order = db.get_one(Order, order_id, with_for_update=True)
    if order.state not in parcels.DUE:
        return
    rows = db.execute(
        select(Parcel, Place)
        .join(Place, Place.id == Parcel.place_id)
        .where(Parcel.order_id == order_id, Parcel.state == ParcelState.TO_ACCEPT)
        .order_by(Parcel.id)
    )
    for parcel, place in rows.all():
        if parcel.accept_by is not None:
            continue
        parcel.accept_by = accept_by(order)
        if parcel.way == "pickup":
            parcel.pickup_code = _free_code(db, parcel.fetch_place_id or place.id)
            told = pickups.place_told(db, parcel, place)
            events.write(db, order, "pickup_ready", parcel=parcel, place=told)
        _ask_one(db, order, parcel, place)
        db.flush()


def _free_code(db: Session, place_id: int) -> str:
    """A code no other open parcel of this place has; keepers of one place wait for each other."""
    db.execute(select(Place.id).where(Place.id == place_id).with_for_update(key_share=True))
    taken = select(Parcel.pickup_code).where(
        parcels.waits_at(place_id),
        Parcel.pickup_code != "",
        Parcel.handed_over_at.is_(None),
        Parcel.ended_at.is_(None),
    )
    return pickup_codes.choose(set(db.scalars(taken)))


def _ask_one(db: Session, order: Order, parcel: Parcel, place: Place) -> None:
    right, subject_id = parcels.handlers(place)
    link = parcels.address_of(parcel.id, place)
    tasks.write(
        db,
        ANSWER,
        doc=("parcel", parcel.id),
        holders=(right, subject_id),
        due_at=parcel.accept_by,
        facts={"number": order.number},
        link=link,
    )
    notify.tell(
        db,
        event_key=f"parcel:{parcel.id}:due",
        people=access.people_who(db, right, subject_id),
        title=_("Ada pesanan baru"),
        text=_("Pesanan %(number)s menunggu jawaban.", number=order.number),
        link=link,
    )


@jobs.job("orders.call_late", key=None, cron="*/10 * * * *")
def call_late() -> None:
    """Tell coordinators about parcels nobody answered in time."""
    _call_late(now=clock.now())


@in_transaction(retries=3)
def _call_late(db: Session, *, now: datetime) -> None:
    rows = db.execute(
        select(Parcel, Order, Place)
        .join(Order, Order.id == Parcel.order_id)
        .join(Place, Place.id == Parcel.place_id)
        .where(Parcel.state == ParcelState.TO_ACCEPT, Parcel.accept_by <= now)
        .limit(BATCH_MAX)
    )
    for parcel, order, place in rows:
        tasks.write(
            db,
            LATE,
            doc=("parcel", parcel.id),
            holders=(COORDINATE, place.organisation_id),
            facts={"number": order.number},
            link=f"/koord/paket/{parcel.id}",
        )


@jobs.job("orders.forget_ended", key="order_id")
def forget_ended(order_id: str) -> None:
    """Nobody needs to answer or pack for an order that has ended."""
    _forget(order_id=UUID(order_id))


@in_transaction(retries=3)
def _forget(db: Session, *, order_id: UUID) -> None:
    for parcel in db.scalars(select(Parcel).where(Parcel.order_id == order_id)).all():
        fulfilment.forget_tasks(db, SYSTEM, parcel.id, parcel.state)
