"""Labels as PDF: many on sheets of A4 with lines to cut along, or one by one on a roll.

Nothing is shrunk: a label is as high as its content. Each drawing is kept once in the file,
however many pieces there are, and the same labels give the same bytes.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, TableStyle

SHEET_EDGE = 8 * mm
HEIGHT_MAX = A4[1] - 2 * SHEET_EDGE
BESIDE = TableStyle(  # Words, and a code beside them.
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

    @property
    def inside(self) -> float:
        """How wide its content may be."""
        return self.width - 2 * self.edge


PAPERS = {
    "a4": Paper((A4[0] - 2 * SHEET_EDGE) / 2, 4 * mm),
    "80": Paper(80 * mm, 4 * mm),
    "58": Paper(58 * mm, 5 * mm),
}


class Batch(NamedTuple):
    """One label, and how often it is wanted."""

    story: Sequence[Flowable]
    pieces: int


def drawn(title: str, batches: Sequence[Batch], paper: str) -> bytes:
    """The file's bytes."""
    kept, size = io.BytesIO(), PAPERS[paper]
    canvas = Canvas(kept, invariant=1)
    canvas.setTitle(title)
    canvas.setAuthor("Lumbung")
    highs = [_keep(canvas, f"label{n}", one.story, size) for n, one in enumerate(batches)]
    wanted = [f"label{n}" for n, one in enumerate(batches) for _piece in range(one.pieces)]
    if paper == "a4":
        _sheets(canvas, size, max(highs), wanted)
    else:
        for name in wanted:
            canvas.setPageSize((size.width, highs[int(name.removeprefix("label"))]))
            canvas.doForm(name)
            canvas.showPage()
    canvas.save()
    return kept.getvalue()


def _keep(canvas: Canvas, name: str, story: Sequence[Flowable], paper: Paper) -> float:
    """Draw the label once as a form of the file; answers with its height."""
    heights = [flowable.wrap(paper.inside, HEIGHT_MAX)[1] for flowable in story]
    high = sum(heights) + 2 * paper.edge
    canvas.beginForm(name, 0, 0, paper.width, high)
    top = high - paper.edge
    for flowable, height in zip(story, heights, strict=True):
        top -= height
        flowable.drawOn(canvas, paper.edge, top)
    canvas.endForm()
    return high


def _sheets(canvas: Canvas, paper: Paper, high: float, wanted: Sequence[str]) -> None:
    """Two columns, as many rows as fit, with lines to cut along."""
    rows = max(1, int(HEIGHT_MAX // high))
    for first in range(0, len(wanted), 2 * rows):
        canvas.setPageSize(A4)
        canvas.setDash(2, 2)
        canvas.setLineWidth(0.4)
        for place, name in enumerate(wanted[first : first + 2 * rows]):
            left = SHEET_EDGE + place % 2 * paper.width
            bottom = A4[1] - SHEET_EDGE - (place // 2 + 1) * high
            canvas.rect(left, bottom, paper.width, high)
            canvas.saveState()
            canvas.translate(left, bottom)
            canvas.doForm(name)
            canvas.restoreState()
        canvas.showPage()
