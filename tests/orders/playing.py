"""A gateway that plays along: it says whatever a test tells it to, and notes what it was asked."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from core.errors import RemoteError
from orders.gateways import Answer, Reading, Refunded, Started
from orders.gateways.words import Forged
from orders.states import AttemptEvent


@dataclass
class PlayingGateway:
    """`failing` raises on the next calls; `before_failing` acts first and then loses the answer."""

    readings: dict = field(default_factory=dict)  # key → Reading
    opened: list = field(default_factory=list)
    refunded: dict = field(default_factory=dict)  # refund id → Presented
    answer: Answer = field(default_factory=lambda: Answer(Refunded.DONE))
    failing: list = field(default_factory=list)
    acts_first: bool = False
    watch: Callable[[], None] = lambda: None  # Called while we are being asked.

    def is_open(self):
        return True

    def _asked(self, act=lambda: None):
        self.watch()
        if self.acts_first:
            act()
        if self.failing:
            raise self.failing.pop(0)
        if not self.acts_first:
            act()

    def start(self, invoice):
        def act():
            if invoice.key not in self.opened:
                self.opened.append(invoice.key)

        assert sum(item.price * item.quantity for item in invoice.items) == invoice.amount
        self._asked(act)
        return Started(f"https://pay.example/{invoice.key}", f"session-{invoice.key}")

    def read(self, invoice):
        self._asked()
        return self.readings.get(invoice.key, Reading(AttemptEvent.OPEN))

    def cancel(self, invoice):
        self._asked()
        reading = self.readings.get(invoice.key)
        if reading and reading.event is AttemptEvent.CAPTURE:
            return reading
        self.readings[invoice.key] = Reading(AttemptEvent.EXPIRE)
        return self.readings[invoice.key]

    def refund(self, invoice, *, refund_id, asked):
        self._asked(lambda: self.refunded.setdefault(refund_id, asked))
        return self.answer

    def hear(self, headers, body):
        raise Forged

    def pays(self, attempt, amount=None, currency="IDR", theirs="t-1", **more):
        """The buyer pays this attempt there."""
        amount = attempt.amount if amount is None else amount
        self.readings[attempt.gateway_key] = Reading(
            AttemptEvent.CAPTURE, amount, currency, theirs=theirs, channel="qris", **more
        )

    def says(self, attempt, event, **more):
        before = self.readings.get(attempt.gateway_key, Reading(event))
        self.readings[attempt.gateway_key] = replace(before, event=event, **more)


SILENCE = RemoteError("no answer")
