"""The address label of a parcel: 100 × 150 mm, or the same on A4 with a line to cut along.

The QR holds the number of the parcel and nothing of the buyer: whoever scans it at the counter
finds the parcel, and nobody finds a person.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, KeepInFrame, Spacer

from core import papers, phones, words
from core.papers import text

WIDE, HIGH, EDGE = 100 * mm, 150 * mm, 5 * mm
PAPERS = {"label": (WIDE, HIGH), "a4": A4}
QR_SIDE = 30 * mm
SMALL = ParagraphStyle("small", fontName="Helvetica", fontSize=9, leading=11)
PLAIN = ParagraphStyle("plain", SMALL, fontSize=12, leading=15)
NAME = ParagraphStyle("name", PLAIN, fontName="Helvetica-Bold", fontSize=16, leading=19)
NUMBER = ParagraphStyle("number", NAME, alignment=TA_RIGHT, fontSize=13, leading=16)
CASH = ParagraphStyle("cash", NAME, fontSize=14, leading=18, borderWidth=1.2, borderPadding=4)


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on it. `cash` is what the courier takes; `goods` are pieces and names."""

    number: str
    position: int
    service: str
    sender: str
    sender_district: str
    name: str
    phone: str
    address: Sequence[str]
    note: str
    cash: int
    goods: Sequence[tuple[int, str]]
    grams: int

    @property
    def code(self) -> str:
        """The number of the parcel, as its QR says it."""
        return f"{self.number}/{self.position}"


def drawn(label: Label, paper: str) -> bytes:
    """The file's bytes; the same label gives the same bytes."""
    wide, high = PAPERS[paper]
    kept = io.BytesIO()
    canvas = Canvas(kept, pagesize=(wide, high), invariant=1)
    canvas.setTitle(f"{_('Label')} {label.code}")
    canvas.setAuthor("Lumbung")
    left, bottom = (0.0, 0.0) if paper == "label" else (10 * mm, high - HIGH - 10 * mm)
    if paper != "label":
        canvas.setDash(3, 3)
        canvas.rect(left, bottom, WIDE, HIGH)
        canvas.setDash()
    _draw(canvas, label, left, bottom)
    canvas.showPage()
    canvas.save()
    return kept.getvalue()


def _draw(canvas: Canvas, label: Label, left: float, bottom: float) -> None:
    """The QR and number on top, then whom it is for; what is too long is made smaller."""
    top = bottom + HIGH - EDGE
    papers.qr(label.code, QR_SIDE).drawOn(canvas, left + EDGE, top - QR_SIDE)
    beside = left + EDGE + QR_SIDE
    _fill(canvas, _head(label), (beside, top - QR_SIDE, WIDE - 2 * EDGE - QR_SIDE, QR_SIDE))
    canvas.line(left + EDGE, top - QR_SIDE - mm, left + WIDE - EDGE, top - QR_SIDE - mm)
    high = HIGH - 2 * EDGE - QR_SIDE - 2 * mm
    _fill(canvas, _body(label), (left + EDGE, bottom + EDGE, WIDE - 2 * EDGE, high))


def _fill(canvas: Canvas, story: list[Flowable], box: tuple[float, float, float, float]) -> None:
    frame = Frame(*box, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    frame.addFromList([KeepInFrame(box[2], box[3], story, mode="shrink")], canvas)


def _head(label: Label) -> list[Flowable]:
    return [
        text(label.code, NUMBER),
        text(label.service, ParagraphStyle("service", PLAIN, alignment=TA_RIGHT)),
        text(words.berat(label.grams), ParagraphStyle("weight", SMALL, alignment=TA_RIGHT)),
    ]


def _body(label: Label) -> list[Flowable]:
    story: list[Flowable] = [text(_("Untuk"), SMALL), text(label.name, NAME)]
    if label.phone:
        story.append(text(phones.show(label.phone), PLAIN))
    story += [text(line, PLAIN) for line in label.address if line]
    if label.note:
        story.append(text(f"{_('Catatan')}: {label.note}", SMALL))
    if label.cash:
        due = _("Dibayar saat diterima: %(amount)s", amount=words.rupiah(label.cash))
        story += [Spacer(1, 4 * mm), text(due, CASH)]
    story += [Spacer(1, 4 * mm), text(_("Dari"), SMALL), text(label.sender, PLAIN)]
    story += [text(label.sender_district, SMALL), Spacer(1, 3 * mm), text(_("Isi"), SMALL)]
    return story + [text(f"{pieces} × {name}", SMALL) for pieces, name in label.goods]
