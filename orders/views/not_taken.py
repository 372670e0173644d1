"""What a desk may do about a cash order that its buyer did not take."""

from cooperatives.rights import COORDINATE
from core import clock, visitor
from core.access import Right
from core.db import db
from orders import parcels, refusals
from orders.parcels import Handled
from orders.states import OrderState, ParcelState


def offered(desk: Right, handled: Handled) -> dict[str, bool]:
    """What can be done now about a cash order that its buyer did not take."""
    parcel, is_cash = handled.parcel, handled.order.state == OrderState.ON_DELIVERY
    missed_from = refusals.can_be_missed_from(parcel)
    is_refused = parcel.state in (ParcelState.REFUSED, ParcelState.RETURNED)
    at_hand = is_cash and visitor.actor().on_behalf_of is None
    is_away = parcel.state == ParcelState.REFUSED and parcel.handed_over_at is not None
    tends = desk is not COORDINATE or handled.place.kind != "home"
    return {
        "at_door": at_hand and parcel.state == ParcelState.HANDED_OVER,
        "missed": at_hand
        and parcel.state in parcels.BEFORE_HANDOVER
        and missed_from is not None
        and missed_from <= clock.now(),
        "back": is_away and tends,
        "fee": desk is COORDINATE
        and is_refused
        and parcel.fee > 0
        and handled.order.paid_at is None
        and refusals.borne_by(db.session(), parcel.id) is None,
    }
