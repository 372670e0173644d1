"""Sign in, register, one's own account, and the way back in after a forgotten PIN."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import code_ways, limits, nav, passkeys, people, recovery, shared_phone, signin, visitor
from core.access import public, signed_in, while_paused
from core.actors import GUEST, Actor
from core.config import settings
from core.db import db
from core.forms import ChangePinForm, ForgotForm, RegisterForm, ResetForm, SignInForm
from core.people import Person
from core.settings import CoreSettings
from core.signin import Proof
from core.web import safe_next, say

bp = Blueprint("account", __name__)
WINDOW_SECONDS = 15 * 60


def spend_try(phone: str) -> None:
    """Count a try of this number and of this network address, across all workers."""
    rules = settings(CoreSettings)
    limits.spend(key=f"pin:{phone}", most=rules.pin_tries, seconds=WINDOW_SECONDS)
    address = request.remote_addr or "none"
    limits.spend(key=f"address:{address}", most=rules.address_tries, seconds=WINDOW_SECONDS)


def is_my_pin(pin: str) -> bool:
    """Whether this is the visitor's PIN; all pages that ask for it share one count of tries."""
    person_id = visitor.actor().person_id
    assert person_id is not None
    key = f"own-pin:{person_id}"
    limits.spend(key=key, most=settings(CoreSettings).pin_tries, seconds=WINDOW_SECONDS)
    is_hers = signin.is_own_pin(people.get_person(db.session(), person_id), pin)
    if is_hers:
        limits.forget(key=key)
    return is_hers


def _leave_to(person: Person) -> None:
    """End the sign-in that this browser still holds; another woman gets nothing of it."""
    before = visitor.visitor() or visitor.locked()
    if before is None:
        return
    signin.end_sign_in(actor=Actor(before.person_id), sign_in_id=before.sign_in_id)
    if before.person_id != person.id:
        visitor.leave()


def enter(person: Person, *proofs: Proof, greeting: str = "", to: str = "") -> Response:
    """Let her in, who has shown these proofs, and on to where she was going."""
    _leave_to(person)
    token = signin.open_sign_in(
        actor=Actor(person.id), device=visitor.device_name(), proofs=proofs or (Proof.PIN,)
    )
    visitor.enter(token)
    if greeting:
        say(greeting)
    return redirect(to or safe_next(request.values.get("lanjut")), code=303)


@bp.route("/masuk", methods=["GET", "POST"])
@public
@while_paused
def sign_in() -> str | Response:
    """Phone and PIN; if a family shares both, ask who it is.

    A phone that knows somebody, or is locked, asks first who she is.
    """
    is_other = request.method == "POST" or request.args.get("siapa") == "lain"
    if not is_other and (shared_phone.this_phone() or visitor.locked()):
        return redirect(url_for("shared_phone.who", lanjut=request.args.get("lanjut")), code=303)
    form = SignInForm()
    family: list[Person] = []
    if form.validate_on_submit():
        spend_try(form.phone.data)
        try:
            found = signin.people_by_pin(db.session(), phone=form.phone.data, pin=form.pin.data)
        except signin.WrongPin as wrong:
            form.pin.errors = [wrong.sentence]
        else:
            chosen = [person for person in found if str(person.id) == form.who.data] or found
            if len(chosen) == 1:
                limits.forget(key=f"pin:{form.phone.data}")
                if form.remember.data:
                    shared_phone.remember_her(Actor(chosen[0].id))
                return enter(chosen[0])
            family = found
    return render_template(
        "core/sign_in.html",
        form=form,
        family=family,
        by_code=code_ways.any_open(),
        by_passkey=passkeys.is_open(),
    )


@bp.route("/daftar", methods=["GET", "POST"])
@public
def register() -> str | Response:
    """Make an account and come in."""
    form = RegisterForm()
    if form.validate_on_submit():
        spend_try(form.phone.data)
        person = signin.register(
            actor=GUEST,
            name=form.name.data,
            call_me=form.call_me.data,
            phone=form.phone.data,
            pin=form.pin.data,
        )
        greeting = _("Selamat datang, %(name)s.", name=person.call_me)
        first = nav.links("welcome", frozenset()) if not request.args.get("lanjut") else []
        return enter(person, greeting=greeting, to=first[0].url if first else "")
    return render_template("core/register.html", form=form)


@bp.post("/keluar")
@public
@while_paused
def sign_out() -> Response:
    """End this device's sign-in."""
    found = visitor.visitor() or visitor.locked()
    if found:
        signin.end_sign_in(actor=Actor(found.person_id), sign_in_id=found.sign_in_id)
    visitor.leave()
    say(_("Anda sudah keluar dari perangkat ini."))
    return redirect("/", code=303)


@bp.get("/akun")
@signed_in
def me() -> str:
    """My data and the devices on which I am signed in."""
    actor = visitor.actor()
    assert actor.person_id is not None
    return render_template(
        "core/account.html",
        person=people.get_person(db.session(), actor.person_id),
        sign_ins=signin.list_sign_ins(db.session(), actor.person_id),
        this=visitor.visitor(),
        waits=recovery.find_open(db.session(), actor.person_id),
        is_remembered=shared_phone.knows(db.session(), actor.person_id),
    )


@bp.post("/akun/perangkat/<int:sign_in_id>/keluar")
@signed_in
def end_sign_in(sign_in_id: int) -> Response:
    """End one of my sign-ins, as after losing a phone."""
    signin.end_sign_in(actor=visitor.actor(), sign_in_id=sign_in_id)
    say(_("Perangkat itu sudah dikeluarkan."))
    return redirect(url_for("account.me"), code=303)


@bp.post("/akun/pemulihan/hentikan")
@signed_in
def stop_recovery() -> Response:
    """I need no new PIN: nobody gets one in my name."""
    recovery.stop(actor=visitor.actor())
    say(_("Sudah dihentikan. PIN Anda tetap yang lama."))
    return redirect(url_for("account.me"), code=303)


@bp.route("/akun/pin", methods=["GET", "POST"])
@signed_in
def change_pin() -> str | Response:
    """A new PIN ends every sign-in but this one."""
    form = ChangePinForm()
    actor = visitor.actor()
    if form.validate_on_submit():
        if is_my_pin(form.old.data):
            signin.change_pin(actor=actor, pin=form.pin.data)
            visitor.enter(signin.open_sign_in(actor=actor, device=visitor.device_name()))
            say(_("PIN sudah diganti. Perangkat lain sudah keluar."))
            return redirect(url_for("account.me"), code=303)
        form.old.errors = [_("PIN sekarang belum cocok.")]
    return render_template("core/change_pin.html", form=form)


@bp.route("/pin-lupa", methods=["GET", "POST"])
@public
def forgot() -> str | Response:
    """Ask for help: the answer is the same whether or not we know the number."""
    form = ForgotForm()
    if form.validate_on_submit():
        spend_try(form.phone.data)
        recovery.ask_for_reset(phone=form.phone.data)
        say(_("Bila nomor ini terdaftar, koordinator akan menghubungi Anda dan memberi kode."))
        return redirect(url_for("account.reset"), code=303)
    return render_template("core/forgot.html", form=form, by_code=code_ways.any_open())


@bp.route("/pin-baru", methods=["GET", "POST"])
@public
def reset() -> str | Response:
    """Use the coordinator's code to set a new PIN."""
    form = ResetForm()
    if form.validate_on_submit():
        spend_try(form.phone.data)
        try:
            person = recovery.use_reset(
                phone=form.phone.data, code=form.code.data or "", pin=form.pin.data
            )
        except recovery.WrongCode as wrong:
            form.code.errors = [wrong.sentence]
        else:
            return enter(person, greeting=_("PIN baru tersimpan."))
    return render_template("core/reset.html", form=form)
