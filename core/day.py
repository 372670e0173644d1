"""A working day as cards: what waits, by turns of urgency, each with one thing to press.

Tasks become cards by themselves; several of one kind become one. What is no task but a state of
things (stock that runs low, a class tomorrow) every floor brings by a source of its own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock, tasks, visitor, words
from core.access import Right
from core.actors import Actor
from core.db import db
from core.tasks import KINDS, Task, TaskKind

LATE = 0  # What is overdue comes before everything else.


@dataclass(frozen=True, slots=True)
class Card:
    """One thing of the day; the smaller its urgency, the sooner it is shown."""

    urgency: int
    kind: str
    icon: str
    title: str
    url: str
    deed: str
    detail: str = ""
    state: str = ""


Source = Callable[[Session, Actor], Sequence[Card]]


def register(
    app: Flask, right: Right, source: Source, *, instead_of: Sequence[TaskKind] = ()
) -> None:
    """Let `source` add cards to the day of those who hold the right.

    Tasks of the kinds it is `instead_of` are left out there: it tells the same, and more.
    """
    app.extensions.setdefault("days", {}).setdefault(right.name, []).append(source)
    told = app.extensions.setdefault("days_told", {}).setdefault(right.name, set())
    told |= {kind.name for kind in instead_of}


def cards(*rights: Right) -> list[Card]:
    """Everything of today for this visitor as a holder of these rights, the most urgent first."""
    session, actor, held = db.session(), visitor.actor(), visitor.rights()
    told = current_app.extensions.get("days_told", {})
    left_out = set().union(*(told.get(right.name, ()) for right in rights))
    waiting = tasks.list_for(session, actor, *rights)
    found = list(of_tasks(task for task in waiting if task.kind not in left_out))
    sources = current_app.extensions.get("days", {})
    for right in rights:
        for source in sources.get(right.name, []) if right.name in held else []:
            found += source(session, actor)
    return sorted(found, key=lambda card: card.urgency)


def of_tasks(waiting: Iterable[Task]) -> Iterable[Card]:
    """Tasks as cards; those of a kind that has a word for many are told together."""
    in_turn = sorted(waiting, key=lambda task: (KINDS[task.kind].urgency, task.kind))
    for _urgency, group in groupby(in_turn, key=lambda task: task.kind):
        same = list(group)
        if KINDS[same[0].kind].many and len(same) > 1:
            yield _many(same)
        else:
            yield from map(_one, same)


def _one(task: Task) -> Card:
    return _card(task, task.sentence, task.link, task.due_at)


def _many(same: Sequence[Task]) -> Card:
    """The list that the pages of all of them lie under, with the first deadline."""
    dues = [task.due_at for task in same if task.due_at]
    title = str(KINDS[same[0].kind].many % {"count": len(same)})
    return _card(same[0], title, same[0].link.rsplit("/", 1)[0], min(dues, default=None))


def _card(task: Task, title: str, url: str, due: datetime | None) -> Card:
    kind = KINDS[task.kind]
    is_late = due is not None and due <= clock.now()
    return Card(
        urgency=LATE if is_late else kind.urgency,
        kind="warning" if is_late else "wait",
        icon="clock",
        title=title,
        url=url,
        deed=str(kind.deed or _("Buka")),
        detail=due_words(due) if due else "",
        state=_("Terlambat") if is_late else "",
    )


def due_words(due: datetime) -> str:
    """A deadline as people say it: the hour alone where it is today or tomorrow."""
    days = (due.astimezone(clock.WIB).date() - clock.today()).days
    if days == 0:
        return str(_("Sebelum pukul %(time)s hari ini", time=words.jam(due)))
    if days == 1:
        return str(_("Sebelum pukul %(time)s besok", time=words.jam(due)))
    return str(_("Sebelum %(time)s", time=words.tanggal_jam(due)))
