"""Cash orders that nobody took: refused at the door, or packed for a pick-up and never fetched.

No money came, so nothing is booked for the buyer: the order ends, and her history counts it. Goods
that had left come back to the lot and place they left; who bears what the courier cost is decided
by a person and written down.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import goods, holds, ledger
from cooperatives.accounts import own
from cooperatives.goods import Portion
from cooperatives.holds import Doc
from cooperatives.models.books import Kind
from cooperatives.rights import COORDINATE, TREASURE
from core import access, audit, clock, orgs
from core.actors import Actor
from core.config import settings
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from orders import earning, endings, events, fulfilment, money_pages, parcels
from orders.checkout import order_doc
from orders.models import Event, Order, Parcel
from orders.parcels import Handled
from orders.settings import OrderSettings
from orders.states import PARCEL_MOVES, IllegalMove, OrderState, ParcelEvent, ParcelState, move
from sellers.owning import refuse_helpers

NOTHING_CAME = (
    ParcelState.DECLINED,
    ParcelState.CANCELLED,
    ParcelState.REFUSED,
    ParcelState.RETURNED,
)
BACK = "tidak diterima pembeli"
BEARERS = {
    "sender": _("Pengirimnya sendiri"),
    "risk_fund": _("Dana risiko koperasi"),
    "operator": _("Pengelola Lumbung"),
}


class NotYetMissed(DomainError):
    """The buyer still has time to come for her pick-up."""

    status = 409
    sentence = _("Pembeli masih punya waktu untuk mengambil. Tunggu sampai waktunya lewat.")


class OddBack(DomainError):
    """More pieces came back than had left."""

    sentence = _("Jumlah yang kembali tidak bisa lebih dari yang dikirim.")


class NotABearer(DomainError):
    """Nobody by this name can bear it, or it is not for the actor to say so."""

    sentence = _("Pilih siapa yang menanggung ongkirnya.")


def can_be_missed_from(parcel: Parcel) -> datetime | None:
    """When a packed pick-up that nobody fetched may be given up."""
    since = parcel.packed_at or parcel.accepted_at
    if parcel.way != "pickup" or since is None:
        return None
    return since + timedelta(days=settings(OrderSettings).pickup_wait_days)


@in_transaction(retries=3)
def refuse(db: Session, *, actor: Actor, parcel_id: int) -> None:
    """The buyer did not take a cash order; it ends, and the goods are still to come back.

    A pick-up that never left is simply on sale again. Raises NotYetMissed, IllegalMove, NotFound.
    """
    refuse_helpers(actor)
    handled = parcels.lock(db, actor, parcel_id)
    parcel, order = handled.parcel, handled.order
    if order.state != OrderState.ON_DELIVERY:
        raise IllegalMove
    if parcel.way == "pickup":
        due = can_be_missed_from(parcel)
        if due is None or due > clock.now():
            raise NotYetMissed
    fulfilment.step(db, handled, ParcelEvent.REFUSE, actor)
    parcel.ended_at = clock.now()
    if parcel.handed_over_at is None:
        _free(db, handled)
    fulfilment.forget_tasks(db, actor, parcel.id, parcel.state)
    db.flush()
    states = set(db.scalars(select(Parcel.state).where(Parcel.order_id == order.id)))
    if not states <= set(NOTHING_CAME):
        raise IllegalMove  # Cash is for one parcel; were there more, the rest would stay unpaid.
    endings.close_empty(db, actor=actor, order=order)


def _free(db: Session, handled: Handled) -> None:
    """The goods never left their place: they are on sale again at once."""
    for line in parcels.goods(db, handled.parcel.id):
        line.given = 0
    db.flush()
    holds.release(db, order_doc(handled.order.id), "missed", place_id=handled.parcel.place_id)


def _ended(db: Session, actor: Actor, parcel_id: int) -> Handled:
    """A refused parcel of an order that has ended, locked, for whoever may handle it."""
    for desk in parcels.DESKS:
        try:
            found = parcels.get_handled(db, actor, parcel_id, desk)
        except NotFound:
            continue
        order = db.get_one(Order, found.order.id, with_for_update=True, populate_existing=True)
        parcel = db.get_one(Parcel, parcel_id, with_for_update=True, populate_existing=True)
        return Handled(parcel, order, found.place)
    raise NotFound


@in_transaction(retries=3)
def take_back(
    db: Session, *, actor: Actor, parcel_id: int, good: Mapping[int, int] | None = None
) -> None:
    """The refused goods are here again; `good` says how many pieces of a line can still be sold
    (all, where nothing is said), the rest is written off.

    The actor tends the place. Raises OddBack, IllegalMove, NotFound.
    """
    handled = _ended(db, actor, parcel_id)
    parcel = handled.parcel
    if parcel.state == ParcelState.RETURNED:
        return
    if parcel.handed_over_at is None:
        raise IllegalMove
    parcel.state = move(PARCEL_MOVES, ParcelState(parcel.state), ParcelEvent.RETURN).value
    lines = [line for line in parcels.goods(db, parcel_id) if line.given]
    fine = {line.id: line.given if good is None else good.get(line.id, 0) for line in lines}
    if any(not 0 <= fine[line.id] <= line.given for line in lines):
        raise OddBack
    told: dict[str, Any] = {"actor": actor, "place_id": parcel.place_id, "reason": BACK}
    back = [Portion(line.lot_id or 0, line.given) for line in lines]
    goods.take_back.within(db, doc=Doc("refused_back", str(parcel_id)), portions=back, **told)
    lost = [
        Portion(line.lot_id or 0, line.given - fine[line.id])
        for line in lines
        if line.given > fine[line.id]
    ]
    if lost:
        goods.write_off.within(db, doc=Doc("refused_lost", str(parcel_id)), portions=lost, **told)
    events.write(db, handled.order, "parcel_returned", actor=actor, parcel=parcel)
    audit.record(db, actor, "parcel.returned", "parcel", parcel_id)


# Who bears what the courier cost


def borne_by(db: Reader, parcel_id: int) -> str | None:
    """Who bears the delivery of a refused parcel, once it was decided."""
    query = select(Event.facts).where(Event.parcel_id == parcel_id, Event.what == "fee_borne")
    facts = db.scalar(query.limit(1))
    return facts["by"] if facts else None


def may_decide(db: Reader, actor: Actor, handled: Handled) -> list[str]:
    """Who may be named by this actor: a coordinator her cooperative's, a treasurer the operator."""
    named = []
    if handled.place.organisation_id in access.subjects(db, actor, COORDINATE):
        named += ["sender", "risk_fund"]
    if orgs.operator_id(db) in access.subjects(db, actor, TREASURE):
        named += ["operator"]
    return named


@in_transaction(retries=3)
def decide_fee(db: Session, *, actor: Actor, parcel_id: int, bearer: str) -> None:
    """Say once who bears the delivery; others than the sender owe it to whoever paid the courier.

    Raises NotABearer, IllegalMove, NotFound.
    """
    handled = refused_parcel(db, parcel_id)
    if bearer not in may_decide(db, actor, handled):
        raise NotABearer
    parcel, order = handled.parcel, handled.order
    if borne_by(db, parcel_id) is not None or not parcel.fee:
        raise IllegalMove
    house = orgs.operator_id(db)
    if bearer != "sender":
        page = own(Kind.RISK_FUND, handled.place.organisation_id)
        bears = page if bearer == "risk_fund" else money_pages.refused(house)
        ledger.post(
            db,
            actor=actor,
            kind="refused_fee",
            doc=("parcel", parcel_id),
            lines=[(bears, parcel.fee), (earning.courier(db, house, handled.place), -parcel.fee)],
            memo=str(order.id),
        )
    events.write(db, order, "fee_borne", actor=actor, parcel=parcel, by=bearer)
    audit.record(db, actor, "parcel.fee_borne", "parcel", parcel_id, by=bearer)


def refused_parcel(db: Session, parcel_id: int) -> Handled:
    """A shipped parcel that was refused; whoever calls checks who asks. Raises NotFound."""
    row = db.execute(parcels.everything().where(*_is_refused(), Parcel.id == parcel_id)).first()
    if row is None:
        raise NotFound
    db.get_one(Parcel, parcel_id, with_for_update=True, populate_existing=True)
    return Handled(row[0], row[1], row[2])


def list_undecided(db: Session) -> list[Handled]:
    """Refused parcels whose delivery nobody bears yet, oldest first."""
    decided = select(Event.id).where(Event.parcel_id == Parcel.id, Event.what == "fee_borne")
    query = parcels.everything().where(*_is_refused(), Parcel.fee > 0, ~decided.exists())
    rows = db.execute(query.order_by(Parcel.ended_at).limit(parcels.LIST_MAX))
    return [Handled(row[0], row[1], row[2]) for row in rows]


def _is_refused() -> tuple[Any, ...]:
    """Refused at the door and never paid; a claim's returned parcel was paid."""
    return (
        Parcel.state.in_((ParcelState.REFUSED, ParcelState.RETURNED)),
        Parcel.handed_over_at.is_not(None),
        Order.state == OrderState.CANCELLED,
    )
