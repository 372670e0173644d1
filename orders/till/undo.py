"""Taking back a sale at a till: its mirror image in goods, money and everybody's part, once.

Only on the day of the sale, before its close: later it is a problem of the buyer's, or a count.
What went into the hand is out of it again; of a sale that was only mistyped nothing had happened,
so what was booked in for it goes out, too.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import movements, places, postings
from cooperatives.bazaars import closing
from cooperatives.days import books_of
from cooperatives.ledger import Line as BookLine
from cooperatives.models import Place
from cooperatives.models.stock import Movement
from cooperatives.movements import NotSoMany
from cooperatives.postings import Sale
from core import acts, audit, clock, orgs, tasks
from core.actors import Actor
from core.clock import WIB
from core.errors import Busy, DomainError
from orders import attempts, earning, events, parcels
from orders.checkout import order_doc
from orders.models import CounterSale, Line, Order, Parcel, Refund
from orders.states import PARCEL_MOVES, AttemptEvent, ParcelEvent, ParcelState, move
from orders.till import flags, money, said
from orders.till.sale import attempt_of
from sellers.owning import refuse_helpers

ACT = "till.undo"
MISTYPED = "mistyped"
WHY = {
    MISTYPED: _l("Salah catat"),
    "brought": _l("Barang dikembalikan pembeli"),
    "unpaid": _l("Pembeli tidak jadi membayar"),
}


class DayIsOver(DomainError):
    """A sale is taken back on its own day only."""

    status = 409
    sentence = _l("Penjualan hari lain tidak bisa dibatalkan di kasir. Tanyakan koordinator.")


class NoReason(DomainError):
    """Taking back needs one of the known reasons."""

    sentence = _l("Pilih dulu alasannya.")


@acts.handles(ACT, version=1, label=_l("Batalkan penjualan"))
def handle(
    db: Session,
    *,
    actor: Actor,
    act_id: UUID,  # noqa: ARG001
    at: datetime,
    content: Mapping[str, Any],
) -> dict[str, Any]:
    """`sale` names what is taken back, `why` the reason. Raises Busy where it has not come yet,
    NoReason, DayIsOver, NoSale, NotFound.
    """
    why = str(content.get("why", ""))
    if why not in WHY:
        raise NoReason
    return take_back(db, actor=actor, sale_id=said.uuid(content.get("sale")), at=at, why=why)


def take_back(
    db: Session, *, actor: Actor, sale_id: UUID, at: datetime, why: str
) -> dict[str, Any]:
    """Undo a whole sale; doing it again changes nothing."""
    refuse_helpers(actor)
    order = db.get(Order, sale_id, with_for_update=True, populate_existing=True)
    sale = db.get(CounterSale, sale_id, populate_existing=True)
    if order is None or sale is None:
        raise Busy
    place = places.tended(db, actor, sale.place_id)
    closing.wait_for_closing(db, place)
    if sale.undone_at is None:
        _refuse_another_day(db, sale, at)
        sale.undone_at, sale.undone_by, sale.undone_why = clock.now(), actor.person_id, why
        _goods_back(db, actor, order, why)
        _money_back(db, actor, order, place, sale)
        tasks.close(db, flags.LOOK, actor=actor, doc=("order", order.id), reason="undone")
        audit.record(db, actor, "till.undone", "order", order.id, why=why)
    return {"number": order.number, "sentence": _("%(number)s dibatalkan.", number=order.number)}


def _refuse_another_day(db: Session, sale: CounterSale, at: datetime) -> None:
    """The calendar's day and the place's: what happened before a close may still come in late."""
    posting = books_of(db, sale.place_id, at)
    is_open = posting.day_id == sale.day_id or posting.is_late
    if not is_open or at.astimezone(WIB).date() != sale.sold_at.astimezone(WIB).date():
        raise DayIsOver


def _goods_back(db: Session, actor: Actor, order: Order, why: str) -> None:
    doc = order_doc(order.id)
    for sold in movements.posted(db, doc, "sale"):
        movements.reverse.within(db, actor=actor, movement_id=sold.id, reason=why)
    if why == MISTYPED:
        for booked_in in movements.posted(db, doc, "count"):
            _never_there(db, actor, booked_in, why)


def _never_there(db: Session, actor: Actor, booked_in: Movement, why: str) -> None:
    """Goods that were booked in for the sale alone; where they are promised meanwhile they stay."""
    try:
        with db.begin_nested():
            movements.reverse.within(db, actor=actor, movement_id=booked_in.id, reason=why)
    except NotSoMany:
        return


def _money_back(db: Session, actor: Actor, order: Order, place: Place, sale: CounterSale) -> None:
    """Everybody gives back her part, and the money leaves drawer and QRIS."""
    parcel = db.scalars(select(Parcel).where(Parcel.order_id == order.id)).one()
    lines, attempt = parcels.goods(db, parcel.id), attempt_of(db, order)
    house, now = orgs.operator_id(db), clock.now()
    refund = Refund(
        id=uuid4(),
        attempt_id=attempt.id,
        amount=order.total,
        state="done",
        reason="undone",
        doc_type="till_undo",
        doc_id=str(order.id),
        asked_by=actor.person_id,
        sent_at=now,
        done_at=now,
    )
    db.add(refund)
    db.flush()
    booked = Sale(house, str(order.id))
    postings.refunded(
        db,
        actor=actor,
        sale=booked,
        refund_id=refund.id,
        amount=order.total,
        given_back=_given_back(db, house, place, lines),
    )
    money.move_on(db, actor=actor, sale=sale, is_undone=True)
    postings.refund_sent(
        db,
        actor=actor,
        sale=booked,
        refund_id=refund.id,
        money=money.taken_by(db, sale),
        amount=order.total,
    )
    attempts.step(attempt, AttemptEvent.REFUND_ALL)
    for line in lines:
        line.given = 0
    parcel.state = move(PARCEL_MOVES, ParcelState(parcel.state), ParcelEvent.RETURN).value
    parcel.ended_at = now
    events.write(db, order, "till_undone", actor=actor, parcel=parcel)


def _given_back(db: Session, house: int, place: Place, lines: list[Line]) -> list[BookLine]:
    given: list[BookLine] = []
    sharers = earning.sharers(db, house, place, lines)
    for line in lines:
        given += sharers[line.id].lines(parcels.frozen(line))
    return given
