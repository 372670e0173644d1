"""Tries per minute, counted in the database so that all web workers share one count.

The table is UNLOGGED: after a crash of PostgreSQL the counts start again, which is harmless.
"""

from datetime import datetime, timedelta

from sqlalchemy import Index, String, case, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.db import Base, Reader, in_transaction, moment
from core.errors import TooMany


class TryCount(Base):
    """How often one key was tried since `window_start`."""

    __tablename__ = "try_count"
    __table_args__ = (
        Index("ix_try_count_window_start", "window_start"),
        {"prefixes": ["UNLOGGED"]},
    )

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    window_start: Mapped[datetime] = moment()
    tries: Mapped[int]


@in_transaction(retries=5)
def spend(db: Session, *, key: str, most: int, seconds: int) -> None:
    """Count one try of `key`; raises TooMany once `most` tries fell into the last `seconds`.

    It commits by itself, before the guarded act runs, so that a failed act still counts.
    """
    now = clock.now()
    row = insert(TryCount).values(key=key, window_start=now, tries=1)
    is_old = TryCount.window_start < now - timedelta(seconds=seconds)
    tries = db.scalar(
        row.on_conflict_do_update(
            index_elements=[TryCount.key],
            set_={
                "tries": case((is_old, 1), else_=TryCount.tries + 1),
                "window_start": case((is_old, now), else_=TryCount.window_start),
            },
        ).returning(TryCount.tries)
    )
    assert tries is not None
    if tries > most:
        raise TooMany


def left(db: Reader, *, key: str, most: int, seconds: int) -> int:
    """How many tries of `key` are still allowed now."""
    spent = select(TryCount.tries).where(
        TryCount.key == key, TryCount.window_start >= clock.now() - timedelta(seconds=seconds)
    )
    return max(0, most - (db.scalar(spent) or 0))


@in_transaction()
def forget(db: Session, *, key: str) -> None:
    """Clear a count after success, so that one slip yesterday does not lock today's sign-in."""
    db.execute(delete(TryCount).where(TryCount.key == key))
