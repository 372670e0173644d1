"""Where the simulated Midtrans does things: one lock, and every change of state is told."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from core import clock
from orders.simulators.delivery import Delivery
from orders.simulators.midtrans import papers
from orders.simulators.midtrans.payments import CANNOT_MODIFY, Book, Page, Payment, Refusal
from orders.simulators.world import World

OTHER_AMOUNT = 1_000
NOTICES = "/webhooks/midtrans"


Deed = Callable[[Book, Payment, datetime], object]
DEEDS: dict[str, Deed] = {
    "pay": lambda book, payment, now: book.pay(payment, now),
    "pay_held": lambda book, payment, now: book.pay(payment, now, fraud="challenge"),
    "deny": lambda book, payment, _now: book.close(payment, "deny"),
    "cancel": lambda book, payment, _now: book.close(payment, "cancel"),
    "expire": lambda book, payment, _now: book.close(payment, "expire"),
    "approve": lambda book, payment, _now: book.approve(payment),
    "settle": lambda book, payment, now: book.settle(payment, now),
    "undo": lambda book, payment, _now: book.undo(payment),
    "confirm": lambda book, payment, now: book.confirm(payment, now),
    "charge_back": lambda book, payment, now: book.charge_back(payment, payment.gross, now),
    "charge_back_half": lambda book, payment, now: book.charge_back(
        payment, payment.gross // 2, now
    ),
    "refund": lambda book, payment, now: book.refund(
        payment, f"dashboard-{len(book.ledger)}", payment.gross - payment.given_back, now
    ),
}


class Desk:
    """The book, and the voice that tells of it."""

    def __init__(self, world: World) -> None:
        self.world, self.book = world, Book()
        self.delivery = Delivery(
            world.house_url + NOTICES,
            papers.Signer(world.key),
            papers.RETRIES,
            world.switches,
            world.speed,
        )

    def open_page(self, wanted: Mapping[str, Any]) -> Page:
        """Snap opens a page. Raises Refusal."""
        with self.book.lock:
            return self.book.open_page(wanted, clock.now())

    def cancel_page(self, token: str) -> None:
        """Nobody may pay there any more. Raises Refusal."""
        with self.book.lock:
            page = self.book.pages.get(token)
            if page is None or not self.is_open(page):
                raise Refusal("404", "Transaction is not found")
            page.is_cancelled = True

    def is_open(self, page: Page) -> bool:
        """Whether a buyer may pay here now."""
        newest = self.book.newest(page.order_id)
        if page.is_cancelled or (newest and newest.status not in ("pending", "deny", "expire")):
            return False
        return page.expires_at > clock.now() or self.world.switches.state()["late"] != 0

    def pick(self, page: Page, channel: str) -> Payment:
        """The buyer picks a channel; another amount than asked if that is switched on."""
        with self.book.lock:
            if not self.is_open(page) or channel not in page.channels:
                raise CANNOT_MODIFY
            gross = page.amount
            if self.world.switches.strikes("wrong_amount"):
                gross += OTHER_AMOUNT
            payment = self.book.pick(page, channel, gross, clock.now())
            self._tell(payment)
            return payment

    def do(self, payment: Payment, deed: str) -> None:
        """One deed of a buyer, a bank, a clerk or a machine. Raises Refusal."""
        with self.book.lock:
            act = DEEDS.get(deed)
            if act is None:
                raise CANNOT_MODIFY
            act(self.book, payment, clock.now())
            self._tell(payment)

    def refund(self, payment: Payment, key: str, amount: int) -> None:
        """The merchant gives money back; the bank confirms a card's later, all else at once."""
        with self.book.lock:
            self.book.refund(payment, key, amount, clock.now())
            self._tell(payment)
            if payment.kind != "credit_card":
                self.book.confirm(payment, clock.now())
                self._tell(payment)

    def let_time_pass(self) -> None:
        """Do what is due by now."""
        with self.book.lock:
            is_late_allowed = self.world.switches.state()["late"] != 0
            for payment, deed in self.book.due(clock.now()):
                if deed == "confirm" or not is_late_allowed:
                    self.do(payment, deed)

    def _tell(self, payment: Payment) -> None:
        self.delivery.tell(papers.facts(payment))
