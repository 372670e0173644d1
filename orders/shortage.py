"""When promised goods are not there after all: the same goods from another lot, or the money back.

Stock has let somebody's deed stand and broken a promise (`cooperatives.shortfalls`). Here the buyer
gets the same thing from the same place if there is more of it; otherwise her order gets smaller,
and no money is kept for what is not there. What she agreed to pay for a piece never changes.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives import consignment, replacements, shortfalls
from cooperatives.allocation import Pick
from cooperatives.models.stock import Hold, Place, Shortfall
from cooperatives.sharing import Shares, split_line
from core import access, audit, jobs, notify, tasks
from core.actors import SYSTEM, Actor
from core.db import in_transaction
from orders import endings, events, fulfilment, parcels
from orders.checkout import order_doc
from orders.models import Line, Order, Parcel
from orders.parcels import Handled
from orders.states import OrderEvent, OrderState, ParcelEvent, ParcelState

LIVING = (OrderState.AWAITING_PAYMENT, OrderState.ON_DELIVERY, OrderState.PAID)


class PaymentOpen(Exception):
    """Goods are missing for an unpaid order: its payment is closed at the gateway first."""

    def __init__(self, order_id: UUID) -> None:
        super().__init__(str(order_id))
        self.order_id = order_id


@dataclass(slots=True)
class Outcome:
    """What mending one parcel came to: units found elsewhere, units gone, and their worth."""

    found: int = 0
    gone: int = 0
    worth: int = 0


@jobs.job("orders.mend_shortage", key="shortfall_id")
def mend_shortage(shortfall_id: int) -> None:
    """Mend the parcel this shortfall belongs to. A silent gateway makes the job come again."""
    try:
        mend(actor=SYSTEM, shortfall_id=shortfall_id)
    except PaymentOpen as unpaid:
        endings.close_payment(unpaid.order_id)
        mend(actor=SYSTEM, shortfall_id=shortfall_id, is_closed=True)


@in_transaction(retries=3)
def mend(db: Session, *, actor: Actor, shortfall_id: int, is_closed: bool = False) -> None:
    """Settle every open shortfall of one parcel; doing it again changes nothing.

    An unpaid order that cannot be met in full is cancelled: raises PaymentOpen until the caller
    says that its payment `is_closed`. Raises NotFound.
    """
    _shortfall, hold = shortfalls.get_shortfall(db, shortfall_id)
    if hold.doc_type != order_doc(UUID(int=0)).kind:
        return
    order = db.get_one(Order, UUID(hold.doc_id), with_for_update=True, populate_existing=True)
    handled = _parcel(db, order, hold.place_id)
    broken = shortfalls.open_of(db, order_doc(order.id), hold.place_id)
    if not broken:
        return
    if order.state not in LIVING or handled.parcel.state not in parcels.BEFORE_HANDOVER:
        how = "the order had ended"
    elif order.state == OrderState.AWAITING_PAYMENT and is_closed:
        how = _cancel(db, actor, order)
    else:
        how = _adjust(db, actor, handled, broken)
    for shortfall, _hold in broken:
        shortfalls.mend(db, actor=actor, shortfall_id=shortfall.id, how=how)


def _parcel(db: Session, order: Order, place_id: int) -> Handled:
    ids = select(Parcel.id).where(Parcel.order_id == order.id, Parcel.place_id == place_id)
    parcel_id = db.scalars(ids).one()
    parcel = db.get_one(Parcel, parcel_id, with_for_update=True, populate_existing=True)
    return Handled(parcel, order, db.get_one(Place, place_id))


def _cancel(db: Session, actor: Actor, order: Order) -> str:
    """Not paid yet, and not all there: the whole order ends, and late money goes back by itself."""
    events.write(db, order, "goods_gone_unpaid", actor=actor)
    endings.end_order.within(db, actor=actor, order_id=order.id, event=OrderEvent.CANCEL)
    return "the unpaid order was cancelled"


def _adjust(
    db: Session, actor: Actor, handled: Handled, broken: list[tuple[Shortfall, Hold]]
) -> str:
    outcome = _replaced(db, handled, broken)
    order, parcel = handled.order, handled.parcel
    if outcome.gone and order.state == OrderState.AWAITING_PAYMENT:
        raise PaymentOpen(order.id)
    if outcome.found:
        _told(db, actor, handled, "goods_replaced", pieces=outcome.found)
    if outcome.gone:
        _told(db, actor, handled, "goods_gone", pieces=outcome.gone)
        doc = ("shortfall", broken[0][0].id)
        if any(parcels.expected(db, handled, parcels.goods(db, parcel.id)).values()):
            fulfilment.owe_less(db, actor, handled, outcome.worth, "shortfall", doc)
        else:
            fulfilment.step(db, handled, ParcelEvent.CANCEL, actor)
            fulfilment.end_unsent(db, actor, handled, outcome.worth, "shortfall", doc)
    _ask_handlers(db, handled, outcome)
    return f"{outcome.found} replaced, {outcome.gone} not given"


def _replaced(db: Session, handled: Handled, broken: list[tuple[Shortfall, Hold]]) -> Outcome:
    """Look for other goods, lot by lot, and write what is found into the lines."""
    until = None if handled.order.state == OrderState.PAID else handled.order.pay_by
    by_lot: dict[int, list[Hold]] = defaultdict(list)
    for _shortfall, hold in broken:
        by_lot[hold.lot_id].append(hold)
    outcome = Outcome()
    for lot_id, lost in by_lot.items():
        lines = {line.lot_id or 0: line for line in parcels.goods(db, handled.parcel.id)}
        line = lines[lot_id]
        missing = _missing(db, handled, line, lost)
        picks = replacements.replace(db, lost[0], missing, until=until) if missing else []
        found = sum(pick.quantity for pick in picks)
        if handled.parcel.state != ParcelState.TO_ACCEPT:
            line.given -= missing - found
        outcome.found += found
        outcome.gone += missing - found
        outcome.worth += (missing - found) * line.price
        for pick in picks:
            if pick.lot_id != lot_id:
                _move_units(db, handled, lines, line, pick)
        db.flush()
    return outcome


def _missing(db: Session, handled: Handled, line: Line, lost: list[Hold]) -> int:
    """Units the buyer still expects and nobody promises; a maker may have given fewer anyway."""
    if handled.parcel.state == ParcelState.TO_ACCEPT:
        return sum(hold.quantity for hold in lost)
    return max(0, line.given - parcels.promised(db, handled)[line.lot_id or 0])


def _move_units(
    db: Session, handled: Handled, lines: dict[int, Line], line: Line, pick: Pick
) -> None:
    """Units of a line come from another lot: whose it is, terms and parts are that lot's now."""
    part = parcels.frozen(line).units(pick.quantity, line.quantity)
    sheet = consignment.sheets(db, [pick.terms_id])[pick.terms_id]
    rate = consignment.rate(sheet, handled.order.channel, handled.place.kind)
    fresh = split_line(line.price * pick.quantity, rate)
    shares = fresh.inviting(part.affiliate, rate.affiliate_payer)
    given = 0 if handled.parcel.state == ParcelState.TO_ACCEPT else pick.quantity
    twin = lines.get(pick.lot_id)
    if twin is None:
        lines[pick.lot_id] = _written(db, line, pick, shares, given)
    else:
        _resize(twin, pick.quantity, given, parcels.frozen(twin) + shares)
    if pick.quantity == line.quantity:
        db.delete(line)
    else:
        _resize(line, -pick.quantity, -given, parcels.frozen(line) - part)
    audit.record(
        db,
        SYSTEM,
        "line.replaced",
        "order",
        handled.order.id,
        of_lot=line.lot_id,
        by_lot=pick.lot_id,
        pieces=pick.quantity,
    )


def _written(db: Session, line: Line, pick: Pick, shares: Shares, given: int) -> Line:
    last = db.scalar(select(func.max(Line.position)).where(Line.order_id == line.order_id)) or 0
    new = Line(
        order_id=line.order_id,
        parcel_id=line.parcel_id,
        position=last + 1,
        variant_id=line.variant_id,
        lot_id=pick.lot_id,
        seller_id=pick.owner_id,
        terms_id=pick.terms_id,
        name=line.name,
        quantity=0,
        price=line.price,
        weight_grams=line.weight_grams,
        affiliate_id=line.affiliate_id,
        package_id=line.package_id,
    )
    new.given = 0
    _resize(new, pick.quantity, given, shares)
    db.add(new)
    return new


def _resize(line: Line, by: int, given_by: int, shares: Shares) -> None:
    line.quantity += by
    line.given += given_by
    line.total = line.quantity * line.price
    line.maker_part, line.cooperative_part = shares.maker, shares.cooperative
    line.kiosk_part, line.operator_part = shares.kiosk, shares.operator
    line.affiliate_part = shares.affiliate


def _told(db: Session, actor: Actor, handled: Handled, what: str, **facts: Any) -> None:
    events.write(db, handled.order, what, actor=actor, parcel=handled.parcel, **facts)


def _ask_handlers(db: Session, handled: Handled, outcome: Outcome) -> None:
    """Maker or keeper look at the parcel again, if they knew of it; of one that ended they hear."""
    parcel, number = handled.parcel, handled.order.number
    if parcel.accept_by is None or not (outcome.found or outcome.gone):
        return
    link, holders = parcels.address_of(parcel.id, handled.place), parcels.handlers(handled.place)
    if parcel.ended_at is None:
        doc, facts = ("parcel", parcel.id), {"number": number}
        tasks.write(db, fulfilment.CHANGED, doc=doc, holders=holders, facts=facts, link=link)
        return
    notify.tell(
        db,
        event_key=f"parcel:{parcel.id}:gone",
        people=access.people_who(db, *holders),
        title=_("Pesanan tidak jadi"),
        text=_("Barang untuk pesanan %(number)s tidak ada lagi, jadi dibatalkan.", number=number),
        link=link,
    )
