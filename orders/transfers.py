"""Bank transfers: a treasurer sees the money on the statement and says so.

From a set amount on a second treasurer must agree. Nothing the buyer sends counts as proof.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from cooperatives.rights import TREASURE
from core import access, audit, orgs
from core.access import SamePerson
from core.actors import Actor
from core.config import settings
from core.db import in_transaction
from core.errors import NotFound
from core.money import NotAnAmount, parse_rupiah
from core.people import Person
from orders import arrivals, attempts, treasury_tasks
from orders.methods import MethodClosed
from orders.models import Attempt, Order
from orders.payment import AmountDiffers
from orders.settings import OrderSettings

LIST_MAX = 100
OPEN = ("created", "pending", "unknown")
LATE = ("expired", "failed")
"""The goods wait no more, but money that comes all the same still counts."""


def _awaited() -> ColumnElement[bool]:
    half_seen = and_(Attempt.state.in_(LATE), Attempt.noted_by.is_not(None))
    return or_(Attempt.state.in_(OPEN), half_seen)


def _transfers() -> Select[*tuple[Any, ...]]:
    return (
        select(Attempt, Order, Person.call_me.label("noted_name"))
        .join(Order, Order.id == Attempt.order_id)
        .outerjoin(Person, Person.id == Attempt.noted_by)
        .where(Attempt.method == "transfer")
    )


def list_waiting(db: Session, actor: Actor, wanted: str = "") -> list[Any]:
    """Transfers that are still to be seen on the statement, oldest first.

    `wanted` is an amount or part of a reference; it also finds late ones. Columns: Attempt, Order,
    noted_name. Raises NotFound for anybody but the operator's treasurers.
    """
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    query = _transfers().order_by(Attempt.created_at, Attempt.id).limit(LIST_MAX)
    if not wanted:
        return list(db.execute(query.where(_awaited())))
    found = Attempt.gateway_key.icontains(wanted, autoescape=True)
    if amount := _amount_in(wanted):
        found = or_(found, Attempt.amount == amount)
    return list(db.execute(query.where(found, Attempt.state.in_((*OPEN, *LATE)))))


def _amount_in(wanted: str) -> int:
    """The rupiah somebody searches for, however she writes them; 0 for anything else."""
    try:
        return parse_rupiah(wanted)
    except NotAnAmount:
        return 0


def get_transfer(db: Session, actor: Actor, attempt_id: UUID) -> Any:
    """One transfer with its order and who has noted it; raises NotFound."""
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    found = db.execute(_transfers().where(Attempt.id == attempt_id)).first()
    if found is None:
        raise NotFound
    return found


def needs_two(amount: int) -> bool:
    """Whether two treasurers have to see it."""
    return amount >= settings(OrderSettings).second_person_rupiah


@in_transaction(retries=3)
def confirm(
    db: Session, *, actor: Actor, attempt_id: UUID, amount: int, is_certain: bool = False
) -> bool:
    """The actor saw `amount` rupiah arrive; returns whether the money is in the books now.

    A large transfer is only noted the first time and waits for another treasurer. Another amount
    than was asked is taken where the actor `is_certain` of it. Raises AmountDiffers, SamePerson,
    NotFound.
    """
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    order, attempt = attempts.locked(db, attempt_id)
    if attempt.method != "transfer":
        raise MethodClosed
    if attempt.captured_at is not None:
        return True  # Said before: who said it first stays written.
    if attempt.noted_amount not in (None, amount):
        raise AmountDiffers  # Two people have to see the same.
    if amount not in (attempt.amount, arrivals.asked(db, attempt)) and not is_certain:
        raise AmountDiffers
    if needs_two(amount) and attempt.noted_by is None:
        attempt.noted_by, attempt.noted_amount = actor.person_id, amount
        audit.record(db, actor, "transfer.noted", "attempt", attempt.id)
        treasury_tasks.transfer_noted(db, actor=actor, attempt=attempt, order=order)
        return False
    if needs_two(amount) and attempt.noted_by == actor.person_id:
        raise SamePerson
    holder = arrivals.take(db, actor=actor, attempt_id=attempt_id, amount=amount)
    _sign(attempt, holder, actor)
    return True


def _sign(attempt: Attempt, holder: Attempt, actor: Actor) -> None:
    """Write who saw it on the attempt that holds the money; the other one waits unseen again."""
    first, attempt.noted_by, attempt.noted_amount = attempt.noted_by, None, None
    holder.noted_by = first or actor.person_id
    holder.confirmed_by = actor.person_id if first not in (None, actor.person_id) else None
