"""Midtrans' notices: whether the signature is right, and which event one is about.

The signature covers order_id, status_code and gross_amount, exactly as written, and nothing else:
whoever has one right notice can write another state into it. So a notice is never believed; it is
a reason to ask.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from orders.gateways.midtrans_calls import NAME
from orders.gateways.words import Forged, Heard

BODY_BYTES_MAX = 64 * 1024
SIGNED = ("order_id", "status_code", "gross_amount", "signature_key")
KEY_CHARS_MAX = 40  # As long as an attempt's key may be.


def heard(body: bytes, server_key: str) -> Heard:
    """Check the signature and say what the notice is about. Raises Forged."""
    facts = _facts(body)
    key, code, amount, given = (_text(facts.get(name)) for name in SIGNED)
    right = signature(key, code, amount, server_key)
    # Without a key of ours anybody could sign.
    if not server_key or not hmac.compare_digest(right.encode(), given.encode("utf-8", "replace")):
        raise Forged
    is_ours = len(key) <= KEY_CHARS_MAX and NAME.fullmatch(key)
    return Heard(event_key=_event_key(facts), attempt_key=key if is_ours else "")


def signature(order_id: str, status_code: str, gross_amount: str, server_key: str) -> str:
    """Midtrans' own arithmetic, over the strings as they were written."""
    text = order_id + status_code + gross_amount + server_key
    return hashlib.sha512(text.encode("utf-8", "replace")).hexdigest()


def _facts(body: bytes) -> Mapping[str, Any]:
    if len(body) > BODY_BYTES_MAX:
        raise Forged
    try:
        facts = json.loads(body)
    except (ValueError, RecursionError):
        raise Forged from None
    if not isinstance(facts, dict):
        raise Forged
    return facts


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise Forged
    return value


def _event_key(facts: Mapping[str, Any]) -> str:
    """The same for the same event; a refund is told twice, the second time with the bank's hour."""
    rows = facts.get("refunds")
    refunds = [
        [row.get("refund_chargeback_id"), row.get("refund_key"), row.get("bank_confirmed_at")]
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict)
    ]
    names = ("order_id", "transaction_id", "transaction_status", "status_code", "bank_confirmed_at")
    about = json.dumps([*(facts.get(name) for name in names), refunds], default=str)
    return hashlib.sha256(about.encode()).hexdigest()
