"""Who may pay in cash: what a buyer has done before says how much, and how often at once.

A buyer is the person signed in or the phone number, whichever knows more of her: nobody begins
anew by signing out. Refused at the door, or packed for a pick-up that nobody came for, both count.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, func, or_, select

from core import clock, words
from core.config import settings
from core.db import Reader
from orders.methods import MethodClosed
from orders.models import Contact, Event, Order
from orders.settings import OrderSettings
from orders.states import OrderState

NOT_TAKEN = ("parcel_refused", "pickup_missed")
"""Events that say that a buyer did not take what she had ordered for cash."""


class CashRefused(MethodClosed):
    """The buyer's history does not allow this much cash now; the sentence says why."""


@dataclass(frozen=True, slots=True)
class History:
    """What a buyer has done: orders she paid, cash orders that are open, and those not taken."""

    paid: int = 0
    unpaid: int = 0
    not_taken: int = 0


def history(
    db: Reader, *, buyer_id: int | None, phone: str, besides: UUID | None = None
) -> History:
    """The history of a person or of a phone number, without one order that is looked at now."""
    is_hers = [Contact.phone == phone] if phone else []
    is_hers += [Order.buyer_id == buyer_id] if buyer_id is not None else []
    if not is_hers:
        return History()
    since = clock.now() - timedelta(days=settings(OrderSettings).cash_memory_days)
    missed = and_(Event.what.in_(NOT_TAKEN), Event.at > since)
    row = db.execute(
        select(
            func.count(Order.id.distinct()).filter(Order.paid_at.is_not(None)),
            func.count(Order.id.distinct()).filter(Order.state == OrderState.ON_DELIVERY),
            func.count(Event.id),
        )
        .join(Contact, Contact.order_id == Order.id)
        .outerjoin(Event, and_(Event.order_id == Order.id, missed))
        .where(or_(*is_hers), Order.id != besides if besides else Order.id.is_not(None))
    ).one()
    return History(*map(int, row))


def why_not(known: History, total: int, *, is_guest: bool = False) -> Any:
    """Why an order of this size cannot be paid in cash by her, in a sentence; None where it can.

    A guest may have typed anybody's number: she hears nothing of what its owner did.
    """
    rules = settings(OrderSettings)
    is_too_much = known.not_taken >= rules.cash_missed_max or known.unpaid >= rules.cash_open_max
    if is_guest and is_too_much:
        return _("Bayar tunai belum bisa untuk nomor ini. Pilih cara lain, atau masuk dulu.")
    if known.not_taken >= rules.cash_missed_max:
        return _(
            "Bayar tunai belum bisa, karena pesanan sebelumnya tidak diterima. Pilih cara lain."
        )
    if known.unpaid >= rules.cash_open_max:
        return _(
            "Masih ada %(n)s pesanan tunai yang belum dibayar. Selesaikan dulu, atau pilih cara"
            " lain.",
            n=known.unpaid,
        )
    if not known.paid and total > rules.cash_first_rupiah_max:
        return _(
            "Pesanan tunai pertama paling banyak %(most)s. Pilih cara lain untuk pesanan ini.",
            most=words.rupiah(rules.cash_first_rupiah_max),
        )
    return None


def sentence(
    db: Reader, *, buyer_id: int | None, phone: str, total: int, besides: UUID | None = None
) -> Any:
    """The same for a buyer, from her history."""
    known = history(db, buyer_id=buyer_id, phone=phone, besides=besides)
    return why_not(known, total, is_guest=buyer_id is None)


def sentence_for(db: Reader, order: Any) -> Any:
    """The same for the buyer of an order that is there already."""
    row = db.execute(select(Contact.phone).where(Contact.order_id == order.id)).first()
    return sentence(
        db,
        buyer_id=order.buyer_id,
        phone=row.phone if row else "",
        total=order.total,
        besides=order.id,
    )


def refuse(db: Reader, *, buyer_id: int | None, phone: str, total: int) -> None:
    """Raise CashRefused where her history does not allow a new order of this size in cash."""
    if why := sentence(db, buyer_id=buyer_id, phone=phone, total=total):
        raise CashRefused(why)
