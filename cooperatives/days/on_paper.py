"""A day as rows of figures: for the page, for print and for a spreadsheet alike."""

from typing import Any

from flask_babel import gettext as _

from cooperatives.days.figures import Way
from cooperatives.days.pieces import REASONS
from cooperatives.days.reading import Whole
from core import words

WAYS = ("cash", "qris")


def way_words(way: str) -> str:
    """Cash or QRIS, as people say it."""
    return str(_("Uang tunai")) if way == "cash" else "QRIS"


def moves(way: Way, *, is_cash: bool) -> list[tuple[str, int]]:
    """What came and went, without what did not happen."""
    rows = [
        (_("Isi laci saat buka"), way.opening),
        (_("Penjualan, %(n)s pembayaran", n=way.payments), way.sales),
        (_("Uang kembali ke pembeli"), way.back),
        (_("Dibayarkan ke pembuat"), way.paid_out),
        (_("Dibawa ke bank"), way.bags),
        (_("Selisih yang sudah dicatat"), way.odd),
        (_("Uang lain masuk atau keluar"), way.other),
    ]
    always = {0, 1} if is_cash else {1}
    return [(said, n) for at, (said, n) in enumerate(rows) if n or at in always]


def reason_words(count: Any) -> str:
    """Why a count differed."""
    said = str(REASONS[count.reason]) if count.reason in REASONS else ""
    return ". ".join(part for part in (said, count.words) if part)


def header() -> list[str]:
    """What the columns of the file are."""
    return [_("Jenis"), _("Keterangan"), "Rupiah"]


def rows(whole: Whole) -> list[list[object]]:
    """The report as a table: part, words, whole rupiah."""
    table: list[list[object]] = []
    for way in WAYS:
        found, name = whole.figures.of(way), way_words(way)
        table += [[name, said, n] for said, n in moves(found, is_cash=way == "cash")]
        if count := whole.counted(way):
            table.append([name, _("Menurut catatan sebelum ditutup"), count.expected])
            table.append([name, _("Hasil hitung"), count.counted])
            table.append([name, reason_words(count) or _("Cocok"), count.difference])
    for shift in whole.shifts:
        said = _("Ganti penjaga %(time)s", time=words.jam(shift.counted_at))
        table.append([said, reason_words(shift) or _("Cocok"), shift.difference])
    for late in whole.late:
        name = whole.names.get(late.order_id, late.order_id[:8])
        table.append([_("Terlambat masuk"), name, late.amount])
    return table
