"""Tries per minute, counted in the database so that all web workers share one count.

The table is UNLOGGED: after a crash of PostgreSQL the counts start again, which is harmless.
"""

from datetime import datetime, timedelta

from sqlalchemy import DateTime, Index, String, bindparam, case, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.db import Base, Reader, Ready, in_transaction, moment
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


_NOW, _SINCE = (bindparam(name, type_=DateTime(timezone=True)) for name in ("now", "since"))
_IS_OLD = TryCount.window_start < _SINCE
_SPEND = Ready(
    insert(TryCount)
    .values(key=bindparam("key"), window_start=_NOW, tries=1)
    .on_conflict_do_update(
        index_elements=[TryCount.key],
        set_={
            "tries": case((_IS_OLD, 1), else_=TryCount.tries + 1),
            "window_start": case((_IS_OLD, _NOW), else_=TryCount.window_start),
        },
    )
    .returning(TryCount.tries)
)


@in_transaction(retries=5)
def spend(db: Session, *, key: str, most: int, seconds: int) -> None:
    """Count one try of `key`; raises TooMany once `most` tries fell into the last `seconds`.

    It commits by itself, before the guarded act runs, so that a failed act still counts.
    """
    now = clock.now()
    values = {"key": key, "now": now, "since": now - timedelta(seconds=seconds)}
    if _SPEND.rows(db, values)[0].tries > most:
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
