"""The words in which we talk to every gateway."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from orders.states import AttemptEvent


@dataclass(frozen=True, slots=True)
class Invoice:
    """What is to be paid: `key` is our name for the attempt, used once and never again."""

    attempt_id: UUID
    key: str
    amount: int
    currency: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Started:
    """Where the buyer goes to pay; empty where our own order page tells her how."""

    pay_url: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a gateway knows of an attempt now: the event it stands for, and the money that came."""

    event: AttemptEvent
    amount: int = 0
    currency: str = "IDR"


class Gateway(Protocol):
    """One way in for money. Every method may raise RemoteError; none is called in a transaction."""

    def start(self, invoice: Invoice) -> Started:
        """Open the payment; asked twice for one key it opens one."""

    def read(self, invoice: Invoice) -> Reading | None:
        """Ask how the attempt stands; None where only a person can know."""

    def cancel(self, invoice: Invoice) -> Reading | None:
        """Close the payment before its goods are let go; a reading of CAPTURE means: too late."""

    def refund(self, invoice: Invoice, *, refund_id: UUID, amount: int) -> bool:
        """Send money back; False where a person must do it (`refund_id` makes it happen once)."""
