"""QR codes drawn into a page, for whoever holds a paper or another phone."""

import segno
from markupsafe import Markup


def svg(text: str, title: str) -> Markup:
    """A QR code as inline SVG with a name for screen readers; never a Micro QR, few can read it."""
    drawn = segno.make_qr(text, error="m")
    picture = drawn.svg_inline(
        scale=4, border=4, title=title, svgclass="qr", lineclass=None, light="#FFF"
    )
    return Markup(picture)  # noqa: S704  (its one text, the title, is escaped by segno)
