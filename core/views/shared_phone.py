"""A phone that several women use: locking it, opening it again, and changing over."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import limits, people, shared_phone, signin, visitor
from core.access import public, signed_in, while_paused
from core.actors import Actor
from core.config import settings
from core.db import db
from core.forms import WhoForm
from core.people import Person
from core.settings import CoreSettings
from core.shared_phone import this_phone
from core.signin import Proof
from core.views.account import WINDOW_SECONDS, enter
from core.web import safe_next, say

bp = Blueprint("shared_phone", __name__)


@bp.post("/kunci")
@signed_in
@while_paused
def lock() -> Response:
    """Lock this sign-in: one tap, and nobody sees whose it is unless she wished so."""
    found = visitor.visitor()
    assert found is not None
    signin.lock(actor=visitor.actor(), sign_in_id=found.sign_in_id)
    visitor.look_again()
    return redirect(url_for("shared_phone.who"), code=303)


@bp.route("/siapa", methods=["GET", "POST"])
@public
@while_paused
def who() -> str | Response:
    """Siapa Ibu? Those whom this phone knows, and the one who locked it; then her PIN."""
    locked = visitor.locked()
    here = shared_phone.list_here(db.session(), this_phone()) if this_phone() else []
    onward = request.args.get("lanjut")
    if locked is None and not here:
        return redirect(url_for("account.sign_in", siapa="lain", lanjut=onward), code=303)
    form = WhoForm()
    chosen = request.args.get("ibu") or form.who.data or ""
    person_id = _chosen(chosen, here, locked)
    if person_id and form.validate_on_submit():
        if _is_pin_of(person_id, form.pin.data):
            return _open_for(person_id, locked)
        form.pin.errors = [_("PIN belum cocok.")]
    name = next((row.call_me for row in here if row.person_id == person_id), "")
    return render_template(
        "core/who_here.html", form=form, known=here, locked=locked, chosen=chosen,
        person_id=person_id, name=name, onward=onward,
    )  # fmt: skip


def _chosen(chosen: str, here: list[object], locked: visitor.Locked | None) -> int | None:
    """Whom she has tapped. A number of a row on another phone names nobody."""
    if chosen == "terkunci" and locked:
        return locked.person_id
    return next((row.person_id for row in here if str(row.id) == chosen), None)  # type: ignore[attr-defined]


def _is_pin_of(person_id: int, pin: str) -> bool:
    """Her PIN, with a count of tries for this phone: strangers elsewhere cannot use it up."""
    key = f"here:{signin.digest(this_phone()).hex()[:16]}:{person_id}"
    limits.spend(key=key, most=settings(CoreSettings).pin_tries, seconds=WINDOW_SECONDS)
    is_hers = signin.is_own_pin(people.get_person(db.session(), person_id), pin)
    if is_hers:
        limits.forget(key=key)
    return is_hers


def _open_for(person_id: int, locked: visitor.Locked | None) -> Response:
    shared_phone.note_use(actor=Actor(person_id), device=this_phone())
    if locked and locked.person_id == person_id:
        signin.unlock(actor=Actor(person_id), sign_in_id=locked.sign_in_id)
        visitor.look_again()
        return redirect(safe_next(request.args.get("lanjut")), code=303)
    person: Person = people.get_person(db.session(), person_id)
    return enter(person, Proof.PIN)


@bp.post("/akun/ingat")
@signed_in
def remember() -> Response:
    """Show how I am called on this phone, so that changing over is quick."""
    shared_phone.remember_her(visitor.actor())
    say(_("HP ini mengingat Anda. Panggilan Anda tampil saat HP dikunci."))
    return redirect(url_for("account.me"), code=303)


@bp.post("/akun/lupakan")
@signed_in
def forget() -> Response:
    """Do not show me on this phone any more."""
    shared_phone.forget(actor=visitor.actor(), device=this_phone())
    say(_("HP ini tidak lagi menampilkan panggilan Anda."))
    return redirect(url_for("account.me"), code=303)
