"""Accept, decline, give less, pack: what maker and keeper answer to a parcel.

One maker never waits for another's parcel. What is not given goes back to the buyer: as money owed
when she has paid, as a smaller bill when she pays in cash.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import holds
from core import audit, clock, news, tasks
from core.actors import Actor
from core.config import settings
from core.db import in_transaction
from core.errors import DomainError
from orders import attempts, endings, methods, parcels, refunds
from orders.checkout import order_doc
from orders.models import Attempt, Event, Line, Order, Parcel
from orders.parcels import Handled
from orders.settings import OrderSettings
from orders.states import PARCEL_MOVES, OrderState, ParcelEvent, ParcelState, move

ANSWER = tasks.declare("parcel.answer", _("Jawab pesanan %(number)s: terima atau tolak"))
LATE = tasks.declare("parcel.late", _("Pesanan %(number)s belum dijawab. Hubungi penjualnya."))
PACK = tasks.declare("parcel.pack", _("Kemas pesanan %(number)s"))


class OddQuantity(DomainError):
    """More than was ordered, or nothing at all."""

    sentence = _("Jumlahnya tidak bisa lebih dari yang dipesan. Untuk menolak semua, pilih Tolak.")


def step(db: Session, handled: Handled, event: ParcelEvent, actor: Actor, **facts: object) -> None:
    """Move a locked parcel, and write it into timeline and audit. Raises IllegalMove."""
    before = ParcelState(handled.parcel.state)
    after = move(PARCEL_MOVES, before, event)
    handled.parcel.state = after.value
    if after is not before:
        db.add(
            Event(
                order_id=handled.order.id,
                parcel_id=handled.parcel.id,
                what=f"parcel_{after.value}",
                actor_id=actor.person_id,
                facts=facts,
            )
        )
        audit.record(db, actor, f"parcel.{after.value}", "parcel", handled.parcel.id)


@in_transaction(retries=3)
def accept(
    db: Session, *, actor: Actor, parcel_id: int, given: Mapping[int, int] | None = None
) -> None:
    """Take the parcel on, whole or with fewer pieces (`given`: line id → pieces).

    What is missing stays promised until hand-over: nobody else shall buy goods that are not there.
    Raises OddQuantity, IllegalMove, NotFound.
    """
    handled = parcels.lock(db, actor, parcel_id)
    step(db, handled, ParcelEvent.ACCEPT, actor)
    lines = parcels.goods(db, parcel_id)
    for line in lines:
        line.given = line.quantity if given is None else given.get(line.id, line.quantity)
        if not 0 <= line.given <= line.quantity:
            raise OddQuantity
    if not any(line.given for line in lines):
        raise OddQuantity
    handled.parcel.accepted_at = clock.now()
    db.flush()
    _owe_missing(db, actor, handled, parcels.missing_worth(lines), "part")
    _answered(db, actor, handled)


@in_transaction(retries=3)
def decline(db: Session, *, actor: Actor, parcel_id: int, reason: str) -> None:
    """Say no to a whole parcel: its goods go free, its money and its delivery fee go back."""
    handled = parcels.lock(db, actor, parcel_id)
    step(db, handled, ParcelEvent.DECLINE, actor, reason=reason)
    handled.parcel.ended_at = clock.now()
    lines = parcels.goods(db, parcel_id)
    for line in lines:
        line.given = 0
    db.flush()
    holds.release(db, order_doc(handled.order.id), "declined", place_id=handled.parcel.place_id)
    worth = parcels.missing_worth(lines) + handled.parcel.fee
    _owe_missing(db, actor, handled, worth, "declined")
    _answered(db, actor, handled)
    finish_if_over(db, actor, handled.order)


def _owe_missing(db: Session, actor: Actor, handled: Handled, worth: int, reason: str) -> None:
    if worth == 0:
        return
    order = handled.order
    doc = (f"parcel_{reason}", handled.parcel.id)
    if order.state == OrderState.ON_DELIVERY:
        _shrink_bill(db, actor, order, worth)
        return
    paid = db.scalars(select(Attempt).where(Attempt.order_id == order.id, Attempt.is_capture)).one()
    refunds.owe(db, actor=actor, order=order, attempt=paid, amount=worth, reason=reason, doc=doc)


def _shrink_bill(db: Session, actor: Actor, order: Order, worth: int) -> None:
    """Less to pay in cash: a discount line keeps the bill whole; a new attempt asks for less."""
    last = select(Line.position).where(Line.order_id == order.id).order_by(Line.position.desc())
    position = (db.scalar(last.limit(1)) or 0) + 1
    db.add(
        Line(
            order_id=order.id,
            kind="discount",
            position=position,
            name=str(_("Barang yang tidak jadi dikirim")),
            quantity=1,
            price=worth,
            total=worth,
        )
    )
    order.discount_total += worth
    order.total -= worth
    attempts.expire_open(db, order.id)
    if order.total:
        method = methods.known(order.method)
        attempts.open_next(db, order=order, method=method, amount=order.total, now=clock.now())
    audit.record(db, actor, "order.smaller", "order", order.id, by=worth)


def _answered(db: Session, actor: Actor, handled: Handled) -> None:
    doc = ("parcel", handled.parcel.id)
    for asked in (ANSWER, LATE):
        tasks.close(db, asked, actor=actor, doc=doc, reason=handled.parcel.state)
    news.tell(db, "parcel_answered", parcel_id=handled.parcel.id)


@in_transaction(retries=3)
def pack(db: Session, *, actor: Actor, parcel_id: int) -> None:
    """The parcel is packed and ready to go or to be picked up."""
    handled = parcels.lock(db, actor, parcel_id)
    step(db, handled, ParcelEvent.PACK, actor)
    handled.parcel.packed_at = handled.parcel.packed_at or clock.now()
    tasks.close(db, PACK, actor=actor, doc=("parcel", parcel_id), reason="packed")
    news.tell(db, "parcel_packed", parcel_id=parcel_id)


def finish_if_over(db: Session, actor: Actor, order: Order) -> None:
    """Close an order whose parcels have all come to their end."""
    states = set(db.scalars(select(Parcel.state).where(Parcel.order_id == order.id)))
    nothing_came = {ParcelState.DECLINED, ParcelState.CANCELLED}
    if states <= nothing_came:
        endings.close_empty(db, actor=actor, order=order)
    elif states <= nothing_came | {ParcelState.EARNED, ParcelState.RETURNED}:
        endings.complete(db, actor=actor, order=order)


def accept_by(order: Order) -> datetime:
    """The deadline for an answer, counted from when the order was due."""
    hours = settings(OrderSettings).accept_hours
    return (order.paid_at or order.placed_at) + timedelta(hours=hours)
