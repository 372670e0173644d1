"""Where the simulated Stripe does things: one lock, and every change of state is told."""

from datetime import datetime
from typing import Any

from core import clock
from orders.simulators.delivery import Delivery
from orders.simulators.stripe import papers
from orders.simulators.stripe.book import Book, Dispute, Refund, Refusal, Session
from orders.simulators.world import World

OTHER_AMOUNT = 100
NOTICES = "/webhooks/stripe"


class Desk:
    """The book, and the voice that tells of it."""

    def __init__(self, world: World) -> None:
        self.world, self.book = world, Book()
        secret = world.notice_secrets[0] if world.notice_secrets else "whsec_none"
        self.delivery = Delivery(
            world.house_url + NOTICES,
            papers.Signer(secret),
            papers.RETRIES,
            world.switches,
            world.speed,
        )

    def is_open(self, session: Session) -> bool:
        """Whether a buyer may pay here now."""
        if session.status == "complete":
            return False
        is_late_allowed = self.world.switches.state()["late"] != 0
        return is_late_allowed or (session.status == "open" and not self._is_over(session))

    def pay(self, session: Session) -> None:
        """Her card is charged; another amount than asked if that is switched on."""
        with self.book.lock:
            if not self.is_open(session):
                raise Refusal("This page is closed.")
            extra = OTHER_AMOUNT if self.world.switches.strikes("wrong_amount") else 0
            self.book.pay(session, session.amount + extra)
            self._tell_session("completed", session)

    def expire(self, session: Session) -> None:
        """Close the page. Raises Refusal."""
        with self.book.lock:
            self.book.expire(session)
            self._tell_session("expired", session)

    def refund(self, session: Session, amount: int | None, metadata: dict[str, str]) -> Refund:
        """Send money back. Raises Refusal."""
        with self.book.lock:
            made = self.book.refund(session, amount, metadata)
            self._tell("charge.refunded", papers.charge(session))
            self._tell("refund.created", papers.refund(session, made))
            return made

    def settle(self, refund_id: str, status: str) -> None:
        """A pending refund arrives, or does not. Raises Refusal."""
        with self.book.lock:
            session, refund = self.book.refund_of(refund_id)
            self.book.settle(session, refund, status)
            kind = "refund.failed" if status == "failed" else "refund.updated"
            self._tell(kind, papers.refund(session, refund))

    def dispute(
        self, session: Session, amount: int | None = None, status: str = "needs_response"
    ) -> Dispute:
        """Her bank asks, or takes. Raises Refusal."""
        with self.book.lock:
            made = self.book.dispute(session, amount or session.received, status)
            self._tell("charge.dispute.created", papers.dispute(session, made))
            return made

    def decide(self, session: Session, status: str) -> None:
        """The newest dispute moves on. Raises Refusal."""
        with self.book.lock:
            if not session.disputes:
                raise Refusal("There is no dispute.")
            dispute = session.disputes[-1]
            self.book.decide(session, dispute, status)
            kind = "updated" if status == "under_review" else "closed"
            self._tell(f"charge.dispute.{kind}", papers.dispute(session, dispute))

    def let_time_pass(self) -> None:
        """Close what is over by now."""
        with self.book.lock:
            for session in list(self.book.sessions.values()):
                if session.status == "open" and self._is_over(session):
                    self.expire(session)

    def _is_over(self, session: Session) -> bool:
        now: datetime = clock.now()
        return session.expires_at <= now.timestamp()

    def _tell_session(self, what: str, session: Session) -> None:
        self._tell(f"checkout.session.{what}", papers.session(session, self.world.own_url))

    def _tell(self, kind: str, about: dict[str, Any]) -> None:
        self.delivery.tell(papers.event(self.book.name("evt"), kind, about))
