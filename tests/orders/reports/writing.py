"""Reports as gateways write them, and payments that end up in them."""

import csv
import io
import itertools

from core.actors import GUEST, SYSTEM
from core.db import db
from orders import asking, opening
from orders.models import ReportLine
from orders.reports import intake, matching
from tests.orders.factories import attempt_of, order, run_jobs

numbers = itertools.count(1)
MIDTRANS = (
    "Order ID", "Transaction ID", "Transaction time", "Settlement time", "Payment Type",
    "Transaction status", "Amount", "Fee", "Net Amount", "Refund key",
)  # fmt: skip
STRIPE = (
    "automatic_payout_id", "automatic_payout_effective_at_utc", "balance_transaction_id",
    "created_utc", "currency", "gross", "fee", "net", "reporting_category", "source_id",
    "customer_facing_amount", "customer_facing_currency", "charge_id", "payment_intent_id",
    "payment_metadata[attempt_key]",
)  # fmt: skip
DAY = "2026-11-20"


def paid(shop, gateway, *wishes, method="qris", presented=None, rate=16_000):
    """An order whose buyer paid at the gateway; returns the attempt."""
    placed = order(*(wishes or [(shop.tiwul, 1)]), method=method)
    attempt = attempt_of(placed)
    if presented:
        amount, currency = presented
        attempt.presented_amount, attempt.presented_currency = amount, currency
        attempt.rate_micros = rate * 1_000_000
        db.session.commit()
    opening.open_payment(actor=GUEST, order_id=placed.id)
    theirs = f"pay-{next(numbers)}"
    gateway.pays(attempt, *(presented or ()), theirs=theirs)
    asking.learn(actor=SYSTEM, attempt_id=attempt.id)
    run_jobs()
    db.session.refresh(attempt)
    assert attempt.captured_at
    return attempt


def midtrans(*rows):
    return written(MIDTRANS, rows)


def stripe(*rows):
    return written(STRIPE, rows)


def written(header, rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, header)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def m_row(status, amount, fee=0, *, key="", theirs=None, **more):
    """A row of Midtrans; `amount` as it is seen from our balance."""
    return {
        "Order ID": key,
        "Transaction ID": theirs or f"trx-{next(numbers)}",
        "Transaction time": f"{DAY} 09:10:11",
        "Settlement time": f"{DAY} 23:00:00",
        "Payment Type": "qris",
        "Transaction status": status,
        "Amount": f"{amount}.00",
        "Fee": fee,
        "Net Amount": amount - fee,
        **more,
    }


def m_paid(attempt, fee=0, **more):
    return m_row(
        "settlement", attempt.reached, fee, key=attempt.gateway_key, theirs=attempt.paid_as, **more
    )


def s_row(category, gross, fee="0.00", *, currency="sgd", theirs=None, payout="po_1", **more):
    """A row of Stripe in whole units, as it is seen from our balance."""
    net = f"{float(gross) - float(fee):.2f}"
    return {
        "automatic_payout_id": payout,
        "automatic_payout_effective_at_utc": f"{DAY} 00:00:00",
        "balance_transaction_id": theirs or f"txn_{next(numbers)}",
        "created_utc": f"{DAY} 03:04:05",
        "currency": currency,
        "gross": gross,
        "fee": fee,
        "net": net,
        "reporting_category": category,
        **more,
    }


def s_paid(attempt, gross, fee="0.00", **more):
    return s_row(
        "charge",
        gross,
        fee,
        customer_facing_amount=f"{attempt.presented_amount / 100:.2f}",
        customer_facing_currency=attempt.presented_currency.lower(),
        payment_intent_id=attempt.paid_as,
        **more,
    )


def upload(shop, content, who=0):
    """One treasurer uploads a file and it is matched; returns the report's id."""
    report_id = intake.take_in(actor=shop.treasurers[who], found=intake.read(content))
    matching.work_through(report_id, most=None)
    db.session.expire_all()
    return report_id


def lines(**by):
    query = db.session.query(ReportLine).filter_by(**by)
    return query.order_by(ReportLine.id).populate_existing().all()


def line(**by):
    (found,) = lines(**by)
    return found
