"""What goes together in a list: sent in its file alone, and over when its last one is.

Whoever takes a step with a payout of a list locks the list first, so two of them never wait for
each other in a ring.
"""

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import pay_ways, payout_tasks
from cooperatives.models.books import Account, Kind, Payout
from cooperatives.models.settling import PayoutBatch
from cooperatives.payout_states import PayoutState
from core import clock
from core.actors import Actor
from core.errors import DomainError


class WithItsList(DomainError):
    """It stands in the bank's file of its list; sent alone as well, she would be paid twice."""

    status = 409
    sentence = _("Pencairan ini dikirim bersama daftarnya.")


class NeedsSignature(DomainError):
    """Cash is paid in one step with what she signs, never by a word alone."""

    status = 409
    sentence = _("Uang tunai dibayar dengan foto tanda tangan penerima.")


def lock_list(db: Session, payout_id: int) -> None:
    """Wait for whoever is in the middle of the list of a payout, if it is on one."""
    own = select(Payout.batch_id).where(Payout.id == payout_id).scalar_subquery()
    db.execute(select(PayoutBatch.id).where(PayoutBatch.id == own).with_for_update())


def refuse_unsigned(db: Session, payout: Payout) -> None:
    """A payout that leaves a drawer is nothing that can be sent. Raises NeedsSignature."""
    if db.get_one(Account, payout.source_id).kind == Kind.CASH:
        raise NeedsSignature


def finish_if_over(db: Session, actor: Actor, payout: Payout) -> None:
    """A list that was agreed to is over when none of it waits: paid, on its way, or dropped.

    A bank's list is over when its file is sent; here end cash, and those sent or dropped by hand.
    """
    batch = db.get(PayoutBatch, payout.batch_id) if payout.batch_id else None
    if batch is None or batch.stage != "approved":
        return
    db.flush()
    query = select(Payout.state).where(Payout.batch_id == batch.id).distinct()
    states = set(db.scalars(query))
    if PayoutState.APPROVED in states:
        return
    if states <= {PayoutState.CANCELLED}:
        batch.dropped_at = clock.now()
    else:
        batch.sent_at = clock.now()
    if db.get_one(Account, batch.source_id).kind == Kind.CASH and batch.sent_at:
        batch.confirmed_at, batch.confirmed_by = batch.sent_at, actor.person_id
    payout_tasks.follow_batch(db, actor=actor, batch=batch)


def refuse_alone(db: Session, payout: Payout, account: Account) -> None:
    """A transfer of a list waits until the bank has taken the list's file."""
    batch = db.get(PayoutBatch, payout.batch_id) if payout.batch_id else None
    way = pay_ways.in_force(db, account.payee_id)
    if batch is not None and batch.sent_at is None and way is not None and way.is_in_a_bank:
        raise WithItsList
