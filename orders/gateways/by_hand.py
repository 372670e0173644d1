"""Money that people see with their own eyes: a transfer on the bank statement, cash in a hand.

No machine answers here. The order page tells the buyer what to do; a treasurer confirms a transfer,
and whoever hands over notes the cash. A picture of a transfer proves nothing and is not asked for.
"""

from collections.abc import Mapping
from uuid import UUID

from orders.gateways.words import (
    Answer,
    Forged,
    Heard,
    Invoice,
    Presented,
    Reading,
    Refunded,
    Started,
)
from orders.states import AttemptEvent


class ByHand:
    """Nothing to call; whatever closes is closed at once."""

    def is_open(self) -> bool:
        """People are always there."""
        return True

    def start(self, invoice: Invoice) -> Started:  # noqa: ARG002
        """Our own order page says where and when to pay."""
        return Started()

    def read(self, invoice: Invoice) -> Reading | None:  # noqa: ARG002
        """Only a person knows."""
        return None

    def cancel(self, invoice: Invoice) -> Reading | None:  # noqa: ARG002
        """Nothing stands in the way of letting goods go; late money becomes a surplus."""
        return Reading(AttemptEvent.EXPIRE)

    def refund(self, invoice: Invoice, *, refund_id: UUID, asked: Presented) -> Answer:  # noqa: ARG002
        """A person gives it back."""
        return Answer(Refunded.BY_HAND)

    def hear(self, headers: Mapping[str, str], body: bytes) -> Heard:  # noqa: ARG002
        """Nobody writes to us about these."""
        raise Forged
