"""The receipt as a small PDF, A5, drawn with the fonts that every reader has.

The same receipt gives the same bytes.
"""

import io
from collections.abc import Sequence

from flask_babel import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, SimpleDocTemplate, Spacer, Table, TableStyle

from core import words
from core.papers import text
from orders import receipt_words
from orders.receipt import Receipt
from orders.receipt_words import Entry, Paper

MARGIN, PADDING, AMOUNT_WIDTH = 10 * mm, 6, 30 * mm  # The frame pads by six points itself.
WIDTH = A5[0] - 2 * (MARGIN + PADDING)
INK, QUIET, HAIRLINE = HexColor("#22201C"), HexColor("#6B3E1E"), HexColor("#B9AB90")
PLAIN = ParagraphStyle("plain", fontName="Helvetica", fontSize=9, leading=12, textColor=INK)
SMALL = ParagraphStyle("small", PLAIN, fontSize=8, leading=10, textColor=QUIET)
AMOUNT = ParagraphStyle("amount", PLAIN, alignment=TA_RIGHT)
BOLD = ParagraphStyle("bold", PLAIN, fontName="Helvetica-Bold")
BOLD_AMOUNT = ParagraphStyle("bold_amount", BOLD, alignment=TA_RIGHT)
HEAD = ParagraphStyle("head", BOLD, fontSize=11, leading=14, spaceBefore=10, spaceAfter=2)
TITLE = ParagraphStyle("title", BOLD, fontSize=15, leading=19, alignment=TA_CENTER)
UNDER_TITLE = ParagraphStyle("under_title", PLAIN, alignment=TA_CENTER)
CELLS = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, HAIRLINE),
    ]
)


def drawn(receipt: Receipt) -> bytes:
    """The file's bytes, in the reader's language."""
    paper = receipt_words.written(receipt)
    kept = io.BytesIO()
    SimpleDocTemplate(
        kept,
        pagesize=A5,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=f"{paper.title} {receipt.order.number}",
        author="Lumbung",
        invariant=1,
    ).build(_story(paper))
    return kept.getvalue()


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
