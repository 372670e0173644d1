"""The counter lease: one till at a time per place, and goods kept for it while its heart beats.

While a till holds the lease, part of the free goods is kept for the counter, so that the jar in a
customer's hand is not sold online at that moment. The rounding, for each variant at the place:

    free            = on hand − reserved, over the lots that are still good
    sellable online = free × (10000 − kept_bp) ÷ 10000, rounded down   (kept_bp is 7000: 30 %)
    kept            = free − sellable online

So of 10 jars 3 stay online, of 3 jars none. What stays online stands on the lots that are last in
turn: the till sells the oldest goods, and what travels is the freshest. Each heartbeat shares out
anew; a till that falls silent loses its lease to the clock or to another device.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives import levels, places
from cooperatives.levels import Standing
from cooperatives.models.stock import CounterLease, Level, Place
from cooperatives.settings import CooperativeSettings
from core import audit, clock
from core.actors import SYSTEM, Actor
from core.config import settings
from core.db import in_transaction
from core.errors import DomainError
from core.jobs import job
from core.money import BASIS_POINTS


class TillTaken(DomainError):
    """Another device's till is open at this place."""

    status = 409
    sentence = _("Kasir di sini sedang dibuka di HP lain. Tutup dulu di sana.")


class LeaseLost(DomainError):
    """The till was silent for too long, and its lease is gone."""

    status = 409
    sentence = _("Kasir sudah lama diam. Buka lagi kasirnya.")


@in_transaction()
def take(db: Session, *, actor: Actor, place_id: int, device_id: UUID) -> CounterLease:
    """Open the till on a device, or open it again. Raises TillTaken, NotFound."""
    assert actor.person_id is not None, "a till is opened by a person"
    place = places.tended(db, actor, place_id)
    now = clock.now()
    mine = {"device_id": device_id, "holder_id": actor.person_id, "until": _until()}
    taken = (
        insert(CounterLease)
        .values(place_id=place.id, taken_at=now, **mine)
        .on_conflict_do_update(
            index_elements=[CounterLease.place_id],
            set_={"taken_at": now, **mine},
            where=or_(CounterLease.device_id == device_id, CounterLease.until < now),
        )
        .returning(CounterLease)
        .execution_options(populate_existing=True)
    )
    lease = db.scalar(taken)
    if lease is None:
        raise TillTaken
    _share_out(db, place)
    audit.record(db, actor, "till.opened", "place", place.id)
    return lease


@in_transaction()
def beat(db: Session, *, actor: Actor, place_id: int, device_id: UUID) -> CounterLease:  # noqa: ARG001
    """The till is alive: prolong its lease and share out the goods anew. Raises LeaseLost."""
    mine = CounterLease.device_id == device_id
    query = select(CounterLease).where(CounterLease.place_id == place_id, mine)
    lease = db.scalar(query.with_for_update().execution_options(populate_existing=True))
    if lease is None:
        raise LeaseLost
    lease.until = _until()
    _share_out(db, places.get_place(db, place_id))
    return lease


@in_transaction()
def leave(db: Session, *, actor: Actor, place_id: int, device_id: UUID) -> None:
    """Close the till: nothing is kept any more. Closing a till one does not hold does nothing."""
    mine = CounterLease.device_id == device_id
    gone = delete(CounterLease).where(CounterLease.place_id == place_id, mine)
    if db.scalar(gone.returning(CounterLease.place_id)) is not None:
        _give_back(db, [place_id])
        audit.record(db, actor, "till.closed", "place", place_id)


@in_transaction()
def end_overdue(db: Session, *, actor: Actor) -> list[int]:
    """End the leases of silent tills; returns their places."""
    overdue = (
        select(CounterLease.place_id)
        .where(CounterLease.until < clock.now())
        .order_by(CounterLease.place_id)
        .with_for_update(skip_locked=True)
    )
    silent = list(db.scalars(overdue))
    db.execute(delete(CounterLease).where(CounterLease.place_id.in_(silent)))
    _give_back(db, silent)
    for place_id in silent:
        audit.record(db, actor, "till.fell_silent", "place", place_id)
    return silent


@job("cooperatives.end_silent_tills", key=None, cron="* * * * *")
def end_silent_tills() -> None:
    """Every minute: what was kept for a till that fell silent goes back online."""
    end_overdue(actor=SYSTEM)


def _until() -> datetime:
    return clock.now() + timedelta(minutes=settings(CooperativeSettings).lease_minutes)


def _share_out(db: Session, place: Place) -> None:
    shelf = levels.lock(db, Level.place_id == place.id, Level.on_hand > 0)
    share_out(shelf, place.kept_bp, clock.today())
    levels.write(db, shelf)


def _give_back(db: Session, place_ids: list[int]) -> None:
    shelf = levels.lock(db, Level.place_id.in_(place_ids), Level.counter_kept > 0)
    for standing in shelf:
        standing.counter_kept = 0
    levels.write(db, shelf)


def share_out(shelf: Iterable[Standing], kept_bp: int, today: date) -> None:
    """Set what is kept on each level of one place, by the rule on top of this module."""
    good: dict[int, list[Standing]] = defaultdict(list)
    for standing in shelf:
        standing.counter_kept = standing.unpromised
        if not standing.is_past(today):
            good[standing.variant_id].append(standing)
    for lots in good.values():
        free = sum(standing.unpromised for standing in lots)
        online = free * (BASIS_POINTS - kept_bp) // BASIS_POINTS
        for standing in sorted(lots, key=lambda s: s.turn, reverse=True):
            share = min(online, standing.unpromised)
            standing.counter_kept -= share
            online -= share
