"""What the buyer hears of her order: one table maps what happened to a message, written once each.

Called where an event is written (`orders.events`), so a message commits with what it tells of. It
goes to the phone and e-mail of the order, and to her own page where she has an account.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import emails, messages, notify, outbox, phones, words
from core.actors import Actor
from core.config import settings
from core.db import Reader
from core.i18n import LANGUAGES
from core.notices import Recipient
from orders import attempts, methods
from orders.models import Attempt, Contact, Order, Parcel
from orders.settings import OrderSettings

GUEST = "order"
NO_BREAK_HYPHEN = "\u2011"


@dataclass(frozen=True, slots=True)
class Kind:
    """A message: its template, the facts its WhatsApp twin is given, whether it answers her at
    once, and whether she is told also of what she did herself.
    """

    template: str
    params: tuple[str, ...]
    at_once: bool = False
    of_own_acts: bool = True


PAID_IN_CASH = Kind("order_paid_cash", ("number", "total"))
CLAIM_NEWS = Kind("claim_news", ("number",), of_own_acts=False)


MESSAGES = {
    "placed": Kind("order_placed", ("number", "total", "until"), at_once=True),
    "paid": Kind("order_paid", ("number", "total")),
    "pickup_ready": Kind("pickup_ready", ("number", "place", "code")),
    "parcel_handed_over": Kind("parcel_handed_over", ("number", "courier", "tracking")),
    "refund_due": Kind("refund_due", ("number", "amount")),
    "refund_done": Kind("refund_done", ("number", "amount")),
    "part": Kind("order_part", ("number", "amount")),
    "surplus": Kind("paid_twice", ("number", "amount")),
    "question_answered": Kind("question_answered", ("number",)),
    "cancelled": Kind("order_cancelled", ("number",)),
    "lapsed": Kind("order_lapsed", ("number",)),
    **dict.fromkeys(
        (
            "claim_answered",
            "claim_escalated",
            "claim_agreed",
            "claim_closed",
            "replacement_sent",
            "goods_back",
        ),
        CLAIM_NEWS,
    ),
}
"""By what happened, as `Event.what` says it; everything else is read on the order's page."""


def addresses(db: Reader, order_id: str) -> dict[str, str]:
    """How the buyer of an order is reached: the e-mail she gave for it, then WhatsApp."""
    query = select(Contact.email, Contact.phone).where(
        Contact.order_id == UUID(order_id), Contact.erased_at.is_(None)
    )
    found = db.execute(query).first()
    if found is None:
        return {}
    ways = {"email": found.email, "whatsapp": found.phone}
    return {way: address for way, address in ways.items() if address}


def buyer_of(order: Any) -> Recipient:
    """The buyer of an order, in the language in which she ordered."""
    language = order.language if order.language in LANGUAGES else "id"
    return Recipient(order.buyer_id, f"{GUEST}:{order.id}", language)


def tell(
    db: Session,
    order: Order,
    what: str,
    *,
    actor: Actor,
    parcel: Parcel | None,
    doc: tuple[str, object],
    facts: Mapping[str, Any],
) -> None:
    """Write the message for something that happened, if there is one and she can hear it."""
    kind, to = _kind(order, what), buyer_of(order)
    if kind is None or not notify.is_heard(db, to, kind.template):
        return
    if not kind.of_own_acts and _is_hers(actor, order):
        return
    if what == "parcel_handed_over" and parcel is not None and parcel.way != "ship":
        return  # She has just been given it.
    with force_locale(to.language):
        known = _facts(db, order, what, parcel, facts)
    message = messages.written(kind.template, to.language, known, *kind.params)
    notify.write(
        db,
        event_key=f"{doc[0]}:{doc[1]}:{what}",
        to=to,
        message=message,
        link=f"/pesanan/{order.code}" + (f"/masalah/{facts['claim']}" if "claim" in facts else ""),
        at_once=kind.at_once,
    )


def _kind(order: Order, what: str) -> Kind | None:
    if what == "paid" and methods.known(order.method).is_cash:
        return PAID_IN_CASH  # The goods are in her hands already.
    return MESSAGES.get(what)


def _is_hers(actor: Actor, order: Order) -> bool:
    """Whether the buyer did it: guests act by the order's link, and nobody else without a name."""
    return not actor.is_system and actor.person_id == order.buyer_id


def _facts(
    db: Session, order: Order, what: str, parcel: Parcel | None, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """What a template may say, as words of the language spoken now."""
    known: dict[str, Any] = {"number": order.number, "total": words.rupiah(order.total), **facts}
    if "amount" in facts:
        known["amount"] = words.rupiah(facts["amount"])
    if what == "paid":
        paid = select(Attempt.reached).where(Attempt.order_id == order.id, Attempt.is_capture)
        known["total"] = words.rupiah(db.scalars(paid).one())
    if what == "placed":
        known |= _how_to_pay(db, order)
    if parcel is not None:
        known["courier"] = parcel.service_label or "–"
        known["tracking"] = parcel.tracking_number or "–"
        known["code"] = parcel.pickup_code
    return known


def _how_to_pay(db: Session, order: Order) -> dict[str, Any]:
    method = methods.known(order.method)
    attempt = attempts.newest_open(db, order.id)
    by_transfer = method.gateway == "transfer" and attempt is not None
    return {
        "until": words.tanggal_jam(order.pay_by) if order.pay_by else "–",
        "total": words.rupiah(attempt.amount if attempt else order.total),
        "method": method.label,
        "is_cash": method.is_cash,
        "bank": settings(OrderSettings).bank_account if by_transfer else "",
        "reference": attempt.gateway_key if attempt and by_transfer else "",
    }


@dataclass(frozen=True, slots=True)
class Posted:
    """Where messages about an order go, told so that only she recognises it ("" for nowhere), and
    whether one could not be delivered.
    """

    to: str
    is_lost: bool


def posted(db: Reader, order: Any) -> Posted:
    """What the order's page says about messages; the order may be a plain row."""
    to = buyer_of(order)
    ways = outbox.open_addresses(db, to, {kind.template for kind in MESSAGES.values()})
    if not ways:
        return Posted("", is_lost=False)
    went = outbox.went(db, to.guest)
    way = next((channel for _state, channel in went if channel in ways), next(iter(ways)))
    shown = emails.masked(ways[way]) if way == "email" else phones.masked(ways[way])
    is_lost = any(state == "failed" for state, _channel in went)
    return Posted(shown.replace("-", NO_BREAK_HYPHEN), is_lost)
