"""The *nota titip* as PDF: for the owner's box of papers, with room for her name or her thumb."""

import io
from collections.abc import Sequence

from flask_babel import force_locale
from flask_babel import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from cooperatives.receiving.notes import Paper, Row
from core import words
from core.papers import text

SMALL = ParagraphStyle("small", fontName="Helvetica", fontSize=8.5, leading=11)
BOLD = ParagraphStyle("bold", SMALL, fontName="Helvetica-Bold")
TITLE = ParagraphStyle("title", BOLD, fontSize=14, leading=18)
EDGE = 10 * mm
COLUMNS = [46 * mm, 14 * mm, 23 * mm, 23 * mm, 22 * mm]
LINED = TableStyle(
    [
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.black),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
    ]
)
BOXED = TableStyle([("BOX", (0, 0), (0, 0), 0.6, colors.black),
                    ("BOX", (1, 0), (1, 0), 0.6, colors.black)])  # fmt: skip


def drawn(told: Paper) -> bytes:
    """The file's bytes; the same note gives the same bytes."""
    kept = io.BytesIO()
    with force_locale("id"):
        title = _("Nota titip %(number)s", number=told.note.number)
        page = SimpleDocTemplate(
            kept, pagesize=A5, title=title, author="Lumbung", invariant=1,
            leftMargin=EDGE, rightMargin=EDGE, topMargin=EDGE, bottomMargin=EDGE,
        )  # fmt: skip
        page.build(_story(told, title))
    return kept.getvalue()


def _story(told: Paper, title: str) -> list[Flowable]:
    return [
        text(title, TITLE),
        text(_("%(place)s menerima dari %(owner)s, %(day)s.", place=told.place.name,
               owner=told.owner.store_name, day=words.tanggal(told.note.received_at)), SMALL),
        Spacer(1, 3 * mm),
        Table(_table(told.rows), COLUMNS, style=LINED, repeatRows=1),
        Spacer(1, 3 * mm),
        *_more(told),
        *_terms(told),
        Spacer(1, 4 * mm),
        Table([[text(_("Pemilik: tanda tangan atau cap jempol"), SMALL),
                text(_("Penjaga kios: %(name)s", name=told.keeper), SMALL)]],
              [62 * mm, 62 * mm], [26 * mm], style=BOXED),
    ]  # fmt: skip


def _table(rows: Sequence[Row]) -> list[list[Paragraph]]:
    head = [_("Barang"), _("Masuk"), _("Harga"), _("Untuk Ibu"), _("Baik sampai")]
    body = [
        [
            text(" ".join(filter(None, (row.name, row.code, row.batch))), SMALL),
            text(row.quantity, BOLD),
            text(words.rupiah(row.price), SMALL),
            text(words.rupiah(row.for_owner), SMALL),
            text(words.tanggal(row.best_before) if row.best_before else "-", SMALL),
        ]
        for row in rows
        if row.quantity
    ]
    return [[text(word, BOLD) for word in head], *body]


def _more(told: Paper) -> list[Flowable]:
    return [
        text(_("Belum diterima: %(count)s %(name)s. %(reason)s.", count=row.refused,
               name=row.name, reason=row.reason), SMALL)
        for row in told.rows
        if row.refused
    ]  # fmt: skip


def _terms(told: Paper) -> list[Flowable]:
    """What is taken of each sale here; frozen on these goods."""
    return [
        text(_("Aturan titip, tidak berubah untuk barang ini:"), BOLD),
        *(text(line, SMALL) for line in told.rates),
    ]
