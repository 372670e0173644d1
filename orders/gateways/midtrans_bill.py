"""The bill as Snap's page shows it: rows that add up to the amount, within Midtrans' limits."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from orders.gateways.midtrans_channels import fitting
from orders.gateways.midtrans_states import WIB
from orders.gateways.words import Invoice, Item

REQUEST_BYTES_MAX = 16_000  # Midtrans takes 16 KB, headers not counted.
NAME_CHARS_MAX = 50
MINUTES_MIN, MINUTES_MAX = 5, 7 * 24 * 60
Row = dict[str, Any]


def request(invoice: Invoice, now: datetime) -> dict[str, Any]:
    """What Snap is asked to open. Nobody's name, phone or address is in it."""
    channels = fitting(invoice.method, invoice.amount)
    assert invoice.asked.currency == "IDR", "Midtrans takes rupiah only"
    assert channels, "an empty list would open every channel"
    wanted = {
        "transaction_details": {"order_id": invoice.key, "gross_amount": invoice.amount},
        "item_details": rows(invoice),
        "enabled_payments": channels,
        "credit_card": {"secure": True},
        "callbacks": {"finish": invoice.return_url},
        "expiry": {
            "start_time": now.astimezone(WIB).strftime("%Y-%m-%d %H:%M:%S +0700"),
            "unit": "minute",
            "duration": minutes_left(invoice, now),
        },
    }
    kept = len(wanted["item_details"])
    while len(json.dumps(wanted)) > REQUEST_BYTES_MAX:
        assert kept, "too large without a single row"
        kept //= 2
        wanted["item_details"] = merged(rows(invoice), kept)
    return wanted


def minutes_left(invoice: Invoice, now: datetime) -> int:
    """How long the page lives: as long as the goods are held, within what Midtrans allows."""
    left = int((invoice.expires_at - now) / timedelta(minutes=1))
    return min(max(left, MINUTES_MIN), MINUTES_MAX)


def rows(invoice: Invoice) -> list[Row]:
    """Every row of the bill; one for all where we have none."""
    items = invoice.items or (Item(invoice.number or invoice.key, invoice.amount),)
    assert sum(item.price * item.quantity for item in items) == invoice.amount, "rows do not add up"
    return [_row(item) for item in items if item.price]


def _row(item: Item) -> Row:
    return {"name": _name(item.name), "price": item.price, "quantity": item.quantity}


def _name(name: str) -> str:
    """Short, on one line, and without the stroke that Alfamart's tills cannot read."""
    text = " ".join(name.replace("|", "/").split())
    readable = "".join(letter for letter in text if letter.isprintable())
    return readable[:NAME_CHARS_MAX].strip() or "Barang"


def merged(all_rows: Sequence[Row], kept: int) -> list[Row]:
    """The first rows, and one that stands for all others: the sum stays the same."""
    rest = all_rows[kept:]
    total = sum(row["price"] * row["quantity"] for row in rest)
    if not total:
        return list(all_rows[:kept])
    name = f"dan {len(rest)} baris lain"
    return [*all_rows[:kept], {"name": name, "price": total, "quantity": 1}]
