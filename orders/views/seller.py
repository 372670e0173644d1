"""Her parcels: what to answer, to pack, to hand over, and what is on its way."""

from flask import Blueprint
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from core.access import holds
from core.keeping import kept_on_phone
from orders.parcels import Handled
from orders.states import ParcelState
from orders.views import far_deeds, handling, parcel_papers
from orders.views.handling import Desk
from sellers.rights import ORDERS

bp = Blueprint("my_parcels", __name__, url_prefix="/ibu/pesanan")
ONE = "/<int:parcel_id>"
DESK = Desk(
    right=ORDERS,
    title=_("Pesanan masuk"),
    none=_("Pesanan baru muncul di sini, dan Ibu kami beri kabar."),
    list="my_parcels.index",
    one="my_parcels.show",
    note="my_parcels.note",
    label="my_parcels.label",
    reach="my_parcels.reach",
    acts={"pack": far_deeds.PACKED, "send": far_deeds.HANDED_OVER},
)
HEADINGS = {
    ParcelState.TO_ACCEPT: _("Perlu dijawab"),
    ParcelState.ACCEPTED: _("Perlu dikemas"),
    ParcelState.PACKED: _("Siap diserahkan"),
    ParcelState.HANDED_OVER: _("Di jalan"),
    ParcelState.DELIVERED: _("Sampai, uangnya belum dicatat"),
    ParcelState.REFUSED: _("Ditolak, barangnya belum kembali"),
}


def heading_of(handled: Handled) -> object:
    """By the next thing to do."""
    return HEADINGS[ParcelState(handled.parcel.state)]


@bp.get("")
@holds(ORDERS)
@kept_on_phone
def index() -> str:
    """Her open parcels, the most urgent first."""
    return handling.listed(DESK, heading_of, list(HEADINGS.values()))


@bp.route(ONE, methods=["GET", "POST"])
@holds(ORDERS)
@kept_on_phone
def show(parcel_id: int) -> str | Response:
    """One parcel, and what can be done with it now."""
    return handling.worked(DESK, parcel_id)


@bp.get(f"{ONE}/cetak")
@holds(ORDERS)
def note(parcel_id: int) -> str | Response:
    """The packing note."""
    return handling.noted(DESK, parcel_id)


@bp.get(f"{ONE}/label")
@holds(ORDERS)
def label(parcel_id: int) -> Response:
    """The address label."""
    return parcel_papers.label(DESK, parcel_id)


@bp.get(f"{ONE}/hubungi")
@holds(ORDERS)
def reach(parcel_id: int) -> Response:
    """To the buyer's WhatsApp or telephone."""
    return parcel_papers.reach(DESK, parcel_id)
