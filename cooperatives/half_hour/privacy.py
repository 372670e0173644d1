"""What the half hour keeps of a person: what her coordinators noted about her."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cooperatives.models import HalfHourNote
from core.privacy import Keeper, copied


def _export(db: Session, person_id: int) -> dict[str, Any]:
    query = select(HalfHourNote.noted_at, HalfHourNote.topic, HalfHourNote.words)
    about_her = query.where(HalfHourNote.person_id == person_id).order_by(HalfHourNote.id)
    return {"coordinator_notes": copied(db, about_her)}


def _erase(db: Session, person_id: int) -> None:
    """That she was called stays, without the words."""
    about_her = update(HalfHourNote).where(HalfHourNote.person_id == person_id)
    db.execute(about_her.values(words=""))


def _reasons(db: Session, person_id: int) -> list[Any]:  # noqa: ARG001
    return []


KEEPER = Keeper("half_hour", _export, _erase, _reasons)
