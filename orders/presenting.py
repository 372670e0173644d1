"""What a buyer abroad pays in her own money: she chooses a currency, and its sum is frozen.

A sum that was shown never changes. Choosing again closes that try and opens the next one, with
the rate of that moment.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, clock
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from orders import attempts, currencies, endings, exchange, methods
from orders.gateways import Presented
from orders.methods import MethodClosed
from orders.models import Attempt, Contact, Order
from orders.states import AttemptState

GATEWAY = "stripe"


class CurrencyNotChosen(DomainError):
    """A card from abroad is opened only once its buyer has chosen her currency."""

    sentence = _("Pilih mata uang dulu.")


class NotOffered(DomainError):
    """This currency cannot pay this order now."""

    sentence = _("Mata uang ini sedang tidak bisa dipakai. Pilih yang lain.")


@dataclass(frozen=True, slots=True)
class Offer:
    """One currency in which this order can be paid now."""

    presented: Presented
    rate_micros: int

    @property
    def currency(self) -> str:
        """Its code."""
        return self.presented.currency

    @property
    def label(self) -> str:
        """Dolar Hong Kong: HK$182,50."""
        return f"{currencies.name(self.currency)}: {currencies.shown(self.presented)}"


def is_abroad(method_code: str) -> bool:
    """Whether who pays this way chooses a currency."""
    return methods.known(method_code).gateway == GATEWAY


def offers(db: Session, rupiah: int) -> list[Offer]:
    """All currencies that can pay so many rupiah now, in our order."""
    known = exchange.RATES.now(db)
    found = [
        Offer(currencies.present(code, rupiah, known[code].rate_micros), known[code].rate_micros)
        for code in currencies.OFFERED
        if code in known
    ]
    return [offer for offer in found if currencies.can_pay(offer.presented)]


def guess(db: Session, order: Order) -> str:
    """What she chose last, or her phone's country, or her language's currency."""
    chosen = select(Attempt.presented_currency).where(
        Attempt.order_id == order.id, Attempt.presented_currency != ""
    )
    last = db.scalar(chosen.order_by(Attempt.number.desc()).limit(1))
    if last:
        return last
    phone = db.scalar(select(Contact.phone).where(Contact.order_id == order.id))
    return currencies.guessed(phone or "", order.language)


@in_transaction(retries=3)
def choose(db: Session, *, actor: Actor, order_id: UUID, currency: str) -> Attempt:
    """Freeze what she pays; the caller has closed what was open at the gateway.

    The goods are held anew, for Stripe wants half an hour. Raises NotOffered, MethodClosed.
    """
    order = db.get(Order, order_id, with_for_update=True, populate_existing=True)
    if order is None:
        raise NotFound
    if order.state not in endings.ENDS_UNPAID or not is_abroad(order.method):
        raise MethodClosed
    offer = next((one for one in offers(db, order.total) if one.currency == currency), None)
    if offer is None:
        raise NotOffered
    now, method = clock.now(), methods.known(order.method)
    endings.hold_on(db, order, method.hold_ends(now))
    attempt = attempts.newest_open(db, order_id)
    if attempt is None or attempt.state != AttemptState.CREATED or attempt.presented_currency:
        attempts.expire_open(db, order_id)
        attempt = attempts.open_next(db, order=order, method=method, amount=order.total, now=now)
    attempt.presented_amount = offer.presented.amount
    attempt.presented_currency = offer.currency
    attempt.rate_micros, attempt.expires_at = offer.rate_micros, method.hold_ends(now)
    audit.record(db, actor, "attempt.currency", "attempt", attempt.id, currency=currency)
    return attempt


def refuse_unchosen(attempt: Attempt) -> None:
    """Raise CurrencyNotChosen for a card from abroad that has no sum yet."""
    if is_abroad(attempt.method) and attempt.presented_amount is None:
        raise CurrencyNotChosen


def shown(attempt: Any) -> str:
    """What she pays in her money; empty where she pays rupiah. Takes a row as well."""
    presented = attempts.presented(attempt) if attempt is not None else None
    return currencies.shown(presented) if presented else ""
