"""How she is paid: seen and stopped from any sign-in, changed only after two proofs."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cooperatives import pay_ways
from cooperatives.forms import PayWayForm
from cooperatives.models import PayWay
from core import second_factor, visitor, words
from core.access import signed_in
from core.actors import Actor
from core.day import Card
from core.db import db
from core.second_factor import Ask, Strength, fresh_factor
from core.web import say

bp = Blueprint("my_pay_way", __name__, url_prefix=pay_ways.PAGE)
URGENT = 5


def cards(session: Session, actor: Actor) -> list[Card]:
    """On her day stands a change that waits: if it was not she, she stops it here."""
    _now, waiting = pay_ways.of_person(session, actor.person_id or 0)
    return [_card(waiting)] if waiting else []


def _card(waiting: PayWay) -> Card:
    until = words.tanggal_jam(waiting.in_force_at)
    return Card(
        URGENT,
        "warning",
        "warning",
        _("Cara terima uang Ibu sedang diganti"),
        pay_ways.PAGE,
        _("Periksa"),
        _("Mulai berlaku %(time)s. Bukan Ibu? Hentikan.", time=until),
    )


def _person_id() -> int:
    return visitor.actor().person_id or 0


@bp.get("")
@signed_in
def show() -> str:
    """How she is paid, told only after her PIN, and the change that waits, told at once."""
    now, waiting = pay_ways.of_person(db.session(), _person_id())
    return render_template(
        "cooperatives/her_pay_way.html",
        now=pay_ways.words(now),
        waiting=waiting,
        waiting_words=pay_ways.words(waiting),
        is_sure=second_factor.is_fresh(Ask.PIN),
    )


@bp.route("/ganti", methods=["GET", "POST"])
@signed_in
@fresh_factor
def change() -> str | Response:
    """Where her money shall go from now on."""
    form = PayWayForm()
    if form.validate_on_submit():
        try:
            pay_ways.change(
                actor=visitor.actor(),
                target=form.target(),
                by_pin_only=second_factor.strength() is not Strength.TWO,
            )
        except pay_ways.OddNumber as odd:
            form.number.errors = [odd.sentence]
        except (pay_ways.NothingNew, pay_ways.StillWaiting) as refused:
            form.way.errors = [refused.sentence]
        else:
            say(_("Sudah dicatat. Cara baru berlaku setelah waktu tunggu."))
            return redirect(url_for("my_pay_way.show"), code=303)
    return render_template("cooperatives/her_pay_way_change.html", form=form)


@bp.post("/<int:pay_way_id>/hentikan")
@signed_in
def stop(pay_way_id: int) -> Response:
    """It was not she, or she thought better of it: nothing changes."""
    pay_ways.stop(actor=visitor.actor(), pay_way_id=pay_way_id)
    say(_("Sudah dihentikan. Cara terima uang Ibu tetap seperti semula."))
    return redirect(url_for("my_pay_way.show"), code=303)
