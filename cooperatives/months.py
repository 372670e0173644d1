"""Closed months of the books: what happened in one and comes late counts in the next open one."""

from collections.abc import Collection
from datetime import date, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives.models.books import Account
from cooperatives.models.surplus import MonthLock
from core import clock
from core.clock import WIB

KEY = func.hashtext("cooperatives.month_lock")


def month_of(moment: datetime) -> date:
    """The month on the calendar of Wonosobo, as its first day."""
    return moment.astimezone(WIB).date().replace(day=1)


def after(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def begins(month: date) -> datetime:
    """Its first moment."""
    return datetime.combine(month, time(), WIB)


def counted_at(
    db: Session, account_ids: Collection[int], happened_at: datetime
) -> tuple[datetime, date | None]:
    """When a fact counts in the books, and the day it was late for, if its month is closed.

    Only what is older than this month asks the database; a lock that comes at the same time waits.
    """
    month, this = month_of(happened_at), month_of(clock.now())
    if month >= this:
        return happened_at, None
    db.execute(select(func.pg_advisory_xact_lock_shared(KEY)))
    locked = select(MonthLock.month).where(
        MonthLock.organisation_id.in_(
            select(Account.organisation_id).where(Account.id.in_(account_ids))
        ),
        MonthLock.month >= month,
    )
    closed = frozenset(db.scalars(locked))
    if month not in closed:
        return happened_at, None
    while month in closed and month < this:
        month = after(month)
    late_for = happened_at.astimezone(WIB).date()
    return (clock.now() if month == this else begins(month)), late_for
