"""News goes up: a lower floor tells what happened, upper floors subscribe with a job.

Telling defers one job per subscriber in the same transaction, so news is never lost and never
about something that was rolled back. Subscriptions belong to the app and are made in `create_app`.
"""

from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

from core import jobs
from core.jobs import Job


def subscribe(app: Flask, name: str, job: Job) -> None:
    """Let `job` run, with the facts told, whenever `name` is told."""
    listeners: dict[str, list[Job]] = app.extensions.setdefault("news", {})
    heard = listeners.setdefault(name, [])
    if job in heard:
        raise AssertionError(f"{job.name} hears {name} twice")
    heard.append(job)


def tell(db: Session, name: str, **facts: Any) -> None:
    """Say that something happened; facts are ids and plain values."""
    for job in current_app.extensions.get("news", {}).get(name, []):
        jobs.defer(db, job, **facts)
