"""A buyer of an open order asks her seller, and is answered: few words, and no numbers either way.

It is no place to chat: an order holds a limited number of messages. What is said stands on two
pages only; the notices about it and the audit trail say that something was said, never what.
"""

import re
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives.models import Place
from core import access, audit, notify, tasks
from core.actors import Actor
from core.config import settings
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from orders import messages, parcels
from orders.models import Order, Parcel, ParcelMessage
from orders.settings import OrderSettings
from orders.states import OrderState

TALKED_OF = (OrderState.PAID, OrderState.ON_DELIVERY)
WORDS_MAX = 500
ASKED = tasks.declare(
    "parcel.question",
    _("Jawab pertanyaan pembeli tentang pesanan %(number)s"),
    deed=_("Jawab"),
    many=_("Jawab pertanyaan pembeli tentang %(count)s pesanan"),
    urgency=12,
)
_NUMBER = re.compile(r"\+?\d(?:[\s().-]*\d){7,}")


class NumberInWords(DomainError):
    """Phone numbers, and accounts to pay into, are given to nobody this way."""

    sentence = _("Jangan tulis nomor HP atau rekening di sini.")


class SaidEnough(DomainError):
    """The order holds no more messages."""

    status = 409
    sentence = _("Pesan untuk pesanan ini sudah terlalu banyak.")


class NotOpen(DomainError):
    """Before it is paid nobody packs it, and afterwards a problem is reported instead."""

    status = 409
    sentence = _("Pesanan ini tidak bisa ditanyakan lagi di sini.")


def may_ask(state: str) -> bool:
    """Whether an order in this state is talked of."""
    return state in TALKED_OF


@in_transaction(retries=3)
def ask(db: Session, *, actor: Actor, order_id: UUID, parcel_id: int, words: str) -> None:
    """The buyer asks those who handle her parcel; the caller has checked that she has its link.

    Raises NotFound, NotOpen, NumberInWords, SaidEnough.
    """
    order = db.get_one(Order, order_id, with_for_update=True, populate_existing=True)
    query = select(Parcel, Place).join(Place, Place.id == Parcel.place_id)
    found = db.execute(query.where(Parcel.id == parcel_id, Parcel.order_id == order_id)).first()
    if found is None:
        raise NotFound
    message = _write(db, order, found[0], words, is_answer=False, actor=actor)
    right, subject_id = parcels.handlers(found[1])
    address = parcels.address_of(parcel_id, found[1])
    facts = {"number": order.number}
    doc = ("parcel", parcel_id)
    tasks.write(db, ASKED, doc=doc, holders=(right, subject_id), facts=facts, link=address)
    notify.tell(
        db,
        event_key=f"parcel_message:{message.id}",
        people=access.people_who(db, right, subject_id),
        title=_("Pembeli bertanya"),
        text=_("Ada pertanyaan tentang pesanan %(number)s.", number=order.number),
        link=address,
    )


@in_transaction(retries=3)
def answer(db: Session, *, actor: Actor, parcel_id: int, words: str) -> None:
    """Somebody who handles the parcel answers; the buyer hears of it her own way.

    Raises NotFound, IllegalMove, NotOpen, NumberInWords, SaidEnough.
    """
    handled = parcels.lock(db, actor, parcel_id)
    message = _write(db, handled.order, handled.parcel, words, is_answer=True, actor=actor)
    tasks.close(db, ASKED, actor=actor, doc=("parcel", parcel_id), reason="answered")
    messages.tell(
        db,
        handled.order,
        "question_answered",
        actor=actor,
        parcel=handled.parcel,
        doc=("parcel_message", message.id),
        facts={},
    )


def _write(
    db: Session, order: Order, parcel: Parcel, words: str, *, is_answer: bool, actor: Actor
) -> ParcelMessage:
    """One more message of a locked order."""
    if not may_ask(order.state):
        raise NotOpen
    if _NUMBER.search(words):
        raise NumberInWords
    count = select(func.count()).where(ParcelMessage.order_id == order.id)
    if (db.scalar(count) or 0) >= settings(OrderSettings).order_messages_max:
        raise SaidEnough
    message = ParcelMessage(
        order_id=order.id, parcel_id=parcel.id, is_answer=is_answer, words=words[:WORDS_MAX],
        person_id=actor.person_id if is_answer else None,
    )  # fmt: skip
    db.add(message)
    db.flush()
    audit.record(db, actor, "parcel.answer" if is_answer else "parcel.ask", "parcel", parcel.id)
    return message


def of_order(db: Reader, order_id: UUID) -> dict[int, list[ParcelMessage]]:
    """What was said about an order, by parcel, the oldest first."""
    query = select(*ParcelMessage.__table__.c).where(ParcelMessage.order_id == order_id)
    said: dict[int, list[ParcelMessage]] = {}
    for row in db.execute(query.order_by(ParcelMessage.id)):
        said.setdefault(row.parcel_id, []).append(row)  # type: ignore[arg-type]
    return said
