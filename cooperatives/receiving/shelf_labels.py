"""Labels for the shelf, as PDF: what it is, whose, until when; QR and Code 128 both name the lot.

The till reads either and knows the owner. The price is not on it: a price may change, a lot never.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table

from core import label_sheets, papers, words
from core.label_sheets import BESIDE, PAPERS, Batch, Paper
from core.papers import text

QR_SIDE = 20 * mm
BAR_HEIGHT, BAR_WIDTH = 9 * mm, 0.33 * mm
PIECES_MAX = 300
SMALL = ParagraphStyle("small", fontName="Helvetica", fontSize=8, leading=9.6)
NAME = ParagraphStyle("name", SMALL, fontName="Helvetica-Bold", fontSize=11, leading=13)
CODE = ParagraphStyle("code", SMALL, fontName="Helvetica-Bold", fontSize=10, leading=12)


@dataclass(frozen=True, slots=True)
class ShelfLabel:
    """What stands on it, and on how many packs."""

    code: str
    name: str
    owner: str
    batch: str
    best_before: date | None
    pieces: int


def drawn(labels: Sequence[ShelfLabel], paper: str, title: str) -> bytes:
    """The file's bytes; the same labels give the same bytes."""
    with force_locale("id"):
        batches = [Batch(_story(label, PAPERS[paper]), label.pieces) for label in labels]
        return label_sheets.drawn(title, batches, paper)


def _story(label: ShelfLabel, paper: Paper) -> list[Flowable]:
    said = [text(label.name, NAME), text(label.owner, SMALL)]
    if label.best_before:
        until = words.tanggal(label.best_before).replace(" ", "\u00a0")
        said.append(text(_("Baik sampai %(day)s", day=until), SMALL))
    if label.batch:
        said.append(text(_("Batch %(batch)s", batch=label.batch), SMALL))
    said.append(text(label.code, CODE))
    beside = Table(
        [[said, papers.qr(label.code, QR_SIDE)]], [paper.inside - QR_SIDE, QR_SIDE], style=BESIDE
    )
    bars = Code128(label.code, barHeight=BAR_HEIGHT, barWidth=BAR_WIDTH, quiet=True)
    return [beside, Spacer(1, 1 * mm), bars]
