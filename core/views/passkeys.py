"""Passkeys on the pages: coming in, confirming, and keeping one's own keys in order.

The browser's part is static/js/passkeys.js; it fills in the forms of these pages.
"""

from datetime import timedelta

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from core import clock, limits, passkeys, people, second_factor, signin, visitor
from core.access import public, signed_in, while_paused
from core.config import settings
from core.db import db
from core.forms import PasskeyForm, PasskeyNameForm
from core.passkeys import NotThisPasskey
from core.second_factor import Strength, asks_pin, fresh_factor
from core.settings import CoreSettings
from core.views.account import WINDOW_SECONDS, enter
from core.web import safe_next, say

bp = Blueprint("passkey", __name__)
KEY = "passkey"  # The token by which this browser is known as the one that was asked.


def _asked(question: tuple[str, str]) -> Response:
    session[KEY], options = question
    return Response(options, content_type="application/json")


@bp.post("/masuk/kunci/tantangan")
@public
@while_paused
def ask() -> Response:
    """A question for any passkey, to come in or to confirm."""
    address = request.remote_addr or "none"
    most = settings(CoreSettings).address_tries
    limits.spend(key=f"passkey:{address}", most=most, seconds=WINDOW_SECONDS)
    return _asked(passkeys.ask_to_use(actor=visitor.actor()))


def _answered() -> tuple[int, signin.Proof]:
    form = PasskeyForm()
    if not form.validate_on_submit():
        raise NotThisPasskey
    token = session.pop(KEY, "")
    return passkeys.use(actor=visitor.actor(), token=token, credential=form.credential.data)


@bp.post("/masuk/kunci")
@public
@while_paused
def come_in() -> AnyResponse:
    """Whoever's passkey it is comes in."""
    try:
        person_id, proof = _answered()
    except NotThisPasskey as wrong:
        say(str(wrong.sentence), "wrong")
        return redirect(url_for("account.sign_in", lanjut=request.args.get("lanjut")), code=303)
    return enter(people.get_person(db.session(), person_id), proof)


@bp.post("/akun/pastikan/kunci")
@signed_in
@while_paused
def confirm() -> AnyResponse:
    """Her own passkey, before a private page or one with money."""
    found = visitor.visitor()
    assert found is not None
    onward, asked = request.args.get("lanjut"), request.args.get("hal")
    try:
        person_id, proof = _answered()
        if person_id != found.person_id:
            raise NotThisPasskey
    except NotThisPasskey as wrong:
        say(str(wrong.sentence), "wrong")
        return redirect(url_for("confirm.show", lanjut=onward, hal=asked), code=303)
    signin.prove(actor=visitor.actor(), sign_in_id=found.sign_in_id, proof=proof)
    return redirect(safe_next(onward), code=303)


@bp.get("/akun/kunci")
@signed_in
def index() -> str:
    """My passkeys."""
    me = visitor.actor().person_id
    assert me is not None
    mine = passkeys.list_of(db.session(), me)
    return render_template("core/passkeys.html", mine=mine, is_open=passkeys.is_open())


@bp.route("/akun/kunci/baru", methods=["GET", "POST"])
@signed_in
@fresh_factor
def add() -> str | AnyResponse:
    """A new passkey on this phone. With her PIN alone it counts for no more at first."""
    form = PasskeyForm()
    if form.validate_on_submit():
        trusted_from = clock.now()
        if second_factor.strength() < Strength.TWO:
            trusted_from += timedelta(hours=settings(CoreSettings).recovery_hours)
        try:
            passkeys.add(
                actor=visitor.actor(),
                token=session.pop(KEY, ""),
                credential=form.credential.data,
                name=visitor.device_name()[: passkeys.NAME_MAX],
                trusted_from=trusted_from,
            )
        except (NotThisPasskey, passkeys.EnoughPasskeys) as wrong:
            say(str(wrong.sentence), "wrong")
        else:
            say(_("Kunci HP terpasang. Lain kali cukup sidik jari atau kunci layar."))
        return redirect(url_for("passkey.index"), code=303)
    return render_template("core/passkey_add.html", form=form, is_open=passkeys.is_open())


@bp.post("/akun/kunci/baru/tantangan")
@signed_in
@fresh_factor
def ask_new() -> Response:
    """A question for a new passkey of mine."""
    found = visitor.visitor()
    assert found is not None
    known = [one.credential_id for one in passkeys.list_of(db.session(), found.person_id)]
    return _asked(passkeys.ask_to_add(actor=visitor.actor(), call_me=found.call_me, known=known))


@bp.post("/akun/kunci/<int:passkey_id>/nama")
@signed_in
def rename(passkey_id: int) -> AnyResponse:
    """Call it what she calls that phone."""
    passkeys.get_own(db.session(), visitor.actor(), passkey_id)
    form = PasskeyNameForm()
    if form.validate_on_submit():
        passkeys.rename(actor=visitor.actor(), passkey_id=passkey_id, name=form.name.data)
    else:
        say(_("Nama kunci belum diisi."), "wrong")
    return redirect(url_for("passkey.index"), code=303)


@bp.post("/akun/kunci/<int:passkey_id>/hapus")
@signed_in
@asks_pin
def remove(passkey_id: int) -> AnyResponse:
    """As after losing a phone."""
    passkeys.remove(actor=visitor.actor(), passkey_id=passkey_id)
    say(_("Kunci HP itu sudah dihapus."))
    return redirect(url_for("passkey.index"), code=303)
