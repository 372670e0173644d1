"""Asking once more who it is (core/second_factor.py), and then on to where she was going."""

from flask import Blueprint, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import signin, visitor
from core.access import signed_in, while_paused
from core.clock import now
from core.forms import ConfirmForm
from core.second_factor import Ask, is_fresh
from core.signin import Proof
from core.views.account import is_my_pin
from core.web import safe_next

bp = Blueprint("confirm", __name__)


def _ask() -> Ask:
    """What is to be shown. The next page's gate looks again: a made-up word opens nothing."""
    return Ask.PIN if request.args.get("hal") == Ask.PIN else Ask.FACTOR


@bp.route("/akun/pastikan", methods=["GET", "POST"])
@signed_in
@while_paused
def show() -> str | Response:
    """Her PIN, and on to the page that asked for it."""
    form = ConfirmForm()
    found = visitor.visitor()
    assert found is not None
    if form.validate_on_submit():
        if is_my_pin(form.pin.data):
            signin.prove(actor=visitor.actor(), sign_in_id=found.sign_in_id, proof=Proof.PIN)
            visitor.look_again()
        else:
            form.pin.errors = [_("PIN belum cocok.")]
    if is_fresh(_ask()):
        return redirect(safe_next(request.args.get("lanjut")), code=303)
    trusted_from = found.proofs.pin_trusted_from if _ask() is Ask.FACTOR else None
    wait = trusted_from if trusted_from and trusted_from > now() else None
    return render_template("core/confirm.html", form=form, person=found, wait=wait)
