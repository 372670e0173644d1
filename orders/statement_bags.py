"""Cash of a kiosk that came on the bank statement: the bag it was, confirmed by its line."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives.days import bags
from cooperatives.models.days import Bag
from cooperatives.models.stock import Place
from core import orgs
from core.actors import Actor
from core.db import in_transaction
from orders import matching, money_pages, statements
from orders.matching import Fit
from orders.models import BankLine
from orders.statement_matching import NotForThat
from orders.states import IllegalMove


@dataclass(frozen=True, slots=True)
class Carried:
    """The bag that a line is for, and the place it comes from."""

    fit: Fit
    bag_id: UUID
    words: str


def carried(db: Session, lines: Iterable[BankLine]) -> dict[int, Carried]:
    """For lines on which money came, the bag it is, where only one can be meant."""
    found = {line.id: _of(db, line) for line in lines if line.amount > 0}
    return {line_id: bag for line_id, bag in found.items() if bag is not None}


def _of(db: Session, line: BankLine) -> Carried | None:
    waiting = {str(row.id): row.name for row in db.execute(_waiting(line))}
    key = matching.chosen(line.text, list(waiting.items()))
    return Carried(Fit.BAG, UUID(key), waiting[key]) if key else None


def _waiting(line: BankLine) -> Any:
    """Bags of just this sum that nobody has seen at the bank yet, packed before the line."""
    packed_on = func.date(func.timezone("Asia/Jakarta", Bag.packed_at))
    return (
        select(Bag.id, Place.name)
        .join(Place, Place.id == Bag.place_id)
        .where(
            Bag.confirmed_at.is_(None),
            Bag.amount == line.amount,
            packed_on <= line.day + matching.A_NIGHT,
        )
        .order_by(Bag.packed_at)
    )


@in_transaction(retries=3)
def match_bag(db: Session, *, actor: Actor, line_id: int) -> None:
    """The actor sees on the statement that a bag has come: it is in the operator's bank by that.

    Raises SameHands where she carried it herself, NotForThat, IllegalMove, NotFound.
    """
    line = statements.locked_line(db, actor, line_id)
    if line.state != "open":
        raise IllegalMove
    found = _of(db, line) if line.amount > 0 else None
    if found is None:
        raise NotForThat
    bank = money_pages.bank(orgs.operator_id(db))
    bags.confirm.within(db, actor=actor, bag_id=found.bag_id, received=line.amount, bank=bank)
    statements.match(db, actor, line, bag_id=found.bag_id)
