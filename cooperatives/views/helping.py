"""Titip Tangan: whom I help, what was agreed to, working for her, what was done, and its end."""

from datetime import datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from cooperatives import help_desk, help_words
from cooperatives.rights import COORDINATE
from cooperatives.views.help_forms import EndForm, MandateForm
from core import clock, files, images, limits, people, tasks, visitor, words
from core.access import holds, signed_in
from core.actors import Actor
from core.config import settings
from core.db import db
from core.errors import DomainError, NotFound
from core.web import say
from sellers.helping import deeds, mandates
from sellers.helping.models import Mandate
from sellers.helping.settings import HelpSettings
from sellers.models import Seller
from sellers.rights import SELL

bp = Blueprint("help", __name__)
ONE = "/titip-tangan/<int:mandate_id>"
LOOKS_MAX, LOOKS_SECONDS = 30, 3600
WEEKS_MAX = 60


@bp.get("/titip-tangan")
@signed_in
def index() -> str:
    """Whom I help and what waits for each, who helps me, and, for a coordinator, all the others."""
    actor = visitor.actor()
    found = help_desk.list_mandates(db.session(), actor)
    return render_template(
        "cooperatives/help_list.html",
        **found,
        waiting={
            row.id: tasks.list_for(db.session(), Actor(actor.person_id, row.owner_id))
            for row in found["i_help"]
            if row.is_alive
        },
        may_record=bool(help_desk.list_shops(db.session(), actor)),
        deeds=_told(deeds.list_for(db.session(), actor.person_id or 0)),
        own_shops=SELL.name in visitor.rights(),
    )


def _told(found: list[deeds.Deed]) -> list[dict[str, Any]]:
    return [
        {"deed": one, "sentence": help_words.sentence(one), "change": help_words.change(one)}
        for one in found
    ]


@bp.route("/titip-tangan/baru", methods=["GET", "POST"])
@holds(SELL, COORDINATE)
def new() -> str | AnyResponse:
    """Agree on what is allowed, read it aloud, and keep her voice or the print of her thumb."""
    actor = visitor.actor()
    shops = help_desk.list_shops(db.session(), actor)
    form = MandateForm(shop=request.args.get("toko", ""))
    form.shop.offer((row.id, f"{row.name}, {row.store_name}") for row in shops)
    helpers = _helpers(form)
    text = ""
    if form.validate_on_submit():
        text = _read(form, helpers)
    if text and form.agreed.data and (made := _recorded(form, int(form.who.data), text)):
        say(_("Izin sudah dicatat dan langsung berlaku."))
        return redirect(url_for("help.show", mandate_id=made.id), code=303)
    return render_template("cooperatives/help_new.html", form=form, text=text, helpers=helpers)


def _helpers(form: MandateForm) -> list[Any]:
    """Those who can be reached at the typed number; one of them is chosen at once."""
    form.who.offer([])
    form.who.validate_choice = False
    if not form.is_submitted() or not form.phone.validate(form):
        return []
    key = f"help-phone:{visitor.actor().person_id}"
    limits.spend(key=key, most=LOOKS_MAX, seconds=LOOKS_SECONDS)
    found = people.list_with_phone(db.session(), form.phone.data)
    form.who.offer((one.id, one.call_me) for one in found)
    if len(found) == 1:
        form.who.data = str(found[0].id)
    return found


def _read(form: MandateForm, helpers: list[Any]) -> str:
    """The text to read aloud, or nothing where something lacks; that is said beside its box."""
    if not helpers:
        form.phone.errors = [_("Nomor ini belum terdaftar. Yang membantu perlu akun dulu.")]
        return ""
    if form.who.data not in {str(one.id) for one in helpers}:
        form.who.errors = [_("Beberapa orang memakai nomor ini. Pilih namanya.")]
        return ""
    terms = form.terms(int(form.who.data))
    try:
        shop = help_desk.get_shop(db.session(), visitor.actor(), form.shop.chosen or 0)
        mandates.check(visitor.actor(), shop, terms)
        return mandates.text_of(db.session(), shop, terms)
    except mandates.REFUSALS as refused:
        box = {mandates.BadDay: form.until, mandates.NothingAllowed: form.parts}
        box |= {mandates.WitnessNeeded: form.witness}
        box.get(type(refused), form.phone).errors = [refused.sentence]
        return ""


def _recorded(form: MandateForm, helper_id: int, text: str) -> Mandate | None:
    """The mandate, or None where its proof is not there or cannot be kept."""
    content = form.proof.data
    if not content or len(content) > settings(HelpSettings).consent_bytes_max:
        form.proof.errors = [_("Kirim rekaman suara atau foto cap jempol, paling besar 2 MB.")]
        return None
    is_voice = files.kind_of(content).startswith("audio/")
    terms = form.terms(helper_id, "voice" if is_voice else "thumb")
    stored = None
    try:
        stored = files.store(content if is_voice else images.plain(content))
        return help_desk.record(
            actor=visitor.actor(), seller_id=form.shop.chosen or 0, terms=terms,
            proof=stored, text=text,
        )  # fmt: skip
    except DomainError as refused:
        form.proof.errors = [refused.sentence]
        if stored is not None:
            files.drop(db.session(), stored)
        return None


def _asked(mandate_id: int) -> Mandate:
    return help_desk.get_mandate(db.session(), visitor.actor(), mandate_id)


@bp.get(ONE)
@signed_in
def show(mandate_id: int) -> str:
    """What was agreed to, and all that was done by it."""
    mandate, actor = _asked(mandate_id), visitor.actor()
    session = db.session()
    (names,) = mandates.listed(session, Mandate.id == mandate_id)
    return render_template(
        "cooperatives/help_one.html",
        mandate=mandate,
        names=names,
        is_mine=mandate.helper_id == actor.person_id,
        speaks=help_desk.speaks_for_owner(session, actor, mandate),
        parts=mandates.parts_of(session, mandate),
        deeds=_told(deeds.list_for(session, mandate.owner_id, helper_id=mandate.helper_id)),
    )


@bp.post(f"{ONE}/mulai")
@signed_in
def begin(mandate_id: int) -> AnyResponse:
    """From now on the helper works for her, until she says that she is done."""
    mandate = _asked(mandate_id)
    (names,) = mandates.listed(db.session(), Mandate.id == mandate_id)
    if mandate.helper_id != visitor.actor().person_id or not names.is_alive:
        say(_("Izin ini sudah tidak berlaku."), "warning")
        return redirect(url_for("help.show", mandate_id=mandate_id), code=303)
    visitor.begin_helping(mandate.owner_id)
    return redirect("/ibu", code=303)


@bp.route(f"{ONE}/cabut", methods=["GET", "POST"])
@signed_in
def end(mandate_id: int) -> str | AnyResponse:
    """It is over at once: said by the owner, by the helper, or by a coordinator on her word."""
    mandate = _asked(mandate_id)
    form = EndForm()
    if form.validate_on_submit():
        help_desk.end(actor=visitor.actor(), mandate_id=mandate_id, reason=form.reason.data)
        say(_("Izin sudah dicabut. Mulai sekarang tidak berlaku lagi."))
        return redirect(url_for("help.show", mandate_id=mandate_id), code=303)
    (names,) = mandates.listed(db.session(), Mandate.id == mandate_id)
    return render_template("cooperatives/help_end.html", form=form, mandate=mandate, names=names)


@bp.get(f"{ONE}/bukti")
@signed_in
def proof(mandate_id: int) -> Response:
    """The spoken consent or thumb print, as an answer that nobody in between keeps."""
    found = help_desk.read_proof(actor=visitor.actor(), mandate_id=mandate_id)
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return Response(files.read(found), content_type=found.content_type, headers=headers)


@bp.get(f"{ONE}/laporan")
@signed_in
def statement(mandate_id: int) -> str:
    """What was done in a week: to print with a line for her thumb, to send, to read aloud."""
    mandate = _asked(mandate_id)
    (names,) = mandates.listed(db.session(), Mandate.id == mandate_id)
    ago = min(max(request.args.get("lalu", 0, type=int), 0), WEEKS_MAX)
    today = clock.today()
    monday = today - timedelta(days=today.weekday() + 7 * ago)
    since = datetime.combine(monday, time(), clock.WIB)
    found = deeds.list_for(
        db.session(), mandate.owner_id, helper_id=mandate.helper_id,
        since=since, until=since + timedelta(days=7),
    )  # fmt: skip
    title = _("Bantuan %(helper)s untuk %(owner)s, minggu %(day)s.",
              helper=names.helper, owner=names.owner, day=words.tanggal(monday))  # fmt: skip
    text = help_words.whatsapp(title, found)
    return render_template(
        "cooperatives/help_statement.html",
        mandate=mandate, names=names, title=title, ago=ago, text=text,
        lines=[help_words.line(one) for one in reversed(found)],
        whatsapp=words.wa_link(text),
    )  # fmt: skip


@bp.post("/titip-tangan/perbuatan/<int:audit_id>/batal")
@signed_in
def undo(audit_id: int) -> AnyResponse:
    """What a helper did is taken back, on the owner's word."""
    try:
        mandate_id = help_desk.undo(actor=visitor.actor(), audit_id=audit_id)
    except NotFound:
        raise
    except DomainError as refused:
        say(str(refused.sentence), "warning")
        return redirect(url_for("help.index"), code=303)
    say(_("Sudah dikembalikan seperti semula."))
    return redirect(url_for("help.show", mandate_id=mandate_id), code=303)


@bp.post("/ibu/bantuan/minta")
@holds(SELL)
def ask() -> AnyResponse:
    """She wants help with selling; her coordinator is asked."""
    session, actor = db.session(), visitor.actor()
    mine = session.query(Seller.id).filter(Seller.person_id == actor.person_id)
    seller_id = mine.filter(Seller.closed_at.is_(None)).order_by(Seller.id).limit(1).scalar()
    if seller_id is None:
        raise NotFound
    help_desk.ask_for_help(actor=actor, seller_id=seller_id)
    say(_("Permintaan sudah sampai ke koordinator."))
    return redirect(url_for("help.index"), code=303)
