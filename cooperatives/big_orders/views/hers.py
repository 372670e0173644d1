"""A maker's own page of a big order: she answers, tells what is ready, and sees what others do."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.big_orders import asking, forms, making, reading
from cooperatives.big_orders.reading import Told
from cooperatives.models import BigShare
from cooperatives.views.bazaar_desk import number
from core import access, visitor
from core.access import holds
from core.db import db
from core.errors import DomainError, NotFound
from core.web import say
from sellers.rights import SELL

bp = Blueprint("my_shares", __name__, url_prefix="/ibu/bagian")


def _shops() -> list[int]:
    return sorted(access.subjects(db.session(), visitor.actor(), SELL))


@bp.get("")
@holds(SELL)
def index() -> str:
    """What she was asked to make, the next first."""
    rows = reading.hers(db.session(), _shops())
    return render_template(
        "cooperatives/big_orders/her_list.html", rows=rows, shares=reading.SHARES
    )


@bp.get("/<int:order_id>")
@holds(SELL)
def show(order_id: int) -> str:
    """Her share of one big order."""
    return _page(order_id)


def _page(order_id: int, problem: object = "", typed: str = "") -> str:
    shops = _shops()
    told = reading.get_hers(db.session(), shops, order_id)
    return render_template(
        "cooperatives/big_orders/hers.html",
        told=told,
        mine=[row for row in told.rows if row.share.seller_id in shops],
        problem=problem,
        typed=typed,
    )


def _mine(told: Told) -> list[BigShare]:
    shops = _shops()
    return [row.share for row in told.rows if row.share.seller_id in shops]


@bp.post("/<int:order_id>")
@holds(SELL)
def act(order_id: int) -> Response | tuple[str, int]:
    """She takes it, takes less, does not; or tells how many are made."""
    told = reading.get_hers(db.session(), _shops(), order_id)
    share = next((one for one in _mine(told) if one.id == number(request.form, "share")), None)
    if share is None:
        raise NotFound
    try:
        said = _done(share.id, share.units)
    except NotFound:
        raise
    except DomainError as refused:
        return _page(order_id, refused.sentence, request.form.get("units", "")), refused.status
    say(str(said))
    return redirect(url_for("my_shares.show", order_id=order_id), code=303)


def _done(share_id: int, asked: int) -> Any:
    actor, sent = visitor.actor(), request.form
    if sent.get("deed") == "ready":
        making.say_ready(actor=actor, share_id=share_id, ready=forms.count(sent, "units"))
        return _("Terima kasih. Koordinator melihatnya.")
    whole = {"all": asked, "none": 0}.get(sent.get("deed", ""))
    units = forms.count(sent, "units") if whole is None else whole
    asking.answer(actor=actor, share_id=share_id, units=units)
    if units:
        return _("Terima kasih. Ibu sanggup membuat %(n)s.", n=units)
    return _("Terima kasih sudah menjawab. Lain kali Ibu ditanya lagi.")
