"""Tangga Izin: what is there, what comes next, and one permit at a time."""

from datetime import timedelta

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import clock, visitor
from core.access import holds
from core.config import settings
from core.db import db
from core.settings import CoreSettings
from core.web import say
from sellers import ladder, listings, permit_numbers, permits, shops
from sellers.forms import PermitForm
from sellers.models import PERMIT_KINDS, Permit
from sellers.owning import own_permit
from sellers.permit_numbers import NotAPermitNumber
from sellers.permits import PermitInUse, TwicePermit
from sellers.rights import SELL

bp = Blueprint("my_permits", __name__, url_prefix="/ibu/izin")
ONE = "/<int:permit_id>"
SOON = timedelta(days=61)


@bp.get("")
@holds(SELL)
def index() -> str:
    """The ladder of one shop."""
    session, actor = db.session(), visitor.actor()
    shop = shops.get_asked(session, actor, request.args.get("toko", ""))
    rungs = ladder.climb(session, shop.id)
    return render_template(
        "sellers/permits.html",
        shop=shop,
        rungs=rungs,
        next_rung=ladder.next_rung(rungs),
        label=_label,
        standing=_standing,
        shops=shops.list_own(session, actor),
    )


def _label(permit: Permit) -> str:
    """The number as on the label, or what is being waited for."""
    if permit.number is None:
        return str(_("Nomor belum terbit"))
    return permit_numbers.display(permit.kind, permit.number, is_sample=permit.is_sample)


def _standing(permit: Permit) -> tuple[str, str]:
    """Word and kind of its badge."""
    if permit.number is None:
        return _("Sedang diurus"), "moving"
    if permit.valid_until and permit.valid_until < clock.today():
        return _("Sudah berakhir"), "wrong"
    if permit.valid_until and permit.valid_until < clock.today() + SOON:
        return _("Hampir berakhir"), "warning"
    return _("Berlaku"), "good"


@bp.route("/baru/<kind>", methods=["GET", "POST"])
@holds(SELL)
def add(kind: str) -> str | Response:
    """Write down a number, or that it has been applied for."""
    if kind not in PERMIT_KINDS:
        abort(404)
    shop = shops.get_asked(db.session(), visitor.actor(), request.args.get("toko", ""))
    form = _form(shop.id, {})
    if form.validate_on_submit():
        try:
            _permit, warnings = permits.add(
                actor=visitor.actor(),
                seller_id=shop.id,
                kind=kind,
                typed=form.number.data,
                valid_until=form.valid_until.data,
                listing_ids=form.covers(),
                is_sample=_is_sample(form),
            )
        except (NotAPermitNumber, TwicePermit) as refused:
            form.number.errors = [refused.sentence]
        else:
            return _done(_("Izin sudah dicatat."), warnings)
    return render_template("sellers/permit.html", form=form, kind=kind, permit=None)


def _form(seller_id: int, data: dict[str, object]) -> PermitForm:
    form = PermitForm(data=data)
    names = listings.names(db.session(), visitor.actor(), seller_id)
    form.listing_ids.offer({str(key): name for key, name in names.items()})
    return form


def _is_sample(form: PermitForm) -> bool:
    """Numbers of the demo world pass where it is loaded, and say that they are samples."""
    says_so = form.number.data.upper().startswith(permit_numbers.SAMPLE_WORD)
    return settings(CoreSettings).demo and says_so


def _done(sentence: str, warnings: tuple[object, ...]) -> Response:
    say(sentence)
    for warning in warnings:
        say(str(warning), "warning")
    return redirect(url_for("my_permits.index", toko=request.args.get("toko")), code=303)


@bp.route(ONE, methods=["GET", "POST"])
@holds(SELL)
def edit(permit_id: int) -> str | Response:
    """Correct or renew one permit, or change what it covers."""
    permit = own_permit(db.session(), visitor.actor(), permit_id)
    shown = _label(permit) if permit.number else ""
    covers = permits.covered_by(db.session(), permit_id)
    form = _form(
        permit.seller_id,
        {
            "number": shown,
            "valid_until": permit.valid_until,
            "listing_ids": [str(key) for key in covers],
        },
    )
    if form.validate_on_submit():
        try:
            _permit, warnings = permits.edit(
                actor=visitor.actor(),
                permit_id=permit_id,
                typed=form.number.data,
                valid_until=form.valid_until.data,
                listing_ids=form.covers(),
            )
        except (NotAPermitNumber, TwicePermit) as refused:
            form.number.errors = [refused.sentence]
        except PermitInUse as used:
            form.listing_ids.errors = [used.sentence]
        else:
            return _done(_("Izin sudah disimpan."), warnings)
    return render_template("sellers/permit.html", form=form, kind=permit.kind, permit=permit)


@bp.post(f"{ONE}/hapus")
@holds(SELL)
def remove(permit_id: int) -> Response:
    """Forget a permit that was written by mistake."""
    try:
        permits.remove(actor=visitor.actor(), permit_id=permit_id)
    except PermitInUse as used:
        say(str(used.sentence), "warning")
        return redirect(url_for("my_permits.edit", permit_id=permit_id), code=303)
    return _done(_("Catatan izin sudah dihapus."), ())
