"""The report as one page of PDF."""

import io

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable, Image, Spacer, Table

from cooperatives.activity import drafting
from core import papers
from core.papers import AMOUNT, CELLS, HEAD, PLAIN, TITLE, UNDER_TITLE, text

PHOTO_WIDTH, PHOTO_HEIGHT = 110 * mm, 75 * mm
COLUMN = 45 * mm


def drawn(
    title: str, group: str, parts: dict[str, str], figures: list[tuple[str, str]], photo: bytes
) -> bytes:
    """The file's bytes; the same report gives the same bytes."""
    story: list[Flowable] = [text(title, TITLE), text(group, UNDER_TITLE), Spacer(1, 4 * mm)]
    if photo:
        story += [_picture(photo), Spacer(1, 3 * mm)]
    for key, said in drafting.headings().items():
        if parts.get(key):
            story += [text(said, HEAD), *(text(line, PLAIN) for line in parts[key].splitlines())]
    if figures:
        rows = [[text(said, PLAIN), text(count, AMOUNT)] for said, count in figures]
        story += [Spacer(1, 4 * mm), Table(rows, [COLUMN, COLUMN], style=CELLS, hAlign="LEFT")]
    return papers.drawn(story, A4, title)


def _picture(photo: bytes) -> Image:
    width, height = ImageReader(io.BytesIO(photo)).getSize()
    scale = min(PHOTO_WIDTH / width, PHOTO_HEIGHT / height)
    return Image(io.BytesIO(photo), width * scale, height * scale)
