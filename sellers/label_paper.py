"""The label of a pack as PDF: many on sheets of A4, or one by one on a roll of 58 or 80 mm.

The words are Indonesian whatever the reader speaks, as the law asks. Nothing is shrunk, so that the
smallest letter stays over a millimetre.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table

from core import label_sheets, papers, words
from core.label_sheets import BESIDE, PAPERS, Batch, Paper
from core.papers import text

QR_SIDE = 22 * mm
NUMBER_WIDTH = 45 * mm  # HALAL and its 19 signs.
SMALL = ParagraphStyle("small", fontName="Helvetica", fontSize=7.5, leading=9.2)
BOLD = ParagraphStyle("bold", SMALL, fontName="Helvetica-Bold", fontSize=8.5, leading=10.5)
NAME = ParagraphStyle("name", SMALL, fontName="Helvetica-Bold", fontSize=13, leading=15.5)


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
    with force_locale("id"):
        story = _story(label, PAPERS[paper])
        return label_sheets.drawn(f"{_('Label')} {label.name}", [Batch(story, pieces)], paper)


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
        *_foot(label, paper.inside),
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
