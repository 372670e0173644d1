"""What Stripe's objects mean in our words: a Checkout Session, its payment, refunds, disputes.

Objects of the SDK are no dicts since version 15, and fields may be missing: every one is read by
attribute and with a default.
"""

from collections.abc import Iterable
from typing import Any

from core.errors import RemoteError
from orders.currencies import from_stripe
from orders.gateways.words import Reading
from orders.states import AttemptEvent

LOST = frozenset({"lost"})
HELD = frozenset({"needs_response", "under_review", "appeal_needs_response", "appeal_under_review"})
OVER = frozenset({"won"})  # An inquiry (`warning_…`) and one that was prevented never held money.


def field(thing: Any, *names: str) -> Any:
    """A field of a field of an object; None where any of them is missing."""
    for name in names:
        thing = getattr(thing, name, None)
        if thing is None:
            return None
    return thing


def id_of(thing: Any) -> str:
    """The id of an object that may or may not have been expanded."""
    return thing if isinstance(thing, str) else field(thing, "id") or ""


def is_paid(session: Any) -> bool:
    """Whether money came, whatever happened to it afterwards."""
    return bool(field(session, "payment_status") == "paid")


def unpaid(session: Any) -> Reading:
    """How a payment stands that has brought no money so far."""
    status = field(session, "status")
    if status == "expired":
        return Reading(AttemptEvent.EXPIRE)
    if status == "complete" and field(session, "payment_intent", "status") in (
        "requires_payment_method",
        "canceled",
    ):
        return Reading(AttemptEvent.FAIL)
    if status in ("open", "complete"):
        return Reading(AttemptEvent.OPEN)
    raise RemoteError("stripe: a session of no known status")


def paid(session: Any, refunds: Iterable[Any], disputes: Iterable[Any]) -> Reading:
    """How a payment stands that brought money: what came, what went back, what a bank holds."""
    payment = field(session, "payment_intent")
    came = from_stripe(payment.currency, payment.amount_received)
    back = sum(
        refund.amount
        for refund in refunds
        if field(refund, "status") == "succeeded" and refund.currency == payment.currency
    )
    event, kept = _contested(list(disputes), payment)
    taken = min(payment.amount_received, kept if kept else back)
    return Reading(
        event,
        amount=came.amount,
        currency=came.currency,
        returned=from_stripe(payment.currency, taken).amount,
        channel=(field(payment, "latest_charge", "payment_method_details", "type") or "card")[:30],
        theirs=payment.id,
    )


def _contested(disputes: list[Any], payment: Any) -> tuple[AttemptEvent, int]:
    """What disputes make of a payment, and how much of it the bank holds, as Stripe counts.

    A dispute may be counted in another currency than the payment: then the bank holds all of it.
    """
    for statuses, event in ((LOST, AttemptEvent.CHARGE_BACK), (HELD, AttemptEvent.DISPUTE)):
        held = [dispute for dispute in disputes if field(dispute, "status") in statuses]
        if held:
            same = all(dispute.currency == payment.currency for dispute in held)
            whole = int(payment.amount_received)
            return event, sum(dispute.amount for dispute in held) if same else whole
    if any(field(dispute, "status") in OVER for dispute in disputes):
        return AttemptEvent.WIN, 0
    return AttemptEvent.CAPTURE, 0
