"""The audit trail: who did what to what, for whom. Append-only, and sealed in a chain by a job.

Rows are plain inserts, so no request waits for a global lock; `seal` later links them by hash in
`audit_seal`, which the doctor's X4 reads. It names people by id only, so erasure leaves it intact.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.actors import Actor
from core.db import Base, in_transaction, moment, reference

SEAL_BATCH_MAX = 5_000
FIRST_HASH = bytes(32)


class Audit(Base):
    """One deed. The database refuses to change or delete it."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_actor_id_at", "actor_id", "at"),
        Index("ix_audit_on_behalf_of_at", "on_behalf_of", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = moment(default=clock.now)
    actor_id: Mapped[int | None] = reference("person.id")
    on_behalf_of: Mapped[int | None] = reference("person.id")
    is_system: Mapped[bool] = mapped_column(default=False)
    action: Mapped[str] = mapped_column(String(60))
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class AuditSeal(Base):
    """One link of the chain: `hash` covers the hash before it and the sealed row."""

    __tablename__ = "audit_seal"

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"), unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


def record(
    db: Session, actor: Actor, action: str, object_kind: str, object_id: object, **facts: Any
) -> Audit:
    """Write one deed in the running transaction. `facts` are ids, states, figures: never names."""
    row = Audit(
        actor_id=actor.person_id,
        on_behalf_of=actor.on_behalf_of,
        is_system=actor.is_system,
        action=action,
        object_kind=object_kind,
        object_id=str(object_id),
        facts=facts,
    )
    db.add(row)
    return row


def link(before: bytes, row: Audit) -> bytes:
    """The hash of one row chained to the one before it."""
    content = json.dumps(
        [
            row.id,
            row.at.isoformat(),
            row.actor_id,
            row.on_behalf_of,
            row.is_system,
            row.action,
            row.object_kind,
            row.object_id,
            row.facts,
        ],
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(before + content.encode()).digest()


@in_transaction()
def seal(db: Session) -> int:
    """Chain every row not yet sealed; returns how many. An advisory lock admits one sealer.

    Rows commit out of id order, so the chain follows its own positions, not the ids.
    """
    db.execute(text("select pg_advisory_xact_lock(hashtext('audit.seal'))"))
    last = db.execute(
        select(AuditSeal.position, AuditSeal.hash).order_by(AuditSeal.position.desc()).limit(1)
    ).first()
    position, before = (last.position, last.hash) if last else (0, FIRST_HASH)
    unsealed = (
        select(Audit)
        .outerjoin(AuditSeal, AuditSeal.audit_id == Audit.id)
        .where(AuditSeal.audit_id.is_(None))
        .order_by(Audit.id)
        .limit(SEAL_BATCH_MAX)
    )
    sealed = list(db.scalars(unsealed))
    for row in sealed:
        position, before = position + 1, link(before, row)
        db.add(AuditSeal(position=position, audit_id=row.id, hash=before))
    return len(sealed)


def broken_links(db: Session) -> list[int]:
    """Positions where the chain does not hold: a row edited, missing or reordered (X4)."""
    wrong: list[int] = []
    before, expected = FIRST_HASH, 1
    query = select(AuditSeal, Audit).outerjoin(Audit, Audit.id == AuditSeal.audit_id)
    for seal_row, row in db.execute(query.order_by(AuditSeal.position)):
        if seal_row.position != expected or row is None or link(before, row) != seal_row.hash:
            wrong.append(seal_row.position)
        before, expected = seal_row.hash, seal_row.position + 1
    return wrong


def head(db: Session) -> str:
    """The newest hash, to be published daily: a cut tail shows only against it."""
    newest = db.scalar(select(AuditSeal.hash).order_by(AuditSeal.position.desc()).limit(1))
    return (newest or FIRST_HASH).hex()
