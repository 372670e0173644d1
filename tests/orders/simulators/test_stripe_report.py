"""The simulated Stripe's report and our books: cards from abroad, one given back, all paid out."""

import pytest

from cooperatives import ledger
from core import clock
from core.actors import GUEST
from core.db import db
from orders import endings, money_pages
from orders.models import Refund
from orders.reports import differences, intake
from orders.reports.differences import Said
from orders.simulators.stripe import report
from orders.simulators.stripe.book import Book, Session
from tests.orders.factories import run_jobs
from tests.orders.reports.writing import line, lines, paid, upload

pytestmark = pytest.mark.service


def charged(book, attempt):
    """The same payment there."""
    made = Session(
        id=book.name("cs"),
        amount=attempt.presented_amount,
        currency=attempt.presented_currency.lower(),
        name="",
        reference=attempt.gateway_key,
        metadata={},
        payment_metadata={},
        success_url="",
        cancel_url="",
        expires_at=0,
    )
    book.pay(made, made.amount)
    made.payment = attempt.paid_as
    book.ledger[-1]["payment_intent"] = attempt.paid_as
    return made


def test_what_its_report_says_brings_our_page_of_it_to_zero(shop, gateway):
    book = Book()
    one = paid(shop, gateway, (shop.batik, 1), method="card", presented=(1_250, "USD"))
    two = paid(shop, gateway, method="card", presented=(300, "USD"))
    charged(book, one)
    back = charged(book, two)
    endings.cancel(actor=GUEST, order_id=two.order_id)
    run_jobs()
    refund = db.session.query(Refund).one()
    made = book.refund(back, None, {})
    refund.gateway_id = made.id
    db.session.commit()
    with pytest.raises(intake.DomainError):
        intake.read(report.written(book))  # Nothing was paid out yet.
    report.pay_out(book, clock.now())
    upload(shop, report.written(book))
    assert [(each.kind, each.state) for each in lines()] == [
        ("charge", "ok"),
        ("charge", "ok"),
        ("refund", "ok"),
        ("payout", "differs"),
    ]
    said = Said("Masuk ke rekening", changes_money=True, rupiah=170_000)
    payout = line(kind="payout")
    differences.explain(actor=shop.treasurers[0], line_id=payout.id, said=said)
    differences.agree(actor=shop.treasurers[1], line_id=payout.id)
    page = money_pages.clearing(shop.house, "stripe")
    assert (ledger.balance(db.session(), page), report.left(book)) == (0, {})
