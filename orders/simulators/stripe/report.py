"""The simulated Stripe's payout reconciliation report, with made-up fees.

Money settles in the currency it was paid in. Paying out gathers everything of a currency that no
payout has taken yet; only what was paid out is in the report.
"""

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from orders.simulators.stripe.book import NO_DECIMALS, THREE_DECIMALS, Book

HEADER = (
    "automatic_payout_id", "automatic_payout_effective_at_utc", "balance_transaction_id",
    "created_utc", "currency", "gross", "fee", "net", "reporting_category", "source_id",
    "customer_facing_amount", "customer_facing_currency", "payment_intent_id",
    "payment_metadata[attempt]",
)  # fmt: skip
PER_MILLE, FIXED = 34, 50
Moved = dict[str, object]


def written(book: Book) -> bytes:
    """The report as a CSV file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows(_rows(book))
    return out.getvalue().encode()


def _rows(book: Book) -> Iterator[tuple[object, ...]]:
    for number, row in enumerate(book.ledger, start=1):
        if "payout" not in row:
            continue
        amount, currency = _amount(row), str(row["currency"])
        kept = fee(row)
        yield (
            row["payout"], row["paid_out_at"], f"txn_{number:06}", row["at"], currency,
            _plain(amount, currency), _plain(kept, currency), _plain(amount - kept, currency),
            row["type"], row["source"], _plain(abs(amount), currency), currency,
            row["payment_intent"], row["attempt"],
        )  # fmt: skip


def _amount(row: Moved) -> int:
    amount = row["amount"]
    assert isinstance(amount, int)
    return amount


def fee(row: Moved) -> int:
    """What this Stripe keeps of a charge, in its minor units."""
    if row["type"] != "charge":
        return 0
    amount = _amount(row)
    step = 10 if row["currency"] in THREE_DECIMALS else 1
    return min(amount, amount * PER_MILLE // 1_000 + FIXED) // step * step


def left(book: Book) -> dict[str, int]:
    """What no payout has taken yet, by currency."""
    sums: dict[str, int] = {}
    for row in book.ledger:
        if "payout" not in row:
            currency = str(row["currency"])
            sums[currency] = sums.get(currency, 0) + _amount(row) - fee(row)
    return sums


def pay_out(book: Book, now: datetime) -> None:
    """Send everything there is of each currency; one that is below zero waits."""
    for currency, amount in left(book).items():
        if amount <= 0:
            continue
        name = book.name("po")
        for row in book.ledger:
            if row["currency"] == currency and "payout" not in row:
                row |= {"payout": name, "paid_out_at": f"{now:%Y-%m-%d %H:%M:%S}"}


def _plain(amount: int, currency: str) -> str:
    digits = 0 if currency in NO_DECIMALS else 3 if currency in THREE_DECIMALS else 2
    whole, part = divmod(abs(amount), 10**digits)
    return f"{'-' if amount < 0 else ''}{whole}" + (f".{part:0{digits}}" if digits else "")
