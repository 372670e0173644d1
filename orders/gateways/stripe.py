"""Stripe: cards of buyers abroad, in their own money, on the page that Checkout shows.

A Checkout Session belongs to one attempt. Its id is our `gateway_id`; where the answer with it was
lost, asking again under the same idempotency key gives the same session, and nobody has seen its
address, so nobody can pay it unknown to us. Stripe learns no name, phone or address from us.
"""

from collections.abc import Mapping
from typing import Any, TypeGuard
from urllib.parse import urlsplit
from uuid import UUID

from core.config import settings
from core.errors import RemoteError
from orders.currencies import to_stripe
from orders.gateways import stripe_notices
from orders.gateways.settings import GatewaySettings
from orders.gateways.stripe_calls import Conversation, Refused
from orders.gateways.stripe_readings import field, id_of, is_paid, paid, unpaid
from orders.gateways.words import (
    Answer,
    Heard,
    Invoice,
    KeyTaken,
    Presented,
    Reading,
    Refunded,
    Started,
)
from orders.states import AttemptEvent

LOCALES = {"id": "id", "en": "en"}
TOO_SHORT = "expires_at"
URL_CHARS_MAX = 1000
LIST_MAX = 100
REFUND_WORDS = {
    "succeeded": Refunded.DONE,
    "pending": Refunded.UNDER_WAY,
    "requires_action": Refunded.UNDER_WAY,  # Stripe asks her for an account; it may still go.
    "failed": Refunded.BY_HAND,
    "canceled": Refunded.BY_HAND,
}
TOO_LATE_TO_REFUND = ("charge_expired", "payment_intent_unexpected_state")


class Stripe:
    """Checkout opens a payment; sessions, refunds and disputes tell how it stands."""

    def is_open(self) -> bool:
        """With a key."""
        return bool(settings(GatewaySettings).stripe_secret_key)

    def start(self, invoice: Invoice) -> Started:
        """A page for this attempt, the same one however often it is asked for."""
        try:
            session = _opened(Conversation(), invoice)
        except Refused as no:
            if no.param == TOO_SHORT:  # Of an earlier one it would have repeated the answer.
                raise KeyTaken("too little time is left for a page") from None
            raise
        url = field(session, "url")
        if not is_theirs(url):
            raise RemoteError("stripe opened no page")
        return Started(pay_url=url, gateway_id=session.id)

    def read(self, invoice: Invoice) -> Reading | None:
        """The session with its payment; None where nothing can have been opened yet."""
        if not invoice.gateway_id and invoice.presented is None:
            return None
        asking = Conversation()
        session = _session(asking, invoice)
        return _reading(asking, session) if session else Reading(AttemptEvent.EXPIRE)

    def cancel(self, invoice: Invoice) -> Reading | None:
        """Expire the session. One that is complete is read instead: money may have come."""
        asking = Conversation()
        session = _session(asking, invoice)
        if session is None:
            return Reading(AttemptEvent.EXPIRE)
        if field(session, "status") == "open":
            try:
                asking.ask(lambda v1: v1.checkout.sessions.expire(session.id))
            except Refused:
                session = _fetched(asking, session.id)  # She paid, or it ran out, in this moment.
            else:
                return Reading(AttemptEvent.EXPIRE)
        reading = _reading(asking, session)
        if reading.event is AttemptEvent.OPEN:
            raise RemoteError("stripe: a payment under way cannot be closed yet")
        return reading

    def refund(self, invoice: Invoice, *, refund_id: UUID, asked: Presented) -> Answer:
        """Send money back to the card it came from, once."""
        asking = Conversation()
        session = _session(asking, invoice)
        payment = id_of(field(session, "payment_intent"))
        if not payment or not is_paid(session):
            return Answer(Refunded.DENIED)
        wanted = {
            "payment_intent": payment,
            "amount": to_stripe(asked),
            "reason": "requested_by_customer",
            "metadata": {"attempt": invoice.key},
        }
        once: Any = {"idempotency_key": f"refund:{refund_id}"}
        try:
            answer = asking.ask(lambda v1: v1.refunds.create(wanted, once))
            if field(answer, "status") not in ("succeeded", "failed", "canceled"):
                # Under the same key Stripe repeats its first answer: ask how it stands now.
                answer = asking.ask(lambda v1: v1.refunds.retrieve(answer.id))
        except Refused as no:
            late = no.code in TOO_LATE_TO_REFUND
            return Answer(Refunded.BY_HAND if late else Refunded.DENIED)
        told = REFUND_WORDS.get(field(answer, "status"), Refunded.UNDER_WAY)
        return Answer(told, answer.id)

    def hear(self, headers: Mapping[str, str], body: bytes) -> Heard:
        """The signature stands in a header, over the raw body."""
        return stripe_notices.heard(headers, body, settings(GatewaySettings).stripe_webhook_secrets)


def _opened(asking: Conversation, invoice: Invoice) -> Any:
    """The session of an attempt, opened now or before."""
    wanted = _wanted(invoice)
    # Its time and its sum are in the key, for under one key Stripe refuses to hear of others.
    key = (
        f"session:{invoice.attempt_id}:{wanted['expires_at']}"
        f":{invoice.asked.currency}{invoice.asked.amount}"
    )
    once: Any = {"idempotency_key": key}
    return asking.ask(lambda v1: _with_id(v1.checkout.sessions.create(wanted, once)))


def _with_id(session: Any) -> Any:
    """An answer without an id is no session."""
    if not isinstance(session.id, str) or not session.id.startswith("cs_"):
        raise ValueError
    return session


def _wanted(invoice: Invoice) -> dict[str, Any]:
    """What Stripe is asked to open: one row in her money, our key, and ways back."""
    asked, about = invoice.asked, {"attempt": invoice.key}
    price = {
        "currency": asked.currency.lower(),
        "unit_amount": to_stripe(asked),
        "product_data": {"name": f"Lumbung {invoice.number}".strip()},
    }
    return {
        "mode": "payment",
        "line_items": [{"price_data": price, "quantity": 1}],
        "payment_method_types": ["card"],
        "adaptive_pricing": {"enabled": False},  # The sum she agreed to is the sum she pays.
        "client_reference_id": invoice.key,
        "metadata": about,
        "payment_intent_data": {"metadata": about, "description": invoice.number or invoice.key},
        "success_url": invoice.return_url,
        "cancel_url": invoice.return_url,
        "expires_at": int(invoice.expires_at.timestamp()),
        "locale": LOCALES.get(invoice.language, "auto"),
    }


def is_theirs(url: object) -> TypeGuard[str]:
    """Whether a buyer may be sent there: Stripe over HTTPS, or where we were told to ask."""
    if not isinstance(url, str) or len(url) > URL_CHARS_MAX:
        return False
    ours = settings(GatewaySettings).stripe_api_url
    try:
        parts, told = urlsplit(url), urlsplit(ours)
    except ValueError:
        return False
    if ours:
        return (parts.scheme, parts.netloc) == (told.scheme, told.netloc)
    return (parts.scheme, parts.netloc) == ("https", "checkout.stripe.com")


def _session(asking: Conversation, invoice: Invoice) -> Any:
    """The session as it stands now, with its payment and charge; None where there is none.

    Without its id we ask to open it again: Stripe repeats its answer, or refuses, for too little
    time is left, which shows that it never was.
    """
    if invoice.gateway_id:
        return _fetched(asking, invoice.gateway_id)
    try:
        session_id = _opened(asking, invoice).id
    except Refused as no:
        if no.param == TOO_SHORT:
            return None
        raise
    return _fetched(asking, session_id)


def _fetched(asking: Conversation, session_id: str) -> Any:
    wider: Any = {"expand": ["payment_intent.latest_charge"]}
    return asking.ask(lambda v1: _with_id(v1.checkout.sessions.retrieve(session_id, wider)))


def _reading(asking: Conversation, session: Any) -> Reading:
    if not is_paid(session):
        return unpaid(session)
    about: Any = {"payment_intent": id_of(field(session, "payment_intent")), "limit": LIST_MAX}
    charge = field(session, "payment_intent", "latest_charge")
    refunds, disputes = [], []
    if field(charge, "amount_refunded"):
        refunds = asking.ask(lambda v1: list(v1.refunds.list(about).data))
    if field(charge, "disputed"):
        disputes = asking.ask(lambda v1: list(v1.disputes.list(about).data))
    return asking.ask(lambda _v1: paid(session, refunds, disputes))
