"""All papers of members without a phone in one file: a letter for each, then her statements."""

from collections.abc import Sequence

from flask_babel import gettext as _
from reportlab.lib.pagesizes import A5
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, PageBreak, Spacer
from sqlalchemy.orm import Session

from cooperatives.half_hour.papers import Letter
from cooperatives.settling import statement_file, stating
from core import clock, papers
from core.actors import Actor
from core.papers import BOLD, HEAD, PLAIN, SMALL, TITLE, text
from core.words import tanggal


def drawn(db: Session, actor: Actor, letters: Sequence[Letter]) -> bytes:
    """Their papers, each member beginning on a page of her own."""
    story: list[Flowable] = []
    for letter in letters:
        story += [*_letter(letter), PageBreak()]
        for settlement_id in letter.statements:
            statement = stating.for_board(db, actor, settlement_id)
            story += [*statement_file.story_of(statement), PageBreak()]
    return papers.drawn(
        story[:-1] or [text(_("Tidak ada yang menunggu."), PLAIN)],
        A5,
        str(_("Kertas untuk anggota")),
    )


def _letter(letter: Letter) -> list[Flowable]:
    said: list[Flowable] = [
        text(_("Untuk %(name)s", name=letter.name), TITLE),
        text(f"{letter.organisation} · {tanggal(clock.today())}", SMALL),
    ]
    if letter.helpers:
        said.append(text(_("Yang membantu: %(names)s", names=letter.helpers), SMALL))
    if letter.tasks:
        said.append(text(_("Yang menunggu"), HEAD))
        said += [text(f"• {sentence}", PLAIN) for sentence in letter.tasks]
    if letter.news:
        said.append(text(_("Kabar"), HEAD))
        for title, words in letter.news:
            said += [text(title, BOLD), text(words, PLAIN)]
    if letter.statements:
        said.append(text(_("Hitungan uang ada di lembar berikut."), PLAIN))
    said += [Spacer(1, 6 * mm), text(_("Ada pertanyaan? Tanya koordinator."), SMALL)]
    return said
