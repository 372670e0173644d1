"""The books in words: what a page is for, what one line on it says, and which way it reads.

The books know an order by its id only; the floor above says how to call it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cooperatives.accounts import CARRIED
from cooperatives.models.books import FOR_ORDERS, MONEY, Kind
from cooperatives.payout_states import PayoutState
from cooperatives.statements import StatementLine
from core.clock import WIB
from core.db import Reader
from core.words import tanggal

KIND_WORDS: dict[str, Any] = {
    Kind.CLEARING: _l("Uang di penyedia pembayaran"),
    Kind.CASH: _l("Laci kas"),
    Kind.BANK: _l("Rekening bank"),
    Kind.RECEIVABLE: _l("Uang yang masih dibawa orang"),
    Kind.HELD: _l("Uang pesanan yang dijaga"),
    Kind.REFUND_DUE: _l("Uang kembali belum keluar"),
    Kind.SURPLUS_DUE: _l("Kelebihan bayar belum kembali"),
    Kind.MAKER: _l("Bagian pembuat"),
    Kind.COOPERATIVE: _l("Bagian koperasi"),
    Kind.KIOSK: _l("Bagian kios"),
    Kind.OPERATOR: _l("Bagian pengelola"),
    Kind.AFFILIATE: _l("Bagian pengajak"),
    Kind.COURIER: _l("Ongkir untuk kurir"),
    Kind.RISK_FUND: _l("Dana cadangan"),
    Kind.SAVINGS: _l("Simpanan anggota"),
    Kind.ADVANCE: _l("Pinjaman bahan"),
    Kind.GATEWAY_FEE: _l("Biaya pembayaran"),
    Kind.EXPENSE: _l("Biaya"),
    Kind.INCOME: _l("Pendapatan lain"),
    Kind.FUND: _l("Dana koperasi"),
    Kind.OVER_SHORT: _l("Selisih hitung kas"),
    Kind.EXCHANGE: _l("Selisih kurs"),
    Kind.TAX: _l("Pajak yang dipotong"),
}
SAVED_AS: dict[str, Any] = {
    "principal": _l("pokok"),
    "mandatory": _l("wajib"),
    "voluntary": _l("sukarela"),
}
PAYOUT_WORDS: dict[str, tuple[Any, str]] = {
    PayoutState.CREATED: (_l("Menunggu disetujui"), "wait"),
    PayoutState.APPROVED: (_l("Disetujui, belum dikirim"), "info"),
    PayoutState.SENT: (_l("Dikirim"), "moving"),
    PayoutState.PAID: (_l("Sudah sampai"), "good"),
    PayoutState.FAILED: (_l("Ditolak bank"), "wrong"),
    PayoutState.UNKNOWN: (_l("Belum jelas"), "warning"),
    PayoutState.CANCELLED: (_l("Dibatalkan"), "rest"),
    PayoutState.RETURNED: (_l("Kembali dari bank"), "wrong"),
}
BATCH_WORDS: dict[str, tuple[Any, str]] = {
    "created": PAYOUT_WORDS[PayoutState.CREATED],
    "approved": PAYOUT_WORDS[PayoutState.APPROVED],
    "sent": PAYOUT_WORDS[PayoutState.SENT],
    "done": PAYOUT_WORDS[PayoutState.PAID],
    "dropped": PAYOUT_WORDS[PayoutState.CANCELLED],
}
ABOUT_ORDERS = ("captured", "earned", "refunded", "refund_sent", "claim_cost", "refused_fee")
COSTS = (Kind.GATEWAY_FEE, Kind.EXPENSE, Kind.OVER_SHORT, Kind.EXCHANGE)
OWED_TO_US = (*MONEY, Kind.ADVANCE, *COSTS)
"""Pages that grow by debits; on all others we keep or owe money, and a credit is more of it."""

ENTRY_WORDS: dict[str, Any] = {
    "captured": _l("Pembayaran pesanan %(order)s"),
    "earned": _l("%(part)s dari pesanan %(order)s"),
    "refunded": _l("Dikembalikan untuk pesanan %(order)s"),
    "refund_sent": _l("Uang kembali pesanan %(order)s keluar"),
    "claim_cost": _l("Tanggungan keluhan pesanan %(order)s"),
    "refused_fee": _l("Ongkir pesanan %(order)s yang ditolak"),
    "gateway_fee": _l("Biaya penyedia pembayaran"),
    "bazaar_cost": _l("Biaya bersama bazar"),
    "bazaar_lost": _l("Ganti barang yang hilang di bazar"),
    "moved": _l("Uang pindah tempat"),
    "over_short": _l("Selisih hitung kas"),
    "bag_seen": _l("Setoran sampai di bank"),
    "exchange": _l("Selisih kurs"),
    "tax_withheld": _l("PPh 22 dipotong"),
    "tax_paid": _l("PPh 22 disetor ke negara"),
    "payout": _l("Pencairan"),
    "payout_return": _l("Pencairan kembali dari bank"),
    "missing_borne": _l("Ganti barang hilang"),
    "missing_back": _l("Ganti barang hilang ditarik"),
    "reversal": _l("Pembetulan catatan"),
    "saved": _l("Setoran simpanan"),
    "withdrawn": _l("Simpanan diambil"),
    "lent": _l("Pinjaman bahan diberikan"),
    "repaid": _l("Pinjaman bahan dibayar tunai"),
    "advance_share": _l("Potongan untuk pinjaman bahan"),
    "cost": _l("Biaya koperasi"),
    "income": _l("Pendapatan lain"),
    "surplus": _l("Sisa hasil usaha"),
}
WORDS_ON_A_PAGE: dict[tuple[str, str], Any] = {
    ("earned", Kind.HELD): _l("Pesanan %(order)s dibagikan"),
    ("refunded", Kind.REFUND_DUE): _l("Pesanan %(order)s harus dikembalikan"),
}
"""Where one page sees the same fact from the other side."""
OTHER_ENTRY = _l("Catatan lain")


class Told(Protocol):
    """A line of any page, as far as its reason is asked for."""

    @property
    def kind(self) -> str:
        """The kind of its journal."""

    @property
    def doc_id(self) -> str:
        """What it was booked for."""


_namers: list[Callable[[Reader, list[str]], dict[str, str]]] = []
_explainers: list[Callable[[Reader, list[str]], dict[str, str]]] = []


def name_orders_by(namer: Callable[[Reader, list[str]], dict[str, str]]) -> None:
    """The floor above says how orders are called; once, when it is imported."""
    assert not _namers, "orders have one name"
    _namers.append(namer)


def order_names(db: Reader, order_ids: Iterable[str]) -> dict[str, str]:
    """What people call these orders; one that nobody can name is left out."""
    wanted = sorted({order_id for order_id in order_ids if order_id})
    return _namers[0](db, wanted) if _namers and wanted else {}


def explain_refunds_by(explainer: Callable[[Reader, list[str]], dict[str, str]]) -> None:
    """The floor above says why money went back; once, when it is imported."""
    assert not _explainers, "a refund has one reason"
    _explainers.append(explainer)


def refund_reasons(db: Reader, lines: Iterable[Told]) -> dict[str, str]:
    """Why money among these lines went back to buyers, by the id of what says so."""
    wanted = sorted({line.doc_id for line in lines if line.kind in ("refunded", "claim_cost")})
    return _explainers[0](db, wanted) if _explainers and wanted else {}


def sign(kind: str) -> int:
    """Times this, an amount reads as more (+) or less (−) of what the page is for."""
    return 1 if kind in OWED_TO_US else -1


def label(kind: str, label: str, names: dict[str, str]) -> str:
    """The rest of a page's name: the order, the drawer, the gateway."""
    if kind in FOR_ORDERS:
        return names.get(label, label[:8])
    if label.startswith(CARRIED):
        return str(_("toko nomor %(number)s", number=label.removeprefix(CARRIED)))
    return str(SAVED_AS[label]) if kind == Kind.SAVINGS and label in SAVED_AS else label


def page_name(kind: str, written: str, names: dict[str, str]) -> str:
    """What a page is called: what it is for and, if it has one, its own name."""
    words, own = str(KIND_WORDS[kind]), label(kind, written, names)
    return words if words.endswith(own) else f"{words} {own}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the school notebook."""

    day: date
    words: str
    reason: str
    amount: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """The lines of one month, oldest first; they add up to `total`, what stood there at the end."""

    day: date
    rows: list[Row]
    total: int

    @property
    def name(self) -> str:
        """November 2026."""
        return tanggal(self.day).partition(" ")[2]


def notebook(db: Reader, kind: str, lines: list[StatementLine]) -> list[Month]:
    """A statement (newest first) as months, the newest first, each adding up for itself."""
    names = order_names(db, (line.memo for line in lines if line.kind in ABOUT_ORDERS))
    names |= refund_reasons(db, lines)
    months: dict[tuple[int, int], list[StatementLine]] = {}
    for line in lines:
        day = line.posted_at.astimezone(WIB)
        months.setdefault((day.year, day.month), []).append(line)
    return [_month(kind, told[::-1], names) for told in months.values()]


def _month(kind: str, lines: list[StatementLine], names: dict[str, str]) -> Month:
    way, first = sign(kind), lines[0]
    day = first.posted_at.astimezone(WIB).date()
    rows = [_row(kind, line, names) for line in lines]
    if before := way * (first.balance - first.amount):
        rows.insert(0, Row(day, _("Saldo sebelumnya"), "", before))
    return Month(day, rows, way * lines[-1].balance)


def _row(kind: str, line: StatementLine, names: dict[str, str]) -> Row:
    is_of_order = line.kind in ABOUT_ORDERS
    return Row(
        day=line.posted_at.astimezone(WIB).date(),
        words=told(kind, line.kind, names.get(line.memo, "") if is_of_order else ""),
        reason=_reason(names.get(line.doc_id, "") if is_of_order else line.memo, line.late_for),
        amount=sign(kind) * line.amount,
    )


def _reason(reason: str, late_for: date | None) -> str:
    """Why, and for which day it came in late, if its month was closed."""
    if late_for is None:
        return reason
    late = str(_("Terlambat masuk, terjadi %(day)s.", day=tanggal(late_for)))
    return f"{reason} {late}".strip()


def source_words(row: Any) -> str:
    """Where money leaves, as a choice: what it is, its name, and whose book."""
    return f"{KIND_WORDS[row.kind]} {row.label} · {row.book}"


def told(page_kind: str, journal_kind: str, order: str) -> str:
    """One entry as a sentence, by the page it stands on."""
    words = ENTRY_WORDS.get(journal_kind, OTHER_ENTRY)
    words = WORDS_ON_A_PAGE.get((journal_kind, page_kind), words)
    facts = {"order": order or _("tanpa nomor"), "part": KIND_WORDS[page_kind]}
    return str(words % facts)
