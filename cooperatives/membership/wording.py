"""Vouchers in words: kinds, states, and where money lies."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cooperatives.membership.vouchers import OPENING
from cooperatives.models.vouchers import VoucherKind, VoucherState

KIND_WORDS: dict[str, Any] = {
    VoucherKind.SAVED: _l("Setoran simpanan"),
    VoucherKind.WITHDRAWN: _l("Simpanan diambil"),
    VoucherKind.LENT: _l("Pinjaman bahan"),
    VoucherKind.REPAID: _l("Pinjaman dibayar tunai"),
    VoucherKind.COST: _l("Biaya"),
    VoucherKind.INCOME: _l("Pendapatan lain"),
    VoucherKind.TAX_PAID: _l("PPh 22 disetor ke negara"),
}
STATE_WORDS: dict[str, tuple[Any, str]] = {
    VoucherState.WAITING: (_l("Menunggu orang kedua"), "wait"),
    VoucherState.BOOKED: (_l("Tercatat"), "good"),
    VoucherState.REFUSED: (_l("Tidak jadi"), "rest"),
    VoucherState.UNDONE: (_l("Dibetulkan"), "warning"),
}


def money_words(money: str) -> str:
    """Where money lies or lay: "cash:kas" as a person says it."""
    kind, _colon, label = money.partition(":")
    if money == OPENING:
        return str(_("Saldo sebelum di sini"))
    if kind == "cost":
        return str(_("Bahan yang sudah dibeli koperasi"))
    return f"{_('Laci') if kind == 'cash' else _('Rekening')} {label}"
