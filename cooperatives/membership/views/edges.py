"""What she has allowed others, on one page; each is ended with one tap."""

from itertools import groupby
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives import cash_takers, pay_ways
from cooperatives.membership import advances, edges
from cooperatives.membership.forms import TakerForm
from cooperatives.views.her_money import person_id
from core import limits, people, visitor
from core.access import holds
from core.db import db
from core.second_factor import fresh_factor
from core.web import say
from sellers.rights import SELL
from sellers.training import history

bp = Blueprint("my_edges", __name__, url_prefix=cash_takers.PAGE)
LOOKS_MAX, LOOKS_SECONDS = 10, 3_600


@bp.get("")
@holds(SELL)
def show() -> str:
    """Who may do what for her, who takes her money, what is taken from it, what of her is shown."""
    session = db.session()
    found = edges.list_of(session, visitor.actor())
    now, _waiting = pay_ways.of_person(session, person_id())
    return render_template(
        "cooperatives/membership/edges.html",
        helpers=[(name, list(rows)) for name, rows in groupby(found, lambda one: one.helper)],
        labels=edges.LABELS,
        takers=cash_takers.list_of(session, person_id()),
        trainings=[one for one in history.list_mine(session, visitor.actor()) if one.is_shown],
        way=pay_ways.words(now),
        advances=[
            one
            for one in advances.list_of_person(session, person_id())
            if one.owed and one.advance.percent and not one.advance.ended_at
        ],
    )


@bp.route("/penerima", methods=["GET", "POST"])
@holds(SELL)
@fresh_factor
def allow_taker() -> str | Response:
    """Somebody may take her cash from now on; it takes all the proofs that she has."""
    form = TakerForm()
    found = _asked(form)
    if form.validate_on_submit() and _is_chosen(form, found):
        try:
            cash_takers.allow(actor=visitor.actor(), taker_id=int(form.who.data))
        except cash_takers.Herself as refused:
            form.phone.errors = [refused.sentence]
        else:
            say(_("Sudah dicatat. Penjaga kios dan bendahara melihat namanya."))
            return redirect(url_for("my_edges.show"), code=303)
    return render_template("cooperatives/membership/taker_new.html", form=form, found=found)


def _asked(form: TakerForm) -> list[Any]:
    """Those who can be reached at the typed number; where there is one, it is she."""
    form.who.offer([])
    form.who.validate_choice = False
    if not form.is_submitted() or not form.phone.validate(form):
        return []
    limits.spend(key=f"taker:{person_id()}", most=LOOKS_MAX, seconds=LOOKS_SECONDS)
    found = people.list_with_phone(db.session(), form.phone.data)
    form.who.offer((one.id, one.call_me) for one in found)
    if len(found) == 1:
        form.who.data = str(found[0].id)
    return found


def _is_chosen(form: TakerForm, found: list[Any]) -> bool:
    if not found:
        form.phone.errors = [_("Nomor ini belum terdaftar. Orang itu perlu punya akun dulu.")]
    elif form.who.data not in {str(one.id) for one in found}:
        form.who.errors = [_("Beberapa orang memakai nomor ini. Pilih namanya.")]
    return not form.errors


@bp.post("/penerima/<int:edge_id>/cabut")
@holds(SELL)
def end_taker(edge_id: int) -> Response:
    """One tap, and nobody hands this person her money any more."""
    cash_takers.end(actor=visitor.actor(), edge_id=edge_id)
    return _over()


@bp.post("/<int:grant_id>/cabut")
@holds(SELL)
def end(grant_id: int) -> Response:
    """One tap, and it is over."""
    edges.end(actor=visitor.actor(), grant_id=grant_id)
    return _over()


def _over() -> Response:
    say(_("Izin dicabut dan langsung tidak berlaku."))
    return redirect(url_for("my_edges.show"), code=303)
