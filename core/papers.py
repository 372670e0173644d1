"""What the papers of the house (PDF) share: styles, text in fonts every reader has, QR codes."""

import io
from collections.abc import Sequence
from xml.sax.saxutils import escape

from flask import Response
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, TableStyle

MARGIN, PADDING = 10 * mm, 6  # The frame pads by six points itself.
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


def text(value: object, style: ParagraphStyle) -> Paragraph:
    """A paragraph of what people typed: markup is none, and letters fonts lack become `?`."""
    known = str(value).replace("\N{MINUS SIGN}", "-").encode("cp1252", "replace").decode("cp1252")
    return Paragraph(escape(known), style)


def qr(content: str, side: float) -> Drawing:
    """A square with a QR code that stands some dirt."""
    widget = QrCodeWidget(content, barLevel="M", barWidth=side, barHeight=side, barBorder=2)
    drawing = Drawing(side, side)
    drawing.add(widget)
    return drawing


def width(size: tuple[float, float]) -> float:
    """How wide a table may be on a sheet of this size."""
    return size[0] - 2 * (MARGIN + PADDING)


def drawn(story: Sequence[Flowable], size: tuple[float, float], title: str) -> bytes:
    """A paper as a file; the same story gives the same bytes."""
    kept = io.BytesIO()
    SimpleDocTemplate(
        kept,
        pagesize=size,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=title,
        author="Lumbung",
        invariant=1,
    ).build(list(story))
    return kept.getvalue()


def answer(content: bytes, name: str, kind: str = "application/pdf") -> Response:
    """A paper as a browser gets it: shown in place where it can, and saved under this name."""
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
