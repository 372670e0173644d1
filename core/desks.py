"""The first page of a working day, the same for everybody who works here: what waits for her."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from core import clock, tasks, visitor, words
from core.access import Right
from core.db import db
from core.tasks import Task


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of what waits, as `page.tasks` wants it."""

    kind: str
    icon: str
    title: str
    url: str
    detail: str
    state: Any


def shown(task: Task) -> Shown:
    """A task with its deadline in words; one that is overdue says so."""
    due = task.due_at
    is_late = due is not None and due <= clock.now()
    return Shown(
        kind="warning" if is_late else "wait",
        icon="clock",
        title=task.sentence,
        url=task.link,
        detail=_("Sebelum %(time)s", time=words.tanggal_jam(due)) if due else "",
        state=_("Terlambat") if is_late else "",
    )


def waiting(*rights: Right) -> list[Shown]:
    """What waits for this visitor as a holder of these rights, the most urgent first."""
    return [shown(task) for task in tasks.list_for(db.session(), visitor.actor(), *rights)]
