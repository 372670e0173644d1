"""A settlement's statement in words: the notebook's lines, the sums, and a text to send on."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cooperatives.entry_words import OTHER_ENTRY, Row
from cooperatives.notebook_words import CUTS, TEXT_MAX
from cooperatives.settling.statement import Deduction, Parts, Sale, Statement
from core.words import rupiah, tanggal

CHANNELS: dict[str, Any] = {
    "web": _l("Lewat internet"),
    "counter": _l("Di kasir kios"),
    "bazaar": _l("Di bazar"),
    "": _l("Tanpa rincian barang"),
}
HEADINGS: dict[str, Any] = {
    "returned": _l("Kembali ke pembeli"),
    "fees": _l("Biaya pembayaran dan ongkir"),
    "advance": _l("Cicilan pinjaman bahan"),
    "savings": _l("Simpanan"),
    "tax": _l("PPh 22 dipotong"),
    "surplus": _l("Sisa hasil usaha"),
    "bazaar": _l("Biaya bersama bazar"),
    "missing": _l("Ganti barang hilang"),
    "other": _l("Pembetulan catatan"),
}
GROSS, CARRIED = _l("Harga barang yang laku"), _l("Sisa hitungan lalu")
ADJUSTED = _l("Barang kembali sebelum dihitung")
TOTAL = _l("Dibayarkan")


def sums(of: Statement) -> list[tuple[Any, int]]:
    """What the total is made of, as pairs of words and signed rupiah, without zeros."""
    rows: list[tuple[Any, int]] = [(CARRIED, of.carried_over), (GROSS, of.sold.gross)]
    rows += [(words, -getattr(of.sold, part)) for part, words in CUTS.items()]
    rows += [(words, of.other(heading)) for heading, words in HEADINGS.items()]
    return [row for row in rows if row[1]]


def by_channel(of: Statement) -> list[tuple[Any, int, int, int]]:
    """Each channel on which something was sold: words, pieces, what buyers paid, her part."""
    return [
        (words, pieces, parts.gross, parts.hers)
        for channel, words in CHANNELS.items()
        if (pieces := sum(sale.units for sale in of.sales if sale.channel == channel))
        and (parts := of.of_channel(channel))
    ]


def rows(of: Statement) -> list[Row]:
    """All lines as the school notebook shows them; they add up to the total."""
    first = [*_carried(of), *(_sale(sale) for sale in of.sales)]
    if of.adjusted != Parts():
        reason = _redone(of.adjusted)
        first.append(Row(of.closed_on, str(ADJUSTED), reason, of.adjusted.hers))
    return [*first, *(_other(line) for line in of.others)]


def _carried(of: Statement) -> list[Row]:
    if not of.carried:
        return []
    reasons = [f"{line.words} {_signed(line.amount)}" for line in of.carried]
    day = of.since or of.carried[0].day
    return [Row(day, str(CARRIED), "\n".join(reasons), of.carried_over)]


def _sale(sale: Sale) -> Row:
    reason = "\n".join([str(CHANNELS[sale.channel]), _redone(sale.parts)])
    if not sale.channel:
        return Row(sale.day, sale.name, _redone(sale.parts), sale.parts.hers)
    words = f"{sale.name}, {sale.units} × {rupiah(sale.price)}"
    return Row(sale.day, words, reason, sale.parts.hers)


def _redone(parts: Parts) -> str:
    """The sum that anybody may redo: 36.000 − 1.800 − 720 = 33.480, and what each figure is."""
    taken = [(words, getattr(parts, part)) for part, words in CUTS.items()]
    taken = [row for row in taken if row[1]]
    if not taken:
        return ""
    lines = [f"{words} {rupiah(amount)}" for words, amount in taken]
    figures = [parts.gross, *(amount for _words, amount in taken)]
    return "\n".join([*lines, f"{_minus(figures)} = {_plain(parts.hers)}"])


def _minus(figures: Iterable[int]) -> str:
    return " − ".join(_plain(figure) for figure in figures)


def _plain(amount: int) -> str:
    """As a calculator shows it: without Rp."""
    return rupiah(amount).replace("Rp\N{NO-BREAK SPACE}", "").replace("-", "−")


def _other(line: Deduction) -> Row:
    heading = str(HEADINGS[line.heading])
    words = heading if line.words == str(OTHER_ENTRY) else line.words
    reason = "\n".join(said for said in (heading, line.reason) if said and said != words)
    return Row(line.day, words, reason, line.amount)


def _signed(amount: int) -> str:
    return rupiah(amount).replace("-", "−")


def text(of: Statement) -> str:
    """The statement as a text for WhatsApp: sums and channels only, and never a buyer's name."""
    said = _text(of, by_channel(of))
    return said if len(said) <= TEXT_MAX else _text(of, [])[:TEXT_MAX]


def _text(of: Statement, channels: list[tuple[Any, int, int, int]]) -> str:
    said = [
        _("Hitungan %(call_me)s, %(day)s", call_me=of.call_me[:40], day=tanggal(of.closed_on)),
        of.book,
    ]
    for words, pieces, gross, _hers in channels:
        count = _("%(n)s barang", n=pieces)
        said.append(f"{words}: {count}, {rupiah(gross)}")
    said += [f"{words}: {_signed(amount)}" for words, amount in sums(of)]
    said += [f"{TOTAL}: {rupiah(of.total)}", _("Dari buku Lumbung.")]
    return "\n".join(said)
