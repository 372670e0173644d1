"""The training car: its road as anybody reads it, and asking it to come."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import regions, visitor
from core.access import public, signed_in
from core.db import db, reading
from core.web import say
from sellers.training import car
from sellers.training.views.car_forms import WishForm
from sellers.training.wording import WEATHER_KINDS, WEATHERS

bp = Blueprint("car", __name__)


@bp.get("/mobil")
@public
def index() -> str:
    """Where the car stops next, when, by which landmark, and what is taught there."""
    with reading() as reader:
        stops = car.list_stops(reader)
        has_car = bool(car.list_providers(reader))
    return render_template(
        "shop/car.html",
        stops=[(stop, regions.district(stop.district_code)) for stop in stops],
        has_car=has_car,
        weathers=WEATHERS,
        weather_kinds=WEATHER_KINDS,
    )


@bp.route("/mobil/minta", methods=["GET", "POST"])
@signed_in
def ask() -> str | Response:
    """Ask the car to come, and read what was answered."""
    form = WishForm()
    providers = car.list_providers(db.session())
    form.provider.offer(providers)
    if len(providers) == 1 and not form.is_submitted():
        form.provider.data = str(providers[0][0])
    if form.validate_on_submit():
        try:
            car.ask(actor=visitor.actor(), wish=form.wish())
        except car.AskedBefore as refused:
            form.provider.errors = [refused.sentence]
        else:
            say(_("Permintaan terkirim. Jawabannya muncul di sini."))
            return redirect(url_for("car.ask"), code=303)
    mine = car.list_mine(db.session(), visitor.actor())
    return render_template(
        "shop/car_ask.html",
        form=form,
        providers=providers,
        mine=[(one, regions.district(one.district_code)) for one in mine],
    )
