"""Why money goes back, in words: for the treasurer who sends it and on the pages it came from."""

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import String, cast, select

from cooperatives import entry_words
from core.db import Reader
from orders.claim_states import Trouble
from orders.models import Claim, Refund
from orders.numbers import as_id

REASONS: dict[str, Any] = {
    "cancelled": _("Pembeli membatalkan pesanan."),
    "declined": _("Penjual tidak bisa memenuhi satu paket."),
    "part": _("Sebagian barang tidak jadi dikirim."),
    "shortfall": _("Barang yang dijanjikan ternyata tidak ada."),
    "surplus": _("Pembeli membayar dua kali, terlambat, atau kurang dan tidak dilengkapi."),
    "over": _("Uang yang masuk lebih banyak dari tagihan."),
    "undone": _("Penjualan di kasir dibatalkan."),
    "claim": _("Ada masalah dengan barangnya, dan uangnya disepakati kembali."),
}
OTHER_REASON = _("Alasannya ada di catatan pesanan.")
TROUBLE_WORDS: dict[str, Any] = {
    Trouble.SPOILT: _("Basi atau berjamur"),
    Trouble.BROKEN: _("Rusak atau pecah di jalan"),
    Trouble.WRONG: _("Barangnya salah"),
    Trouble.FEWER: _("Jumlahnya kurang"),
    Trouble.NOT_THERE: _("Paketnya belum sampai"),
    Trouble.OTHER: _("Masalah lain"),
}


def reason_of(refund: Refund) -> Any:
    """Why this money goes back."""
    return REASONS.get(refund.reason, OTHER_REASON)


def explained(db: Reader, doc_ids: list[str]) -> dict[str, str]:
    """The reasons behind entries of the books, by the refund or claim that each names."""
    asked = {doc_id: doc_id.partition(":")[0] for doc_id in doc_ids}
    ids = [known for text in asked.values() if (known := as_id(text))]
    query = (
        select(Refund.id, Refund.reason, Claim.trouble)
        .outerjoin(Claim, cast(Claim.id, String) == Refund.doc_id)
        .where(Refund.id.in_(ids))
    )
    words = {
        str(row.id): str(TROUBLE_WORDS[row.trouble] if row.trouble else REASONS[row.reason])
        for row in db.execute(query)
        if row.trouble or row.reason in REASONS
    }
    claims = select(Claim.id, Claim.trouble).where(Claim.id.in_(ids))
    words |= {str(row.id): str(TROUBLE_WORDS[row.trouble]) for row in db.execute(claims)}
    return {doc_id: words[text] for doc_id, text in asked.items() if text in words}


entry_words.explain_refunds_by(explained)
