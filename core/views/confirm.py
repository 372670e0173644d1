"""Asking once more who it is (core/second_factor.py), and then on to where she was going."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import code_ways, codes, passkeys, people, signin, visitor
from core.access import signed_in, while_paused
from core.clock import now
from core.db import db
from core.forms import CodeForm, ConfirmForm
from core.second_factor import Ask, Ways, has_shown_pin, is_fresh, ways_of
from core.signin import Proof
from core.views.account import is_my_pin
from core.views.codes import KEY, address
from core.visitor import Visitor
from core.web import safe_next

bp = Blueprint("confirm", __name__)


def _ask() -> Ask:
    """What is to be shown. The next page's gate looks again: a made-up word opens nothing."""
    return Ask.PIN if request.args.get("hal") == Ask.PIN else Ask.FACTOR


def _me() -> Visitor:
    found = visitor.visitor()
    assert found is not None
    return found


def _this_page() -> str:
    return url_for("confirm.show", lanjut=request.args.get("lanjut"), hal=_ask())


def _onward() -> str:
    return safe_next(request.args.get("lanjut"))


def _missed() -> None:
    signin.miss(actor=visitor.actor(), sign_in_id=_me().sign_in_id, towards=_onward())


def _note(proof: Proof) -> Response:
    signin.prove(actor=visitor.actor(), sign_in_id=_me().sign_in_id, proof=proof)
    visitor.look_again()
    return redirect(_onward() if is_fresh(_ask()) else _this_page(), code=303)


@bp.route("/akun/pastikan", methods=["GET", "POST"])
@signed_in
@while_paused
def show() -> str | Response:
    """Her PIN first, then a code where the next page moves money; and on to that page."""
    form = ConfirmForm()
    if form.validate_on_submit():
        if is_my_pin(form.pin.data):
            return _note(Proof.PIN)
        _missed()
        form.pin.errors = [_("PIN belum cocok.")]
    if is_fresh(_ask()):
        return redirect(_onward(), code=303)
    return _page(form, CodeForm(None))


@bp.post("/akun/pastikan/kode-baru")
@signed_in
def ask_code() -> Response:
    """Send a code to her own number."""
    actor = visitor.actor()
    phone = people.get_person(db.session(), _me().person_id).phone
    if phone and codes.may_be_sent(db.session()):
        codes.count(phone=phone, address=address(), person_id=actor.person_id)
        session[KEY] = codes.ask(actor=actor, phone=phone)
    return redirect(_this_page(), code=303)


@bp.post("/akun/pastikan/kode")
@signed_in
def give_code() -> str | Response:
    """The code that came to her phone."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            token = session.get(KEY, "")
            codes.prove(actor=visitor.actor(), token=token, code=form.code.data)
        except (codes.WrongCode, codes.CodeOver) as wrong:
            _missed()
            form.code.errors = [wrong.sentence]
        else:
            session.pop(KEY, None)
            return _note(Proof.CODE)
    return _page(ConfirmForm(None), form)


def _page(form: ConfirmForm, code_form: CodeForm) -> str:
    me = _me()
    trusted_from = me.proofs.pin_trusted_from if _ask() is Ask.FACTOR else None
    ways = ways_of(db.session(), me.person_id) if _ask() is Ask.FACTOR else Ways()
    person = people.get_person(db.session(), me.person_id)
    return render_template(
        "core/confirm.html",
        form=form,
        code_form=code_form,
        person=person,
        ways=ways,
        wait=trusted_from if trusted_from and trusted_from > now() else None,
        needs_pin=not has_shown_pin(me.proofs, now()),
        has_passkey=bool(passkeys.list_of(db.session(), me.person_id)),
        is_sent=KEY in session,
        may_be_sent=ways.code and codes.may_be_sent(db.session()),
        at_home=code_ways.is_shown_at_home(),
        where={"lanjut": request.args.get("lanjut"), "hal": _ask()},
    )
