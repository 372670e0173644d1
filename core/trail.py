"""Reading the audit trail: newest first, page by page, narrowed to a kind of deed or a subject."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from core.audit import Audit
from core.people import Person

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Deed:
    """One row of the trail, with the names of those it tells of."""

    id: int
    at: datetime
    action: str
    subject: str
    actor: str
    on_behalf_of: str
    is_system: bool
    facts: dict[str, Any]


def list_deeds(
    db: Session, *, action: str = "", subject: str = "", before: int | None = None
) -> list[Deed]:
    """A page of deeds before one id; `action` is a beginning, `subject` a kind or `kind:id`."""
    doer, helped = aliased(Person), aliased(Person)
    query = (
        select(Audit, doer.name, helped.name)
        .outerjoin(doer, doer.id == Audit.actor_id)
        .outerjoin(helped, helped.id == Audit.on_behalf_of)
    )
    kind, _, key = subject.partition(":")
    if action:
        query = query.where(Audit.action.startswith(action, autoescape=True))
    if kind:
        query = query.where(Audit.object_kind == kind)
    if key:
        query = query.where(Audit.object_id == key)
    if before is not None:
        query = query.where(Audit.id < before)
    rows = db.execute(query.order_by(Audit.id.desc()).limit(PAGE_SIZE))
    return [
        Deed(
            row.id,
            row.at,
            row.action,
            f"{row.object_kind}:{row.object_id}",
            actor or "",
            on_behalf_of or "",
            row.is_system,
            row.facts,
        )
        for row, actor, on_behalf_of in rows
    ]
