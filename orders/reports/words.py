"""Lines of reports in words: what each is, how it stands, why it differs and what to do then."""

from typing import Any

from flask_babel import lazy_gettext as _l

from core.words import rupiah
from orders import currencies
from orders.gateways import Presented
from orders.models import ReportLine
from orders.reports.verdict import Flaw

KIND_WORDS: dict[str, Any] = {
    "charge": _l("Pembayaran"),
    "refund": _l("Uang kembali"),
    "chargeback": _l("Ditarik bank pembeli"),
    "fee": _l("Biaya"),
    "payout": _l("Pencairan ke bank"),
    "adjustment": _l("Penyesuaian"),
    "missing": _l("Tidak dilaporkan"),
}
STATE_WORDS: dict[str, tuple[Any, str]] = {
    "new": (_l("Sedang dicocokkan"), "moving"),
    "ok": (_l("Cocok"), "good"),
    "differs": (_l("Berbeda"), "warning"),
    "unknown": (_l("Belum dikenal"), "wait"),
    "noted": (_l("Tunggu orang kedua"), "info"),
    "closed": (_l("Ditutup"), "rest"),
}
FLAW_WORDS: dict[str, tuple[Any, Any]] = {
    Flaw.NO_KEY: (
        _l("Uang ini bukan dari pesanan kita"),
        _l("Periksa di dasbornya: mungkin uji coba, atau toko lain memakai akun yang sama."),
    ),
    Flaw.NOT_HERE: (
        _l("Di buku kita uang ini belum ada"),
        _l("Buka pembayarannya dan tanyakan lagi keadaannya. Kalau cocok, baris ini selesai."),
    ),
    Flaw.AMOUNT: (
        _l("Jumlahnya berbeda"),
        _l("Bandingkan dengan dasbornya. Lalu tulis sebabnya di bawah."),
    ),
    Flaw.CURRENCY: (
        _l("Mata uangnya lain dari yang diminta"),
        _l("Periksa di dasbornya berapa rupiah nilainya. Lalu tulis sebabnya di bawah."),
    ),
    Flaw.TWICE: (
        _l("Pembayaran ini sudah dilaporkan"),
        _l("Periksa di dasbornya apakah pembeli benar-benar membayar dua kali."),
    ),
    Flaw.ADJUSTMENT: (
        _l("Saldo kita diubah"),
        _l("Tanyakan sebabnya, lalu tulis di bawah."),
    ),
    Flaw.NO_RUPIAH: (
        _l("Nilai rupiahnya belum diketahui"),
        _l("Lihat di rekening berapa rupiah yang masuk, lalu tulis di bawah."),
    ),
    Flaw.LARGE: (
        _l("Cocok, dan jumlahnya besar"),
        _l("Bendahara kedua melihat di rekening, lalu menyetujui."),
    ),
    Flaw.NOT_SEEN: (
        _l("Bendahara kedua belum melihat uangnya"),
        _l("Periksa lagi di rekening, atau tanyakan kapan uangnya dikirim."),
    ),
    Flaw.MISSING: (
        _l("Ada di buku kita, tidak ada di laporan"),
        _l("Unggah laporan dari hari itu. Kalau tetap tidak ada, tanyakan ke penyedianya."),
    ),
}
HOUSE_REASONS = {
    "reported": _l("Akhirnya ada di laporan."),
    "seen": _l("Cocok, dilihat dua bendahara."),
}


def amount(minor: int, currency: str) -> str:
    """An amount of a report in its own currency."""
    if currency == "IDR":
        return rupiah(minor)
    return currencies.shown(Presented(minor, currency))


def reason(line: ReportLine) -> object:
    """Why a line was closed."""
    return HOUSE_REASONS.get(line.reason, line.reason)


def name(line: ReportLine) -> str:
    """What people call a line: our key, or the gateway's own name of it."""
    return line.key or line.theirs
