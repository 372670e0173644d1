"""What counts changed of her goods: she says where one is wrong."""

from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.counts import contesting
from cooperatives.receiving.asked import number
from core import visitor
from core.access import holds
from core.telling import told
from sellers.rights import SELL

bp = Blueprint("my_counts", __name__, url_prefix="/ibu/titip/hitung")


@bp.post("/<uuid:count_id>")
@holds(SELL)
def contest(count_id: UUID) -> Response:
    """She contests a line; the coordinator decides."""
    with told(_("Terkirim. Koordinator akan memutuskan.")):
        contesting.contest(
            actor=visitor.actor(),
            count_id=count_id,
            lot_id=number(request.form, "lot"),
            words=request.form.get("words", ""),
        )
    toko = request.args.get("toko")
    return redirect(url_for("my_stock.consigned", toko=toko, _anchor="hitungan"), code=303)
