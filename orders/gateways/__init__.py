"""Ways money reaches us, behind one protocol: our words on this side, theirs inside an adapter.

A gateway is called outside any transaction. Its answers act on one attempt and always through
`orders.payment`; what a webhook, a return page, the poller and the treasurer learn goes one way.
"""

from orders.gateways.by_hand import ByHand
from orders.gateways.midtrans import Midtrans
from orders.gateways.stripe import Stripe
from orders.gateways.words import (
    Answer,
    Gateway,
    Invoice,
    Item,
    Presented,
    Reading,
    Refunded,
    Started,
)

GATEWAYS: dict[str, Gateway] = {
    "transfer": ByHand(),
    "cash": ByHand(),
    "midtrans": Midtrans(),
    "stripe": Stripe(),
}

__all__ = [
    "GATEWAYS",
    "Answer",
    "Gateway",
    "Invoice",
    "Item",
    "Presented",
    "Reading",
    "Refunded",
    "Started",
]
