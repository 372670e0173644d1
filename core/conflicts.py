"""Acts that did not fit: kept whole for a person to look at, and shown to her who sent them.

Two kinds: the same id came with other content than before, or a handler said that a person has to
look. Her phone keeps hers too until she takes it away; nothing is decided here.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, Text, UniqueConstraint, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.actors import Actor
from core.acts import HANDLERS, content_hash
from core.db import Base, Reader, in_transaction, moment, reference
from core.envelopes import Envelope
from core.errors import NotFound

OPEN_MAX = 200  # Per person: a broken phone must not fill the house.


class ActConflict(Base):
    """An act that was not done because it contradicts what is there; both stay to be compared."""

    __tablename__ = "act_conflict"
    __table_args__ = (
        UniqueConstraint("act_id", "person_id", "content_hash"),
        Index("ix_act_conflict_open", "person_id", postgresql_where="settled_at is null"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[UUID]
    person_id: Mapped[int] = reference("person.id")
    kind: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    sentence: Mapped[str] = mapped_column(Text)
    device_at: Mapped[datetime | None] = moment()
    created_at: Mapped[datetime] = moment(default=clock.now)
    settled_at: Mapped[datetime | None] = moment()

    @property
    def label(self) -> Any:
        """What she did, in the words of the floor that knows it."""
        handled = HANDLERS.get(self.kind)
        return (handled and handled.label) or ""


def list_open(db: Reader, person_id: int) -> list[ActConflict]:
    """What she has not looked at yet, newest first."""
    query = select(ActConflict).where(_is_open(person_id))
    return list(db.scalars(query.order_by(ActConflict.id.desc()).limit(OPEN_MAX)))


def _is_open(person_id: int | None) -> Any:
    return (ActConflict.person_id == person_id) & ActConflict.settled_at.is_(None)


@in_transaction(retries=3)
def keep(db: Session, *, actor: Actor, envelope: Envelope, sentence: str) -> bool:
    """Keep an act that did not fit; whether it was new, for the same one again changes nothing."""
    is_open = _is_open(actor.person_id)
    if (db.scalar(select(func.count(ActConflict.id)).where(is_open)) or 0) >= OPEN_MAX:
        return False  # It stays on her phone.
    row = {
        "act_id": envelope.id,
        "person_id": actor.person_id,
        "kind": envelope.kind,
        "version": envelope.version,
        "content": envelope.content,
        "content_hash": content_hash(envelope.kind, envelope.content),
        "sentence": sentence,
        "device_at": envelope.device_at,
        "created_at": clock.now(),
    }
    once = insert(ActConflict).values(row).on_conflict_do_nothing().returning(ActConflict.id)
    return db.scalar(once) is not None


def settle(db: Session, *, actor: Actor, act_id: UUID) -> None:
    """Close what was kept of an act that has now been done."""
    same = _is_open(actor.person_id) & (ActConflict.act_id == act_id)
    db.execute(update(ActConflict).where(same).values(settled_at=clock.now()))


@in_transaction(retries=3)
def put_away(db: Session, *, actor: Actor, conflict_id: int) -> None:
    """She has looked at it. Raises NotFound where it is not hers."""
    found = db.get(ActConflict, conflict_id, with_for_update=True, populate_existing=True)
    if found is None or found.person_id != actor.person_id:
        raise NotFound
    found.settled_at = found.settled_at or clock.now()
