"""A round: what an organisation owes is added up for everybody at one cut, by a job in pieces.

Two treasurers who press at once begin one round. A worker that is killed in its middle leaves what
was closed closed, and whoever runs the round again goes on with the rest: an entry stands in one
settlement at most, and a closed account has nothing due below the cut.
"""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives import settlement
from cooperatives.models.books import Settlement
from cooperatives.models.settling import SettlementRound
from cooperatives.rights import COORDINATE, TREASURE
from core import access, audit, clock, jobs
from core.actors import SYSTEM, Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound

CHUNK = 25  # Accounts closed in one transaction: short locks, and little is done again.
SHOWN_MAX = 12


class NothingDue(DomainError):
    """Everything is settled already, or somebody's transaction must end first."""

    status = 409
    sentence = _("Belum ada yang bisa dihitung. Coba lagi sebentar.")


@in_transaction(retries=3)
def begin(db: Session, *, actor: Actor, organisation_id: int) -> SettlementRound:
    """Add up what an organisation owes, up to now: a job does it. Who is second joins the first.

    Needs its treasurer. Raises NothingDue.
    """
    access.require(db, actor, TREASURE, organisation_id)
    cut = settlement.present_cut(db)
    if not settlement.due_accounts(db, organisation_id, cut) and not _open(db, organisation_id):
        raise NothingDue
    row = {"organisation_id": organisation_id, "cut": cut, "begun_by": actor.person_id}
    made = db.scalar(
        insert(SettlementRound)
        .values(**row, begun_at=clock.now(), settled=0, total=0)
        .on_conflict_do_nothing()
        .returning(SettlementRound)
    )
    found = made or _open(db, organisation_id)
    if found is None:  # The first one's round ended in between: all is settled.
        raise NothingDue
    if made:
        audit.record(db, actor, "settlement.round", "settlement_round", found.id)
        jobs.defer(db, settle, round_id=found.id)
    return found


def _open(db: Session, organisation_id: int) -> SettlementRound | None:
    return db.scalar(
        select(SettlementRound).where(
            SettlementRound.organisation_id == organisation_id, SettlementRound.done_at.is_(None)
        )
    )


@jobs.job("cooperatives.settle", key="round_id")
def settle(round_id: int) -> None:
    """Close all accounts of a round, some at a time; run again it goes on where it was killed."""
    due = _begun(actor=SYSTEM, round_id=round_id)
    for place in range(0, len(due), CHUNK):
        _close_some(actor=SYSTEM, round_id=round_id, account_ids=due[place : place + CHUNK])
    _end(actor=SYSTEM, round_id=round_id)


@in_transaction(retries=3)
def _begun(db: Session, *, actor: Actor, round_id: int) -> list[int]:  # noqa: ARG001
    found = db.get(SettlementRound, round_id)
    if found is None or found.done_at is not None:
        return []
    return settlement.due_accounts(db, found.organisation_id, _cut(db, found))


def _cut(db: Session, found: SettlementRound) -> int:
    """A round that a dump brought along counts by another server's numbers: then it is now."""
    now = settlement.present_cut(db)
    return min(found.cut or now, now)


@in_transaction(retries=3)
def _close_some(db: Session, *, actor: Actor, round_id: int, account_ids: Sequence[int]) -> None:
    found = db.get_one(SettlementRound, round_id)
    cut = _cut(db, found)
    for account_id in account_ids:
        settlement.take(
            db,
            actor=actor,
            account_id=account_id,
            cut=cut,
            closed_by=found.begun_by,
            round_id=round_id,
        )


@in_transaction(retries=3)
def _end(db: Session, *, actor: Actor, round_id: int) -> None:
    found = db.get(SettlementRound, round_id, with_for_update=True, populate_existing=True)
    if found is None or found.done_at is not None:
        return
    query = select(func.count(), func.coalesce(func.sum(Settlement.total), 0))
    settled, total = db.execute(query.where(Settlement.round_id == round_id)).one()
    found.done_at, found.settled, found.total = clock.now(), settled, int(total)
    audit.record(db, actor, "settlement.round_done", "settlement_round", round_id, settled=settled)


def get(db: Session, actor: Actor, round_id: int) -> SettlementRound:
    """A round of an organisation on whose board the actor is; raises NotFound."""
    found = db.get(SettlementRound, round_id)
    boards = access.subjects(db, actor, TREASURE, COORDINATE)
    if found is None or found.organisation_id not in boards:
        raise NotFound
    return found


def newest(db: Reader, actor: Actor) -> list[SettlementRound]:
    """The last rounds of the actor's boards, the newest first."""
    query = select(SettlementRound).where(
        SettlementRound.organisation_id.in_(access.subjects(db, actor, TREASURE, COORDINATE))
    )
    return list(db.scalars(query.order_by(SettlementRound.id.desc()).limit(SHOWN_MAX)))


def closed_so_far(db: Reader, round_id: int) -> int:
    """How many settlements a round has made by now."""
    query = select(func.count()).where(Settlement.round_id == round_id)
    return int(db.scalar(query) or 0)


def cut_before(db: Reader, organisation_id: int, round_id: int | None) -> int:
    """The cut of the round before this one; 0 where there is none."""
    if round_id is None:
        return 0
    earlier = (SettlementRound.organisation_id == organisation_id) & (SettlementRound.id < round_id)
    return int(db.scalar(select(func.max(SettlementRound.cut)).where(earlier)) or 0)
