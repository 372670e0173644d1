"""What a coordinator noted about a line, and how long that keeps it quiet."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, or_, select
from sqlalchemy.orm import Session

from cooperatives.half_hour.lines import Line, Topic
from cooperatives.models import HalfHourNote
from cooperatives.rights import COORDINATE
from core import access, audit, clock
from core.actors import Actor
from core.db import Reader, in_transaction
from core.people import Person

SHOWN_MAX = 10


def unnoted(topic: str, organisation: Any, thing: Any) -> ColumnElement[bool]:
    """The condition under which no note keeps a thing quiet."""
    note = select(HalfHourNote.id).where(
        HalfHourNote.organisation_id == organisation,
        HalfHourNote.topic == topic,
        HalfHourNote.thing == cast(thing, Text),
        or_(HalfHourNote.quiet_until.is_(None), HalfHourNote.quiet_until >= clock.today()),
    )
    return ~note.exists()


@in_transaction(retries=3)
def write(db: Session, *, actor: Actor, topic: Topic, line: Line, words: str = "") -> None:
    """A coordinator of the organisation has seen to a line. Raises NotFound for anybody else."""
    put(db, actor, topic.name, line, words=words)


def put(
    db: Session,
    actor: Actor,
    topic: str,
    line: Line,
    *,
    words: str = "",
    seen_at: datetime | None = None,
) -> None:
    """Write the note down; `seen_at` is when her page was drawn, never later than now."""
    access.require(db, actor, COORDINATE, line.organisation_id)
    assert actor.person_id is not None
    now = clock.now()
    note = HalfHourNote(
        organisation_id=line.organisation_id,
        topic=topic,
        thing=line.thing,
        person_id=line.person_id,
        words=words,
        noted_by=actor.person_id,
        noted_at=now,
        seen_at=min(seen_at or now, now),
        quiet_until=line.quiet_until,
    )
    db.add(note)
    db.flush()
    audit.record(db, actor, "half_hour.note", "half_hour_note", note.id, topic=topic)


def of(db: Reader, topic: str, line: Line) -> list[Any]:
    """Earlier notes about the same thing, the newest first: words, day, who."""
    query = (
        select(HalfHourNote.words, HalfHourNote.noted_at, Person.call_me)
        .join(Person, Person.id == HalfHourNote.noted_by)
        .where(
            HalfHourNote.organisation_id == line.organisation_id,
            HalfHourNote.topic == topic,
            HalfHourNote.thing == line.thing,
        )
        .order_by(HalfHourNote.id.desc())
        .limit(SHOWN_MAX)
    )
    return list(db.execute(query))


def last_seen(topic: str, organisation: Any, thing: Any) -> Any:
    """Until when a thing was seen to, as a subquery; NULL where it never was."""
    return (
        select(func.max(HalfHourNote.seen_at))
        .where(
            HalfHourNote.organisation_id == organisation,
            HalfHourNote.topic == topic,
            HalfHourNote.thing == cast(thing, Text),
        )
        .scalar_subquery()
    )
