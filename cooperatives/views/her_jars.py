"""Her three jars on the screen: how she divides, what she has put in and taken out."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from cooperatives import jars
from cooperatives.forms import JarNoteForm, JarPlanForm
from cooperatives.views.her_money import person_id
from core import visitor
from core.access import holds
from core.db import db
from core.second_factor import asks_pin
from core.web import say
from sellers.rights import SELL

bp = Blueprint("my_jars", __name__, url_prefix="/ibu/tabungan")
WORDS: dict[str, Any] = {
    "home": _l("Rumah"),
    "business": _l("Usaha"),
    "savings": _l("Tabungan"),
}


@bp.get("")
@holds(SELL)
@asks_pin
def show() -> str:
    """The jars as they stand by her own notes."""
    return _page()


def _page(plan_form: JarPlanForm | None = None, note_form: JarNoteForm | None = None) -> str:
    session, her_plan = db.session(), jars.plan_of(db.session(), person_id())
    if plan_form is None:
        plan_form = JarPlanForm(None, obj=her_plan)
    return render_template(
        "cooperatives/her_jars.html",
        words=WORDS,
        plan=her_plan,
        standing=jars.standing(session, person_id()),
        unsplit=[
            (row, jars.parts_of(row.total, her_plan))
            for row in jars.unsplit(session, person_id())
            if her_plan
        ],
        notes=jars.list_notes(session, person_id()),
        plan_form=plan_form,
        note_form=note_form or JarNoteForm(None),
        fresh=uuid4,
    )


@bp.post("/bagian")
@holds(SELL)
@asks_pin
def plan() -> str | Response:
    """How what is paid to her shall be divided."""
    form = JarPlanForm()
    if form.validate_on_submit():
        try:
            jars.plan(actor=visitor.actor(), parts=form.parts())
        except jars.OddPlan as odd:
            form.savings.errors = [odd.sentence]
        else:
            say(_("Pembagian dicatat."))
            return redirect(url_for("my_jars.show"), code=303)
    return _page(plan_form=form)


@bp.post("/bagi/<int:payout_id>")
@holds(SELL)
@asks_pin
def split(payout_id: int) -> Response:
    """She has divided a payout as planned."""
    jars.split(actor=visitor.actor(), payout_id=payout_id)
    say(_("Dicatat di ketiga toples."))
    return redirect(url_for("my_jars.show"), code=303)


@bp.post("/catat")
@holds(SELL)
@asks_pin
def note() -> str | Response:
    """She has put something in, or taken something out."""
    form = JarNoteForm()
    if form.validate_on_submit():
        amount = form.amount.data if form.way.data == "in" else -form.amount.data
        try:
            jars.note(
                actor=visitor.actor(), note_id=form.act_id.data, jar=form.jar.data, amount=amount
            )
        except jars.NotInJar as refused:
            form.amount.errors = [refused.sentence]
        else:
            say(_("Sudah dicatat."))
            return redirect(url_for("my_jars.show"), code=303)
    return _page(note_form=form)
