"""One attempt at Midtrans: how it stands, closing it, and sending its money back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.errors import RemoteError
from orders.gateways.midtrans_calls import NAME, Conversation, Refused, named
from orders.gateways.midtrans_states import Meaning, Transaction
from orders.gateways.words import Answer, Invoice, Refunded

NOT_NOW = {"412", "414"}  # A wrong state; more than there is, or too little on our account.


class Affair:
    """What is asked about one attempt for one purpose, within one time."""

    def __init__(self, invoice: Invoice) -> None:
        self._key, self._token = named(invoice.key), invoice.gateway_id
        self._talk = Conversation()

    def status(self) -> Transaction | None:
        """How the newest transaction under our key stands; None while there is none."""
        try:
            facts = self._talk.ask(lambda snap: snap.transactions.status(self._key))
        except Refused as no:
            if no.code == "404":
                return None
            raise
        if facts.get("order_id") != self._key:
            raise RemoteError("midtrans told of something else")
        return Transaction(facts)

    def close_page(self) -> None:
        """Let Snap's page die. Without a token nobody was ever told where it is."""
        if self._token:
            self._talk.close_page(self._token)

    def close(self, found: Transaction) -> Transaction | None:
        """Cancel it or, where that is refused, let it expire; None once it is closed.

        Where neither may be done it has been paid in this moment, and stands in the answer.
        """
        name = self._name(found)
        for deed in ("cancel", "expire"):
            if self._is_done(deed, name):
                return None
        found = self.status() or found
        if found.meaning is Meaning.WAITING:
            raise RemoteError("midtrans would not close it")
        return found

    def void(self, found: Transaction) -> Answer:
        """Let a card go that is not settled yet; refused when it has settled in this moment."""
        if self._is_done("cancel", self._name(found)):
            return Answer(Refunded.DONE, found.id)
        return Answer(Refunded.DENIED)

    def send_back(self, found: Transaction, refund_id: UUID, amount: int) -> Answer:
        """Refund, and take what Midtrans answers in all its forms."""
        name = self._name(found)
        wish = {"refund_key": str(refund_id), "amount": amount, "reason": "refund"}
        try:
            facts = self._talk.ask(
                lambda snap: snap.transactions.refund(name, wish), f"refund:{refund_id}"
            )
        except Refused as no:
            return self._not_refunded(no, refund_id)
        return self._answered(facts, refund_id)

    def _is_done(self, deed: str, name: str) -> bool:
        """200, or 407 for what has expired; 412 and 404 are a no that we can live with."""
        try:
            self._talk.ask(lambda snap: getattr(snap.transactions, deed)(name))
        except Refused as no:
            if no.code not in ("404", "412"):
                raise
            return False
        return True

    def _name(self, found: Transaction) -> str:
        """Its own name, the only one that works for DANA, or else ours."""
        return found.id if NAME.fullmatch(found.id) else self._key

    def _answered(self, facts: Mapping[str, Any], refund_id: UUID) -> Answer:
        code, told = str(facts.get("status_code", "")), Transaction(facts)
        if code == "202":  # "Refund denied by the bank", in the clothes of a success.
            return Answer(Refunded.DENIED)
        return (code == "200" and told.refund(refund_id)) or self._look_again(refund_id)

    def _not_refunded(self, no: Refused, refund_id: UUID) -> Answer:
        if no.code == "406":  # This key was used already.
            return self._look_again(refund_id)
        if no.code == "410":  # Her wallet is closed for good.
            return Answer(Refunded.BY_HAND)
        if no.code in NOT_NOW:
            return Answer(Refunded.DENIED)
        raise no

    def _look_again(self, refund_id: UUID) -> Answer:
        """Whether it is there after all; raises RemoteError where that stays open."""
        found = self.status()
        if found and (known := found.refund(refund_id)):
            return known
        raise RemoteError("midtrans does not say what became of a refund")
