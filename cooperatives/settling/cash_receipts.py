"""Receipts for money paid out in cash, to be signed or thumb-printed: two copies on a page."""

from collections.abc import Sequence

from flask_babel import gettext as _
from reportlab.lib.pagesizes import A5
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, PageBreak, Spacer, Table

from cooperatives.settling.batch_reading import Line
from cooperatives.settling.handing import receipt_no
from core import papers
from core.papers import BOLD, CELLS, PLAIN, SMALL, TITLE, text
from core.words import rupiah, tanggal, terbilang

LABEL_WIDTH = 32 * mm
WIDTH = papers.width(A5)


def drawn(lines: Sequence[Line], payer: str) -> bytes:
    """One page for each payout: her copy and the cooperative's."""
    story: list[Flowable] = []
    for line in lines:
        story += [*_receipt(line, payer, _("Untuk anggota")), Spacer(1, 9 * mm)]
        story += [*_receipt(line, payer, _("Untuk koperasi")), PageBreak()]
    return papers.drawn(story[:-1], A5, str(_("Kuitansi")))


def _receipt(line: Line, payer: str, copy: str) -> list[Flowable]:
    facts = [
        (_("Nomor"), f"{receipt_no(line.payout_id)} · {copy}"),
        (_("Sudah terima dari"), payer),
        (_("Uang sejumlah"), rupiah(line.total)),
        (_("Terbilang"), f"{terbilang(line.total)} rupiah"),
        (_("Untuk"), _("Hitungan %(day)s", day=tanggal(line.closed_on))),
        (_("Penerima"), line.owner),
    ]
    rows: list[list[object]] = [
        [text(label, SMALL), text(value, BOLD if place == 2 else PLAIN)]
        for place, (label, value) in enumerate(facts)
    ]
    rows.append([text(_("Tanggal"), SMALL), text(_("Tanda tangan atau cap jempol"), SMALL)])
    rows.append([Spacer(1, 16 * mm), ""])
    return [
        text(_("Kuitansi"), TITLE),
        Table(rows, [LABEL_WIDTH, WIDTH - LABEL_WIDTH], style=CELLS),
    ]
