"""What was backed up and proved, told where every machine and /kelola/cadangan can read it.

The folder of backups is what a restore goes by; these rows only tell of it.
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import CheckConstraint, Index, String, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, clock
from core.actors import Actor
from core.backup import archive, base, dump, photos, shelf
from core.backup.settings import BackupSettings
from core.backup.shelf import Kept, Shelf
from core.config import settings
from core.db import Base, Reader, in_transaction, moment
from core.pgbin import PostgresError
from core.settings import CoreSettings
from core.storage import StorageSettings

log = structlog.get_logger()
KINDS = (*shelf.KINDS, "drill")
LIST_MAX = 30


class BackupRun(Base):
    """One backup or drill: when, whether it went well, and its figures."""

    __tablename__ = "backup_run"
    __table_args__ = (
        CheckConstraint("kind in ('base','dump','photos','drill')", name="kind"),
        Index("ix_backup_run_newest", "kind", "started_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    started_at: Mapped[datetime] = moment()
    finished_at: Mapped[datetime] = moment(default=clock.now)
    is_good: Mapped[bool]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


@in_transaction(retries=3)
def note(
    db: Session,
    *,
    actor: Actor,
    kind: str,
    started_at: datetime,
    is_good: bool,
    facts: Mapping[str, Any],
) -> None:
    """Write down how one backup or drill went."""
    db.add(BackupRun(kind=kind, started_at=started_at, is_good=is_good, facts=dict(facts)))
    audit.record(db, actor, f"backup.{kind}", "backup", started_at.isoformat(), is_good=is_good)


def newest(db: Reader, kind: str) -> BackupRun | None:
    """The newest one of a kind that went well."""
    query = select(BackupRun).where(BackupRun.kind == kind, BackupRun.is_good)
    return db.scalar(query.order_by(BackupRun.started_at.desc()).limit(1))


def list_newest(db: Session) -> list[BackupRun]:
    """The newest of all kinds, good or bad."""
    return list(db.scalars(select(BackupRun).order_by(BackupRun.id.desc()).limit(LIST_MAX)))


def our_shelf() -> Shelf:
    """The folder of backups of this house."""
    return Shelf(settings(BackupSettings).path)


def _take_photos(house: Shelf, url: str) -> Kept:  # noqa: ARG001
    return photos.take(house, Path(settings(StorageSettings).folder).resolve())


TAKE: dict[str, Callable[[Shelf, str], Kept]] = {
    "base": base.take,
    "dump": dump.take,
    "photos": _take_photos,
}


def back_up(kind: str, *, actor: Actor) -> Kept:
    """Take one backup, drop the oldest, and note how it went. Raises BackupError.

    It takes as long as it takes, so no transaction is open meanwhile.
    """
    house, rules, began = our_shelf(), settings(BackupSettings), clock.now()
    watch = time.monotonic()
    try:
        with house.alone():
            kept = TAKE[kind](house, settings(CoreSettings).database_url)
            shelf.thin_out(house, kind, rules.nights)
            archive.thin_out(house, rules.log_days)
    except (PostgresError, OSError) as why:
        log.error("backup.failed", kind=kind, error=type(why).__name__)
        note(actor=actor, kind=kind, started_at=began, is_good=False, facts={"why": str(why)})
        raise
    facts = {
        "name": kept.folder.name,
        "bytes": kept.bytes,
        "files": len(kept.facts["files"]),
        "seconds": round(time.monotonic() - watch, 1),
    }
    note(actor=actor, kind=kind, started_at=began, is_good=True, facts=facts)
    return kept


def kinds_here() -> list[str]:
    """What we back up. A server that lets nobody copy it is copied by its own tools, and files in a
    bucket are kept by the bucket's versions.
    """
    left = set() if base.is_possible(settings(CoreSettings).database_url) else {"base"}
    if settings(StorageSettings).kind != "local":
        left.add("photos")
    return [kind for kind in shelf.KINDS if kind not in left]
