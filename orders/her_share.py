"""What orders tell a maker's notebook: which goods were hers, and what is on its way to her."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cooperatives import notebook
from cooperatives.accounts import Owner
from cooperatives.models import Lot, Place
from cooperatives.notebook import Coming, Goods
from cooperatives.settling import sold
from cooperatives.settling.sold import Sold
from core.clock import WIB
from orders import claim_parts, parcels
from orders.models import Line, Order, Parcel
from orders.states import OrderState, ParcelState
from sellers.models import Seller

COMING_MAX = 200
AHEAD = (
    ParcelState.TO_ACCEPT,
    ParcelState.ACCEPTED,
    ParcelState.PACKED,
    ParcelState.HANDED_OVER,
    ParcelState.DELIVERED,
    ParcelState.QUIET,
)
WHY: dict[ParcelState, Any] = {
    ParcelState.TO_ACCEPT: _("Menunggu jawaban Ibu"),
    ParcelState.ACCEPTED: _("Menunggu dikemas"),
    ParcelState.PACKED: _("Menunggu diserahkan"),
    ParcelState.HANDED_OVER: _("Masih di jalan"),
    ParcelState.DELIVERED: _("Dijaga dulu, kalau pembeli ada keluhan"),
    ParcelState.QUIET: _("Dijaga dulu, kalau pembeli ada keluhan"),
}
CASH = _("Menunggu uang tunai dicatat")


def on_its_way(db: Session, person_id: int) -> list[Coming]:
    """Her part of every paid or brought parcel that is not hers yet, the soonest first."""
    query = (
        select(Parcel, Order, Line)
        .join(Order, Order.id == Parcel.order_id)
        .join(Line, Line.parcel_id == Parcel.id)
        .join(Seller, Seller.id == Line.seller_id)
        .where(
            Seller.person_id == person_id,
            Line.kind == "goods",
            Parcel.state.in_(AHEAD),
            or_(Order.state == OrderState.PAID, Order.state == OrderState.ON_DELIVERY),
        )
        .order_by(Parcel.quiet_until.nulls_last(), Parcel.id, Line.position)
        .limit(COMING_MAX)
    )
    rows = db.execute(query).all()
    left = claim_parts.left_of(db, [line for _parcel, _order, line in rows])
    found: dict[int, Coming] = {}
    for parcel, order, line in rows:
        is_asked = parcel.state == ParcelState.TO_ACCEPT
        shares = parcels.frozen(line) if is_asked else left[line.id].shares
        before = found.get(parcel.id) or _of(parcel, order)
        found[parcel.id] = Coming(
            before.order, before.amount + shares.maker, before.until, before.why
        )
    return [one for one in found.values() if one.amount]


def _of(parcel: Parcel, order: Order) -> Coming:
    is_there = parcel.state in (ParcelState.DELIVERED, ParcelState.QUIET)
    owes_cash = is_there and order.state == OrderState.ON_DELIVERY
    why = CASH if owes_cash else WHY[ParcelState(parcel.state)]
    return Coming(order.number, 0, None if owes_cash else parcel.quiet_until, why)


def sold_in(
    db: Session, owner: Owner, cooperative_id: int, parcel_ids: Sequence[int]
) -> list[Sold]:
    """What an owner sold through a cooperative in these parcels, as it was given to buyers."""
    is_hers = (
        Seller.person_id == owner.person_id
        if owner.person_id is not None
        else Seller.person_id.is_(None) & (Seller.organisation_id == owner.organisation_id)
    )
    query = (
        select(Line, Order.channel, func.coalesce(Parcel.handed_over_at, Order.placed_at))
        .join(Order, Order.id == Line.order_id)
        .join(Parcel, Parcel.id == Line.parcel_id)
        .join(Seller, Seller.id == Line.seller_id)
        .join(Lot, Lot.id == Line.lot_id)
        .where(Line.parcel_id.in_(parcel_ids), Line.given > 0, is_hers)
        .where(Lot.organisation_id == cooperative_id)
        .order_by(Parcel.id, Line.position)
    )
    return [
        Sold(
            parcel_id,
            sold_at.astimezone(WIB).date(),
            channel,
            line.name,
            line.given,
            line.price,
            parcels.given_shares(line),
        )
        for line, channel, sold_at in db.execute(query)
        if (parcel_id := line.parcel_id)
    ]


def goods_in(db: Session, person_id: int, parcel_id: int) -> Goods:
    """Her goods that were really given in a parcel; the page is there only if she sent it."""
    query = (
        select(Line.name, Line.given, Line.price)
        .join(Seller, Seller.id == Line.seller_id)
        .where(Line.parcel_id == parcel_id, Seller.person_id == person_id, Line.given > 0)
        .order_by(Line.position)
    )
    items = [(row.name, row.given, row.price) for row in db.execute(query)]
    sent_by_her = (
        select(Place)
        .join(Parcel, Parcel.place_id == Place.id)
        .join(Seller, Seller.id == Place.seller_id)
        .where(Parcel.id == parcel_id, Seller.person_id == person_id)
    )
    place = db.scalar(sent_by_her)
    return Goods(items, parcels.address_of(parcel_id, place) if place else "")


notebook.expect_by(on_its_way)
notebook.tell_goods_by(goods_in)
sold.tell_by(sold_in)
