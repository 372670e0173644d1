"""What Midtrans' states mean, as a table: transaction_status × fraud_status → what happened.

Always read from Get Status; the table answers for the newest transaction under our key. One page
may see several: a card that is denied may be followed by another one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any
from uuid import UUID

from core.errors import RemoteError
from orders.gateways.midtrans_channels import REVERSIBLE, paid_with
from orders.gateways.words import Answer, Reading, Refunded
from orders.states import AttemptEvent

WIB = timezone(timedelta(hours=7))  # Midtrans writes its clock without an offset.
AE = AttemptEvent


class Meaning(StrEnum):
    """What a state says about money."""

    WAITING = "waiting"
    PAID = "paid"
    DENIED = "denied"
    CLOSED = "closed"
    VOIDED = "voided"
    RETURNED = "returned"
    TAKEN_BACK = "taken_back"


M = Meaning
HAS_MONEY = (M.PAID, M.RETURNED, M.TAKEN_BACK)
_BY_FRAUD = {"": M.PAID, "accept": M.PAID, "challenge": M.WAITING, "deny": M.DENIED}
_ANY = dict.fromkeys(("", "accept", "challenge", "deny"))
MEANINGS: dict[str, dict[str, Meaning]] = {
    "pending": dict.fromkeys(_ANY, M.WAITING),
    "authorize": dict.fromkeys(_ANY, M.WAITING),  # Set aside on the card; nothing has been taken.
    "capture": _BY_FRAUD,
    "settlement": _BY_FRAUD,
    "deny": dict.fromkeys(_ANY, M.DENIED),
    "failure": dict.fromkeys(_ANY, M.DENIED),
    "cancel": {**dict.fromkeys(_ANY, M.CLOSED), "accept": M.VOIDED},
    "expire": dict.fromkeys(_ANY, M.CLOSED),
    "refund": dict.fromkeys(_ANY, M.RETURNED),
    "partial_refund": dict.fromkeys(_ANY, M.RETURNED),
    "chargeback": dict.fromkeys(_ANY, M.TAKEN_BACK),
    "partial_chargeback": dict.fromkeys(_ANY, M.TAKEN_BACK),
}


class Unreadable(RemoteError):
    """Midtrans answered with something that its papers do not know; nothing is concluded."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """What Get Status told, made exact."""

    facts: Mapping[str, Any]

    def _text(self, name: str) -> str:
        value = self.facts.get(name)
        return value if isinstance(value, str) else ""

    @property
    def id(self) -> str:
        """Midtrans' own name of it."""
        return self._text("transaction_id")[:120]

    @property
    def status(self) -> str:
        """In small letters; wallets are told in capitals."""
        return self._text("transaction_status").lower()

    @property
    def meaning(self) -> Meaning:
        """What the state says; raises Unreadable for one that we do not know."""
        fraud = self._text("fraud_status").lower()
        try:
            meaning = MEANINGS[self.status][fraud]
        except KeyError:
            raise Unreadable("an unknown state") from None
        if meaning is M.VOIDED and not self._text("approval_code"):
            return M.CLOSED  # The bank never gave anything.
        return meaning

    @property
    def gross(self) -> int:
        """Whole rupiah; raises Unreadable for anything else."""
        return rupiah(self.facts.get("gross_amount"))

    @property
    def refunds(self) -> list[Mapping[str, Any]]:
        """Every refund and chargeback of it."""
        rows = self.facts.get("refunds")
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    @property
    def returned(self) -> int:
        """Rupiah that went back."""
        if self.refunds:
            gone = filter(self._is_gone, self.refunds)
            return sum(rupiah(row.get("refund_amount")) for row in gone)
        told = self.facts.get("refund_amount")
        return 0 if told is None or self._needs_bank else rupiah(told)

    @property
    def _needs_bank(self) -> bool:
        return self._text("payment_type").lower() == "credit_card"

    def _is_gone(self, row: Mapping[str, Any]) -> bool:
        """A refund is told twice; a card's counts from the second time, with the bank's word."""
        return bool(row.get("bank_confirmed_at")) or not self._needs_bank

    def refund(self, refund_id: UUID) -> Answer | None:
        """How far a refund of ours is; None if Midtrans does not know it."""
        for row in self.refunds:
            if row.get("refund_key") == str(refund_id):
                how = Refunded.DONE if self._is_gone(row) else Refunded.UNDER_WAY
                return Answer(how, str(row.get("refund_chargeback_id") or "")[:120])
        return None

    @property
    def paid_at(self) -> datetime:
        """When the money came, or else when the transaction began; raises Unreadable."""
        written = self._text("settlement_time") or self._text("transaction_time")
        try:
            return datetime.strptime(written, "%Y-%m-%d %H:%M:%S").replace(tzinfo=WIB)
        except ValueError:
            raise Unreadable("an unreadable time") from None

    def reading(self, *, page_lives: bool) -> Reading:
        """In our words. `page_lives`: the buyer may still pay on the same page."""
        meaning, channel = self.meaning, paid_with(self.facts)
        event = _event(meaning, channel, page_lives)
        if event in (AE.OPEN, AE.FAIL, AE.EXPIRE):
            return Reading(event, channel=channel, theirs=self.id)
        returned = {M.PAID: 0, M.VOIDED: self.gross}.get(meaning, self.returned)
        if meaning is M.TAKEN_BACK:
            returned = self._taken_back()
        return Reading(
            event,
            amount=self.gross,
            currency=self._text("currency") or "IDR",
            returned=returned,
            channel=channel,
            theirs=self.id,
        )

    def _taken_back(self) -> int:
        """What the bank took: all, unless a part is named."""
        if self.status == "chargeback":
            return self.gross
        return sum(rupiah(row.get("refund_amount")) for row in self.refunds) or self.gross


def _event(meaning: Meaning, channel: str, page_lives: bool) -> AttemptEvent:
    """A card or wallet that was denied ends nothing while the page lives: she takes another one.

    What a bank may undo after settling is told as FAIL at once, with its transaction in `theirs`:
    we have no memory, so `orders.payment` tells a first denial from an undone settlement by whether
    that very transaction had brought the money.
    """
    if meaning is M.DENIED:
        return AE.OPEN if page_lives and channel not in REVERSIBLE else AE.FAIL
    return {
        M.WAITING: AE.OPEN,
        M.PAID: AE.CAPTURE,
        M.CLOSED: AE.EXPIRE,
        M.VOIDED: AE.CAPTURE,
        M.RETURNED: AE.CAPTURE,
        M.TAKEN_BACK: AE.CHARGE_BACK,
    }[meaning]


def rupiah(written: object) -> int:
    """`"10000.00"` exactly; raises Unreadable for a fraction, a sign, a float or other writing."""
    if not isinstance(written, str) or not written.replace(".", "", 1).isdigit():
        raise Unreadable("an unreadable amount")
    try:
        amount = Decimal(written)
    except InvalidOperation:
        raise Unreadable("an unreadable amount") from None
    if len(written) > 20 or not written.isascii() or amount != int(amount):
        raise Unreadable("an amount that is not whole rupiah")
    return int(amount)
