"""Lines of the half hour: each topic finds its own from the facts, so what is done is gone.

A topic that only a person can end, as a silent member, has notes that keep it quiet for a while.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.people import Person

SHOWN_MAX = 5  # Of one topic on the first page; its list has the others.
LIST_MAX = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose lines: of the organisations she coordinates, at most so many, or a single one."""

    boards: frozenset[int]
    most: int = LIST_MAX
    thing: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that needs her. `url` is where it is put right; without one it has its own page,
    where a note keeps it quiet until `quiet_until`, or for good.
    """

    organisation_id: int
    thing: str
    title: str
    detail: str = ""
    is_late: bool = False
    url: str = ""
    person_id: int | None = None
    quiet_until: date | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What a line's page says: pairs of words, whom to call, and where to look."""

    facts: Sequence[tuple[Any, Any]] = ()
    call: Sequence[Person] = ()
    ways: Sequence[tuple[Any, str]] = ()


@dataclass(frozen=True)
class Topic:
    """A kind of line; `urgency` is its turn in the day, as that of tasks."""

    name: str
    heading: Any
    deed: Any
    urgency: int
    icon: str
    find: Callable[[Session, Asked], list[Line]]
    tell: Callable[[Session, Line], Told] | None = None
    noted: Any = ""


TOPICS: dict[str, Topic] = {}


def add(topic: Topic) -> None:
    """Make a topic known; once, when its noun is imported."""
    assert topic.name not in TOPICS, topic.name
    TOPICS[topic.name] = topic


def get(db: Session, boards: frozenset[int], name: str, thing: str) -> tuple[Topic, Line]:
    """One line that still stands; raises NotFound for what is done, noted, or of others."""
    topic = TOPICS.get(name)
    if topic is None or topic.tell is None:
        raise NotFound
    found = topic.find(db, Asked(boards, 1, thing))
    if not found:
        raise NotFound
    return topic, found[0]


def people(db: Session, ids: Sequence[int]) -> list[Person]:
    """Whom she may call, by name; somebody without a phone is named all the same."""
    query = select(Person).where(Person.id.in_(ids), Person.erased_at.is_(None))
    return list(db.scalars(query.order_by(Person.name, Person.id)))


def units(number: int) -> str:
    """So many pieces, in words."""
    return str(_("%(n)s barang", n=number))
