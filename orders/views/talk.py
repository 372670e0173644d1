"""A buyer's question about one parcel: `/pesanan/<code>/tanya/<parcel>`."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import limits, visitor
from core.access import public
from core.config import settings
from core.db import db
from core.errors import NotFound
from core.web import say
from orders import finding, talk
from orders.forms import TalkForm
from orders.settings import OrderSettings

bp = Blueprint("talk", __name__, url_prefix="/pesanan")
HOUR_SECONDS = 60 * 60


@bp.route("/<code>/tanya/<int:parcel_id>", methods=["GET", "POST"])
@public
def ask(code: str, parcel_id: int) -> str | Response:
    """Whoever has the order's link asks, and reads what was said."""
    whole = finding.whole_by_code(db.session(), code)
    order = whole.order
    sent = next((one for one in whole.parcels if one.parcel.id == parcel_id), None)
    if sent is None:
        raise NotFound
    form = TalkForm()
    if form.validate_on_submit():
        most = settings(OrderSettings).asking_tries
        limits.spend(key=f"ask:{request.remote_addr}"[:200], most=most, seconds=HOUR_SECONDS)
        try:
            talk.ask(
                actor=visitor.actor(),
                order_id=order.id,
                parcel_id=parcel_id,
                words=form.words.data,
            )
        except (talk.NumberInWords, talk.SaidEnough, talk.NotOpen) as refused:
            form.words.errors = [refused.sentence]
        else:
            say(_("Pertanyaan sudah dikirim ke penjual."))
            return redirect(url_for("orders.show", code=code), code=303)
    return render_template(
        "orders/ask.html",
        order=order,
        sent=sent,
        said=talk.of_order(db.session(), order.id).get(parcel_id, []),
        form=form,
        is_open=talk.may_ask(order.state),
    )
