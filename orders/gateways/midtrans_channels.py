"""What can be paid through Midtrans, as data: channels, their limits, and how money goes back.

Limits and windows are Midtrans' own, in rupiah and days. Pay-later channels are left out on
purpose: nobody should go into debt for a bag of chips.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

MOST = 999_999_999


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to pay on Snap's page: its name there, our method, and the amounts it takes."""

    code: str
    method: str
    least: int = 1
    most: int = MOST


CHANNELS = (
    Channel("other_qris", "qris", most=10_000_000),
    Channel("gopay", "qris", most=20_000_000),  # 2.000.000 for a buyer whom it has not checked.
    Channel("shopeepay", "qris", most=20_000_000),
    Channel("dana", "qris", most=20_000_000),
    Channel("ovo", "qris", most=20_000_000),
    Channel("credit_card", "qris", least=10_000),
    Channel("bri_va", "va"),
    Channel("bca_va", "va", least=10_000),
    Channel("bni_va", "va"),
    Channel("echannel", "va"),  # Mandiri's bill.
    Channel("permata_va", "va"),
    Channel("bsi_va", "va", least=1_000),
    Channel("cimb_va", "va"),
    Channel("danamon_va", "va"),
    Channel("seabank_va", "va", least=10_000),
    Channel("saqu_va", "va"),
    Channel("other_va", "va"),
    Channel("indomaret", "va", least=10_000, most=5_000_000),
    Channel("alfamart", "va", least=10_000, most=2_500_000),  # In cash; 5.000.000 without.
)


def fitting(method: str, amount: int) -> list[str]:
    """Snap's names of the channels that take this amount, in the order in which we show them."""
    return [c.code for c in CHANNELS if c.method == method and c.least <= amount <= c.most]


def paid_with(facts: Mapping[str, Any]) -> str:
    """The channel of a transaction in our words: `qris`, `card`, `bca_va`, `indomaret`."""
    kind = str(facts.get("payment_type", "")).lower()
    if kind == "credit_card":
        return "card"
    if kind == "cstore":
        return _word(facts.get("store")) or kind
    if kind == "bank_transfer":
        return f"{_bank(facts)}_va"
    return _word(kind)


def _bank(facts: Mapping[str, Any]) -> str:
    if facts.get("permata_va_number"):
        return "permata"
    numbers = facts.get("va_numbers")
    first = numbers[0] if isinstance(numbers, list) and numbers else {}
    return _word(first.get("bank") if isinstance(first, dict) else "") or "bank"


def _word(value: object) -> str:
    text = str(value or "").lower()
    return text[:20] if text.replace("_", "").isalnum() and text.isascii() else ""


# Settled and denied minutes later, because the bank took it back: only these do that.
REVERSIBLE = frozenset({"permata_va", "echannel", "indomaret"})


@dataclass(frozen=True, slots=True)
class WayBack:
    """How a channel gives money back: for so many days, and whether a part may go."""

    days: int
    in_parts: bool = True


# What is not here never goes back through Midtrans: virtual accounts and shops.
_WAYS_BACK = {
    "credit_card": WayBack(365),  # None is documented; banks take a chargeback for as long.
    "gopay": WayBack(45),
    "shopeepay": WayBack(365, in_parts=False),
    "dana": WayBack(45),
    "ovo": WayBack(7, in_parts=False),
    "qris on-us": WayBack(45),
    "qris off-us": WayBack(7),
}
SHOPEEPAY_OPENS, SHOPEEPAY_CLOSES = time(6, 0), time(23, 55)  # WIB


def can_go_back(facts: Mapping[str, Any], *, paid_at: datetime, now: datetime, whole: bool) -> bool:
    """Whether Midtrans gives money of this transaction back at all; `whole`: all of it at once."""
    kind = str(facts.get("payment_type", "")).lower()
    if kind == "qris":
        # An unknown kind of QRIS is taken for the one with the shorter time.
        is_on_us = str(facts.get("transaction_type", "")).lower() == "on-us"
        kind = "qris on-us" if is_on_us else "qris off-us"
    way = _WAYS_BACK.get(kind)
    if way is None or not (whole or way.in_parts):
        return False
    return now - paid_at <= timedelta(days=way.days)


def is_asleep(facts: Mapping[str, Any], clock_there: time) -> bool:
    """Whether this channel gives nothing back at this hour: ShopeePay sleeps at night."""
    names = f"{facts.get('payment_type', '')} {facts.get('acquirer', '')}".lower()
    return "shopee" in names and not SHOPEEPAY_OPENS <= clock_there < SHOPEEPAY_CLOSES
