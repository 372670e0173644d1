"""The receipt of an order: what was bought, what it cost, how it was paid, and who got how much.

Sellers stand on it as the shop names them. Nobody's phone or address does, the buyer's neither:
whoever has the long link of the order may print it and hand it on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from cooperatives.models import Lot, Place
from cooperatives.sharing import Shares
from core import orgs
from core.orgs import Organisation
from orders import claim_parts, finding, methods, parcels, presenting, proceeds
from orders.models import Attempt, Line, Order, Parcel, Refund
from orders.parcels import Handled
from orders.proceeds import Part, Sold
from orders.states import ParcelState
from sellers.models import Seller

NOTHING_KEPT = (ParcelState.DECLINED, ParcelState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Item:
    """One kind of goods as the bill says it; `kept` is what the buyer got or will get of it, and
    `shares` everybody's part of what was not given back.
    """

    name: str
    shop: str
    price: int
    quantity: int
    kept: int
    shares: Shares

    @property
    def total(self) -> int:
        """Rupiah for all that was ordered."""
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class Return:
    """Money that goes back; `done_at` is None while it is still owed."""

    amount: int
    done_at: datetime | None
    is_surplus: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """All that stands on it. As long as nothing was paid it has no parts and is no receipt.

    `taken_off` are the last digits of a transfer, `borne` what of them the operator has to give.
    `presented` is what a buyer abroad paid for it in her own money, written out.
    """

    order: Order
    items: list[Item]
    fees: list[tuple[str, int]]
    method: Any
    paid: int
    taken_off: int
    borne: int
    parts: list[Part]
    returns: list[Return]
    presented: str = ""

    @property
    def is_paid(self) -> bool:
        """Whether this is a receipt."""
        return bool(self.paid)


def of_order(db: Session, order: Order) -> Receipt:
    """The receipt of an order as it stands now."""
    whole = finding.whole(db, order)
    attempt = db.scalar(select(Attempt).where(Attempt.order_id == order.id, Attempt.is_capture))
    owed = _refunds(db, order)
    items: dict[tuple[str, str, int], Item] = {}
    sold: list[Sold] = []
    for line, seller, cooperative, place, kept, shares in _goods(db, whole):
        key = (line.name, seller.store_name, line.price)
        before = items.get(key, Item(*key, 0, 0, Shares()))
        units = (before.quantity + line.quantity, before.kept + kept)
        items[key] = Item(*key, *units, before.shares + shares)
        sold.append(Sold(seller.store_name, cooperative, place.name, shares))
    kept_fees = _fees(db, whole)
    back = sum(row.amount for row in owed if row.is_capture)
    bearers = claim_parts.borne(db, order.id)
    gross = sum(part.shares.gross for part in sold) + sum(fee for _label, fee in kept_fees)
    gross -= sum(amount for _who, amount in bearers)
    paid = attempt.reached if attempt else 0
    taken_off = attempt.unique_code if attempt else 0
    borne = min(taken_off, max(0, gross + back - paid))
    paid += borne
    house = orgs.operator(db).short_name
    return Receipt(
        order=order,
        items=list(items.values()),
        fees=[(line.name, line.total) for line in whole.other_lines if line.kind == "delivery"],
        method=methods.known(attempt.method if attempt else order.method).label,
        paid=paid,
        taken_off=taken_off,
        borne=borne,
        parts=proceeds.divide(paid, sold, kept_fees, back, house, bearers) if paid else [],
        returns=[Return(row.amount, row.done_at, not row.is_capture) for row in owed],
        presented=presenting.shown(attempt),
    )


def _refunds(db: Session, order: Order) -> Sequence[Row[*tuple[Any, ...]]]:
    query = (
        select(Refund.amount, Refund.done_at, Attempt.is_capture)
        .join(Attempt, Attempt.id == Refund.attempt_id)
        .where(Attempt.order_id == order.id, Refund.state != "failed")
        .order_by(Refund.created_at, Refund.id)
    )
    return db.execute(query).all()


def _fees(db: Session, whole: finding.Whole) -> list[tuple[str, int]]:
    """Delivery fees that whoever paid the courier keeps, by courier."""
    fees = []
    for sent in whole.parcels:
        if sent.parcel.fee and sent.parcel.state not in NOTHING_KEPT:
            place = db.get_one(Place, sent.parcel.place_id)
            fee = claim_parts.fee_left(db, Handled(sent.parcel, whole.order, place))
            fees.append((sent.parcel.service_label, fee))
    return fees


def _goods(db: Session, whole: finding.Whole) -> list[tuple[Line, Seller, str, Place, int, Shares]]:
    """Goods lines with their shop, its cooperative, their place, the pieces she keeps, and
    everybody's part of those whose sale stands.
    """
    rows = db.execute(
        select(Line.id, Seller, Organisation.short_name, Place)
        .join(Seller, Seller.id == Line.seller_id)
        .join(Lot, Lot.id == Line.lot_id)
        .join(Organisation, Organisation.id == Lot.organisation_id)
        .join(Parcel, Parcel.id == Line.parcel_id)
        .join(Place, Place.id == Parcel.place_id)
        .where(Line.order_id == whole.order.id, Line.kind == "goods")
    )
    about = {row[0]: (row[1], row[2], row[3]) for row in rows}
    found = []
    for sent in whole.parcels:
        kept = _kept(db, whole.order, sent.parcel, sent.lines, about)
        gone = claim_parts.undone(db, sent.lines)
        for line in sent.lines:
            shares = parcels.frozen(line).units(kept[line.id], line.quantity) - gone[line.id]
            found.append((line, *about[line.id], kept[line.id], shares))
    return found


def _kept(
    db: Session, order: Order, parcel: Parcel, lines: Sequence[Line], about: dict[int, Any]
) -> dict[int, int]:
    if parcel.state in NOTHING_KEPT or not lines:
        return dict.fromkeys((line.id for line in lines), 0)
    handled = Handled(parcel, order, about[lines[0].id][2])
    return dict(parcels.expected(db, handled, lines))
