"""Where phones send what they kept without signal, and the page that shows what still waits."""

from dataclasses import asdict

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from core import acts, conflicts, envelopes, visitor
from core.access import signed_in
from core.assets import Assets
from core.db import db
from core.delivery import deliver
from core.keeping import kept_on_phone

bp = Blueprint("sending", __name__)


def _me() -> int:
    person_id = visitor.actor().person_id
    assert person_id is not None
    return person_id


@bp.get("/kirim")
@signed_in
def ask() -> Response:
    """What a phone must know before it sends: who is signed in, a token, and our version."""
    assets: Assets = current_app.extensions["assets"]
    return jsonify(person=_me(), token=generate_csrf(), version=assets.version)


@bp.post("/kirim")
@signed_in
def receive() -> Response:
    """Carry out a phone's acts, each for itself, and answer each."""
    acts = envelopes.opened(request.get_data(cache=False))
    return jsonify(answers=[asdict(answer) for answer in deliver(visitor.actor(), acts)])


@bp.get("/akun/kiriman")
@signed_in
@kept_on_phone
def index() -> str:
    """What waits on this phone (its own script fills that in), and what did not fit."""
    return render_template(
        "core/sending.html",
        conflicts=conflicts.list_open(db.session(), _me()),
        menders=acts.menders(),
    )


@bp.post("/akun/kiriman/<int:conflict_id>/selesai")
@signed_in
def put_away(conflict_id: int) -> Response:
    """She has looked at what did not fit."""
    conflicts.put_away(actor=visitor.actor(), conflict_id=conflict_id)
    return redirect(url_for("sending.index"), code=303)
