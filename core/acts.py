"""The inbox of client-made acts: what is meant once is done once, however often it is sent.

The client makes a UUID for each intent and keeps it; it is the primary key here. The same id with
the same content gets the stored answer, with other content a Conflict. A rival with the same id
waits on the primary key until the first has committed. Failures are not stored: the rollback takes
the row away and a retry runs clean.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, String, bindparam, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.actors import Actor
from core.db import Base, moment, reference
from core.errors import Conflict


class Act(Base):
    """One intent of one client, and what it was answered."""

    __tablename__ = "act"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    actor_id: Mapped[int | None] = reference("person.id")
    kind: Mapped[str] = mapped_column(String(40))
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[datetime] = moment(default=clock.now)


_BEGIN = insert(Act).on_conflict_do_nothing().returning(Act.id)
_END = update(Act).where(Act.id == bindparam("act")).values(answer=bindparam("done"))


def content_hash(kind: str, content: Mapping[str, Any]) -> bytes:
    """A stable hash of what the client asked for."""
    written = json.dumps([kind, content], sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(written.encode()).digest()


def once(
    db: Session,
    *,
    act_id: UUID,
    actor: Actor,
    kind: str,
    content: Mapping[str, Any],
    do: Callable[[], dict[str, Any]],
) -> dict[str, Any]:
    """Do it, or repeat the answer given before. Raises Conflict on other content or actor."""
    digest = content_hash(kind, content)
    row = {
        "id": act_id,
        "actor_id": actor.person_id,
        "kind": kind,
        "content_hash": digest,
        "created_at": clock.now(),
    }
    if db.connection().execute(_BEGIN, row).scalar() is None:
        known = db.get_one(Act, act_id, populate_existing=True)
        if (known.content_hash, known.actor_id) != (digest, actor.person_id):
            raise Conflict
        return known.answer or {}
    answer = do()
    db.connection().execute(_END, {"act": act_id, "done": answer})
    return answer
