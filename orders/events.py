"""What happened to an order: a row of its timeline, and a message to its buyer where that matters.

Every event is written here and nowhere else, so no floor can forget the one or the other.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import clock
from core.actors import SYSTEM, Actor
from orders import messages
from orders.models import Event, Order, Parcel


def write(
    db: Session,
    order: Order,
    what: str,
    *,
    actor: Actor = SYSTEM,
    parcel: Parcel | None = None,
    doc: tuple[str, object] | None = None,
    at: datetime | None = None,
    **facts: Any,
) -> None:
    """Note what happened to a locked order, now if no moment is given.

    `doc` is what it is about, where the same may happen to an order again.
    """
    db.add(
        Event(
            order_id=order.id,
            parcel_id=parcel.id if parcel else None,
            what=what,
            at=at or clock.now(),
            actor_id=actor.person_id,
            facts=facts,
        )
    )
    about = doc or (("parcel", parcel.id) if parcel else ("order", order.id))
    messages.tell(db, order, what, actor=actor, parcel=parcel, doc=about, facts=facts)
