"""Claims in words: where one stands for buyer and desk, what was wished, and who bears it."""

from typing import Any

from flask_babel import lazy_gettext as _

from orders.claim_states import Bearer, ClaimState, Wish

STATE_WORDS: dict[str, tuple[Any, str]] = {
    ClaimState.OPEN: (_("Menunggu jawaban penjual"), "wait"),
    ClaimState.OFFERED: (_("Ada tawaran untuk pembeli"), "info"),
    ClaimState.ANSWERED: (_("Sudah dijawab"), "info"),
    ClaimState.ESCALATED: (_("Diputuskan koordinator"), "warning"),
    ClaimState.AGREED: (_("Disepakati, sedang diurus"), "moving"),
    ClaimState.CLOSED: (_("Selesai"), "good"),
    ClaimState.WITHDRAWN: (_("Dibatalkan pembeli"), "rest"),
}
BUYERS_WORDS: dict[str, tuple[Any, str]] = {
    **STATE_WORDS,
    ClaimState.OFFERED: (_("Ada tawaran untuk Anda"), "info"),
    ClaimState.WITHDRAWN: (_("Laporan dibatalkan"), "rest"),
}
WISH_WORDS: dict[str, Any] = {
    Wish.REPLACE: _("Barang diganti"),
    Wish.MONEY: _("Uang kembali"),
    Wish.ASK: _("Bertanya dulu"),
}
ANSWER_WORDS: dict[str, Any] = {
    "money": _("Kembalikan uangnya"),
    "replace": _("Ganti dengan barang baru"),
    "words": _("Jawab dengan kata-kata saja"),
}
BEARER_WORDS: dict[str, Any] = {
    Bearer.MAKER: _("Pembuat: penjualan ini dibatalkan"),
    Bearer.KIOSK: _("Kios"),
    Bearer.COURIER: _("Kurir"),
    Bearer.OPERATOR: _("Pengelola Lumbung"),
    Bearer.RISK_FUND: _("Dana cadangan koperasi"),
}
EVENT_WORDS: dict[str, Any] = {
    "claim_opened": _("Masalah paket dilaporkan"),
    "claim_answered": _("Masalah paket dijawab"),
    "claim_escalated": _("Koordinator diminta memutuskan"),
    "claim_agreed": _("Jalan keluar disepakati"),
    "claim_closed": _("Masalah paket selesai"),
    "claim_withdrawn": _("Laporan masalah dibatalkan"),
    "replacement_sent": _("Barang pengganti diserahkan"),
    "goods_back": _("Barang yang bermasalah sudah kembali"),
    "refund_account_given": _("Rekening untuk uang kembali sudah diisi"),
    "refund_account_wrong": _("Rekening tidak ditemukan bank. Mohon diisi lagi."),
}
