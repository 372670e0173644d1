"""The operator's pages about delivery: services, their rates from a day on, and zones."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import clock, visitor
from core.access import holds
from core.db import db
from core.rights import OPERATE
from core.web import say
from orders import delivery_desk, rates
from orders.rates import Lane, Tariff
from orders.views.operator_forms import RateForm, ServiceForm, ZoneForm
from orders.weights import OddRule, WeighRule

bp = Blueprint("delivery_desk", __name__, url_prefix="/kelola/ongkir")


@bp.get("")
@holds(OPERATE)
def services() -> str:
    """Every courier's service."""
    found = delivery_desk.list_services(db.session())
    return render_template("orders/services.html", services=found)


@bp.route("/baru", methods=["GET", "POST"])
@holds(OPERATE)
def add() -> str | Response:
    """Add a service; its rates come next."""
    form = ServiceForm()
    if form.validate_on_submit():
        try:
            rates.add_service(
                actor=visitor.actor(),
                code=form.code.data or "",
                label=form.label.data or "",
                rule=_rule(form),
                takes_cash=form.takes_cash.data,
            )
        except (rates.OddService, rates.CodeTaken) as refused:
            form.code.errors = [refused.sentence]
        except OddRule as refused:
            form.min_grams.errors = [refused.sentence]
        else:
            say(_("Kurir ditambahkan. Isi tarifnya supaya bisa dipilih pembeli."))
            return redirect(url_for("delivery_desk.service", code=form.code.data), code=303)
    return render_template("orders/add_service.html", form=form)


def _rule(form: ServiceForm) -> WeighRule:
    return WeighRule(
        divisor=form.divisor.data,
        tolerance_grams=form.tolerance_grams.data,
        is_inclusive=form.is_inclusive.data,
        min_grams=form.min_grams.data,
        step_grams=form.step_grams.data,
        max_grams=form.max_grams.data,
    )


@bp.get("/kurir/<code>")
@holds(OPERATE)
def service(code: str) -> str:
    """One service with the rates in force and those to come."""
    found = delivery_desk.get_service(db.session(), code)
    return render_template(
        "orders/service.html",
        service=found,
        rates=delivery_desk.list_rates(db.session(), found.id),
        today=clock.today(),
    )


@bp.post("/kurir/<code>/buka")
@holds(OPERATE)
def switch_on(code: str) -> Response:
    """Offer the service to buyers again."""
    return _switch(code, is_open=True)


@bp.post("/kurir/<code>/tutup")
@holds(OPERATE)
def switch_off(code: str) -> Response:
    """Offer the service no more; orders already placed keep it."""
    return _switch(code, is_open=False)


def _switch(code: str, *, is_open: bool) -> Response:
    rates.switch_service(actor=visitor.actor(), code=code, is_open=is_open)
    say(_("Kurir dibuka.") if is_open else _("Kurir ditutup. Pesanan lama tetap memakainya."))
    return redirect(url_for("delivery_desk.service", code=code), code=303)


@bp.route("/kurir/<code>/tarif", methods=["GET", "POST"])
@holds(OPERATE)
def rate(code: str) -> str | Response:
    """A new price of one lane, or its end, from a day on."""
    found = delivery_desk.get_service(db.session(), code)
    form = RateForm().offer(delivery_desk.zone_names(db.session()))
    if form.validate_on_submit():
        try:
            _write(code, form)
        except (rates.OddStart, rates.UnknownZone) as refused:
            form.valid_from.errors = [refused.sentence]
        except rates.OddRate as refused:
            form.base_rupiah.errors = [refused.sentence]
        else:
            say(_("Tarif dicatat. Paket yang sudah dipesan tetap memakai tarif lamanya."))
            return redirect(url_for("delivery_desk.service", code=code), code=303)
    elif not form.is_submitted():
        form.valid_from.data = clock.today()
    return render_template("orders/rate.html", form=form, service=found)


def _write(code: str, form: RateForm) -> None:
    lane = Lane(code, form.from_zone.data, form.to_zone.data)
    actor, day, source = visitor.actor(), form.valid_from.data, form.source.data or ""
    if not form.is_offered.data:
        rates.end_lane(actor=actor, lane=lane, valid_from=day, source=source)
        return
    tariff = Tariff(
        form.base_rupiah.data or 0,
        form.step_rupiah.data or 0,
        form.days_min.data,
        form.days_max.data,
        source,
    )
    rates.add_rate(actor=actor, lane=lane, tariff=tariff, valid_from=day)


@bp.route("/zona", methods=["GET", "POST"])
@holds(OPERATE)
def zones() -> str | Response:
    """Which region lies in which zone, and changing it."""
    form = ZoneForm()
    if form.validate_on_submit():
        try:
            rates.set_zone(
                actor=visitor.actor(), region_code=form.region.data, zone=form.zone.data or None
            )
        except rates.OddZone as refused:
            form.zone.errors = [refused.sentence]
        else:
            say(_("Zona disimpan."))
            return redirect(url_for("delivery_desk.zones"), code=303)
    named = delivery_desk.list_zones(db.session())
    return render_template("orders/zones.html", form=form, named=named)
