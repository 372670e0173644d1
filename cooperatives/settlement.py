"""Settlement: adding up what one payee has earned, so that it can be paid to her.

The cut is by commit order. Ids and clocks are handed out before a transaction commits: an older,
slower one may still add entries below any id or time. A transaction number under the oldest one
still running can get no more entries, so whatever is below the cut is settled now, or was before.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, desc, func, or_, select, text, update
from sqlalchemy.orm import Session

from cooperatives.carrying import sums
from cooperatives.membership import advances
from cooperatives.models.books import (
    PAYABLE,
    Account,
    Entry,
    Journal,
    Kind,
    Payee,
    Settlement,
    SettlementEntry,
)
from cooperatives.models.carrying import CarriedPage
from cooperatives.models.settling import SettlementRound
from cooperatives.models.stock import Xid8
from cooperatives.rights import TREASURE
from cooperatives.settling import tax
from core import access, audit
from core.actors import SYSTEM, Actor
from core.backup.opening import Restored
from core.db import Reader, in_transaction
from core.errors import NotFound

SHOWN_MAX = 500


@dataclass(frozen=True, slots=True)
class Due:
    """What one payee would get if her account were closed now."""

    account_id: int
    kind: str
    person_id: int | None
    organisation_id: int | None
    currency: str
    total: int


def present_cut(db: Reader) -> int:
    """The oldest transaction that may still write; everything below it is decided."""
    xmin = func.pg_snapshot_xmin(func.pg_current_snapshot())
    return int(db.scalar(select(cast(xmin, Text))) or 0)


def is_decided(cut: int) -> ColumnElement[bool]:
    """Whether a visible journal belongs before the cut.

    Our own transaction's journals commit together with the settlement. A number from the future
    was restored from a dump of another server: it was decided long ago.
    """
    return or_(
        Journal.xid < cast(str(cut), Xid8),
        Journal.xid == func.pg_current_xact_id_if_assigned(),
        Journal.xid >= func.pg_snapshot_xmax(func.pg_current_snapshot()),
    )


def _unsettled() -> ColumnElement[bool]:
    taken = select(SettlementEntry.entry_id).where(SettlementEntry.entry_id == Entry.id)
    return ~taken.exists()


@in_transaction(retries=3)
def close(db: Session, *, actor: Actor, account_id: int) -> Settlement | None:
    """Settle everything decided so far on one account; None if nothing is due.

    Needs the treasurer of the account's organisation; raises NotFound for others. Two who close at
    once give one settlement.
    """
    return take(db, actor=actor, account_id=account_id, cut=present_cut(db))


def take(
    db: Session,
    *,
    actor: Actor,
    account_id: int,
    cut: int,
    closed_by: int | None = None,
    round_id: int | None = None,
) -> Settlement | None:
    """Settle everything posted to one account before the cut; a negative total carries over."""
    account = _locked(db, actor, account_id)
    query = select(Entry.id, Entry.amount).join(Journal, Journal.id == Entry.journal_id)
    query = query.where(Entry.account_id == account.id, is_decided(cut), _unsettled())
    query = query.where(Entry.id >= sums.open_from(db, [account.id]))
    _repay_advances(db, actor, account, -sum(entry.amount for entry in db.execute(query)))
    taken = db.execute(query).all()
    total = -sum(entry.amount for entry in taken)
    withheld, gross = tax.due(db, account, [entry.id for entry in taken]) if total > 0 else (0, 0)
    total -= withheld
    if total <= 0:
        return None
    settlement = Settlement(
        account_id=account.id,
        cut=cut,
        total=total,
        closed_by=closed_by or actor.person_id,
        round_id=round_id,
    )
    db.add(settlement)
    db.flush()
    attach(db, settlement.id, [entry.id for entry in taken])
    if withheld:
        entry_id = tax.withhold(
            db, actor=actor, settlement=settlement, account=account, amount=withheld, gross=gross
        )
        attach(db, settlement.id, [entry_id])
    audit.record(db, actor, "settlement.close", "settlement", settlement.id, total=total)
    return settlement


def _repay_advances(db: Session, actor: Actor, account: Account, earned: int) -> None:
    """What a maker agreed to give back of her sales goes off before they are added up."""
    person_id = db.scalar(select(Payee.person_id).where(Payee.id == account.payee_id))
    if account.kind == Kind.MAKER and person_id is not None and earned > 0:
        advances.take_shares(
            db,
            actor=actor,
            organisation_id=account.organisation_id,
            person_id=person_id,
            earned=earned,
        )


def _locked(db: Session, actor: Actor, account_id: int) -> Account:
    """The account, kept from other closers; postings to it do not wait."""
    query = select(Account).where(Account.id == account_id, Account.kind.in_(PAYABLE))
    account = db.scalar(query.with_for_update(key_share=True))
    if account is None:
        raise NotFound
    access.require(db, actor, TREASURE, account.organisation_id)
    return account


def attach(db: Session, settlement_id: int, entry_ids: list[int]) -> None:
    """Note which entries a settlement took; the primary key refuses one that stands in another."""
    db.execute(
        text(
            "insert into settlement_entry (entry_id, settlement_id)"
            " select unnest(cast(:entries as bigint[])), :settlement"
        ),
        {"entries": entry_ids, "settlement": settlement_id},
    )


def due_accounts(db: Reader, organisation_id: int, cut: int) -> list[int]:
    """The accounts of an organisation on which something is due before the cut, in one order."""
    query = _due(organisation_id, cut).with_only_columns(Account.id).order_by(Account.id)
    return list(db.scalars(query))


def _due(organisation_id: int, cut: int) -> Select[*tuple[Any, ...]]:
    """Each account on which more is owed than not, with what is owed; page by page, each from the
    entry on that was not settled long ago.
    """
    owed = (
        select(func.sum(-Entry.amount).label("total"))
        .join(Journal, Journal.id == Entry.journal_id)
        .where(Entry.account_id == Account.id, is_decided(cut), _unsettled())
        .where(Entry.id >= func.coalesce(CarriedPage.open_from, 0))
        .lateral("owed")
    )
    return (
        select(
            Account.id.label("account_id"),
            Account.kind,
            Payee.person_id,
            Payee.organisation_id,
            Account.currency,
            owed.c.total,
        )
        .join(Payee, Payee.id == Account.payee_id)
        .outerjoin(CarriedPage, CarriedPage.account_id == Account.id)
        .join(owed, owed.c.total > 0)
        .where(Account.organisation_id == organisation_id, Account.kind.in_(PAYABLE))
    )


def list_due(db: Reader, actor: Actor, organisation_id: int) -> list[Due]:
    """Whom an organisation would owe how much if it closed now, the largest first."""
    access.require(db, actor, TREASURE, organisation_id)
    query = _due(organisation_id, present_cut(db)).order_by(desc("total"), Account.id)
    rows = db.execute(query.limit(SHOWN_MAX))
    return [Due(**{**row._asdict(), "total": int(row.total)}) for row in rows]


@in_transaction(retries=3)
def forget_cuts(db: Session, *, actor: Actor) -> None:
    """A dump brings the cuts of another server, whose numbers mean nothing on this one.

    What they decided stands in settlement entries already, so nothing is settled twice or skipped.
    """
    forgotten = db.scalars(
        update(Settlement).where(Settlement.cut > 0).values(cut=0).returning(Settlement.id)
    ).all()
    db.execute(update(SettlementRound).values(cut=0))
    audit.record(db, actor, "settlement.forget_cuts", "house", 1, settlements=len(forgotten))


def after_a_dump(restored: Restored) -> list[str]:
    """Before a restored house opens."""
    if restored.source == "dump":
        forget_cuts(actor=SYSTEM)
    return []
