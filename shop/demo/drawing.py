"""Pictures of the demo world, drawn by us: one for each product, seller, group and kiosk."""

from importlib import resources

import resvg_py

from core.images import WIDTHS


def render(key: str) -> bytes:
    """The drawing of a demo key (p01, s01, kop-giri …) as a PNG, as wide as the widest photo, 4:3.

    Raises FileNotFoundError where nothing is drawn for the key.
    """
    drawing = resources.files("shop.demo").joinpath(f"drawings/{key}.svg").read_text("utf-8")
    # No letters are drawn, so no fonts are looked for: every machine paints the same pixels.
    painted: bytes = resvg_py.svg_to_bytes(
        svg_string=drawing, width=WIDTHS[0], skip_system_fonts=True
    )
    return painted
