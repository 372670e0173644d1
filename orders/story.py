"""The order told in words: where it stands, and what happened on the way."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from core import words
from orders import claim_words, fulfilment
from orders.finding import Whole
from orders.models import Event
from orders.states import AttemptState, OrderState, ParcelState

ORDER_WORDS: dict[str, tuple[Any, str]] = {
    OrderState.AWAITING_PAYMENT: (_("Menunggu pembayaran"), "warning"),
    OrderState.ON_DELIVERY: (_("Dibayar saat barang diterima"), "info"),
    OrderState.PAID: (_("Sudah dibayar"), "good"),
    OrderState.COMPLETED: (_("Selesai"), "good"),
    OrderState.CANCELLED: (_("Dibatalkan"), "rest"),
    OrderState.LAPSED: (_("Waktu bayar habis"), "rest"),
}
PARCEL_WORDS: dict[str, tuple[Any, str]] = {
    ParcelState.TO_ACCEPT: (_("Menunggu jawaban penjual"), "warning"),
    ParcelState.ACCEPTED: (_("Diterima ibu, sedang disiapkan"), "info"),
    ParcelState.PACKED: (_("Sudah dikemas"), "info"),
    ParcelState.HANDED_OVER: (_("Dalam perjalanan"), "info"),
    ParcelState.DELIVERED: (_("Sampai"), "good"),
    ParcelState.QUIET: (_("Sampai"), "good"),
    ParcelState.EARNED: (_("Selesai"), "good"),
    ParcelState.DECLINED: (_("Tidak bisa dipenuhi"), "wrong"),
    ParcelState.REFUSED: (_("Ditolak saat diantar"), "wrong"),
    ParcelState.RETURNED: (_("Dikembalikan"), "rest"),
    ParcelState.CANCELLED: (_("Dibatalkan"), "rest"),
}
ATTEMPT_WORDS: dict[str, tuple[Any, str]] = {
    AttemptState.CREATED: (_("Belum dibuka"), "rest"),
    AttemptState.PENDING: (_("Menunggu pembeli"), "wait"),
    AttemptState.UNKNOWN: (_("Belum jelas"), "warning"),
    AttemptState.CAPTURED: (_("Uang masuk"), "good"),
    AttemptState.SURPLUS: (_("Uang lebih"), "warning"),
    AttemptState.FAILED: (_("Gagal"), "rest"),
    AttemptState.EXPIRED: (_("Ditutup"), "rest"),
    AttemptState.PARTLY_REFUNDED: (_("Kembali sebagian"), "info"),
    AttemptState.REFUNDED: (_("Sudah kembali"), "info"),
    AttemptState.DISPUTED: (_("Ditahan bank pembeli"), "wrong"),
    AttemptState.CHARGED_BACK: (_("Diambil bank pembeli"), "wrong"),
    AttemptState.REVERSED: (_("Ditarik lagi oleh bank"), "wrong"),
}
EVENT_WORDS: dict[str, Any] = {
    "placed": _("Pesanan dibuat"),
    "sold_at_till": _("Dibeli dan dibayar di tempat"),
    "till_undone": _("Penjualan dibatalkan, uang sudah kembali"),
    "paid": _("Pembayaran diterima"),
    "method_changed": _("Cara bayar diganti"),
    "part": _("Sebagian uang sudah masuk"),
    "surplus": _("Uang lebih diterima, akan dikembalikan"),
    "refund_due": _("Uang akan dikembalikan"),
    "refund_done": _("Uang sudah dikembalikan"),
    "pickup_ready": _("Bisa diambil, kode ambil sudah ada"),
    "cancelled": _("Pesanan dibatalkan"),
    "lapsed": _("Waktu bayar habis"),
    "completed": _("Pesanan selesai"),
    "money_reversed": _("Bank menarik lagi pembayaran ini. Silakan bayar dengan cara lain."),
    "parcel_accepted": _("Penjual menerima pesanan"),
    "parcel_declined": _("Penjual tidak bisa memenuhi"),
    "parcel_packed": _("Paket sudah dikemas"),
    "parcel_handed_over": _("Paket diserahkan"),
    "parcel_delivered": _("Paket sampai"),
    "parcel_refused": _("Paket ditolak saat diantar"),
    "pickup_missed": _("Barang tidak diambil sampai waktunya habis"),
    "parcel_returned": _("Paket dikembalikan"),
    "parcel_cancelled": _("Paket dibatalkan"),
    "goods_replaced": _("Sebagian barang diganti dari stok lain yang sama"),
    "goods_gone": _("Sebagian barang ternyata tidak ada"),
    "goods_gone_unpaid": _(
        "Barang ternyata tidak ada. Jangan bayar lagi; uang yang terlanjur masuk dikembalikan."
    ),
    **claim_words.EVENT_WORDS,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline; `place` is done, now or next."""

    words: Any
    at: str
    note: str
    place: str


def timeline(whole: Whole) -> list[Step]:
    """What happened, oldest first, and the newest marked; silent events are left out."""
    told = [event for event in whole.events if event.what in EVENT_WORDS]
    names = {sent.parcel.id: sent.place_name for sent in whole.parcels}
    return [_step(event, names, "now" if event is told[-1] else "done") for event in told]


def _step(event: Event, names: dict[int, str], place: str) -> Step:
    note = names.get(event.parcel_id, "") if event.parcel_id and len(names) > 1 else ""
    if amount := event.facts.get("amount"):
        note = words.rupiah(amount)
    if why := fulfilment.WHY_DECLINED.get(event.facts.get("why", "")):
        note = ". ".join(part for part in (note, str(why), event.facts.get("words")) if part)
    return Step(EVENT_WORDS[event.what], words.tanggal_jam(event.at), note, place)
