"""A day's report as PDF: the same rows as the page and the table, to sign and to keep."""

from flask_babel import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table

from cooperatives.days import on_paper
from cooperatives.days.reading import Whole
from core import papers
from core.papers import AMOUNT, BOLD, CELLS, PLAIN, SMALL, TITLE, UNDER_TITLE, text
from core.words import rupiah, tanggal_jam

KIND_WIDTH, AMOUNT_WIDTH = 42 * mm, 34 * mm
SAID_WIDTH = papers.width(A4) - KIND_WIDTH - AMOUNT_WIDTH


def drawn(whole: Whole) -> bytes:
    """Everything the day holds, and room for the names of who gives and who takes."""
    day = whole.day
    title = str(_("Laporan hari ke-%(number)s", number=day.number))
    until = tanggal_jam(day.closed_at) if day.closed_at else _("Masih buka")
    rows: list[list[object]] = [[text(word, BOLD) for word in on_paper.header()]]
    for kind, said, amount in on_paper.rows(whole):
        rows.append([text(kind, PLAIN), text(said, PLAIN), text(_amount(amount), AMOUNT)])
    story: list[Flowable] = [
        text(title, TITLE),
        text(f"{whole.place.name} · {tanggal_jam(day.opened_at)} – {until}", UNDER_TITLE),
        Spacer(1, 5 * mm),
        Table(rows, [KIND_WIDTH, SAID_WIDTH, AMOUNT_WIDTH], style=CELLS, repeatRows=1),
        Spacer(1, 12 * mm),
        Table(
            [[text(_("Penjaga"), SMALL), text(_("Bendahara"), SMALL)]],
            [papers.width(A4) / 2] * 2,
            rowHeights=[22 * mm],
        ),
    ]
    return papers.drawn(story, A4, title)


def _amount(amount: object) -> str:
    assert isinstance(amount, int), "every row of the report ends with whole rupiah"
    return rupiah(amount)
