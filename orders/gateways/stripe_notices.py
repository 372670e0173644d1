"""Stripe's notices: signed over the raw body with one of our secrets, and not long ago.

While a secret is replaced there are two. The SDK accepts a signature from the future, and its
event is no dict: both are minded here.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import stripe

from core import clock
from orders.gateways.stripe_readings import field, id_of
from orders.gateways.words import Forged, Heard

NO_OBJECT = (ValueError, AttributeError, TypeError, RecursionError)
TOLERANCE_SECONDS = 300
HEADER = "stripe-signature"
KEY = re.compile(r"[A-Za-z0-9-]{1,40}")
ABOUT_US = (
    "checkout.session.",
    "charge.refund",
    "refund.",
    "charge.dispute.",
    "payment_intent.",
)


def heard(headers: Mapping[str, str], body: bytes, secrets: tuple[str, ...]) -> Heard:
    """Whose payment a notice is about. Raises Forged for all that Stripe did not sign just now."""
    signature = next((value for name, value in headers.items() if name.lower() == HEADER), "")
    event = _event(body, signature, secrets)
    name, kind = field(event, "id"), field(event, "type")
    if not isinstance(name, str) or not isinstance(kind, str):  # `{}` may be rightly signed, too.
        return Heard(f"body:{hashlib.sha256(body).hexdigest()}", "")
    if not kind.startswith(ABOUT_US):
        return Heard(name[:120], "")
    about = field(event, "data", "object")
    return Heard(name[:120], _key(about), theirs=_payment(about))


def _event(body: bytes, signature: str, secrets: tuple[str, ...]) -> Any:
    for secret in secrets:
        try:
            event = stripe.Webhook.construct_event(body, signature, secret, TOLERANCE_SECONDS)
        except (stripe.SignatureVerificationError, *NO_OBJECT):
            continue  # Another secret, or no JSON object at all.
        if not _is_from_the_future(signature):
            return event
    raise Forged


def _is_from_the_future(signature: str) -> bool:
    """The SDK looks back only. Its header is `t=<seconds>,v1=<hex>,…`, verified by now."""
    signed_at = max(int(part[2:]) for part in signature.split(",") if part.startswith("t="))
    return signed_at > clock.now().timestamp() + TOLERANCE_SECONDS


def _key(about: Any) -> str:
    """Our name for the attempt, which we gave to the session and it to payment and charge."""
    for key in (field(about, "client_reference_id"), field(about, "metadata", "attempt")):
        if isinstance(key, str) and KEY.fullmatch(key):
            return key
    return ""


def _payment(about: Any) -> str:
    """Their name for the payment: disputes and a clerk's refunds carry no name of ours."""
    payment = id_of(field(about, "payment_intent"))
    return payment[:120] if payment.startswith("pi_") else ""
