"""What a bazaar costs everybody together, and how it is shared: by places or by what was sold.

The rule for the rest: everybody gets her exact part rounded down, then the rupiah that are left go
one each to the largest remainders, the first on the list where two are the same. So the parts are
the sum, always, and each can be checked with a calculator.
"""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.bazaars import sight
from cooperatives.bazaars.planning import still_open
from cooperatives.models import BazaarCost
from cooperatives.sharing import by_weight
from core import audit, clock
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.money import RUPIAH_MAX

WHAT_MAX = 60


class NotACost(DomainError):
    """A cost has a name and an amount."""

    sentence = _("Tulis biaya apa dan berapa rupiah.")


def parts(total: int, weights: Sequence[int]) -> list[int]:
    """Everybody's part of the costs; all are equal where nobody has any weight."""
    if not weights or total == 0:
        return [0] * len(weights)
    return by_weight(total, weights if any(weights) else [1] * len(weights))


@in_transaction(retries=3)
def write(
    db: Session, *, actor: Actor, cost_id: UUID, bazaar_id: int, what: str, amount: int
) -> BazaarCost:
    """Write a cost down; written again, it is the same one. Raises NotACost, AlreadyClosed."""
    bazaar = sight.as_host(db, actor, bazaar_id)
    if (before := db.get(BazaarCost, cost_id)) is not None:
        if before.bazaar_id != bazaar.id:
            raise NotFound
        return before
    still_open(bazaar)
    if not what.strip() or not 0 < amount <= RUPIAH_MAX:
        raise NotACost
    cost = BazaarCost(id=cost_id, bazaar_id=bazaar.id, what=what.strip()[:WHAT_MAX], amount=amount)
    db.add(cost)
    audit.record(db, actor, "bazaar.cost", "bazaar", bazaar.id, amount=amount)
    return cost


@in_transaction(retries=3)
def strike(db: Session, *, actor: Actor, bazaar_id: int, cost_id: UUID) -> None:
    """A cost was written by mistake: it stays, struck out, and counts no more."""
    bazaar = still_open(sight.as_host(db, actor, bazaar_id))
    cost = db.get(BazaarCost, cost_id, with_for_update=True, populate_existing=True)
    if cost is None or cost.bazaar_id != bazaar.id:
        raise NotFound
    if cost.struck_at is None:
        cost.struck_at = clock.now()
        audit.record(db, actor, "bazaar.cost_struck", "bazaar", bazaar.id, amount=cost.amount)


def list_costs(db: Reader, bazaar_id: int) -> list[BazaarCost]:
    """Every cost, struck ones too, in the order of writing."""
    query = select(BazaarCost).where(BazaarCost.bazaar_id == bazaar_id)
    return list(db.execute(query.order_by(BazaarCost.written_at, BazaarCost.id)).scalars())


def total(costs: Sequence[BazaarCost]) -> int:
    """What counts of them."""
    return sum(cost.amount for cost in costs if cost.struck_at is None)
