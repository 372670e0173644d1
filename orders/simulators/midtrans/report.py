"""The simulated Midtrans' report of all settled money, as its merchants download it, with fees.

Fees are made up, near to what Midtrans asks. Paying out sends what is left to the merchant's bank.
"""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

from orders.simulators.midtrans.payments import WIB, Book, Payment

HEADER = (
    "Order ID", "Transaction ID", "Transaction time", "Settlement time", "Payment Type",
    "Transaction status", "Amount", "Fee", "Net Amount", "Refund key",
)  # fmt: skip
VA_RUPIAH = 4_000
PER_MILLE = {"qris": 7, "gopay": 20, "shopeepay": 20, "dana": 15, "ovo": 15, "credit_card": 29}
STORE_RUPIAH = 5_000
Row = tuple[str, str, str, str, str, str, int, int, int, str]


def written(book: Book) -> bytes:
    """The report as a CSV file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows(rows(book))
    return out.getvalue().encode()


def rows(book: Book) -> Iterator[Row]:
    """Every movement that changed the merchant's balance, payments first."""
    for payment in book.payments.values():
        if payment.settled_at is not None and payment.status != "deny":
            yield from _of_payment(payment)
    for line in book.ledger:
        if line["what"] == "payout":
            at = _time(datetime.fromisoformat(line["at"]))
            yield "", line["transaction_id"], at, at, "payout", "payout", *_sums(line["amount"]), ""


def _of_payment(payment: Payment) -> Iterator[Row]:
    assert payment.settled_at is not None
    began, settled = _time(payment.began_at), _time(payment.settled_at)
    told = (payment.order_id, payment.id, began, settled, payment.kind)
    yield *told, "settlement", *_sums(payment.gross, fee(payment)), ""
    for back in payment.refunds:
        what = "chargeback" if back["method"] == "chargeback" else "refund"
        at = _time(back["at"])
        yield *told[:2], at, at, payment.kind, what, *_sums(-back["amount"]), back["key"]


def _sums(amount: int, fee: int = 0) -> tuple[int, int, int]:
    return amount, fee, amount - fee


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(WIB):%Y-%m-%d %H:%M:%S}"


def fee(payment: Payment) -> int:
    """What this Midtrans keeps of a payment."""
    if payment.kind in ("bank_transfer", "echannel"):
        return min(VA_RUPIAH, payment.gross)
    if payment.kind == "cstore":
        return min(STORE_RUPIAH, payment.gross)
    return payment.gross * PER_MILLE.get(payment.kind, 20) // 1_000


def balance(book: Book) -> int:
    """What is left for the merchant."""
    return sum(row[8] for row in rows(book))


def pay_out(book: Book, now: datetime) -> None:
    """Send what is left to the merchant's bank; nothing where nothing is left."""
    left = balance(book)
    if left > 0:
        book.ledger.append(
            {
                "what": "payout",
                "order_id": "",
                "transaction_id": f"wd-{uuid4()}",
                "amount": -left,
                "at": now.isoformat(),
            }
        )
