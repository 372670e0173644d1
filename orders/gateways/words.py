"""The words in which we talk to every gateway."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from core.errors import DomainError, RemoteError
from orders.states import AttemptEvent


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the bill as a gateway may show it: rupiah a piece; a discount is negative."""

    name: str
    price: int
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Presented:
    """What a buyer abroad sees and pays: minor units of her own currency."""

    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Invoice:
    """What is to be paid: `key` (`<order number>-<n>`) is our name for the attempt, used once.

    `amount` is rupiah and the exact sum of `items`. `expires_at` lies inside the time for which the
    goods are held. `return_url` is where the buyer comes back to; `gateway_id` is what `start`
    told us. Nobody's name, phone or address is in it.
    """

    attempt_id: UUID
    key: str
    amount: int
    currency: str
    expires_at: datetime
    method: str = ""
    number: str = ""
    items: tuple[Item, ...] = ()
    presented: Presented | None = None
    gateway_id: str = ""
    return_url: str = ""
    language: str = "id"

    @property
    def asked(self) -> Presented:
        """The money the gateway is to take, and the only money that pays this attempt."""
        return self.presented or Presented(self.amount, self.currency)


@dataclass(frozen=True, slots=True)
class Started:
    """Where the buyer goes to pay; empty where our own order page tells her how."""

    pay_url: str = ""
    gateway_id: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a gateway knows of an attempt now: the event it stands for, and the money that came.

    `amount` and `currency` are what the gateway took, in minor units (rupiah whole). `returned` is
    how much of it has gone back so far: refunds, or what the buyer's bank took back. `theirs` is
    the gateway's own name of the payment, `channel` what she paid with (`qris`, `bca_va`, `card`).
    """

    event: AttemptEvent
    amount: int = 0
    currency: str = "IDR"
    returned: int = 0
    channel: str = ""
    theirs: str = ""


class Refunded(StrEnum):
    """How a gateway answers when money shall go back."""

    DONE = "done"  # It has gone back.
    UNDER_WAY = "under_way"  # Taken in; the bank has not confirmed it yet.
    DENIED = "denied"  # Not now: too little on our account, the bank said no, closed hours.
    BY_HAND = "by_hand"  # Never by this gateway: the method has no refund, or its time is over.


@dataclass(frozen=True, slots=True)
class Answer:
    """The gateway's answer to one refund, and its own name for it."""

    refunded: Refunded
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """A notice whose signature is right: a reason to ask how an attempt stands, and no more.

    `event_key` is the same for the same event, however often it is sent; `attempt_key` is our own
    name for the attempt, empty where the notice is about nothing of ours. Where a gateway does not
    repeat it (Stripe's disputes), `theirs` is its own name of the payment, as in Reading.
    """

    event_key: str
    attempt_key: str
    theirs: str = ""


class Forged(DomainError):
    """The signature of a notice is wrong or missing."""

    status = 400


class KeyTaken(RemoteError):
    """The gateway has this key already and tells no more: close it, and try under the next one."""


class Gateway(Protocol):
    """One way in for money. Every method may raise RemoteError; none is called in a transaction."""

    def is_open(self) -> bool:
        """Whether this house can be paid through it: keys are set, or its simulator runs."""

    def start(self, invoice: Invoice) -> Started:
        """Open the payment; asked twice for one key it opens one. May raise KeyTaken."""

    def read(self, invoice: Invoice) -> Reading | None:
        """Ask how the attempt stands; None where only a person can know."""

    def cancel(self, invoice: Invoice) -> Reading | None:
        """Close the payment before its goods are let go; a reading of CAPTURE means: too late."""

    def refund(self, invoice: Invoice, *, refund_id: UUID, asked: Presented) -> Answer:
        """Send money back; `refund_id` makes it happen once, however often it is asked."""

    def hear(self, headers: Mapping[str, str], body: bytes) -> Heard:
        """Check the signature of a notice over its raw bytes. Raises Forged."""
