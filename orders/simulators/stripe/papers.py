"""The simulated Stripe's objects and events as its papers write them, and how it signs."""

import json
import time
from typing import Any

from stripe import WebhookSignature

from orders.simulators.delivery import Event, Letter, RetryTable
from orders.simulators.stripe.book import Dispute, Refund, Session

SIGNATURE = "Stripe-Signature"
# Live events are repeated for three days, those of a sandbox three times within some hours.
RETRIES = RetryTable(
    (600.0, 3_600.0, 10_800.0), lambda answer: 0 if answer and 200 <= answer < 300 else 3
)


class Signer:
    """Signs with the house's secret and a timestamp, over the raw body."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def signed(self, event: Event) -> Letter:
        """As it should be."""
        return self._letter(json.dumps(event), self._secret)

    def forged(self, event: Event) -> Letter:
        """With a secret that is not Stripe's."""
        return self._letter(json.dumps(event), "whsec_of_somebody_else")

    def edited(self, event: Event) -> Letter:
        """Signed, and then told to be about an expired session."""
        letter = self.signed(event)
        changed = {**event, "type": "checkout.session.expired"}
        return Letter(json.dumps(changed).encode(), letter.headers)

    def _letter(self, body: str, secret: str) -> Letter:
        header = WebhookSignature.generate_signature_header(body, secret)
        return Letter(body.encode(), {SIGNATURE: header})


def event(name: str, kind: str, about: dict[str, Any]) -> dict[str, Any]:
    """What Stripe tells: the object as it stands, under a kind."""
    return {
        "id": name,
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": int(time.time()),
        "livemode": False,
        "type": kind,
        "data": {"object": about},
    }


def session(row: Session, own_url: str, wide: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A Checkout Session; `wide` names what is to be expanded."""
    is_open = row.status == "open"
    about_payment: Any = row.payment or None
    if row.is_paid and "payment_intent" in wide:
        about_payment = payment(row, is_wide="payment_intent.latest_charge" in wide)
    return {
        "id": row.id,
        "object": "checkout.session",
        "url": f"{own_url}/c/pay/{row.id}" if is_open else None,
        "status": row.status,
        "payment_status": "paid" if row.is_paid else "unpaid",
        "payment_intent": about_payment,
        "amount_total": row.amount,
        "currency": row.currency,
        "client_reference_id": row.reference,
        "metadata": row.metadata,
        "expires_at": row.expires_at,
        "success_url": row.success_url,
        "cancel_url": row.cancel_url,
        "mode": "payment",
        "livemode": False,
    }


def payment(row: Session, *, is_wide: bool) -> dict[str, Any]:
    """A PaymentIntent that has succeeded."""
    return {
        "id": row.payment,
        "object": "payment_intent",
        "amount": row.amount,
        "amount_received": row.received,
        "currency": row.currency,
        "status": "succeeded",
        "latest_charge": charge(row) if is_wide else row.charge,
        "metadata": row.payment_metadata,
    }


def charge(row: Session) -> dict[str, Any]:
    """The charge of it."""
    return {
        "id": row.charge,
        "object": "charge",
        "amount": row.received,
        "amount_captured": row.received,
        "amount_refunded": row.given_back,
        "currency": row.currency,
        "refunded": row.given_back == row.received,
        "disputed": bool(row.disputes),
        "payment_intent": row.payment,
        "payment_method_details": {"type": "card", "card": {"brand": "visa", "last4": "4242"}},
        "metadata": row.payment_metadata,
        "status": "succeeded",
    }


def refund(row: Session, made: Refund) -> dict[str, Any]:
    """One refund."""
    return {
        "id": made.id,
        "object": "refund",
        "amount": made.amount,
        "currency": row.currency,
        "charge": row.charge,
        "payment_intent": row.payment,
        "metadata": made.metadata,
        "status": made.status,
    }


def dispute(row: Session, made: Dispute) -> dict[str, Any]:
    """One dispute; it carries no metadata of ours."""
    return {
        "id": made.id,
        "object": "dispute",
        "amount": made.amount,
        "currency": row.currency,
        "charge": row.charge,
        "payment_intent": row.payment,
        "metadata": {},
        "reason": "general",
        "status": made.status,
    }


def some(rows: list[dict[str, Any]], url: str) -> dict[str, Any]:
    """A list as Stripe pages it."""
    return {"object": "list", "data": rows, "has_more": False, "url": url}
