"""A maker, or her helper for prices, reads which packages her goods are in, and agrees or not."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.packages import offers, shown
from cooperatives.packages.views.desk import id_typed
from core import access, visitor
from core.access import holds
from core.db import db
from core.web import say
from sellers.rights import PRICES

bp = Blueprint("my_packages", __name__, url_prefix="/ibu/paket-bersama")


@bp.get("")
@holds(PRICES)
def index() -> str:
    """Every package with her goods, what a piece costs there, and her answer."""
    actor = visitor.actor()
    return render_template(
        "cooperatives/packages/hers.html",
        packages=shown.list_of_maker(db.session(), actor),
        mine=access.subjects(db.session(), actor, PRICES),
    )


@bp.post("/jawab")
@holds(PRICES)
def answer() -> Response:
    """One tap."""
    agrees = request.form.get("agrees") == "yes"
    offers.answer(
        actor=visitor.actor(),
        package_id=id_typed("package"),
        seller_id=id_typed("seller"),
        agrees=agrees,
    )
    say(_("Ibu ikut paket ini.") if agrees else _("Ibu tidak ikut. Paket ini tidak tampil lagi."))
    return redirect(url_for("my_packages.index"), code=303)
