"""The receipt as a small PDF, A5, drawn with the fonts that every reader has.

The same receipt gives the same bytes.
"""

from collections.abc import Sequence

from flask_babel import gettext as _
from reportlab.lib.pagesizes import A5
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table

from core import papers, words
from core.papers import (
    AMOUNT,
    BOLD,
    BOLD_AMOUNT,
    CELLS,
    HEAD,
    PLAIN,
    SMALL,
    TITLE,
    UNDER_TITLE,
    text,
)
from orders import receipt_words
from orders.receipt import Receipt
from orders.receipt_words import Entry, Paper

AMOUNT_WIDTH = 30 * mm
WIDTH = papers.width(A5)


def drawn(receipt: Receipt) -> bytes:
    """The file's bytes, in the reader's language."""
    paper = receipt_words.written(receipt)
    return papers.drawn(_story(paper), A5, f"{paper.title} {receipt.order.number}")


def _story(paper: Paper) -> list[Flowable]:
    facts = [(f"{label}", value) for label, value in paper.facts]
    story: list[Flowable] = [
        text("Lumbung", TITLE),
        text(f"{paper.title}: {paper.state[0]}", UNDER_TITLE),
        Spacer(1, 4 * mm),
    ]
    if paper.warning:
        story += [text(paper.warning, BOLD), Spacer(1, 2 * mm)]
    rows = [[text(label, SMALL), text(value, PLAIN)] for label, value in facts]
    story.append(Table(rows, [AMOUNT_WIDTH, WIDTH - AMOUNT_WIDTH], style=CELLS))
    story += [text(_("Barang"), HEAD), _entries(paper.goods)]
    story += [Spacer(1, 3 * mm), _entries([*paper.sums, paper.total], last_is_bold=True)]
    if paper.parts:
        total = Entry(_("Jumlah"), "", paper.parts_total)
        story += [text(_("Struk Jujur: ke mana uang ini pergi"), HEAD)]
        story += [_entries([*paper.parts, total], last_is_bold=True)]
    if paper.by_line:
        story += [text(_("Bagian pembuat per barang"), HEAD), _entries(paper.by_line)]
    if paper.returns:
        story += [text(_("Uang yang kembali"), HEAD), _entries(paper.returns)]
    return story


def _entries(entries: Sequence[Entry], *, last_is_bold: bool = False) -> Table:
    rows = []
    for place, entry in enumerate(entries, 1):
        is_bold = last_is_bold and place == len(entries)
        label, amount = (BOLD, BOLD_AMOUNT) if is_bold else (PLAIN, AMOUNT)
        cell = [text(entry.label, label)] + ([text(entry.note, SMALL)] if entry.note else [])
        rows.append([cell, text(words.rupiah(entry.amount), amount)])
    return Table(rows, [WIDTH - AMOUNT_WIDTH, AMOUNT_WIDTH], style=CELLS)
