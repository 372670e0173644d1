"""Her notebook in words: lines, cuts with their reasons, and the week as a text to send on.

Nobody who bought stands in it: an order has its number and nothing else.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cooperatives.entry_words import Row, order_names, refund_reasons, told
from cooperatives.models.books import Kind
from cooperatives.notebook import PARTS, Line
from cooperatives.notebook_sums import Sums
from core.clock import WIB
from core.db import Reader
from core.words import rupiah, tanggal

TEXT_MAX = 700
CUTS: dict[str, Any] = {
    "cooperative": _l("Potongan koperasi"),
    "kiosk": _l("Potongan kios"),
    "operator": _l("Potongan pengelola"),
    "affiliate": _l("Bagian yang mengajak pembeli"),
}
GOODS, DELIVERY, INVITED = _l("Harga barang"), _l("Ongkir yang Ibu bayar"), _l("Bagian mengajak")
HEADINGS: dict[str, Any] = {
    "returned": _l("Kembali ke pembeli"),
    "fees": _l("Biaya pembayaran dan ongkir"),
    "tax": _l("PPh 22 dipotong"),
    "advance": _l("Cicilan pinjaman bahan"),
    "surplus": _l("Sisa hasil usaha"),
    "bazaar": _l("Biaya bersama bazar"),
    "missing": _l("Ganti barang hilang"),
    "other": _l("Pembetulan catatan"),
}


def parts(of: Line | Sums) -> list[tuple[Any, int]]:
    """What came in and what went off, as pairs of words and signed rupiah, without zeros."""
    rows: list[tuple[Any, int]] = [(GOODS, of.goods)]
    rows += [(CUTS[part], -getattr(of, part)) for part in PARTS]
    rows += [(DELIVERY, of.delivery), (INVITED, of.invited)]
    if isinstance(of, Sums):
        rows += [(words, getattr(of, name)) for name, words in HEADINGS.items()]
    return [row for row in rows if row[1]]


def rows(db: Reader, lines: Sequence[Line], url_of: Any) -> list[Row]:
    """Lines as the notebook shows them; `url_of` says where a line opens into its parts."""
    names = order_names(db, (line.memo for line in lines))
    reasons = refund_reasons(db, lines)
    return [
        Row(
            day=line.posted_at.astimezone(WIB).date(),
            words=title(line, names.get(line.memo, "")),
            reason=_reason(line, reasons.get(line.doc_id, "")),
            amount=line.amount,
            url=url_of(line.journal_id) if line.kind == "earned" else "",
        )
        for line in lines
    ]


def title(line: Line, order: str) -> str:
    """What a line is about, in a few words."""
    if line.kind == "earned":
        return str(_("Pesanan %(order)s", order=order or _("tanpa nomor")))
    if line.kind == "payout":
        return str(_("Uang dibayarkan kepada Ibu"))
    return told(Kind.MAKER, line.kind, order)


def _reason(line: Line, reason: str) -> str:
    if line.kind != "earned":
        return reason
    return "\n".join(f"{words} {rupiah(abs(amount))}" for words, amount in parts(line))


def _signed(amount: int) -> str:
    """As rupiah writes it, with a minus that no line ends on."""
    return rupiah(amount).replace("-", "−")


def weekly(of: Sums, since: date, call_me: str, coming: int, pay_day: str) -> str:
    """A week as a text for WhatsApp: short enough for one look, and without any buyer's name."""
    text = _week(of, parts(of), since, call_me, coming, pay_day)
    if len(text) > TEXT_MAX:
        short = _without(parts(of), CUTS)
        short.insert(1, (_("Semua potongan"), -of.taken))
        text = _week(of, short, since, call_me, coming, pay_day)
    if len(text) > TEXT_MAX:
        rest = sum(getattr(of, name) for name in HEADINGS)
        short = [*_without(short, HEADINGS), (_("Uang lain masuk atau keluar"), rest)]
        text = _week(of, short, since, call_me, coming, pay_day)
    return text


def _without(rows: Sequence[tuple[Any, int]], left_out: dict[str, Any]) -> list[tuple[Any, int]]:
    told = {str(words) for words in left_out.values()}
    return [row for row in rows if str(row[0]) not in told]


def _week(
    of: Sums,
    came: Sequence[tuple[Any, int]],
    since: date,
    call_me: str,
    coming: int,
    pay_day: str,
) -> str:
    days = {"since": tanggal(since), "until": tanggal(since + timedelta(days=6))}
    said = [_("Uang %(call_me)s, %(since)s sampai %(until)s", call_me=call_me, **days)]
    if of.before:
        said.append(_("Sisa minggu lalu: %(amount)s", amount=_signed(of.before)))
    said += [f"{words}: {_signed(amount)}" for words, amount in came]
    if not of.kept and not of.paid:
        said.append(_("Belum ada uang masuk minggu ini."))
    if of.paid:
        said.append(_("Sudah dibayarkan: %(amount)s", amount=_signed(of.paid)))
    said.append(_("Belum dibayarkan: %(amount)s", amount=_signed(of.after)))
    if coming:
        said.append(_("Masih dijaga untuk Ibu: %(amount)s", amount=_signed(coming)))
    said += [_("Hari bayar: %(day)s", day=pay_day), _("Dari buku Lumbung.")]
    return "\n".join(said)
