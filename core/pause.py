"""The house after a restore: people may look, and nothing is written, sent or paid until it opens.

One row says so, so that every web server and worker of the house knows. `flask open` takes it away
once the gateways were asked, erasures done again and the doctor heard.
"""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, String, exists, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, clock
from core.actors import Actor
from core.db import Base, Reader, Ready, in_transaction, moment, reading
from core.errors import DomainError

THE_ONLY = 1


class Pause(Base):
    """There is one row while the house is paused, and none while it is open."""

    __tablename__ = "pause"
    __table_args__ = (CheckConstraint("id = 1", name="the_only"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[datetime] = moment(default=clock.now)
    why: Mapped[str] = mapped_column(String(200))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class Paused(DomainError):
    """The house is being looked over after a restore; what was asked has not been done."""

    status = 503
    sentence = _(
        "Data baru saja dipulihkan dan sedang kami periksa. Melihat-lihat bisa; memesan, mengubah "
        "dan mengirim uang menunggu sebentar. Coba lagi nanti."
    )


def find(db: Reader) -> Any:
    """The row that says so, or None while the house is open."""
    return db.execute(select(Pause.since, Pause.why, Pause.facts)).first()


_IS_ON = Ready(select(exists().select_from(Pause).label("is_on")))


def is_on() -> bool:
    """Whether the house is paused; asked with every form that is sent."""
    with reading() as connection:
        return bool(_IS_ON.rows(connection, {})[0].is_on)


def refuse(db: Session) -> None:
    """Let nothing leave the house while it is paused. Raises Paused."""
    if find(db):
        raise Paused


@in_transaction(retries=3)
def begin(db: Session, *, actor: Actor, why: str, facts: dict[str, Any]) -> None:
    """Pause the house; a house that is paused already keeps the first reason."""
    row = {"id": THE_ONLY, "since": clock.now(), "why": why, "facts": facts}
    if db.execute(insert(Pause).values(row).on_conflict_do_nothing().returning(Pause.id)).first():
        audit.record(db, actor, "house.pause", "house", THE_ONLY, **facts)


@in_transaction(retries=3)
def end(db: Session, *, actor: Actor, despite: str = "") -> None:
    """Open the house again; `despite` tells what somebody decided to live with."""
    row = db.get(Pause, THE_ONLY, with_for_update=True)
    if row is not None:
        db.delete(row)
        facts = {"despite": despite} if despite else {}
        audit.record(db, actor, "house.open", "house", THE_ONLY, **facts)
