"""What the papers of the house (PDF) share: text that every reader's fonts have, and QR codes."""

from xml.sax.saxutils import escape

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph


def text(value: object, style: ParagraphStyle) -> Paragraph:
    """A paragraph of what people typed: markup is none, and letters fonts lack become `?`."""
    known = str(value).encode("cp1252", "replace").decode("cp1252")
    return Paragraph(escape(known), style)


def qr(content: str, side: float) -> Drawing:
    """A square with a QR code that stands some dirt."""
    widget = QrCodeWidget(content, barLevel="M", barWidth=side, barHeight=side, barBorder=2)
    drawing = Drawing(side, side)
    drawing.add(widget)
    return drawing
