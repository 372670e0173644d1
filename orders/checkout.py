"""Checkout: a basket becomes an order with its goods held, or leaves no trace.

Everything happens in one transaction, and no gateway is called while it is open. The id of the
order is made by the buyer's browser, so a double click, a reload or a lost answer is one order.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import Sequence as Counter
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.allocation import Pick, Wish, allocate
from cooperatives.bazaars.fetching import Stand
from cooperatives.holds import Doc
from core import acts, clock, news
from core.actors import Actor
from core.clock import WIB
from core.config import settings
from core.db import Ready, in_transaction
from core.errors import DomainError
from core.inserts import Insert
from orders import attempts, bill, cash_trust, inviting, messages, methods, pickups
from orders.bill import Bill, Bundle
from orders.bill_rows import NO_GOODS, delivery_row, goods_row
from orders.methods import Method
from orders.models import Contact, Event, Line, Order, Parcel
from orders.settings import OrderSettings

CODE_BYTES = 18

# By bare tables: checkout is the busiest place we have, and rows written here are read later.
_ORDERS, _CONTACTS, _EVENTS, _LINES = map(Insert, (Order, Contact, Event, Line))
_PARCELS = Insert(Parcel, lambda rows: rows.returning(Parcel.id, Parcel.position))
_NUMBER = Ready(select(Counter("order_number").next_value().label("next")))


class TotalChanged(DomainError):
    """Since the buyer saw the total, goods or fees changed; `total` is what it is now."""

    status = 409

    def __init__(self, total: int) -> None:
        self.total = total
        super().__init__(_("Totalnya berubah. Periksa angka yang baru, lalu pesan lagi."))


class EmptyBasket(DomainError):
    """There is nothing to order, or too many different things."""

    sentence = _("Keranjang masih kosong, atau terlalu banyak jenis barang.")


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who gets it and where, as the checkout form hands it over; phone in E.164."""

    name: str
    phone: str
    email: str = ""
    street: str = ""
    rt_rw: str = ""
    village: str = ""
    district_code: str = ""
    district_label: str = ""
    postcode: str = ""
    landmark: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """What the buyer needs to find her order again."""

    order_id: UUID
    code: str
    number: str


def buyer_key(actor: Actor, phone: str) -> str:
    """Whose unpaid goods are counted together: a person's, or a phone number's."""
    if actor.person_id is not None:
        return f"person:{actor.person_id}"
    return "phone:" + hashlib.sha256(phone.encode()).hexdigest()[:40]


def order_doc(order_id: UUID) -> Doc:
    """The name under which stock and books know an order."""
    return Doc("order", str(order_id))


@dataclass(frozen=True, slots=True)
class Checkout:
    """All that the buyer decided. `total_seen` is what her page showed and is only compared;
    `services` names the chosen delivery service of a place; `links` are those by which she came.
    """

    order_id: UUID
    wishes: tuple[Wish, ...]
    receiver: Receiver
    method_code: str
    total_seen: int
    pickup_place_id: int | None = None
    services: tuple[tuple[int, str], ...] = ()
    language: str = "id"
    links: tuple[str, ...] = ()

    @property
    def way(self) -> str:
        """Shipped, or picked up."""
        return "ship" if self.pickup_place_id is None else "pickup"

    def content(self) -> dict[str, Any]:
        """What makes two sendings the same act."""
        return asdict(self)


@in_transaction(retries=3)
def place_order(db: Session, *, actor: Actor, asked: Checkout) -> Placed:
    """Write the order, hold the goods, open the first attempt; the same id again answers the same.

    Raises OutOfStock, TooManyHeld, NoDelivery, MethodClosed, TotalChanged, EmptyBasket, Conflict.
    """
    answer = acts.once(
        db,
        act_id=asked.order_id,
        actor=actor,
        kind="order.place",
        content=asked.content(),
        do=lambda: _place(db, actor, asked),
    )
    return Placed(asked.order_id, answer["code"], answer["number"])


def _place(db: Session, actor: Actor, asked: Checkout) -> dict[str, Any]:
    if not 0 < len(asked.wishes) <= settings(OrderSettings).lines_max:
        raise EmptyBasket
    now = clock.now()
    method = methods.known(asked.method_code)
    from_places, stand = pickups.sources(db, asked.pickup_place_id)
    picks = allocate(
        db,
        asked.wishes,
        until=method.hold_ends(now),
        doc=order_doc(asked.order_id),
        buyer_key=buyer_key(actor, asked.receiver.phone),
        place_ids=from_places,
    )
    return write(db, actor, asked, picks, now, stand)


def write(
    db: Session,
    actor: Actor,
    asked: Checkout,
    picks: Sequence[Pick],
    now: datetime,
    stand: Stand | None = None,
) -> dict[str, Any]:
    """Picked goods, which are held under the order's name, become the order itself; `stand` is the
    bazaar at which they are fetched.

    Raises NoDelivery, MethodClosed, TotalChanged.
    """
    method = methods.known(asked.method_code)
    drawn = _agreed_bill(db, actor, asked, picks, is_brought=stand is not None)
    way = asked.way if stand is None else "fetch"
    methods.refuse_unfit(method, way=way, total=drawn.total, takes_cash=drawn.takes_cash)
    if method.is_cash:
        buyer_id, phone = actor.person_id, asked.receiver.phone
        cash_trust.refuse(db, buyer_id=buyer_id, phone=phone, total=drawn.total)
    order = _write_order(db, actor, asked, drawn, method, now)
    _write_parcels(db, asked, drawn, stand.place_id if stand else None)
    attempts.open_first(
        db, order_id=order["id"], number=order["number"], method=method, amount=drawn.total, now=now
    )
    placed = Order(**order)
    about = ("order", placed.id)
    messages.tell(db, placed, "placed", actor=actor, parcel=None, doc=about, facts={})
    if method.is_cash:
        news.tell(db, "order_due", order_id=str(order["id"]))
    return {"code": order["code"], "number": order["number"]}


def _agreed_bill(
    db: Session, actor: Actor, asked: Checkout, picks: Sequence[Pick], *, is_brought: bool
) -> Bill:
    drawn = bill.draw_up(
        db,
        picks,
        district_code=asked.receiver.district_code if asked.way == "ship" else None,
        services=dict(asked.services),
        invited=inviting.by_links(db, actor, asked.links, phone=asked.receiver.phone),
        is_brought=is_brought,
    )
    if drawn.total != asked.total_seen:
        raise TotalChanged(drawn.total)
    return drawn


def _write_order(
    db: Session, actor: Actor, asked: Checkout, drawn: Bill, method: Method, now: datetime
) -> dict[str, Any]:
    month = now.astimezone(WIB).strftime("%y%m")
    running = _NUMBER.rows(db, {})[0].next
    order = {
        "id": asked.order_id,
        "number": f"LMB-{month}-{running:04d}",
        "code": secrets.token_urlsafe(CODE_BYTES),
        "channel": "web",
        "state": method.first_state.value,
        "buyer_id": actor.person_id,
        "method": method.code,
        "goods_total": drawn.goods_total,
        "delivery_total": drawn.delivery_total,
        "total": drawn.total,
        "language": asked.language,
        "placed_at": now,
        "pay_by": method.hold_ends(now),
    }
    _ORDERS.rows(db, [order])
    _CONTACTS.rows(db, [{"order_id": asked.order_id, **asdict(asked.receiver)}])
    placed = {"order_id": asked.order_id, "what": "placed", "at": now, "actor_id": actor.person_id}
    _EVENTS.rows(db, [placed])
    return order


def _write_parcels(db: Session, asked: Checkout, drawn: Bill, fetch_place_id: int | None) -> None:
    rows = [
        _parcel_row(asked, bundle, position) | {"fetch_place_id": fetch_place_id}
        for position, bundle in enumerate(drawn.bundles)
    ]
    ids = {row.position: row.id for row in _PARCELS.rows(db, rows)}
    lines: list[dict[str, Any]] = []
    for position, bundle in enumerate(drawn.bundles):
        parcel_id = ids[position]
        lines += [goods_row(goods) | {"parcel_id": parcel_id} for goods in bundle.goods]
        if bundle.quote:
            lines.append(delivery_row(bundle) | {"parcel_id": parcel_id})
    numbered = [
        NO_GOODS | line | {"order_id": asked.order_id, "position": position}
        for position, line in enumerate(lines)
    ]
    _LINES.rows(db, numbered)


def _parcel_row(asked: Checkout, bundle: Bundle, position: int) -> dict[str, Any]:
    quote = bundle.quote
    return {
        "order_id": asked.order_id,
        "place_id": bundle.place_id,
        "position": position,
        "way": asked.way,
        "fee": bundle.fee,
        "weight_grams": bundle.grams,
        "billed_kg": quote.billed_kg if quote else 0,
        "rate_id": quote.rate_id if quote else None,
        "service_label": quote.label if quote else "",
    }
