"""Help beside every page of a maker: all guides, their voices, somebody to ask, more to read."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.http import http_date
from werkzeug.wrappers import Response

from cooperatives import whom_to_ask
from core import files, guides, limits, visitor
from core.access import signed_in
from core.db import db
from core.web import say

bp = Blueprint("my_guides", __name__, url_prefix="/ibu/bantuan")
ONE = "/<name>"
TIMES_MAX, TIMES_SECONDS = 30, 60 * 60
VOICE_SECONDS = 60 * 60 * 24


@bp.get("")
@signed_in
def index() -> str:
    """Every guide, and the ways to ask."""
    actor = visitor.acting()
    whom = whom_to_ask.find(db.session(), actor)
    return render_template(
        "cooperatives/my_guides.html",
        shown=guides.list_all(),
        whom=whom.call_me if whom else "",
    )


@bp.post(f"{ONE}/dibuka")
@signed_in
def opened(name: str) -> tuple[str, int]:
    """She has opened the guide on its page: counted, and by whom is not."""
    guides.count(name, "guide")
    return "", 204


@bp.get(f"{ONE}/suara")
@signed_in
def voice(name: str) -> Response:
    """The recording; a phone may ask for it piece by piece, and keeps it for a day."""
    found = guides.find_voice(db.session(), name)
    if request.range is None or request.range.ranges[0][0] == 0:
        guides.count(name, "voice")
    answer = Response(files.read(found), content_type=found.content_type)
    answer.headers["Cache-Control"] = f"private, max-age={VOICE_SECONDS}"
    answer.headers["Last-Modified"] = http_date(found.created_at)
    return answer.make_conditional(request, accept_ranges=True, complete_length=found.bytes)


@bp.get(f"{ONE}/baca")
@signed_in
def read(name: str) -> Response:
    """On to the part of the help page that tells more."""
    guides.count(name, "document")
    return redirect(f"/bantuan#{guides.get(name).chapter}", code=303)


@bp.get(f"{ONE}/tanya")
@signed_in
def ask(name: str) -> Response:
    """On to WhatsApp, to her helper or coordinator; where there is nobody, to the other way."""
    guide, actor = guides.get(name), visitor.acting()
    key = f"ask-helper:{actor.person_id}"
    limits.spend(key=key, most=TIMES_MAX, seconds=TIMES_SECONDS)
    address = whom_to_ask.lead(actor=actor, guide=guide)
    guides.count(name, "person")
    if address is None:
        say(_("Belum ada yang bisa ditanya lewat WhatsApp. Tekan Minta dibantu di bawah."), "info")
        return redirect(url_for("my_guides.index"), code=303)
    return redirect(address, code=303)
