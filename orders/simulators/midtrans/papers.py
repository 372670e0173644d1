"""What the simulated Midtrans writes: states as its papers show them, and signed notices."""

import hashlib
import json
from datetime import datetime
from typing import Any

from orders.simulators.delivery import Event, Letter, RetryTable
from orders.simulators.midtrans.payments import WIB, Payment

MERCHANT_ID = "G000000000"
_TIMES = {500: 1, 503: 4, 400: 2, 404: 2, 301: 0, 302: 0, 303: 0}
PAUSES = (120.0, 600.0, 1_800.0, 5_400.0, 12_600.0)
IN_CAPITALS = ("shopeepay", "dana")  # Get Status shouts for these while they wait.


def times(answer: int | None) -> int:
    """How often a notice is repeated after such an answer (None: no answer)."""
    if answer is not None and 200 <= answer < 300:
        return 0
    return _TIMES.get(answer or 0, 5)


RETRIES = RetryTable(PAUSES, times)


def written(moment: datetime | None) -> str | None:
    """A time as Midtrans writes it: Jakarta's clock, and no word of that."""
    return moment.astimezone(WIB).strftime("%Y-%m-%d %H:%M:%S") if moment else None


def money(rupiah: int) -> str:
    """Two decimals that are always zero."""
    return f"{rupiah}.00"


def code_of(payment: Payment) -> str:
    """The status_code that notices of this state carry."""
    if payment.status == "pending" or (payment.status, payment.fraud) == ("capture", "challenge"):
        return "201"
    return "202" if payment.status in ("deny", "cancel", "expire") else "200"


def facts(payment: Payment) -> dict[str, Any]:
    """A transaction as notices and Get Status tell it."""
    told: dict[str, Any] = {
        "transaction_time": written(payment.began_at),
        "transaction_status": payment.status,
        "transaction_id": payment.id,
        "status_message": "midtrans payment notification",
        "status_code": code_of(payment),
        "payment_type": payment.kind,
        "order_id": payment.order_id,
        "merchant_id": MERCHANT_ID,
        "gross_amount": money(payment.gross),
        "currency": "IDR",
        **_of_channel(payment),
    }
    if payment.kind != "cstore":
        told["fraud_status"] = payment.fraud
    if payment.settled_at:
        told["settlement_time"] = written(payment.settled_at)
    if payment.refunds:
        told["refund_amount"] = money(sum(row["amount"] for row in payment.refunds))
        told["refunds"] = [_refund(row) for row in payment.refunds]
    return told


def _of_channel(payment: Payment) -> dict[str, Any]:
    number = str(int(payment.id[:8], 16)).zfill(10)
    if payment.channel == "permata_va":
        return {"permata_va_number": number}
    if payment.channel == "echannel":
        return {"biller_code": "70012", "bill_key": number}
    if payment.kind == "bank_transfer":
        bank = payment.channel.removesuffix("_va")
        return {"va_numbers": [{"bank": bank, "va_number": number}], "payment_amounts": []}
    if payment.kind == "cstore":
        return {"store": payment.channel, "payment_code": number}
    if payment.kind == "qris":
        return {"acquirer": "gopay", "issuer": "gopay", "transaction_type": "on-us"}
    if payment.kind == "credit_card":
        more = {"approval_code": payment.approval_code} if payment.approval_code else {}
        return {"masked_card": "48111111-1114", "bank": "bni", "card_type": "credit", **more}
    return {}


def number_of(payment: Payment) -> str:
    """What a buyer types in at an ATM or tells at a till."""
    told = _of_channel(payment)
    first = (told.get("va_numbers") or [{}])[0].get("va_number")
    return str(
        told.get("permata_va_number") or told.get("bill_key") or told.get("payment_code") or first
    )


def _refund(row: dict[str, Any]) -> dict[str, Any]:
    told = {
        "refund_chargeback_id": row["id"],
        "refund_amount": money(row["amount"]),
        "created_at": written(row["at"]),
        "reason": "refund",
        "refund_key": row["key"],
        "refund_method": row["method"],
    }
    if row["confirmed_at"]:
        told["bank_confirmed_at"] = written(row["confirmed_at"])
    return told


def status(payment: Payment, key: str) -> dict[str, Any]:
    """What Get Status answers; an expired one under 407, some wallets in capitals."""
    told = facts(payment)
    if payment.status == "expire":
        told["status_code"] = "407"
    told = sign(told, key)
    told["status_message"] = "Success, transaction is found"
    if payment.kind in IN_CAPITALS and payment.status == "pending":
        told["transaction_status"] = payment.status.upper()
    return told


def sign(event: Event, key: str) -> dict[str, Any]:
    """The event with its signature, over order_id, status_code and gross_amount alone."""
    text = "".join(str(event[name]) for name in ("order_id", "status_code", "gross_amount"))
    return {**event, "signature_key": hashlib.sha512(f"{text}{key}".encode()).hexdigest()}


class Signer:
    """Signs notices with the server key, or with faults."""

    def __init__(self, key: str) -> None:
        self._key = key

    def signed(self, event: Event) -> Letter:
        """As it should be."""
        return _letter(sign(event, self._key))

    def forged(self, event: Event) -> Letter:
        """With the key of somebody who has none, telling of money."""
        lie = {**event, "transaction_status": "settlement", "status_code": "200"}
        return _letter(sign(lie, "SB-Mid-server-somebody"))

    def edited(self, event: Event) -> Letter:
        """The signature stays right: it covers no state."""
        return _letter({**sign(event, self._key), "transaction_status": "settlement"})


def _letter(event: Event) -> Letter:
    return Letter(json.dumps(event).encode(), {"User-Agent": "Veritrans"})
