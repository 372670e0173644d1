"""Her first minutes: a vision, a cooperative, a first step; and the coordinator's answer."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives import beginning
from cooperatives.beginning import VISIONS
from cooperatives.forms import JoinForm, VisionForm
from cooperatives.rights import COORDINATE
from core import visitor
from core.access import holds, signed_in
from core.db import db, reading
from core.web import say
from sellers.rights import SELL
from sellers.training import offers

bp = Blueprint("beginning", __name__)


@bp.route("/mulai", methods=["GET", "POST"])
@signed_in
def vision() -> str | Response:
    """What she dreams of; it may be skipped."""
    form = VisionForm()
    if form.validate_on_submit():
        beginning.choose_vision(actor=visitor.actor(), vision=form.vision.data)
        return redirect(url_for("beginning.cooperative"), code=303)
    return render_template("cooperatives/begin_vision.html", form=form)


@bp.route("/mulai/koperasi", methods=["GET", "POST"])
@signed_in
def cooperative() -> str | Response:
    """With whom; her name and number are seen by the coordinators she asks."""
    form = JoinForm()
    found = beginning.list_open(db.session())
    form.cooperative.offer((str(row.id), f"{row.name}, {row.village}" if row.village else row.name)
                           for row in found)  # fmt: skip
    if form.validate_on_submit():
        try:
            beginning.ask_to_join(
                actor=visitor.actor(),
                cooperative_id=int(form.cooperative.data),
                store_name=form.store_name.data,
            )
        except beginning.AlreadyMember as already:
            form.cooperative.errors = [already.sentence]
        else:
            return redirect(url_for("beginning.step"), code=303)
    return render_template("cooperatives/begin_cooperative.html", form=form, found=found)


@bp.get("/mulai/langkah")
@signed_in
def step() -> str:
    """One thing to do next, and one class."""
    actor = visitor.actor()
    with reading() as connection:
        classes, _more = offers.list_offers(connection, actor, words="", page=1)
    return render_template(
        "cooperatives/begin_step.html",
        own=beginning.find(db.session(), actor.person_id),
        sells=SELL.name in visitor.rights(),
        lesson=next((one for one in classes if one.fee == 0 and one.seats_left), None),
    )


@bp.get("/koord/calon/<int:person_id>")
@holds(COORDINATE)
def newcomer(person_id: int) -> str:
    """Who asks, and what she dreams of."""
    found = beginning.get_newcomer(db.session(), visitor.actor(), person_id)
    return render_template("cooperatives/newcomer.html", one=found, visions=VISIONS)


@bp.post("/koord/calon/<int:person_id>")
@holds(COORDINATE)
def answer(person_id: int) -> Response:
    """Yes or not now."""
    actor = visitor.actor()
    if request.form.get("jawab") == "terima":
        beginning.take_in(actor=actor, person_id=person_id)
        say(_("Beliau sudah menjadi anggota, dan tokonya terbuka."))
    elif request.form.get("jawab") == "belum":
        beginning.decline(actor=actor, person_id=person_id)
        say(_("Beliau sudah diberi tahu dengan halus."))
    else:
        beginning.get_newcomer(db.session(), actor, person_id)
        return redirect(url_for("beginning.newcomer", person_id=person_id), code=303)
    return redirect(url_for("coordinator.desk"), code=303)
