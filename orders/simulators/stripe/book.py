"""The simulated Stripe's own book: sessions, charges, refunds, disputes, and every cent moved.

Its rules of currencies are written down anew from Stripe's papers and not taken from the house:
what the house has wrong must not be right here.
"""

import itertools
import secrets
from dataclasses import dataclass, field
from threading import RLock

from core import clock

NO_DECIMALS = frozenset(
    "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split()  # noqa: SIM905
)
ALWAYS_WHOLE = frozenset({"isk", "ugx"})  # Counted in hundredths that must be 00.
THREE_DECIMALS = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})  # The last one must be 0.
TWO_DECIMALS = frozenset(
    "aed aud brl cad chf cny czk dkk eur gbp hkd huf idr inr mxn myr nok nzd php pln qar ron sar"  # noqa: SIM905
    " sek sgd thb try twd usd zar".split()
)
KNOWN = NO_DECIMALS | ALWAYS_WHOLE | THREE_DECIMALS | TWO_DECIMALS
LEAST = {"usd": 50, "eur": 50, "sgd": 50, "aud": 50, "gbp": 30, "hkd": 400, "jpy": 50, "myr": 200}
MOST = 99_999_999
MOST_IDR = 999_999_999_999
OPEN_DISPUTES = ("needs_response", "under_review")
DISPUTE_MOVES = {
    "warning_needs_response": ("warning_closed",),
    "needs_response": ("under_review", "won", "lost"),
    "under_review": ("won", "lost"),
}


class Refusal(Exception):
    """Stripe's no, as its papers word it."""

    def __init__(
        self,
        says: str,
        *,
        code: str = "",
        param: str = "",
        status: int = 400,
        kind: str = "invalid_request_error",
    ) -> None:
        super().__init__(says)
        self.says, self.code, self.param, self.status, self.kind = says, code, param, status, kind


@dataclass(slots=True)
class Dispute:
    """What a buyer told her bank."""

    id: str
    amount: int
    status: str


@dataclass(slots=True)
class Refund:
    """Money on its way back."""

    id: str
    amount: int
    status: str
    metadata: dict[str, str]


@dataclass(slots=True)
class Session:
    """A Checkout Session; the payment, once there is one, stands in the same row."""

    id: str
    amount: int
    currency: str
    name: str
    reference: str
    metadata: dict[str, str]
    payment_metadata: dict[str, str]
    success_url: str
    cancel_url: str
    expires_at: int
    status: str = "open"
    payment: str = ""
    charge: str = ""
    received: int = 0
    refunds: list[Refund] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)

    @property
    def is_paid(self) -> bool:
        """Whether money came."""
        return bool(self.payment)

    @property
    def given_back(self) -> int:
        """What has gone back or is on its way."""
        return sum(row.amount for row in self.refunds if row.status in ("succeeded", "pending"))


class Book:
    """All of it, in memory."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.sessions: dict[str, Session] = {}
        self.ledger: list[dict[str, object]] = []
        self.refund_status = "succeeded"
        self._numbers = itertools.count(1)

    def name(self, prefix: str) -> str:
        """A name that nobody has."""
        return f"{prefix}_{next(self._numbers):04}{secrets.token_hex(8)}"

    def get(self, session_id: str) -> Session:
        """One session; raises Refusal."""
        found = self.sessions.get(session_id)
        if found is None:
            raise _missing("checkout.session", session_id)
        return found

    def of_payment(self, payment: str) -> Session:
        """The session a payment belongs to; raises Refusal."""
        for session in self.sessions.values():
            if payment and payment in (session.payment, session.charge):
                return session
        raise _missing("payment_intent", payment)

    def refund_of(self, refund_id: str) -> tuple[Session, Refund]:
        """One refund; raises Refusal."""
        for session in self.sessions.values():
            for refund in session.refunds:
                if refund.id == refund_id:
                    return session, refund
        raise _missing("refund", refund_id)

    def pay(self, session: Session, amount: int) -> None:
        """Her card is charged."""
        if session.status == "complete":
            raise Refusal("This session is complete.")
        session.status = "complete"
        session.payment, session.charge = self.name("pi"), self.name("ch")
        session.received = amount
        self._moved(session, "charge", amount)

    def expire(self, session: Session) -> None:
        """Nobody may pay there any more. Raises Refusal."""
        if session.status != "open":
            raise Refusal(
                'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout'
                f" Session has a status of `{session.status}`."
            )
        session.status = "expired"

    def refund(self, session: Session, amount: int | None, metadata: dict[str, str]) -> Refund:
        """Money goes back. Raises Refusal for more than came, or while a bank holds it."""
        left = session.received - session.given_back
        if any(row.status in (*OPEN_DISPUTES, "lost") for row in session.disputes):
            raise Refusal("This charge has been charged back.", code="charge_disputed")
        if session.is_paid and not left:
            raise Refusal("Charge has already been refunded.", code="charge_already_refunded")
        wanted = left if amount is None else amount
        if not session.is_paid or not 0 < wanted <= left:
            raise Refusal(
                f"Refund amount ({wanted}) is greater than unrefunded amount on charge ({left})",
                param="amount",
            )
        made = Refund(self.name("re"), wanted, self.refund_status, metadata)
        session.refunds.append(made)
        if made.status == "succeeded":
            self._moved(session, "refund", -wanted, made.id)
        return made

    def settle(self, session: Session, refund: Refund, status: str) -> None:
        """A bank says what became of a refund that was pending."""
        if refund.status != "pending" or status not in ("succeeded", "failed"):
            raise Refusal("This refund is not pending.")
        refund.status = status
        if status == "succeeded":
            self._moved(session, "refund", -refund.amount, refund.id)

    def dispute(self, session: Session, amount: int, status: str) -> Dispute:
        """Her bank takes the money back for now; an inquiry (`warning_…`) takes nothing."""
        if not session.is_paid:
            raise Refusal("There is nothing to dispute.")
        made = Dispute(self.name("du"), amount, status)
        session.disputes.append(made)
        if status in OPEN_DISPUTES:
            self._moved(session, "dispute", -amount)
        return made

    def decide(self, session: Session, dispute: Dispute, status: str) -> None:
        """The bank decides."""
        if status not in DISPUTE_MOVES.get(dispute.status, ()):
            raise Refusal(f"A dispute that is {dispute.status} cannot become {status}.")
        dispute.status = status
        if status == "won":
            self._moved(session, "dispute_reversal", dispute.amount)

    def _moved(self, session: Session, kind: str, amount: int, source: str = "") -> None:
        row = {
            "type": kind,
            "attempt": session.reference,
            "payment_intent": session.payment,
            "amount": amount,
            "currency": session.currency,
            "source": source or session.charge,
            "at": f"{clock.now():%Y-%m-%d %H:%M:%S}",
        }
        self.ledger.append(row)


def _missing(kind: str, name: str) -> Refusal:
    return Refusal(f"No such {kind}: '{name}'", code="resource_missing", status=404)


def refuse_amount(currency: str, amount: int) -> None:
    """Raise Refusal for an amount that no card can pay in this currency."""
    if currency not in KNOWN:
        raise Refusal(f"Invalid currency: {currency}.", param="currency")
    if amount < LEAST.get(currency, 1):
        raise Refusal("The amount is too small.", code="amount_too_small", param="unit_amount")
    if amount > (MOST_IDR if currency == "idr" else MOST):
        raise Refusal("The amount is too large.", code="amount_too_large", param="unit_amount")
    if currency in ALWAYS_WHOLE and amount % 100:
        raise Refusal(f"{currency} has no decimals.", code="invalid_amount", param="unit_amount")
    if currency in THREE_DECIMALS and amount % 10:
        raise Refusal("The last decimal must be 0.", code="invalid_amount", param="unit_amount")


def written(currency: str, amount: int) -> str:
    """An amount as a person reads it."""
    digits = 0 if currency in NO_DECIMALS else 3 if currency in THREE_DECIMALS else 2
    whole, rest = divmod(amount, 10**digits)
    decimals = f".{rest:0{digits}}" if digits else ""
    return f"{currency.upper()} {whole:,}{decimals}"
