"""What a provider's training car is asked for, and the answers."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import regions, visitor
from core.access import holds
from core.db import db
from core.web import say
from sellers.training import car
from sellers.training.rights import TEACH
from sellers.training.views.car_forms import AnswerForm

bp = Blueprint("car_desk", __name__, url_prefix="/fasilitator/mobil")


@bp.get("")
@holds(TEACH)
def index() -> str:
    """Who asks the car to come, what waits first."""
    asked = car.list_asked(db.session(), visitor.actor())
    return render_template(
        "sellers/training/car_wishes.html",
        asked=[(one, regions.district(one.district_code)) for one in asked],
    )


@bp.route("/<int:wish_id>", methods=["GET", "POST"])
@holds(TEACH)
def answer(wish_id: int) -> str | Response:
    """One wish, and its answer in words."""
    one = car.get_asked(db.session(), visitor.actor(), wish_id)
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            car.answer(actor=visitor.actor(), wish_id=wish_id, words=form.words.data)
        except car.AnsweredBefore as refused:
            form.words.errors = [refused.sentence]
        else:
            say(_("Jawaban terkirim."))
            return redirect(url_for("car_desk.index"), code=303)
    return render_template(
        "sellers/training/car_answer.html",
        one=one,
        district=regions.district(one.district_code),
        form=form,
    )
