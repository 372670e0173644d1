"""Bank transfers: a treasurer sees the money on the statement and says so.

From a set amount on a second treasurer must agree. Nothing the buyer sends counts as proof.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.rights import TREASURE
from core import access, audit, news, orgs
from core.access import SamePerson
from core.actors import Actor
from core.config import settings
from core.db import Reader, in_transaction
from orders import payment
from orders.gateways import Reading
from orders.methods import MethodClosed
from orders.models import Attempt, Order
from orders.payment import AmountDiffers
from orders.settings import OrderSettings
from orders.states import AttemptEvent

LIST_MAX = 100


def list_waiting(db: Reader) -> list[tuple[Attempt, Order]]:
    """Transfers that are still to be seen on the statement, oldest first."""
    query = (
        select(Attempt, Order)
        .join(Order, Order.id == Attempt.order_id)
        .where(Attempt.method == "transfer", Attempt.state.in_(("created", "pending", "unknown")))
        .order_by(Attempt.created_at)
        .limit(LIST_MAX)
    )
    return [(row[0], row[1]) for row in db.execute(query)]


@in_transaction(retries=3)
def confirm(db: Session, *, actor: Actor, attempt_id: UUID, amount: int) -> bool:
    """The actor saw `amount` rupiah arrive; returns whether the order is paid now.

    A large transfer is only noted the first time and waits for another treasurer. Raises
    AmountDiffers, SamePerson, NotFound.
    """
    house = orgs.operator(db).id
    access.require(db, actor, TREASURE, house)
    _order, attempt = payment.locked(db, attempt_id)
    if attempt.method != "transfer":
        raise MethodClosed
    if amount != attempt.amount:
        raise AmountDiffers
    if amount >= settings(OrderSettings).second_person_rupiah:
        if attempt.noted_by is None:
            attempt.noted_by = actor.person_id
            audit.record(db, actor, "transfer.noted", "attempt", attempt.id)
            news.tell(db, "transfer_noted", attempt_id=str(attempt.id))
            return False
        if attempt.noted_by == actor.person_id:
            raise SamePerson
        attempt.confirmed_by = actor.person_id
    else:
        attempt.noted_by = actor.person_id
    payment.apply.within(
        db, actor=actor, attempt_id=attempt_id, reading=Reading(AttemptEvent.CAPTURE, amount)
    )
    return True
