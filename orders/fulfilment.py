"""Accept, decline, give less, pack: what maker and keeper answer to a parcel.

One maker never waits for another's parcel. What is not given goes back to the buyer: as money owed
when she has paid, as a smaller bill when she pays in cash.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import holds
from core import audit, clock, news, tasks
from core.actors import Actor
from core.clock import WIB
from core.config import settings
from core.db import in_transaction
from core.errors import DomainError
from orders import attempts, endings, events, methods, parcels, refunds
from orders.checkout import order_doc
from orders.models import Attempt, Line, Order, Parcel
from orders.parcels import Handled
from orders.settings import OrderSettings
from orders.states import PARCEL_MOVES, OrderState, ParcelEvent, ParcelState, move
from sellers.helping import limits
from sellers.models import Seller

ANSWER = tasks.declare(
    "parcel.answer",
    _("Jawab pesanan %(number)s: terima atau tolak"),
    deed=_("Jawab"),
    many=_("Jawab %(count)s pesanan: terima atau tolak"),
    urgency=10,
)
LATE = tasks.declare("parcel.late", _("Pesanan %(number)s belum dijawab. Hubungi penjualnya."))
PACK = tasks.declare(
    "parcel.pack",
    _("Kemas pesanan %(number)s"),
    deed=_("Kemas"),
    many=_("Kemas %(count)s pesanan"),
    urgency=20,
)
CHANGED = tasks.declare(
    "parcel.changed",
    _("Isi pesanan %(number)s berubah. Periksa lagi."),
    deed=_("Periksa"),
    urgency=15,
)
PACK_BY = time(10)  # Where a seller has set no hour of her own, and at kiosks.
PACK_TIME_MIN = timedelta(hours=1)
WHY_DECLINED = {
    "gone": _("Barangnya habis"),
    "broken": _("Barangnya rusak"),
    "material": _("Bahannya belum ada"),
    "time": _("Tidak sempat membuat"),
    "other": _("Alasan lain"),
}


class OddQuantity(DomainError):
    """More than was ordered, or nothing at all."""

    sentence = _("Jumlahnya tidak bisa lebih dari yang dipesan. Untuk menolak semua, pilih Tolak.")


def step(db: Session, handled: Handled, event: ParcelEvent, actor: Actor, **facts: Any) -> None:
    """Move a locked parcel, and write it into timeline and audit. Raises IllegalMove."""
    before = ParcelState(handled.parcel.state)
    after = move(PARCEL_MOVES, before, event)
    handled.parcel.state = after.value
    if after is not before:
        what = f"parcel_{after.value}"
        events.write(db, handled.order, what, actor=actor, parcel=handled.parcel, **facts)
        audit.record(db, actor, f"parcel.{after.value}", "parcel", handled.parcel.id)


@in_transaction(retries=3)
def accept(
    db: Session, *, actor: Actor, parcel_id: int, given: Mapping[int, int] | None = None
) -> None:
    """Take the parcel on, whole or with fewer pieces (`given`: line id → pieces); the first answer
    counts. What is missing stays promised until hand-over: nobody else shall buy it meanwhile.

    Raises OddQuantity, BeingMended, IllegalMove, NotFound.
    """
    handled = parcels.lock(db, actor, parcel_id)
    lines = parcels.goods(db, parcel_id)
    expected = parcels.expected(db, handled, lines)
    step(db, handled, ParcelEvent.ACCEPT, actor)
    if handled.parcel.accepted_at is not None:
        return
    parcels.refuse_broken(db, handled)
    worth = sum(expected[line.id] * line.price for line in lines)
    limits.order(db, actor, handled.place.seller_id, worth)
    for line in lines:
        line.given = expected[line.id] if given is None else given.get(line.id, expected[line.id])
        if not 0 <= line.given <= expected[line.id]:
            raise OddQuantity
    if not any(line.given for line in lines):
        raise OddQuantity
    handled.parcel.accepted_at = clock.now()
    db.flush()
    missing = sum((expected[line.id] - line.given) * line.price for line in lines)
    owe_less(db, actor, handled, missing, "part", ("parcel_part", parcel_id))
    forget_tasks(db, actor, parcel_id, handled.parcel.state)
    tasks.write(
        db,
        PACK,
        doc=("parcel", parcel_id),
        holders=parcels.handlers(handled.place),
        due_at=pack_by(clock.now(), _cutoff(db, handled)),
        facts={"number": handled.order.number},
        link=parcels.address_of(parcel_id, handled.place),
    )
    news.tell(db, "parcel_answered", parcel_id=parcel_id)


def _cutoff(db: Session, handled: Handled) -> time:
    seller_id = handled.place.seller_id
    own = db.scalar(select(Seller.cutoff).where(Seller.id == seller_id)) if seller_id else None
    return own or PACK_BY


def pack_by(now: datetime, cutoff: time) -> datetime:
    """The next time of day at which she sends parcels off, with an hour at least to pack."""
    earliest = (now + PACK_TIME_MIN).astimezone(WIB)
    today = datetime.combine(earliest.date(), cutoff, WIB)
    return today if today >= earliest else today + timedelta(days=1)


@in_transaction(retries=3)
def decline(db: Session, *, actor: Actor, parcel_id: int, reason: str, words: str = "") -> None:
    """Say no to a whole parcel: its goods go free, its money and its delivery fee go back.

    The buyer reads the reason (one of WHY_DECLINED) and the words. Raises BeingMended, IllegalMove,
    NotFound.
    """
    handled = parcels.lock(db, actor, parcel_id)
    lines = parcels.goods(db, parcel_id)
    expected = parcels.expected(db, handled, lines)
    step(db, handled, ParcelEvent.DECLINE, actor, why=reason, words=words)
    if handled.parcel.ended_at is not None:
        return
    parcels.refuse_broken(db, handled)
    worth = sum(expected[line.id] * line.price for line in lines)
    end_unsent(db, actor, handled, worth, "declined", ("parcel_declined", parcel_id))
    news.tell(db, "parcel_answered", parcel_id=parcel_id)


def end_unsent(
    db: Session, actor: Actor, handled: Handled, worth: int, reason: str, doc: tuple[str, object]
) -> None:
    """A locked parcel that leads nowhere any more: goods go free, `worth` and its fee go back."""
    parcel = handled.parcel
    parcel.ended_at = clock.now()
    for line in parcels.goods(db, parcel.id):
        line.given = 0
    db.flush()
    holds.release(db, order_doc(handled.order.id), reason, place_id=parcel.place_id)
    owe_less(db, actor, handled, worth + parcel.fee, reason, doc)
    forget_tasks(db, actor, parcel.id, parcel.state)
    finish_if_over(db, actor, handled.order)


def owe_less(
    db: Session, actor: Actor, handled: Handled, worth: int, reason: str, doc: tuple[str, object]
) -> None:
    """The buyer gets less: money owed back where she has paid, a smaller bill where it is cash."""
    if worth == 0:
        return
    order = handled.order
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


def forget_tasks(db: Session, actor: Actor, parcel_id: int, reason: str) -> None:
    """Close whatever was asked about a parcel; what is still to do is asked anew."""
    for asked in (ANSWER, LATE, PACK, CHANGED):
        tasks.close(db, asked, actor=actor, doc=("parcel", parcel_id), reason=reason)


@in_transaction(retries=3)
def pack(db: Session, *, actor: Actor, parcel_id: int) -> None:
    """The parcel is packed and ready to go or to be picked up. Raises BeingMended, IllegalMove."""
    handled = parcels.lock(db, actor, parcel_id)
    parcels.refuse_broken(db, handled)
    step(db, handled, ParcelEvent.PACK, actor)
    if handled.parcel.packed_at is not None:
        return
    handled.parcel.packed_at = clock.now()
    forget_tasks(db, actor, parcel_id, "packed")
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
