"""Statements as PDF in notebook look, to print for members who have no phone."""

from collections.abc import Sequence

from flask_babel import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A5
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, PageBreak, Spacer, Table, TableStyle

from cooperatives.entry_words import Row
from cooperatives.settling import statement_words
from cooperatives.settling.statement import Statement
from core import papers
from core.papers import AMOUNT, BOLD, BOLD_AMOUNT, CELLS, HEAD, PLAIN, SMALL, TITLE, text
from core.words import rupiah, tanggal

DAY_WIDTH, AMOUNT_WIDTH = 14 * mm, 27 * mm
WIDTH = papers.width(A5)
MARGIN_LINE = HexColor("#B3261E")
NOTEBOOK = TableStyle(
    [
        *CELLS.getCommands(),
        ("LINEAFTER", (0, 0), (0, -1), 0.6, MARGIN_LINE),
        ("LEFTPADDING", (1, 0), (1, -1), 5),
    ]
)
"""Ruled like the school notebook: a red line beside the days."""


def drawn(statements: Sequence[Statement]) -> bytes:
    """These statements, each beginning on a page of its own."""
    story: list[Flowable] = []
    for one in statements:
        story += [*story_of(one), PageBreak()]
    if not statements:
        story = [text(_("Belum ada hitungan yang menunggu di sini."), PLAIN), PageBreak()]
    return papers.drawn(story[:-1], A5, str(_("Hitungan")))


def story_of(of: Statement) -> list[Flowable]:
    """One statement, to stand in a paper by itself or behind a letter."""
    sums = [*statement_words.sums(of), (statement_words.TOTAL, of.total)]
    return [
        text(_("Hitungan %(owner)s", owner=of.owner), TITLE),
        text(f"{of.book} · {tanggal(of.closed_on)}", SMALL),
        Spacer(1, 3 * mm),
        _notebook(statement_words.rows(of), of.total),
        text(_("Jumlahnya"), HEAD),
        Table(
            [[text(words, PLAIN), text(rupiah(amount), AMOUNT)] for words, amount in sums],
            [WIDTH - AMOUNT_WIDTH, AMOUNT_WIDTH],
            style=CELLS,
        ),
        Spacer(1, 8 * mm),
        Table(
            [
                [
                    text(_("Diterima, tanda tangan atau cap jempol"), SMALL),
                    text(_("Tanggal"), SMALL),
                ],
                [Spacer(1, 14 * mm), ""],
            ],
            [WIDTH - AMOUNT_WIDTH, AMOUNT_WIDTH],
            style=CELLS,
        ),
    ]


def _notebook(rows: Sequence[Row], total: int) -> Table:
    cells: list[list[object]] = [
        [
            text(f"{row.day.day}/{row.day.month}", PLAIN),
            [
                text(row.words, PLAIN),
                *(text(line, SMALL) for line in row.reason.split("\n") if line),
            ],
            text(rupiah(row.amount), AMOUNT),
        ]
        for row in rows
    ]
    cells.append(["", text(statement_words.TOTAL, BOLD), text(rupiah(total), BOLD_AMOUNT)])
    widths = [DAY_WIDTH, WIDTH - DAY_WIDTH - AMOUNT_WIDTH, AMOUNT_WIDTH]
    return Table(cells, widths, style=NOTEBOOK)
