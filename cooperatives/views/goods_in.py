"""Goods in: what is offered, what comes, the *nota titip* and the labels for the shelf."""

from typing import Any
from uuid import UUID, uuid4, uuid5

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from cooperatives.receiving import (
    agreeing,
    asked,
    bringers,
    intake,
    note_paper,
    note_photos,
    notes,
    offers,
    shelf_labels,
)
from cooperatives.receiving.shelf_labels import ShelfLabel
from cooperatives.rights import KEEP
from cooperatives.views import which_place
from cooperatives.views.paper_answers import pdf
from core import acts, files, limits, visitor, words
from core.access import holds
from core.db import db
from core.errors import DomainError, NotFound
from core.forms import act_content
from core.keeping import kept_on_phone
from core.label_sheets import PAPERS
from core.people import Person
from core.telling import told
from core.web import say

bp = Blueprint("goods_in", __name__, url_prefix="/kios-kerja/terima")
ONE = "/nota/<uuid:note_id>"
LOOKS_MAX, LOOKS_SECONDS = 60, 3600
NO_NUMBER = -1  # What cannot be read is no number of goods.


@bp.get("")
@holds(KEEP)
@kept_on_phone
def index() -> str:
    """Who comes today, and a form for everybody who brings."""
    return _page()


def _page(owner_id: int = 0, wrong: dict[str, str] | None = None, problem: object = "") -> str:
    session, places = db.session(), which_place.kept()
    place = which_place.chosen(places)
    if place is None:
        return which_place.ask(places, _("Barang masuk"), "goods_in.index")
    said = request.args.get("q", "").strip()[:40]
    waiting = offers.open_at(session, place.id)
    return render_template(
        "cooperatives/goods_in.html",
        place=place,
        several=len(places) > 1,
        said=said,
        owners=bringers.of_place(session, place, said),
        offered=waiting,
        offered_lines=offers.lines_of(session, [one.id for one in waiting]),
        latest=notes.latest_at(session, place.id),
        rates=notes.rates,
        reasons=asked.REASONS,
        fresh=uuid4,
        opened=owner_id,
        typed=request.form if owner_id else {},
        wrong=wrong or {},
        problem=problem,
    )


@bp.post("")
@holds(KEEP)
def take_in() -> str | AnyResponse:
    """One note: what a phone without signal sends later to /kirim."""
    act_id = asked.uuid(request.form.get("act_id")) or uuid4()
    content = act_content(request.form)
    try:
        answer = acts.carry_out(
            actor=visitor.actor(), act_id=act_id, kind=intake.ACT, content=content
        )
    except asked.WrongBoxes as refused:
        return _page(asked.number(content, "owner"), refused.wrong)
    except NotFound:
        raise
    except DomainError as refused:
        return _page(asked.number(content, "owner"), problem=refused.sentence)
    _bring_photo(act_id)
    say(answer["sentence"])
    return redirect(answer["link"], code=303)


def _bring_photo(note_id: UUID) -> None:
    sent = request.files.get("foto")
    if sent is None or not (content := sent.read()):
        return
    photo_id = uuid5(note_id, "foto")
    try:
        note_photos.bring(
            actor=visitor.actor(), note_id=note_id, photo_id=photo_id, content=content
        )
    except DomainError as refused:
        say(str(refused.sentence), "warning")


@bp.post("/tawaran/<uuid:offer_id>/tolak")
@holds(KEEP)
def decline(offer_id: UUID) -> AnyResponse:
    """The kiosk cannot take what was offered; its maker hears why."""
    reason = request.form.get("reason", "")
    _do(offers.decline, _("Pembuatnya sudah diberi tahu."), offer_id=offer_id, reason=reason)
    return redirect(url_for("goods_in.index", kios=request.args.get("kios")), code=303)


@bp.get(ONE)
@holds(KEEP)
def show(note_id: UUID) -> str:
    """The note, for print and for the owner beside the counter."""
    session = db.session()
    told = notes.get_kept(session, visitor.actor(), note_id)
    return render_template(
        "cooperatives/consign_note.html",
        told=told,
        photos=note_photos.of_note(session, note_id),
        signed=agreeing.signatures(session, told.note),
        phone=_phone(told) is not None,
        papers=PAPERS,
        kept=True,
    )


@bp.get(f"{ONE}/cetak")
@holds(KEEP)
def paper(note_id: UUID) -> Response:
    """The note as PDF."""
    told = notes.get_kept(db.session(), visitor.actor(), note_id)
    return pdf(note_paper.drawn(told), f"nota-{told.note.number}")


@bp.get(f"{ONE}/label")
@holds(KEEP)
def labels(note_id: UUID) -> AnyResponse:
    """Labels for the shelf, one for each pack; `?kertas=` says on what."""
    told = notes.get_kept(db.session(), visitor.actor(), note_id)
    asked_for = [
        ShelfLabel(row.code, row.name, told.owner.store_name, row.batch, row.best_before,
                   row.quantity)
        for row in told.rows
        if row.quantity
    ]  # fmt: skip
    pieces = sum(label.pieces for label in asked_for)
    if not 0 < pieces <= shelf_labels.PIECES_MAX:
        most = shelf_labels.PIECES_MAX
        say(_("Label dicetak dari 1 sampai %(most)s sekali cetak.", most=most), "warning")
        return redirect(url_for("goods_in.show", note_id=note_id), code=303)
    sheet = request.args.get("kertas", "a4")
    title = _("Label %(number)s", number=told.note.number)
    drawn = shelf_labels.drawn(asked_for, sheet if sheet in PAPERS else "a4", title)
    return pdf(drawn, f"label-{told.note.number}")


@bp.get(f"{ONE}/wa")
@holds(KEEP)
def message(note_id: UUID) -> AnyResponse:
    """Lead on to WhatsApp with the note as text; the owner's number stands on no page of ours."""
    actor = visitor.actor()
    told = notes.get_kept(db.session(), actor, note_id)
    limits.spend(key=f"note:{actor.person_id}", most=LOOKS_MAX, seconds=LOOKS_SECONDS)
    return redirect(words.wa_link(notes.whatsapp(told), _phone(told)), code=303)


def _phone(told: notes.Paper) -> str | None:
    if told.owner.person_id is None:
        return None
    return db.session().get_one(Person, told.owner.person_id).phone


@bp.post(f"{ONE}/betulkan")
@holds(KEEP)
def correct(note_id: UUID) -> AnyResponse:
    """A number was written down wrongly."""
    typed = request.form.get("quantity", "")
    quantity = int(typed[:9]) if typed.isascii() and typed.isdigit() else NO_NUMBER
    line = asked.number(request.form, "line")
    said = _("Jumlahnya dibetulkan. Pemiliknya diberi tahu.")
    _do(intake.correct, said, note_id=note_id, line=line, quantity=quantity)
    return _back(note_id)


@bp.post(f"{ONE}/jawab")
@holds(KEEP)
def answer(note_id: UUID) -> AnyResponse:
    """Answer what does not fit."""
    said = request.form.get("words", "")
    _do(agreeing.answer, _("Jawaban dikirim."), note_id=note_id, words=said)
    return _back(note_id)


@bp.post(f"{ONE}/cap")
@holds(KEEP)
def sign(note_id: UUID) -> AnyResponse:
    """The photo of a thumb print or signature on the paper."""
    notes.get_kept(db.session(), visitor.actor(), note_id)  # Before any byte is stored.
    sent = request.files.get("foto")
    content = sent.read() if sent else b""
    _do(agreeing.sign, _("Cap jempol tersimpan."), note_id=note_id, photo=content)
    return _back(note_id)


@bp.get(f"{ONE}/cap/<uuid:file_id>")
@holds(KEEP)
def signature(note_id: UUID, file_id: UUID) -> Response:
    """What was signed, for the keeper's eyes."""
    told = notes.get_kept(db.session(), visitor.actor(), note_id)
    return signed_file(told.note, file_id)


def signed_file(note: Any, file_id: UUID) -> Response:
    """The private picture of a signature; whoever calls has checked who asks. Raises NotFound."""
    found = next((f for f in agreeing.signatures(db.session(), note) if f.id == file_id), None)
    if found is None:
        raise NotFound
    response = make_response(files.read(found))
    response.mimetype = found.content_type
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _do(deed: Any, done: str, **said: Any) -> None:
    with told(done):
        deed(actor=visitor.actor(), **said)


def _back(note_id: UUID) -> AnyResponse:
    return redirect(url_for("goods_in.show", note_id=note_id), code=303)
