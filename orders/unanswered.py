"""Orders nobody answered, as lines of the coordinator's half hour: near their deadline, or past it.

A parcel of any seller or kiosk of her cooperative stands here until it is answered or has ended.
"""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives.models import Place
from cooperatives.rights import COORDINATE
from core import clock
from core.actors import Actor
from core.config import settings
from core.day import LATE, Card, due_words
from orders import parcels
from orders.models import Line, Order, Parcel
from orders.settings import OrderSettings
from orders.states import ParcelState

SHOWN_MAX = 8
PAGE = "/koord/paket"
SOON = 1  # Only what is late already comes before it.


def cards(db: Session, actor: Actor) -> list[Card]:
    """The most urgent ones, and that there are more."""
    found = _waiting(db, actor)
    shown = [_card(row) for row in found[:SHOWN_MAX]]
    if len(found) > SHOWN_MAX:
        more = _("Masih ada lagi pesanan yang belum dijawab")
        shown.append(Card(SOON, "wait", "clock", more, PAGE, _("Lihat semua")))
    return shown


def _waiting(db: Session, actor: Actor) -> list[Any]:
    near = clock.now() + timedelta(hours=settings(OrderSettings).answer_near_hours)
    pieces = select(func.sum(Line.quantity)).where(Line.parcel_id == Parcel.id).scalar_subquery()
    query = (
        select(Parcel.id, Parcel.accept_by, Order.number, Place.name, pieces.label("pieces"))
        .join(Order, Order.id == Parcel.order_id)
        .join(Place, Place.id == Parcel.place_id)
        .where(Parcel.state == ParcelState.TO_ACCEPT, Parcel.accept_by <= near)
        .where(Order.state.in_(parcels.DUE), parcels.on_desk(db, actor, COORDINATE))
        .order_by(Parcel.accept_by, Parcel.id)
        .limit(SHOWN_MAX + 1)
    )
    return list(db.execute(query))


def _card(row: Any) -> Card:
    is_late = row.accept_by <= clock.now()
    return Card(
        urgency=LATE if is_late else SOON,
        kind="warning" if is_late else "wait",
        icon="clock",
        title=_("Pesanan %(number)s belum dijawab %(place)s", number=row.number, place=row.name),
        url=f"{PAGE}/{row.id}",
        deed=_("Hubungi penjual"),
        detail=_("%(n)s barang. %(due)s", n=row.pieces, due=due_words(row.accept_by)),
        state=_("Terlambat") if is_late else "",
    )
