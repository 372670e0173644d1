"""Orders of the demo world: placed and paid as the house fills, answered right after.

An answer needs what the job `orders.ask_makers` writes (deadline and pick-up code), so it is a
transaction of its own for each order, done once.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.allocation import Wish
from cooperatives.models import Place
from core import acts
from core.actors import SYSTEM, Actor
from core.db import db as database
from core.db import in_transaction
from core.people import Person
from orders import (
    attempts,
    checkout,
    due,
    exchange,
    fulfilment,
    handover,
    rates,
    talk,
    transfers,
)
from orders.checkout import Checkout, Receiver
from orders.models import Order, Parcel
from sellers import affiliates
from sellers.models import Variant
from shop.demo.cast import Cast, act_id, read

TREASURER = "u-lestari"


def load_rates(db: Session) -> None:
    """What delivery costs and what money is worth, invented and marked so."""
    rates.load_sample_rates.within(db, actor=SYSTEM)
    exchange.load_samples.within(db, actor=SYSTEM)


def place(db: Session, cast: Cast, *, picked_up: bool) -> None:
    """Place the orders that are shipped, or those picked up at the kiosk; transfers arrive."""
    for row in _rows():
        if _is_picked_up(row) == picked_up:
            _place(db, cast, row)


def _rows() -> list[dict[str, Any]]:
    return list(read("orders")["orders"])


def _is_picked_up(row: dict[str, Any]) -> bool:
    return "service" not in row


def _place(db: Session, cast: Cast, row: dict[str, Any]) -> None:
    order_id = act_id("order", row["key"])
    wishes = [Wish(cast.variants[item["product"]], item["quantity"]) for item in row["items"]]
    homes = db.execute(select(Place.id).where(Place.kind == "home")).scalars()
    asked = Checkout(
        order_id=order_id,
        wishes=tuple(wishes),
        receiver=Receiver(**row["receiver"]),
        method_code=row["method"],
        total_seen=row["total"],
        pickup_place_id=cast.kiosk_id if _is_picked_up(row) else None,
        links=_links(db, cast, row),
        services=() if _is_picked_up(row) else tuple((home, row["service"]) for home in homes),
    )
    checkout.place_order.within(db, actor=cast.actor(row["buyer"]), asked=asked)
    if row["method"] == "transfer":
        attempt = attempts.newest_open(db, order_id)
        assert attempt is not None
        transfers.confirm.within(
            db, actor=cast.actor(TREASURER), attempt_id=attempt.id, amount=attempt.amount
        )


def _links(db: Session, cast: Cast, row: dict[str, Any]) -> tuple[str, ...]:
    """Links of whoever passed these goods on, by which the buyer came."""
    if "invited_by" not in row:
        return ()
    inviter = cast.actor(row["invited_by"])
    bought = [cast.variants[item["product"]] for item in row["items"]]
    listings = db.scalars(select(Variant.listing_id).where(Variant.id.in_(bought)))
    return tuple(
        affiliates.link_to.within(db, actor=inviter, listing_id=listing_id).code
        for listing_id in listings.all()
    )


def answer_all() -> int:
    """Let makers, keeper and buyers do their part; returns how many orders were answered now.

    On a house that is not the demo world none of these orders exists.
    """
    session = database.session()
    return sum(
        _answer_one(row) for row in _rows() if session.get(Order, act_id("order", row["key"]))
    )


def _answer_one(row: dict[str, Any]) -> bool:
    if database.session().get(acts.Act, act_id("answer", row["key"])):
        return False
    due.ask_makers.run(order_id=str(act_id("order", row["key"])))
    _answer(row=row)
    return True


@in_transaction(retries=3)
def _answer(db: Session, *, row: dict[str, Any]) -> None:
    acts.once(
        db,
        act_id=act_id("answer", row["key"]),
        actor=SYSTEM,
        kind="demo.answer",
        content={"key": row["key"]},
        do=lambda: {"steps": _take_steps(db, row)},
    )


def _take_steps(db: Session, row: dict[str, Any]) -> int:
    order = db.get_one(Order, act_id("order", row["key"]))
    handler = Actor(person_id(db, row["handled_by"]))
    query = select(Parcel.id).where(Parcel.order_id == order.id).order_by(Parcel.position)
    for parcel_id in list(db.scalars(query)):
        for step in row["steps"]:
            if step in ("ask", "reply"):
                _talk(db, row["words"][step], step, handler, order, parcel_id)
            else:
                _step(db, step, handler, order, parcel_id)
    return len(row["steps"])


def _talk(db: Session, words: str, step: str, handler: Actor, order: Order, parcel_id: int) -> None:
    if step == "ask":
        buyer = Actor(order.buyer_id)
        talk.ask.within(db, actor=buyer, order_id=order.id, parcel_id=parcel_id, words=words)
    else:
        talk.answer.within(db, actor=handler, parcel_id=parcel_id, words=words)


def _step(db: Session, step: str, handler: Actor, order: Order, parcel_id: int) -> None:
    match step:
        case "accept":
            fulfilment.accept.within(db, actor=handler, parcel_id=parcel_id)
        case "pack":
            fulfilment.pack.within(db, actor=handler, parcel_id=parcel_id)
        case "hand_over":
            is_cash = order.method == "cash_pickup"
            handover.hand_over.within(
                db, actor=handler, parcel_id=parcel_id, tracking="CONTOH", cash_taken=is_cash
            )
        case "receive":
            buyer = Actor(order.buyer_id)
            handover.receive.within(db, actor=buyer, order_id=order.id, parcel_id=parcel_id)
        case _:
            raise AssertionError(f"nobody takes the step {step}")


def person_id(db: Session, key: str) -> int:
    """Everybody who answers orders has a number of her own in the demo world."""
    phone = next(row["phone"] for row in read("people")["people"] if row["key"] == key)
    return db.scalars(select(Person.id).where(Person.phone == phone)).one()
