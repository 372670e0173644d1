"""What leads out of a parcel's page to its buyer: the label, and WhatsApp or the telephone."""

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import limits, papers, visitor
from core.web import say
from orders import labels, reaching
from orders.views.handling import Desk


def label(desk: Desk, parcel_id: int) -> Response:
    """The address label as PDF: on its own paper, or with `?kertas=a4`."""
    handled = desk.parcel(parcel_id)
    if not reaching.is_in_hand(handled):
        say(_("Label dicetak setelah pesanan diterima, sampai paketnya tiba."), "warning")
        return redirect(url_for(desk.one, parcel_id=parcel_id), code=303)
    paper = "a4" if request.args.get("kertas") == "a4" else "label"
    drawn = reaching.label(actor=visitor.actor(), parcel_id=parcel_id, desk=desk.right)
    name = f"label-{drawn.number}-{drawn.position}.pdf"
    return papers.answer(labels.drawn(drawn, paper), name)


def reach(desk: Desk, parcel_id: int) -> Response:
    """Lead on to the buyer's WhatsApp or telephone; the number stands on no page of ours."""
    actor = visitor.actor()
    key = f"reach:{actor.person_id}"
    limits.spend(key=key, most=reaching.TIMES_MAX, seconds=reaching.TIMES_SECONDS)
    way = request.args.get("lewat", "")
    link = reaching.lead(actor=actor, parcel_id=parcel_id, desk=desk.right, way=way)
    return redirect(link, code=303)
