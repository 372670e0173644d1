"""The coordinator watches parcels that nobody answered or that stay too long, and may step in."""

from datetime import timedelta

from flask import Blueprint
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from cooperatives.rights import COORDINATE
from core import clock
from core.access import holds
from core.config import settings
from orders.parcels import Handled
from orders.settings import OrderSettings
from orders.states import ParcelState
from orders.views import handling, parcel_papers
from orders.views.handling import Desk

bp = Blueprint("parcel_watch", __name__, url_prefix="/koord/paket")
ONE = "/<int:parcel_id>"
DESK = Desk(
    right=COORDINATE,
    title=_("Paket yang perlu dilihat"),
    none=_("Semua paket dijawab dan diserahkan tepat waktu."),
    list="parcel_watch.index",
    one="parcel_watch.show",
    note="parcel_watch.note",
    label="parcel_watch.label",
    reach="parcel_watch.reach",
)
LATE, SLOW, WAITING = _("Terlambat dijawab"), _("Lama belum diserahkan"), _("Belum dijawab")


def heading_of(handled: Handled) -> object:
    """What is wrong with a parcel, or None where all goes its way.

    A parcel is slow when she has had as long again as she had for the answer.
    """
    parcel = handled.parcel
    if parcel.state == ParcelState.TO_ACCEPT:
        return LATE if handling.is_late(handled) else WAITING
    patience = timedelta(hours=settings(OrderSettings).accept_hours)
    accepted = parcel.accepted_at
    if accepted and parcel.handed_over_at is None and accepted + patience <= clock.now():
        return SLOW
    return None


@bp.get("")
@holds(COORDINATE)
def index() -> str:
    """Late parcels first."""
    return handling.listed(DESK, heading_of, [LATE, SLOW, WAITING])


@bp.route(ONE, methods=["GET", "POST"])
@holds(COORDINATE)
def show(parcel_id: int) -> str | Response:
    """One parcel, whom to ring about it, and the same acts as its maker or keeper has."""
    return handling.worked(DESK, parcel_id)


@bp.get(f"{ONE}/cetak")
@holds(COORDINATE)
def note(parcel_id: int) -> str | Response:
    """The packing note."""
    return handling.noted(DESK, parcel_id)


@bp.get(f"{ONE}/label")
@holds(COORDINATE)
def label(parcel_id: int) -> Response:
    """The address label."""
    return parcel_papers.label(DESK, parcel_id)


@bp.get(f"{ONE}/hubungi")
@holds(COORDINATE)
def reach(parcel_id: int) -> Response:
    """To the buyer's WhatsApp or telephone."""
    return parcel_papers.reach(DESK, parcel_id)
