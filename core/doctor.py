"""What must always be true: every floor registers queries that return no row on a healthy house.

`flask doctor` runs them all in one read-only snapshot and exits 1 on any row. Once it has found
nothing, the next time it looks at what was written since, by commit order; `--full` looks at all.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import text
from sqlalchemy.orm import Session

from core import audit
from core.db import be_patient
from core.db import db as database

SHOWN_MAX = 20


@dataclass(frozen=True)
class Mark:
    """What was written before this transaction, and before this time, was found to be in order."""

    xid: int
    at: datetime


Find = Callable[[Session], list[Any]]
FindSince = Callable[[Session, Mark], list[Any]]


@dataclass(frozen=True)
class Invariant:
    """One promise; `find` returns what breaks it, `since` what does of what was written lately.

    Without `since` it looks at everything each time.
    """

    id: str
    promise: str
    find: Find
    since: FindSince | None = None


@dataclass(frozen=True)
class Finding:
    """A broken promise and the first rows that break it."""

    invariant: Invariant
    rows: list[Any]


def sql(query: str) -> Callable[[Session], list[Any]]:
    """An invariant written as one query that finds what is wrong."""

    def find(db: Session) -> list[Any]:
        return [tuple(row) for row in db.execute(text(query)).fetchmany(SHOWN_MAX)]

    return find


def since(query: str, scope: str) -> tuple[Find, FindSince]:
    """The same query twice: over all rows, and over those of a scope.

    A scope names tables as common table expressions, `journal as (select … where xid >= …)`, which
    then stand in the query for the tables themselves. It may ask for `:mark` and `:at`.
    """
    rest = query.removeprefix("with ")
    narrow = text(f"with {scope}{', ' if rest != query else ' '}{rest}")

    def find(db: Session, mark: Mark) -> list[Any]:
        found = db.execute(narrow, {"mark": str(mark.xid), "at": mark.at})
        return [tuple(row) for row in found.fetchmany(SHOWN_MAX)]

    return sql(query), find


def nothing_new(_db: Session, _mark: Mark) -> list[Any]:
    """For promises about sums over everything: only a full examination asks them."""
    return []


def register(app: Flask, *invariants: Invariant) -> None:
    """Add a floor's promises; ids are unique."""
    known: dict[str, Invariant] = app.extensions.setdefault("doctor", {})
    for invariant in invariants:
        if invariant.id in known:
            raise AssertionError(f"invariant {invariant.id} is registered twice")
        known[invariant.id] = invariant


def examine(only: str | None = None, *, mark: Mark | None = None) -> list[Finding]:
    """Run every invariant, or one, in a single read-only snapshot; over all, or since a mark."""
    with snapshot() as db:
        return examine_on(db, current_app.extensions["doctor"], only, mark=mark)


@contextmanager
def snapshot() -> Iterator[Session]:
    """Everything as it stands at one moment, for as long as it takes to look at it."""
    with database.engine.connect() as connection:
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            be_patient(connection)
            yield Session(bind=connection)


def examine_on(
    db: Session,
    known: dict[str, Invariant],
    only: str | None = None,
    *,
    mark: Mark | None = None,
) -> list[Finding]:
    """The same on a given session; tests use it inside the transaction they roll back."""
    chosen = [known[only]] if only else list(known.values())
    found = [Finding(invariant, _asked(db, invariant, mark)) for invariant in chosen]
    return [finding for finding in found if finding.rows]


def _asked(db: Session, invariant: Invariant, mark: Mark | None) -> list[Any]:
    if mark is None or invariant.since is None:
        return invariant.find(db)
    return invariant.since(db, mark)


JOBS_ALIVE = Invariant(
    "X3",
    "No job has been ready for more than ten minutes without being done.",
    sql(
        "select id, task_name from procrastinate_jobs where status = 'todo'"
        " and not exists (select from pause)"  # No job begins then.
        " and coalesce(scheduled_at, '-infinity') < now() - interval '10 minutes'"
        " and not exists (select 1 from procrastinate_events e"
        " where e.job_id = procrastinate_jobs.id and e.at > now() - interval '10 minutes')"
    ),
)
AUDIT_CHAIN = Invariant(
    "X4",
    "The sealed audit trail is whole: nothing edited, missing or reordered.",
    audit.broken_links,
)
TWO_PEOPLE = Invariant(
    "X5",
    "No right that needs two people was confirmed by whoever gave or received it.",
    sql(
        "select id from grant_given where confirmed_by is not null"
        " and confirmed_by in (granted_by, person_id)"
    ),
)
ALL = (JOBS_ALIVE, AUDIT_CHAIN, TWO_PEOPLE)
