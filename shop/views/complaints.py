"""Complaints: anybody writes and follows one, the operator answers."""

from typing import TypeVar
from uuid import uuid4

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from core import limits, visitor
from core.access import holds, public
from core.config import settings
from core.db import db
from core.errors import Conflict, DomainError, TooMany
from core.paging import page_asked, words_asked
from core.rights import OPERATE
from core.web import say
from core.words import wa_link
from shop import complaint_desk, complaints
from shop.complaint_desk import Whole
from shop.complaint_states import TOPICS, WORDS, State
from shop.settings import ShopSettings
from shop.views.complaint_forms import AnswerForm, ComplaintForm, WordForm

bp = Blueprint("complaints", __name__)
F = TypeVar("F", ComplaintForm, WordForm, AnswerForm)

HOUR_SECONDS = 3_600


@bp.route("/aduan", methods=["GET", "POST"])
@public
def new() -> str | AnyResponse | tuple[str, int]:
    """Write a complaint; a visitor who has signed in also sees those she wrote before."""
    form = ComplaintForm()
    status = 200
    if form.validate_on_submit():
        try:
            _spend("new", settings(ShopSettings).complaint_tries)
            code = complaints.open_complaint(
                actor=visitor.actor(), act_id=form.act_id.data, told=form.told()
            )
        except (Conflict, TooMany) as refused:
            status = _refuse(form, refused)
        else:
            return redirect(url_for("complaints.show", code=code), code=303)
    elif request.method == "GET":
        form.topic.data = request.args.get("tentang")
        form.order_number.data = request.args.get("pesanan", "")[: form.order_number.longest]
    mine = complaint_desk.list_of(db.session(), visitor.actor())
    page = render_template(
        "shop/complaint_new.html",
        form=form,
        mine=mine,
        words=WORDS,
        topics=TOPICS,
        rules=settings(ShopSettings),
    )
    return page, status


@bp.route("/aduan/<code>", methods=["GET", "POST"])
@public
def show(code: str) -> Response | AnyResponse:
    """One ticket and its conversation; whoever has the link is its complainer."""
    whole = complaint_desk.by_code(db.session(), code)
    form = WordForm()
    status = 200
    if form.validate_on_submit():
        try:
            _spend("word", settings(ShopSettings).complaint_words)
            complaints.write_more(
                actor=visitor.actor(), act_id=form.act_id.data, code=code, words=form.words.data
            )
        except (Conflict, TooMany, complaints.LongTalk) as refused:
            status = _refuse(form, refused)
        else:
            say(_("Balasan sudah kami terima."))
            return redirect(url_for("complaints.show", code=code), code=303)
    page = render_template("shop/complaint_show.html", form=form, **_shown(whole))
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@bp.get("/kelola/aduan")
@holds(OPERATE)
def desk() -> str:
    """All complaints, those that wait for us first."""
    words = words_asked()
    page = complaint_desk.list_for_operator(
        db.session(), visitor.actor(), words=words, page=page_asked()
    )
    return render_template(
        "shop/complaint_desk.html", page=page, typed=words, words=WORDS, topics=TOPICS
    )


@bp.route("/kelola/aduan/<int:complaint_id>", methods=["GET", "POST"])
@holds(OPERATE)
def handle(complaint_id: int) -> str | AnyResponse | tuple[str, int]:
    """Read one complaint, answer it, close it."""
    whole = complaint_desk.get_for_operator(db.session(), visitor.actor(), complaint_id)
    form = AnswerForm()
    status = 200
    if form.validate_on_submit():
        try:
            complaints.answer(
                actor=visitor.actor(),
                act_id=form.act_id.data,
                complaint_id=complaint_id,
                words=form.words.data,
                is_last=form.is_last.data,
            )
        except Conflict as refused:
            status = _refuse(form, refused)
        else:
            say(_("Aduan ditutup.") if form.is_last.data else _("Jawaban terkirim."))
            return redirect(url_for("complaints.handle", complaint_id=complaint_id), code=303)
    phone = whole.contact.phone
    greeting = _("Salam dari Lumbung, tentang aduan %(number)s.", number=whole.complaint.number)
    page = render_template(
        "shop/complaint_handle.html",
        form=form,
        contact=whole.contact,
        whatsapp=wa_link(greeting, phone) if phone else "",
        **_shown(whole),
    )
    return page, status


@bp.route("/kelola/aduan/<int:complaint_id>/hapus-kontak", methods=["GET", "POST"])
@holds(OPERATE)
def erase_contact(complaint_id: int) -> str | AnyResponse:
    """Ask once more, then forget how to reach the complainer."""
    whole = complaint_desk.get_for_operator(db.session(), visitor.actor(), complaint_id)
    if request.method == "POST":
        complaints.erase_contact(actor=visitor.actor(), complaint_id=complaint_id)
        say(_("Data kontak sudah dihapus."))
        return redirect(url_for("complaints.handle", complaint_id=complaint_id), code=303)
    return render_template("shop/complaint_erase.html", complaint=whole.complaint)


def _shown(whole: Whole) -> dict[str, object]:
    complaint = whole.complaint
    word, kind = WORDS[complaint.state]
    return {
        "complaint": complaint,
        "messages": whole.messages,
        "topic": TOPICS[complaint.topic],
        "state_word": word,
        "state_kind": kind,
        "is_closed": complaint.state == State.CLOSED,
        "has_contact": bool(whole.contact.phone or whole.contact.email),
    }


def _spend(what: str, most: int) -> None:
    """Count one sending of this network address."""
    limits.spend(key=f"complaint-{what}:{request.remote_addr}", most=most, seconds=HOUR_SECONDS)


def _refuse(form: F, refused: DomainError) -> int:
    """Say it above the form and keep what was typed; after a Conflict a new act begins."""
    sentence = str(refused.sentence)
    if isinstance(refused, Conflict):
        form.act_id.data = uuid4()
        sentence = _("Kiriman sebelumnya sudah kami terima. Kirim lagi bila isi ini memang baru.")
    form.form_errors.append(sentence)
    return refused.status
