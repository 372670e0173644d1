"""Into which trading day a fact of a place is posted: always the open one, whenever it happened.

A day opens by itself with the first fact after a close. The fact's transaction shares a lock on
the day until it commits, and a close wants that lock for itself: so each fact is in exactly one
day, and a closed day takes nothing more.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives.models.days import TradingDay
from core import clock
from core.config import is_off_in_test


@dataclass(frozen=True, slots=True)
class Posting:
    """The day that takes a fact; late is what happened before the last close."""

    day_id: int
    is_late: bool


def books_of(db: Session, place_id: int, happened_at: datetime) -> Posting:
    """The open day of a place, opened now if none is. Ask before goods and money are written.

    The caller has checked the place and the actor. No close gets through until she has committed.
    """
    for _try in range(3):  # A close may come between looking and opening, but not for ever.
        day = db.scalar(_shared(open_day(place_id)))
        if day is not None:
            is_late = day.since is not None and happened_at < day.since
            return Posting(day.id, is_late)
        _open(db, place_id)
    raise AssertionError(f"no day stays open at place {place_id}")


def begun(db: Session, place_id: int) -> int:
    """The id of the open day of a place, opened now if none is; for who will hold it herself."""
    day = db.scalar(open_day(place_id))
    if day is None:
        _open(db, place_id)
        day = db.scalars(open_day(place_id)).one()
    return day.id


def open_day(place_id: int) -> Select[TradingDay]:
    """The day of a place that is not closed."""
    return (
        select(TradingDay)
        .where(TradingDay.place_id == place_id, TradingDay.closed_at.is_(None))
        .execution_options(populate_existing=True)
    )


def _shared(query: Select[TradingDay]) -> Select[TradingDay]:
    """With a lock that facts share and a close does not; a test takes it out to see it missed."""
    return query if is_off_in_test("DAY_GUARD_OFF") else query.with_for_update(read=True)


def last_day(db: Session, place_id: int) -> TradingDay | None:
    """The newest day of a place, open or closed."""
    query = select(TradingDay).where(TradingDay.place_id == place_id)
    query = query.execution_options(populate_existing=True)
    return db.scalar(query.order_by(TradingDay.number.desc()).limit(1))


def _open(db: Session, place_id: int) -> None:
    """Open the next day where the last one was left; a rival may have been quicker."""
    before = last_day(db, place_id)
    values = {
        "place_id": place_id,
        "number": before.number + 1 if before else 1,
        "day": clock.today(),
        "opened_at": clock.now(),
        "since": before.closed_at if before else None,
        "opening": (before.closing or 0) if before else 0,
        "entries_from": (before.entries_until or 0) if before else 0,
    }
    db.execute(insert(TradingDay).values(values).on_conflict_do_nothing())
