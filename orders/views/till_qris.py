"""The static QRIS of each kiosk and bazaar: brought by one treasurer, put in force by another."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length

from cooperatives.rights import TREASURE
from core import visitor
from core.access import SamePerson, holds
from core.db import db
from core.forms import HouseForm
from core.second_factor import fresh_factor
from core.web import say
from orders.till import qris

bp = Blueprint("till_qris", __name__, url_prefix="/kas/qris")


class QrisForm(HouseForm):
    """The text behind a QRIS picture, and the place it is for."""

    place = SelectField(_l("Tempat"), coerce=int)
    payload = TextAreaField(_l("Isi QRIS"), validators=[Length(max=512)])


@bp.route("", methods=["GET", "POST"])
@holds(TREASURE)
def index() -> str | Response:
    """What each place shows, and bringing another one."""
    rows = qris.list_of(db.session(), visitor.actor())
    form = QrisForm()
    form.place.choices = [(row.Place.id, row.Place.name) for row in rows]
    if form.validate_on_submit():
        try:
            qris.propose(
                actor=visitor.actor(), place_id=form.place.data, payload=form.payload.data or ""
            )
        except qris.NotQris as wrong:
            form.payload.errors = [wrong.sentence]
        else:
            say(_("QRIS tersimpan. Bendahara lain mengesahkannya dulu."))
            return redirect(url_for("till_qris.index"), code=303)
    return render_template("orders/till_qris.html", rows=rows, form=form)


@bp.post("/<int:qris_id>/sah")
@holds(TREASURE)
@fresh_factor
def confirm(qris_id: int) -> Response:
    """The second treasurer has compared name and picture."""
    try:
        qris.confirm(actor=visitor.actor(), qris_id=qris_id)
    except SamePerson as same:
        say(str(same.sentence), "warning")
    else:
        say(_("QRIS berlaku di kasir sejak sekarang."))
    return redirect(url_for("till_qris.index"), code=303)
