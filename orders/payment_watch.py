"""Payments at gateways as a treasurer sees them, above all those that do not fit."""

from dataclasses import dataclass
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cooperatives.rights import TREASURE
from core import access, audit, orgs, tasks
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError
from orders import attempts, methods, taken_back, treasury_tasks
from orders.models import Attempt, Order, Refund

LIST_MAX = 100
ODD = ("unknown", "disputed", "charged_back")
REASON_MAX = 200


class NoReason(DomainError):
    """A difference is closed with a reason."""

    sentence = _("Tulis apa yang terjadi, supaya bisa dibaca bendahara lain.")


@dataclass(frozen=True, slots=True)
class Watched:
    """One payment: its order, what went back, and what nobody bears yet."""

    attempt: Attempt
    order: Order
    refunds: list[Refund]
    contested: int
    is_odd: bool


def list_odd(db: Session, actor: Actor, wanted: str = "") -> list[tuple[Attempt, Order]]:
    """Payments to look at, oldest first; with `wanted`, all whose key or number holds it.

    Raises NotFound for anybody but the operator's treasurers.
    """
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    query = select(Attempt, Order).join(Order, Order.id == Attempt.order_id)
    query = query.where(Attempt.method.in_(methods.at_gateways())).limit(LIST_MAX)
    if wanted:
        fits = or_(
            Attempt.gateway_key.icontains(wanted, autoescape=True),
            Attempt.gateway_id == wanted,
            Attempt.paid_as == wanted,
        )
        query = query.where(fits).order_by(Attempt.created_at.desc())
    else:
        query = query.where(Attempt.state.in_(ODD)).order_by(Attempt.created_at)
    return [(row.Attempt, row.Order) for row in db.execute(query)]


def get_payment(db: Session, actor: Actor, attempt_id: UUID) -> Watched:
    """One payment; raises NotFound."""
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    attempt = attempts.get_attempt(db, attempt_id)
    order = db.get_one(Order, attempt.order_id)
    sent = select(Refund).where(Refund.attempt_id == attempt_id).order_by(Refund.created_at)
    return Watched(
        attempt=attempt,
        order=order,
        refunds=list(db.scalars(sent)),
        contested=taken_back.contested(db, order),
        is_odd=tasks.is_open(db, treasury_tasks.LOOK, doc=("attempt", attempt_id)),
    )


@in_transaction(retries=3)
def close_look(db: Session, *, actor: Actor, attempt_id: UUID, reason: str) -> None:
    """Somebody has looked at a payment that did not fit. Raises NoReason, NotFound."""
    watched = get_payment(db, actor, attempt_id)
    reason = " ".join(reason.split())[:REASON_MAX]
    if not reason:
        raise NoReason
    treasury_tasks.looked_at(db, actor=actor, attempt=watched.attempt, reason=reason)
    audit.record(db, actor, "payment.looked_at", "attempt", attempt_id, reason=reason)
