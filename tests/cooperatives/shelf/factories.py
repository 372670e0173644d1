"""What leaves a shelf, as a keeper writes it down."""

import uuid

from cooperatives.models import Movement, Shipment
from cooperatives.shelf import deeds, shipments
from core.actors import SYSTEM
from core.db import db
from tests.cooperatives.receiving.factories import act


def a_shipment(source, target, lot, units=4, *, actor=SYSTEM):
    """Units of a lot on their way."""
    key = uuid.uuid4()
    content = {"place": source.id, "to": target.id, f"jumlah-{lot.id}": units}
    act(shipments.SEND, actor, content, key)
    return db.session.get(Shipment, key)


def arrived(shipment, lot, *, actor=SYSTEM, **boxes):
    """Some of it came to its end; `boxes` are datang, hilang and kembali."""
    content = {f"{box}-{lot.id}": units for box, units in boxes.items()}
    return act(shipments.RECEIVE, actor, {"shipment": shipment.id, **content})


def thrown_away(place, lot, units=1):
    """The movement of what was thrown away."""
    content = {"place": place.id, "lot": lot.id, "units": units, "why": "waste:broken"}
    act(deeds.ACT, SYSTEM, content)
    query = db.session.query(Movement.id).filter_by(lot_id=lot.id, kind="waste")
    return query.order_by(Movement.id.desc()).first()[0]
