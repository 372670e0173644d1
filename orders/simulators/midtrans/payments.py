"""Payments of the simulated Midtrans: their states, and a ledger of all money in and out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from threading import RLock
from typing import Any
from uuid import uuid4

from core import clock

WIB = timezone(timedelta(hours=7))
KIND_OF = {
    "other_qris": "qris",
    "echannel": "echannel",
    "credit_card": "credit_card",
    "indomaret": "cstore",
    "alfamart": "cstore",
}
# What may be given back, and whether in parts.
GIVES_BACK = {"qris": True, "gopay": True, "dana": True, "credit_card": True} | {
    "shopeepay": False,
    "ovo": False,
}
MAY_BE_UNDONE = frozenset({"permata_va", "echannel", "indomaret"})
CONFIRMS_AFTER = timedelta(seconds=20)  # Banks take a day or two to confirm a card's refund.


class Refusal(Exception):
    """What Midtrans says no with: a code of its papers and its sentence."""

    def __init__(self, code: str, says: str) -> None:
        super().__init__(says)
        self.code, self.says = code, says


CANNOT_MODIFY = Refusal("412", "Merchant cannot modify the status of the transaction")


@dataclass(slots=True)
class Page:
    """One page of Snap."""

    token: str
    order_id: str
    amount: int
    items: list[dict[str, Any]]
    channels: list[str]
    finish: str
    expires_at: datetime
    is_cancelled: bool = False


@dataclass(slots=True)
class Payment:
    """One transaction: it exists once a channel has been picked."""

    id: str
    order_id: str
    channel: str
    gross: int
    began_at: datetime
    expires_at: datetime
    status: str = "pending"
    fraud: str = "accept"
    settled_at: datetime | None = None
    approval_code: str = ""
    refunds: list[dict[str, Any]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """What Midtrans calls its payment_type."""
        return KIND_OF.get(
            self.channel, "bank_transfer" if self.channel.endswith("_va") else self.channel
        )

    @property
    def given_back(self) -> int:
        """Rupiah that were refunded."""
        return sum(row["amount"] for row in self.refunds if row["method"] != "chargeback")


class Book:
    """Everything this Midtrans knows; one lock, for many threads call it."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.pages: dict[str, Page] = {}
        self.payments: dict[str, Payment] = {}
        self.ledger: list[dict[str, Any]] = []

    def open_page(self, wanted: Mapping[str, Any], now: datetime) -> Page:
        """A page for an order_id that is free. Raises Refusal."""
        details = wanted["transaction_details"]
        if any(self._uses(page, details["order_id"], now) for page in self.pages.values()):
            raise Refusal("400", "transaction_details.order_id has already been taken")
        page = Page(
            token=str(uuid4()),
            order_id=details["order_id"],
            amount=details["gross_amount"],
            items=list(wanted.get("item_details") or []),
            channels=list(wanted.get("enabled_payments") or []),
            finish=str((wanted.get("callbacks") or {}).get("finish", "")),
            expires_at=now + timedelta(minutes=(wanted.get("expiry") or {}).get("duration", 1440)),
        )
        self.pages[page.token] = page
        return page

    def _uses(self, page: Page, order_id: str, now: datetime) -> bool:
        """Whether this page keeps the order_id from being used again: it lives, or it is paid."""
        if page.order_id != order_id:
            return False
        newest = self.newest(order_id)
        if newest and newest.status not in ("cancel", "expire", "deny"):
            return True
        return not page.is_cancelled and page.expires_at > now

    def pick(self, page: Page, channel: str, gross: int, now: datetime) -> Payment:
        """The buyer has picked a channel: a transaction begins."""
        payment = Payment(str(uuid4()), page.order_id, channel, gross, now, page.expires_at)
        self.payments[payment.id] = payment
        return payment

    def newest(self, name: str) -> Payment | None:
        """By its own id, or the newest one under an order_id."""
        if name in self.payments:
            return self.payments[name]
        found = [payment for payment in self.payments.values() if payment.order_id == name]
        return found[-1] if found else None

    def get(self, name: str) -> Payment:
        """One transaction. Raises Refusal."""
        found = self.newest(name)
        if found is None:
            raise Refusal("404", "Transaction doesn't exist.")
        return found

    def pay(self, payment: Payment, now: datetime, fraud: str = "accept") -> None:
        """The money comes: a card is captured and settles a day later, all else settles at once."""
        if payment.status != "pending":
            raise CANNOT_MODIFY
        payment.fraud = fraud
        if payment.kind == "credit_card":
            payment.status, payment.approval_code = "capture", f"{int(now.timestamp()) % 10**6:06}"
        else:
            payment.status, payment.settled_at = "settlement", now
        if fraud == "accept":
            self.note("capture", payment, payment.gross)

    def close(self, payment: Payment, status: str) -> None:
        """Cancel, expire or deny what is pending; a card that was captured may be let go."""
        is_held = payment.status == "capture" and payment.fraud == "challenge"
        is_void = payment.status == "capture" and status == "cancel"
        if payment.status != "pending" and not is_void and not (is_held and status == "deny"):
            raise CANNOT_MODIFY
        if is_void and not is_held:
            self.note("void", payment, -payment.gross)
        payment.status = status

    def approve(self, payment: Payment) -> None:
        """A card that was held is let through."""
        if payment.status != "capture" or payment.fraud != "challenge":
            raise CANNOT_MODIFY
        payment.fraud = "accept"
        self.note("capture", payment, payment.gross)

    def settle(self, payment: Payment, now: datetime) -> None:
        """The day after: a captured card settles."""
        if payment.status != "capture" or payment.fraud != "accept":
            raise CANNOT_MODIFY
        payment.status, payment.settled_at = "settlement", now

    def undo(self, payment: Payment) -> None:
        """The bank takes a settlement back within minutes; only some do."""
        if payment.status != "settlement" or payment.channel not in MAY_BE_UNDONE:
            raise CANNOT_MODIFY
        payment.status = "deny"
        self.note("undone", payment, -payment.gross)

    def refund(self, payment: Payment, key: str, amount: int, now: datetime) -> None:
        """Give back. Raises Refusal as the papers say."""
        if any(row["key"] == key for row in payment.refunds):
            raise Refusal("406", "Duplicate refund ID")
        left = payment.gross - payment.given_back
        if payment.status not in ("settlement", "partial_refund") or payment.kind not in GIVES_BACK:
            raise CANNOT_MODIFY
        if not 0 < amount <= left or (amount < left and not GIVES_BACK[payment.kind]):
            raise Refusal("414", "Refund amount is invalid")
        self._give(payment, key, amount, now, "credit_card" if payment.approval_code else "online")
        payment.status = "refund" if payment.given_back == payment.gross else "partial_refund"
        self.note("refund", payment, -amount)

    def charge_back(self, payment: Payment, amount: int, now: datetime) -> None:
        """The buyer's bank takes money back after the settlement."""
        if payment.status not in ("settlement", "partial_chargeback", "partial_refund"):
            raise CANNOT_MODIFY
        self._give(payment, str(uuid4()), amount, now, "chargeback")
        payment.status = "chargeback" if amount == payment.gross else "partial_chargeback"
        self.note("chargeback", payment, -amount)

    def _give(self, payment: Payment, key: str, amount: int, now: datetime, method: str) -> None:
        row = {"id": len(self.ledger) + 1, "key": key, "amount": amount, "method": method}
        payment.refunds.append({**row, "at": now, "confirmed_at": None})

    def confirm(self, payment: Payment, now: datetime) -> bool:
        """The bank confirms every refund it has not confirmed yet; whether there was one."""
        waiting = [row for row in payment.refunds if row["confirmed_at"] is None]
        for row in waiting:
            row["confirmed_at"] = now
        return bool(waiting)

    def due(self, now: datetime) -> Iterator[tuple[Payment, str]]:
        """What time alone brings about: expiries and confirmations."""
        for payment in list(self.payments.values()):
            if payment.status == "pending" and payment.expires_at <= now:
                yield payment, "expire"
            elif any(
                row["confirmed_at"] is None and row["at"] + CONFIRMS_AFTER <= now
                for row in payment.refunds
            ):
                yield payment, "confirm"

    def note(self, what: str, payment: Payment, amount: int) -> None:
        """A line in the ledger: rupiah that came in, or went out."""
        self.ledger.append(
            {
                "what": what,
                "order_id": payment.order_id,
                "transaction_id": payment.id,
                "amount": amount,
                "at": clock.now().isoformat(),
            }
        )
