"""The inbox of client-made acts: what is meant once is done once, however often it is sent.

The client makes a UUID for each intent and keeps it; it is the primary key here. The same id with
the same content gets the stored answer, with other content a Conflict. A rival with the same id
waits on the primary key until the first has committed. Failures are not stored: the rollback takes
the row away and a retry runs clean.

Acts also come from phones that were out of reach (core/delivery.py, docs/offline.md). Each floor
registers what it can do for them with `handles`; `carry_out` does one, for the phone and for the
ordinary form alike.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import LargeBinary, String, Uuid, bindparam, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.actors import Actor
from core.db import Base, Ready, in_transaction, moment, reference
from core.errors import Conflict, DomainError
from core.inserts import Insert

AHEAD_MAX = timedelta(minutes=5)
BACK_MAX = timedelta(days=30)


class Act(Base):
    """One intent of one client, and what it was answered.

    `device_at` is when her phone says she did it; `is_clamped` flags a clock that cannot be right.
    """

    __tablename__ = "act"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    actor_id: Mapped[int | None] = reference("person.id")
    kind: Mapped[str] = mapped_column(String(40))
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    device_at: Mapped[datetime | None] = moment()
    is_clamped: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = moment(default=clock.now)


class Outdated(DomainError):
    """The app on her phone speaks of this in a way that we no longer (or not yet) understand."""

    status = 409
    sentence = _("Aplikasi di HP ini sudah lama. Muat ulang halaman. Isian Ibu tetap tersimpan.")


class Handler(Protocol):
    """Does one kind of act inside the open transaction; what it answers is kept for ever."""

    def __call__(
        self, db: Session, *, actor: Actor, act_id: UUID, at: datetime, content: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Raises DomainError where a rule says no, Conflict where a person has to look."""


H = TypeVar("H", bound=Handler)


@dataclass(frozen=True)
class Handled:
    """A kind of act: its name for people, who does each version of it, and the page that corrects
    one that was refused (it is opened with `?perbaiki=<id>`).
    """

    label: Any
    mend: str
    versions: dict[int, Handler]


HANDLERS: dict[str, Handled] = {}


def handles(kind: str, *, version: int = 1, label: Any = "", mend: str = "") -> Callable[[H], H]:
    """Register who does acts of a kind; an old version stays as long as phones may hold it."""

    def register(handler: H) -> H:
        known = HANDLERS.setdefault(kind, Handled(label, mend, {})).versions
        if version in known:
            raise AssertionError(f"act {kind} version {version} has two handlers")
        known[version] = handler
        return handler

    return register


def menders() -> dict[str, str]:
    """The page that corrects a refused act of each kind, for kinds that have one."""
    return {kind: known.mend for kind, known in HANDLERS.items() if known.mend}


def _handler(kind: str, version: int) -> Handler:
    found = HANDLERS.get(kind)
    if found is None or version not in found.versions:
        raise Outdated
    return found.versions[version]


@dataclass(frozen=True, slots=True)
class Claimed:
    """When a phone says that it was, and what we make of it."""

    device_at: datetime | None
    at: datetime
    is_clamped: bool


def believe(device_at: datetime | None, now: datetime) -> Claimed:
    """A phone's clock is believed within bounds; None is a clock that cannot be read at all."""
    if device_at is None:
        return Claimed(None, now, is_clamped=True)
    at = min(max(device_at, now - BACK_MAX), now)
    return Claimed(device_at, at, not now - BACK_MAX <= device_at <= now + AHEAD_MAX)


_BEGIN = Insert(Act, lambda rows: rows.on_conflict_do_nothing().returning(Act.id))
_END = Ready(
    update(Act)
    .where(Act.id == bindparam("act", type_=Uuid))
    .values(answer=bindparam("done", type_=JSONB))
)


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
    claimed: Claimed | None = None,
) -> dict[str, Any]:
    """Do it, or repeat the answer given before. Raises Conflict on other content or actor."""
    digest = content_hash(kind, content)
    row = {
        "id": act_id,
        "actor_id": actor.person_id,
        "kind": kind,
        "content_hash": digest,
        "device_at": claimed.device_at if claimed else None,
        "is_clamped": bool(claimed and claimed.is_clamped),
        "created_at": clock.now(),
    }
    if not _BEGIN.rows(db, [row]):
        known = db.get_one(Act, act_id, populate_existing=True)
        if (known.content_hash, known.actor_id) != (digest, actor.person_id):
            raise Conflict
        return known.answer or {}
    answer = do()
    _END.rows(db, {"act": act_id, "done": answer})
    return answer


@in_transaction(retries=3)
def carry_out(
    db: Session,
    *,
    actor: Actor,
    act_id: UUID,
    kind: str,
    content: Mapping[str, Any],
    version: int = 1,
    claimed: Claimed | None = None,
) -> dict[str, Any]:
    """Do an act of a registered kind, once. Raises Outdated, Conflict, or what its handler says.

    Without `claimed` it is done now, by an ordinary form.
    """
    handler = _handler(kind, version)
    at = claimed.at if claimed else clock.now()
    return once(
        db,
        act_id=act_id,
        actor=actor,
        kind=kind,
        content=content,
        do=lambda: handler(db, actor=actor, act_id=act_id, at=at, content=content),
        claimed=claimed,
    )
