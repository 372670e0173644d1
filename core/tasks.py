"""Things somebody should do: a row any floor writes, shown on the home pages, closed with a reason.

A kind of task is declared once with its sentence; the row keeps the facts. It is for one person,
or for everybody who holds a right on a subject. The same open task is never written twice.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, Select, String, or_, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import access, clock
from core.access import Right
from core.actors import Actor
from core.db import Base, Reader, moment, reference
from core.inserts import Insert

LIST_MAX = 50


@dataclass(frozen=True)
class TaskKind:
    """What a kind of task says: a translatable sentence with named facts.

    `deed` is the word of the button that leads there, `many` the sentence for several at once (it
    is told their `count`), `urgency` its turn among everything that waits: the smaller, the sooner.
    """

    name: str
    sentence: Any
    deed: Any = ""
    many: Any = ""
    urgency: int = 50


KINDS: dict[str, TaskKind] = {}


def declare(
    name: str, sentence: Any, *, deed: Any = "", many: Any = "", urgency: int = 50
) -> TaskKind:
    """Make a kind of task known; called once at import by the floor that writes it."""
    if name in KINDS:
        raise AssertionError(f"task kind {name} is declared twice")
    KINDS[name] = TaskKind(name, sentence, deed, many, urgency)
    return KINDS[name]


class Task(Base):
    """One thing to do."""

    __tablename__ = "task"
    __table_args__ = (
        Index(
            "uq_task_open",
            "kind",
            "doc_type",
            "doc_id",
            unique=True,
            postgresql_where="closed_at is null",
        ),
        Index("ix_task_right_name_subject_id", "right_name", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    doc_type: Mapped[str] = mapped_column(String(40))
    doc_id: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int | None] = reference("person.id", index=True)
    right_name: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    link: Mapped[str] = mapped_column(String(300), default="")
    due_at: Mapped[datetime | None] = moment()
    created_at: Mapped[datetime] = moment(default=clock.now)
    closed_at: Mapped[datetime | None] = moment()
    closed_by: Mapped[int | None] = reference("person.id")
    reason: Mapped[str] = mapped_column(String(200), default="")

    @property
    def sentence(self) -> str:
        """What to do, in the reader's language."""
        return str(KINDS[self.kind].sentence % self.facts)


_WRITE = Insert(Task, lambda rows: rows.on_conflict_do_nothing())


def write(
    db: Session,
    kind: TaskKind,
    *,
    doc: tuple[str, object],
    link: str,
    person_id: int | None = None,
    holders: tuple[Right, int] | None = None,
    due_at: datetime | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Ask one person, or all holders of a right on a subject; an open twin is left as it is."""
    assert (person_id is None) != (holders is None), "a task is for a person or for holders"
    right, subject_id = holders or (None, None)
    row = {
        "kind": kind.name,
        "doc_type": doc[0],
        "doc_id": str(doc[1]),
        "person_id": person_id,
        "right_name": right.name if right else None,
        "subject_id": subject_id,
        "facts": facts or {},
        "link": link,
        "due_at": due_at,
        "created_at": clock.now(),
        "reason": "",
    }
    db.flush()
    _WRITE.rows(db, [row])


def close(
    db: Session, kind: TaskKind, *, actor: Actor, doc: tuple[str, object], reason: str
) -> None:
    """The thing is done or has become pointless; closing what is not open does nothing."""
    for task in db.scalars(_open(kind, doc).with_for_update()):
        task.closed_at, task.closed_by, task.reason = clock.now(), actor.person_id, reason


def _open(kind: TaskKind, doc: tuple[str, object]) -> Select[Task]:
    return select(Task).where(
        Task.kind == kind.name,
        Task.doc_type == doc[0],
        Task.doc_id == str(doc[1]),
        Task.closed_at.is_(None),
    )


def is_open(db: Reader, kind: TaskKind, *, doc: tuple[str, object]) -> bool:
    """Whether this is still to be done."""
    return db.scalar(_open(kind, doc)) is not None


def list_for(db: Session, actor: Actor, *rights: Right) -> list[Task]:
    """The actor's open tasks, most urgent first; with rights given, only those asked of holders."""
    if actor.person_id is None:
        return []
    held = access.asked_of(actor, *rights)
    mine: ColumnElement[bool] = tuple_(Task.right_name, Task.subject_id).in_(held)
    if not rights and actor.on_behalf_of is None:
        mine = or_(Task.person_id == actor.person_id, mine)
    query = select(Task).where(Task.closed_at.is_(None), mine)
    return list(db.scalars(query.order_by(Task.due_at.nulls_last(), Task.id).limit(LIST_MAX)))
