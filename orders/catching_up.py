"""Before a restored house opens: gateways are asked about every payment that may have moved on.

What was paid in the lost time for an order that is here is taken in like any other answer. Money of
orders that are gone shows up in the gateways' reports.
"""

from uuid import UUID

from sqlalchemy import or_, select

from core import clock
from core.actors import SYSTEM
from core.backup.opening import Restored
from core.db import db
from core.errors import DomainError, RemoteError
from orders import asking, methods
from orders.models import Attempt


def ask_about_all(restored: Restored) -> list[str]:  # noqa: ARG001
    """Ask about each attempt young enough to change; a sentence for each that nobody answered."""
    untold = []
    for attempt_id in _may_have_moved():
        try:
            asking.learn(actor=SYSTEM, attempt_id=attempt_id)
        except (RemoteError, DomainError) as why:
            untold.append(f"attempt {attempt_id}: {type(why).__name__}")
    return untold


def _may_have_moved() -> list[UUID]:
    """Open ones, ended ones whose number may still be paid, and paid ones that may be undone."""
    query = select(Attempt.id).where(
        Attempt.method.in_(methods.at_gateways()),
        or_(Attempt.gateway_id != "", Attempt.state.in_(("pending", "unknown"))),
        Attempt.created_at >= clock.now() - asking.LATE_FOR,
    )
    return list(db.session.scalars(query.order_by(Attempt.created_at)))
