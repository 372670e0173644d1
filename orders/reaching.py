"""Reaching a buyer: her number and address leave the house only for whoever has her parcel in hand.

Each time is written into the audit trail. Pages hold no number: a link of the house is followed,
checked and counted, and only then leads on to WhatsApp or the telephone.
"""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import audit, regions, words
from core.access import Right
from core.actors import Actor
from core.db import in_transaction
from core.errors import NotFound
from orders import by_hand, handover, parcels, pickups
from orders.labels import Label
from orders.models import Contact
from orders.parcels import Handled

WAYS = ("wa", "telepon")
TIMES_MAX, TIMES_SECONDS = 60, 60 * 60


def is_in_hand(handled: Handled) -> bool:
    """Name, address and phone are for who has accepted, and only while the parcel is open."""
    is_answered = handled.parcel.state in parcels.OPEN[1:]
    return is_answered and handled.order.state in parcels.DUE


def _in_hand(db: Session, actor: Actor, parcel_id: int, desk: Right) -> tuple[Handled, Contact]:
    handled = parcels.get_handled(db, actor, parcel_id, desk)
    if not is_in_hand(handled):
        raise NotFound
    return handled, parcels.contact(db, handled.order.id)


@in_transaction()
def lead(db: Session, *, actor: Actor, parcel_id: int, desk: Right, way: str) -> str:
    """Where her buyer is reached: an address of WhatsApp with ready words, or of the telephone.

    Raises NotFound for a parcel that is not (or no longer) in the actor's hands.
    """
    handled, contact = _in_hand(db, actor, parcel_id, desk)
    if way not in WAYS or not contact.phone:
        raise NotFound
    audit.record(db, actor, "buyer.reached", "parcel", parcel_id, way=way)
    if way == "wa":
        place = pickups.place_told(db, handled.parcel, handled.place)
        return words.wa_link(by_hand.of_parcel(handled, place), contact.phone)
    return f"tel:{contact.phone}"


@in_transaction()
def label(db: Session, *, actor: Actor, parcel_id: int, desk: Right) -> Label:
    """What stands on the parcel's label; printing it is a deed. Raises NotFound."""
    handled, contact = _in_hand(db, actor, parcel_id, desk)
    if handled.parcel.way != "ship":
        raise NotFound
    lines = parcels.goods(db, parcel_id)
    expected = parcels.expected(db, handled, lines)
    audit.record(db, actor, "parcel.label", "parcel", parcel_id)
    sent = [(expected[line.id], line) for line in lines if expected[line.id]]
    return Label(
        number=handled.order.number,
        position=handled.parcel.position,
        service=handled.parcel.service_label,
        sender=handled.place.name,
        sender_district=_district(handled.place.district_code),
        name=contact.name,
        phone=contact.phone,
        address=_address(contact),
        note=contact.note,
        cash=handover.cash_due(db, handled.order),
        goods=[(pieces, line.name) for pieces, line in sent],
        grams=handled.parcel.weight_grams,
    )


def _district(code: str) -> str:
    found = regions.district(code)
    return found.label if found else ""


def _address(contact: Contact) -> list[str]:
    rt_rw = f"RT/RW {contact.rt_rw}" if contact.rt_rw else ""
    landmark = _("Patokan: %(landmark)s", landmark=contact.landmark) if contact.landmark else ""
    return [
        ", ".join(part for part in (contact.street, rt_rw, contact.village) if part),
        f"{contact.district_label} {contact.postcode}".strip(),
        landmark,
    ]
