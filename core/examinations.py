"""When the doctor looked last and found nothing: what is older need not be looked at again."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Text, cast, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.actors import Actor
from core.db import Base, Reader, in_transaction, moment
from core.doctor import Mark

SLOWEST = timedelta(days=1)  # No transaction writes a time that lies so far back.


class Examination(Base):
    """One look of the doctor. Every transaction below `xid` was over then, so it saw them all."""

    __tablename__ = "examination"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = moment(default=clock.now)
    xid: Mapped[int]
    is_full: Mapped[bool]
    findings: Mapped[int]


def present(db: Reader) -> int:
    """The oldest transaction that is not over in this snapshot."""
    xmin = func.pg_snapshot_xmin(func.pg_current_snapshot())
    return db.scalar(select(cast(cast(xmin, Text), BigInteger))) or 0


def healthy_until(db: Reader) -> Mark | None:
    """From where the doctor must look: the last examination, if it found nothing.

    A number from the future came with a dump of another server and says nothing here.
    """
    query = select(Examination.xid, Examination.at, Examination.findings)
    newest = db.execute(query.order_by(Examination.id.desc()).limit(1)).first()
    if newest is None or newest.findings or newest.xid > present(db):
        return None
    return Mark(newest.xid, newest.at - SLOWEST)


@in_transaction(retries=3)
def note(db: Session, *, actor: Actor, xid: int, is_full: bool, findings: int) -> None:  # noqa: ARG001
    """Keep what an examination found."""
    db.add(Examination(xid=xid, is_full=is_full, findings=findings))
