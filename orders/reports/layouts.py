"""The reports we can read, as data: which columns they have, and what each kind of row means.

A gateway that renames a column gets another name here. Column names of Stripe are those of its
report types; Midtrans documents none, so its names are those of the exports known to us.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from core.clock import WIB
from core.sheet_cells import Unreadable
from core.sheets import Column, Kind, Layout
from orders.gateways import Presented
from orders.reports.told import NotOurs, Report, Told, minor

MIDTRANS = Layout(
    "midtrans-transactions",
    _l("Midtrans: laporan transaksi"),
    (
        Column("theirs", ("Transaction ID",)),
        Column("at", ("Transaction time",), Kind.MOMENT),
        Column("amount", ("Amount", "Gross amount"), Kind.AMOUNT),
        Column("fee", ("Fee", "Total fee", "MDR"), Kind.AMOUNT),
        Column("net", ("Net amount", "Settlement amount"), Kind.AMOUNT, is_needed=False),
        Column("settled", ("Settlement time",), Kind.MOMENT, is_needed=False),
        Column("key", ("Order ID",), is_needed=False),
        Column("status", ("Transaction status", "Status"), is_needed=False),
        Column("paid_with", ("Payment type",), is_needed=False),
        Column("refund", ("Refund key", "Refund ID"), is_needed=False),
        Column("currency", ("Currency",), is_needed=False),
    ),
    asides=("Total", "Grand total"),
)
_MIDTRANS_KINDS = MappingProxyType(
    {
        "settlement": "charge", "capture": "charge", "paid": "charge", "payment": "charge",
        "refund": "refund", "partial_refund": "refund",
        "chargeback": "chargeback", "partial_chargeback": "chargeback",
        "payout": "payout", "withdrawal": "payout", "disbursement": "payout",
        "fee": "fee", "adjustment": "adjustment",
    }
)  # fmt: skip
_MOVES_NOTHING = frozenset({"pending", "expire", "cancel", "deny", "failure", "authorize"})


def _midtrans(row: Mapping[str, Any]) -> Told:
    kind = _midtrans_kind(row)
    if (row.get("currency") or "IDR").upper() != "IDR":
        raise Unreadable(_l("Midtrans hanya memakai rupiah."))
    gross, fee = abs(row["amount"]), row.get("fee") or 0
    if kind in ("refund", "chargeback", "payout"):
        gross = -gross
    elif kind == "adjustment":
        gross = row["amount"]
    elif kind == "fee":
        gross, fee = 0, fee or gross
    net = row.get("net")
    if net is not None and abs(net) != abs(gross - fee):
        raise Unreadable(_l("Jumlah, biaya, dan bersihnya di baris ini tidak cocok."))
    refund = row.get("refund") or ""
    when: datetime = row.get("settled") or row["at"]
    theirs = row["theirs"]
    if kind in ("refund", "chargeback"):  # Several may be of one transaction.
        theirs = f"{theirs}:{refund or f'{when:%Y%m%dT%H%M%S}:{-gross}'}"
    return Told(
        kind,
        theirs,
        when.astimezone(WIB).date(),
        gross,
        fee,
        key=row.get("key") or "",
        payment=row["theirs"],
        refund=refund,
    )


def _midtrans_kind(row: Mapping[str, Any]) -> str:
    """By its status; where the export has none, by the way of paying and the sign."""
    status = _word(row.get("status"))
    if status in _MOVES_NOTHING:
        raise NotOurs
    if status:
        return _known(_MIDTRANS_KINDS, status)
    by_sign = "refund" if row["amount"] < 0 else "charge"
    return _MIDTRANS_KINDS.get(_word(row.get("paid_with")), by_sign)


def _word(text: str | None) -> str:
    return (text or "").casefold().replace(" ", "_")


def _known(kinds: Mapping[str, str], word: str) -> str:
    try:
        return kinds[word]
    except KeyError:
        raise Unreadable(_l("Jenis barisnya belum kami kenal: %(word)s.", word=word)) from None


_STRIPE_MONEY = (
    Column("theirs", ("balance_transaction_id",)),
    Column("currency", ("currency",)),
    Column("gross", ("gross",)),
    Column("fee", ("fee",)),
    Column("net", ("net",)),
    Column("category", ("reporting_category",)),
)
_STRIPE_NAMES = (
    Column("at_utc", ("created_utc",), is_needed=False),
    Column("at", ("created",), is_needed=False),
    Column("source", ("source_id",), is_needed=False),
    Column("charge", ("charge_id",), is_needed=False),
    Column("payment", ("payment_intent_id",), is_needed=False),
    Column("key", ("payment_metadata[attempt_key]",), is_needed=False),
    Column("seen", ("customer_facing_amount",), is_needed=False),
    Column("seen_currency", ("customer_facing_currency",), is_needed=False),
)
STRIPE_PAYOUT = Layout(
    "stripe-payout",
    _l("Stripe: rekonsiliasi pencairan"),
    (
        Column("payout", ("automatic_payout_id",)),
        Column("paid_at", ("automatic_payout_effective_at_utc", "automatic_payout_effective_at")),
        *_STRIPE_MONEY,
        *_STRIPE_NAMES,
    ),
)
STRIPE_PAYOUTS = Layout(
    "stripe-payouts",
    _l("Stripe: daftar pencairan"),
    (
        *_STRIPE_MONEY,
        Column("payout", ("payout_id",)),
        Column("at_utc", ("effective_at_utc",), is_needed=False),
        Column("at", ("effective_at",), is_needed=False),
    ),
)
STRIPE_BALANCE = Layout(
    "stripe-balance", _l("Stripe: perubahan saldo"), (*_STRIPE_MONEY, *_STRIPE_NAMES)
)
_STRIPE_KINDS = MappingProxyType(
    {
        "charge": "charge",
        "refund": "refund",
        "dispute": "chargeback", "dispute_reversal": "chargeback",
        "fee": "fee", "network_cost": "fee", "tax": "fee",
        "payout": "payout", "payout_reversal": "payout",
        "refund_failure": "adjustment", "charge_failure": "adjustment",
        "partial_capture_reversal": "adjustment", "other_adjustment": "adjustment",
        "risk_reserved_funds": "adjustment", "topup": "adjustment", "topup_reversal": "adjustment",
    }
)  # fmt: skip


def _stripe(row: Mapping[str, Any]) -> Told:
    currency = row["currency"].upper()
    kind = _known(_STRIPE_KINDS, row["category"].casefold())
    gross, fee, net = (minor(row[name], currency) for name in ("gross", "fee", "net"))
    if net != gross - fee:
        raise Unreadable(_l("Jumlah, biaya, dan bersihnya di baris ini tidak cocok."))
    if kind == "fee":
        gross, fee = 0, -net
    return Told(
        kind,
        row.get("payout") or row["theirs"] if kind == "payout" else row["theirs"],
        _day(row.get("at_utc") or row.get("at") or ""),
        gross,
        fee,
        currency=currency,
        key=row.get("key") or "",
        payment=row.get("payment") or row.get("charge") or "",
        refund=row.get("source") or "",
        presented=_seen(row),
    )


def _day(text: str) -> date:
    """The day in Wonosobo; Stripe writes the hours of UTC unless somebody asked for others."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(_l("Tanggalnya tidak terbaca.")) from None
    return when.replace(tzinfo=when.tzinfo or UTC).astimezone(WIB).date()


def _seen(row: Mapping[str, Any]) -> Presented | None:
    """What the buyer saw, in her own money."""
    if not row.get("seen") or not row.get("seen_currency"):
        return None
    currency = row["seen_currency"].upper()
    return Presented(abs(minor(row["seen"], currency)), currency)


def _payout_of(row: Mapping[str, Any]) -> tuple[str, date] | None:
    if _STRIPE_KINDS.get(row["category"].casefold()) == "payout":
        return None
    return row["payout"], _day(row["paid_at"])


REPORTS = (
    Report("midtrans", MIDTRANS, _midtrans),
    Report("stripe", STRIPE_PAYOUT, _stripe, gathers=_payout_of),
    Report("stripe", STRIPE_PAYOUTS, _stripe),
    Report("stripe", STRIPE_BALANCE, _stripe),
)
BY_LAYOUT = MappingProxyType({report.layout.code: report for report in REPORTS})
GATEWAYS = tuple(dict.fromkeys(report.gateway for report in REPORTS))
GATEWAY_NAMES = MappingProxyType({"midtrans": "Midtrans", "stripe": "Stripe"})
