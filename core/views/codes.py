"""Coming in by a one-time code: the number, the code, and who it is where a family shares both."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import code_ways, codes, entry, limits, people, recovery, signin, visitor
from core.access import public, signed_in
from core.actors import GUEST, Actor
from core.clock import now
from core.config import settings
from core.db import db
from core.forms import AskCodeForm, CodeForm, NewPinForm, WhoForm
from core.people import Person
from core.settings import CoreSettings
from core.signin import Proof
from core.views.account import enter, spend_try
from core.web import say

bp = Blueprint("code", __name__)
KEY = "code"  # The token by which this browser is known as the one that asked.


def address() -> str:
    """The network address of this visitor, as limits count it."""
    return request.remote_addr or "none"


@bp.route("/masuk/kode", methods=["GET", "POST"])
@public
def ask() -> str | Response:
    """Her number. The answer is the same whether or not anybody has it."""
    form = AskCodeForm()
    is_open = codes.may_be_sent(db.session())
    if is_open and form.validate_on_submit():
        codes.count(phone=form.phone.data, address=address())
        session[KEY] = codes.ask(actor=GUEST, phone=form.phone.data)
        return redirect(url_for("code.write", lanjut=request.args.get("lanjut")), code=303)
    return render_template("core/code_ask.html", form=form, is_open=is_open)


@bp.route("/masuk/kode/tulis", methods=["GET", "POST"])
@public
def write() -> str | Response:
    """The code that came to her phone."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            found = codes.prove(actor=GUEST, token=session.get(KEY, ""), code=form.code.data)
        except (codes.WrongCode, codes.CodeOver) as wrong:
            form.code.errors = [wrong.sentence]
        else:
            return _let_in(found)
    return render_template("core/code_write.html", form=form, at_home=code_ways.is_shown_at_home())


def _let_in(found: codes.OneTimeCode) -> Response:
    """She who is alone at her number, at once; others say who they are."""
    at_it = people.list_with_phone(db.session(), found.phone)
    if len(at_it) == 1 and entry.code_is_enough(db.session(), at_it[0].id):
        codes.note_entered(actor=Actor(at_it[0].id), code_id=found.id)
        to = "" if at_it[0].pin_hash else url_for("code.new_pin")
        return enter(at_it[0], Proof.CODE, to=to)
    return redirect(url_for("code.who", lanjut=request.args.get("lanjut")), code=303)


@bp.route("/masuk/kode/siapa", methods=["GET", "POST"])
@public
def who() -> str | Response:
    """Siapa Ibu? Names are told only to whoever has shown a code of this number."""
    found = codes.find_proved(db.session(), session.get(KEY, ""))
    if found is None:
        return redirect(url_for("code.ask", lanjut=request.args.get("lanjut")), code=303)
    form = WhoForm()
    family = people.list_with_phone(db.session(), found.phone)
    if form.validate_on_submit():
        spend_try(found.phone)
        chosen = _chosen(family, form)
        if chosen and signin.is_own_pin(chosen, form.pin.data):
            limits.forget(key=f"pin:{found.phone}")
            codes.note_entered(actor=Actor(chosen.id), code_id=found.id)
            return enter(chosen, Proof.CODE, Proof.PIN)
        form.pin.errors = [_("PIN belum cocok.") if chosen else _("Pilih nama Anda dulu.")]
    return render_template("core/code_who.html", form=form, family=family)


def _chosen(family: list[Person], form: WhoForm) -> Person | None:
    if len(family) == 1:
        return family[0]
    return next((person for person in family if str(person.id) == form.who.data), None)


@bp.route("/akun/pin/baru", methods=["GET", "POST"])
@signed_in
def new_pin() -> str | Response:
    """A new PIN for her who has just shown a code or a passkey, in place of a forgotten one."""
    found = visitor.visitor()
    assert found is not None
    trusted_from = recovery.trusted_from(db.session(), found)
    if trusted_from is None:
        say(_("Minta kode dulu, lalu buat PIN baru."), "info")
        return redirect(url_for("code.ask", lanjut=url_for("code.new_pin")), code=303)
    form = NewPinForm()
    if form.validate_on_submit():
        recovery.replace_pin(actor=visitor.actor(), pin=form.pin.data, trusted_from=trusted_from)
        person = people.get_person(db.session(), found.person_id)
        return enter(person, greeting=_("PIN baru tersimpan. Perangkat lain sudah keluar."))
    hours = settings(CoreSettings).recovery_hours if trusted_from > now() else 0
    return render_template("core/new_pin.html", form=form, hours=hours)
