"""Reading batches: who is paid how much and where to, for the boards that have a say in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from cooperatives import pay_ways
from cooperatives.models.books import Account, Payee, Payout, Settlement
from cooperatives.models.pay_ways import PayWay
from cooperatives.models.settling import PayoutBatch
from cooperatives.rights import COORDINATE, TREASURE
from core import access
from core.actors import Actor
from core.db import Reader
from core.errors import NotFound
from core.people import Person

SHOWN_MAX = 12
MAKER, APPROVER = aliased(Person), aliased(Person)


@dataclass(frozen=True, slots=True)
class Line:
    """One payout of a list; `way` shows no more of an account than its last four digits."""

    payout_id: int
    settlement_id: int
    owner: str
    call_me: str
    total: int
    state: str
    way: Any
    is_held: bool
    closed_on: date


def newest(db: Reader, actor: Actor) -> Sequence[Any]:
    """The last lists of the actor's boards: id, made_at, and the list itself as `batch`."""
    boards = access.subjects(db, actor, TREASURE, COORDINATE)
    query = select(PayoutBatch).where(PayoutBatch.organisation_id.in_(boards))
    query = query.order_by(PayoutBatch.id.desc()).limit(SHOWN_MAX)
    assert isinstance(db, Session)
    return db.scalars(query).all()


def get(db: Session, actor: Actor, batch_id: int) -> Any:
    """A list with its people and its source; raises NotFound for other boards' lists.

    Columns: batch, source_kind, source_label, maker_name, approver_name.
    """
    query = (
        select(
            PayoutBatch.id,
            PayoutBatch.organisation_id,
            Account.kind.label("source_kind"),
            Account.label.label("source_label"),
            MAKER.call_me.label("maker_name"),
            APPROVER.call_me.label("approver_name"),
        )
        .join(Account, Account.id == PayoutBatch.source_id)
        .join(MAKER, MAKER.id == PayoutBatch.made_by)
        .outerjoin(APPROVER, APPROVER.id == PayoutBatch.approved_by)
        .where(PayoutBatch.id == batch_id)
    )
    found = db.execute(query).first()
    if found is None or found.organisation_id not in access.subjects(
        db, actor, TREASURE, COORDINATE
    ):
        raise NotFound
    return found


def lines(db: Session, actor: Actor, batch_id: int) -> list[Line]:
    """Everybody on a list, by name."""
    get(db, actor, batch_id)
    query = (
        select(Payout, Settlement, Account.payee_id, Person)
        .join(Settlement, Settlement.id == Payout.settlement_id)
        .join(Account, Account.id == Settlement.account_id)
        .join(Payee, Payee.id == Account.payee_id)
        .join(Person, Person.id == Payee.person_id)
        .where(Payout.batch_id == batch_id)
        .order_by(Person.name, Payout.id)
    )
    rows = db.execute(query).all()
    ways = pay_ways.in_force_of(db, [row.payee_id for row in rows])
    return [
        _line(payout, owed, person, _way(db, payout, ways.get(payee_id)), payee_id not in ways)
        for payout, owed, payee_id, person in rows
    ]


def _way(db: Session, payout: Payout, now: PayWay | None) -> PayWay | None:
    """What is fixed, or how she is paid now."""
    if payout.begun_at is None:
        return now
    return db.get(PayWay, payout.pay_way_id) if payout.pay_way_id else None


def _line(
    payout: Payout, owed: Settlement, person: Person, way: PayWay | None, waits: bool
) -> Line:
    return Line(
        payout.id,
        owed.id,
        person.name,
        person.call_me,
        owed.total,
        payout.state,
        pay_ways.words(way),
        is_held=waits and payout.begun_at is None,
        closed_on=owed.closed_on,
    )
