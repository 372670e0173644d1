"""The label of a pack as PDF: many on sheets of A4, or one by one on a roll of 58 or 80 mm.

The words are Indonesian whatever the reader speaks, as the law asks. Nothing is shrunk: a label is
as high as its text, so that the smallest letter stays over a millimetre. The drawing is kept once
in the file, however many labels there are.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from core import papers, words
from core.papers import text

QR_SIDE, SHEET_EDGE = 22 * mm, 8 * mm
NUMBER_WIDTH = 45 * mm  # HALAL and its 19 signs.
HEIGHT_MAX = A4[1] - 2 * SHEET_EDGE
SMALL = ParagraphStyle("small", fontName="Helvetica", fontSize=7.5, leading=9.2)
BOLD = ParagraphStyle("bold", SMALL, fontName="Helvetica-Bold", fontSize=8.5, leading=10.5)
NAME = ParagraphStyle("name", SMALL, fontName="Helvetica-Bold", fontSize=13, leading=15.5)

BESIDE = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
    ]
)


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed on: how wide a label is, and its white edge (printers of rolls need it)."""

    width: float
    edge: float


PAPERS = {
    "a4": Paper((A4[0] - 2 * SHEET_EDGE) / 2, 4 * mm),
    "80": Paper(80 * mm, 4 * mm),
    "58": Paper(58 * mm, 5 * mm),
}


@dataclass(frozen=True, slots=True)
class PackLabel:
    """What stands on it; `numbers` are permit and halal, `url` leads to the product and batch."""

    name: str
    net_weight_grams: int
    ingredients: str
    allergens: Sequence[str]
    storage: str
    maker: str
    address: Sequence[str]
    numbers: Sequence[str]
    made_on: date
    batch: str
    best_before: date
    url: str


def drawn(label: PackLabel, paper: str, pieces: int) -> bytes:
    """The file's bytes; the same label gives the same bytes."""
    kept = io.BytesIO()
    with force_locale("id"):
        size, story = PAPERS[paper], _story(label, PAPERS[paper])
        canvas = Canvas(kept, invariant=1)
        canvas.setTitle(f"{_('Label')} {label.name}")
        canvas.setAuthor("Lumbung")
        high = _keep(canvas, story, size)
    if paper == "a4":
        _sheets(canvas, size, high, pieces)
    else:
        for _piece in range(pieces):
            canvas.setPageSize((size.width, high))
            canvas.doForm("label")
            canvas.showPage()
    canvas.save()
    return kept.getvalue()


def _keep(canvas: Canvas, story: Sequence[Flowable], paper: Paper) -> float:
    """Draw the label once as a form of the file; answers with its height."""
    wide = paper.width - 2 * paper.edge
    heights = [flowable.wrap(wide, HEIGHT_MAX)[1] for flowable in story]
    high = sum(heights) + 2 * paper.edge
    canvas.beginForm("label", 0, 0, paper.width, high)
    top = high - paper.edge
    for flowable, height in zip(story, heights, strict=True):
        top -= height
        flowable.drawOn(canvas, paper.edge, top)
    canvas.endForm()
    return high


def _sheets(canvas: Canvas, paper: Paper, high: float, pieces: int) -> None:
    """Two columns, as many rows as fit, with lines to cut along."""
    rows = max(1, int(HEIGHT_MAX // high))
    for first in range(0, pieces, 2 * rows):
        canvas.setPageSize(A4)
        canvas.setDash(2, 2)
        canvas.setLineWidth(0.4)
        for place in range(min(2 * rows, pieces - first)):
            left = SHEET_EDGE + place % 2 * paper.width
            bottom = A4[1] - SHEET_EDGE - (place // 2 + 1) * high
            canvas.rect(left, bottom, paper.width, high)
            canvas.saveState()
            canvas.translate(left, bottom)
            canvas.doForm("label")
            canvas.restoreState()
        canvas.showPage()


def _story(label: PackLabel, paper: Paper) -> list[Flowable]:
    contains = ", ".join(label.allergens)
    lines = [
        _("Komposisi: %(ingredients)s", ingredients=label.ingredients),
        _("Mengandung alergen: %(allergens)s", allergens=contains)
        if contains
        else _("Alergen: tidak ada dalam bahan"),
        _("Penyimpanan: %(storage)s", storage=label.storage) if label.storage else "",
        _("Diproduksi oleh: %(maker)s", maker=", ".join((label.maker, *label.address))),
    ]
    return [
        text(label.name, NAME),
        text(_("Berat bersih %(weight)s", weight=words.berat(label.net_weight_grams)), BOLD),
        Spacer(1, 1 * mm),
        *(text(line, SMALL) for line in lines if line),
        Spacer(1, 1.5 * mm),
        *_foot(label, paper.width - 2 * paper.edge),
    ]


def _foot(label: PackLabel, wide: float) -> list[Flowable]:
    """Numbers, days and batch with the QR beside them; a number too long for that goes above."""
    numbers = [text(number, BOLD) for number in label.numbers]
    said = [
        text(_("Tanggal produksi: %(day)s", day=_whole(label.made_on)), SMALL),
        text(_("Kode produksi: %(batch)s", batch=label.batch), SMALL),
        text(_("Baik digunakan sebelum: %(day)s", day=_whole(label.best_before)), BOLD),
    ]
    left = wide - QR_SIDE
    has_room = left >= NUMBER_WIDTH
    beside = [[numbers + said if has_room else said, papers.qr(label.url, QR_SIDE)]]
    above = [] if has_room else [*numbers, Spacer(1, 1 * mm)]
    return [*above, Table(beside, [left, QR_SIDE], style=BESIDE)]


def _whole(day: date) -> str:
    """A day that no line breaks."""
    return words.tanggal(day).replace(" ", "\u00a0")
