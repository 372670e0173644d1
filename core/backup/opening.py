"""Opening the house after a restore: what the lost time has done elsewhere is caught up with first.

Floors register steps: orders ask every gateway what became of each attempt, cooperatives forget
cuts of another server. A step may be done twice, may take its time and may ask others' servers; it
returns sentences for what keeps the house closed. Erasures come first, the doctor last.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app

from core import doctor, pause, privacy
from core.actors import Actor
from core.db import db
from core.errors import RemoteError


@dataclass(frozen=True)
class Restored:
    """Where the house comes from: `source` is log or dump, `to` the second it stands at."""

    source: str
    to: datetime | None


Step = Callable[[Restored], list[str]]


def before_opening(app: Flask, name: str, step: Step) -> None:
    """Let a step run before a restored house opens; lower floors come first."""
    app.extensions.setdefault("before_opening", []).append((name, step))


def open_house(*, actor: Actor, despite: str = "") -> list[str]:
    """Take every step, hear the doctor, and open; returns what keeps the house closed.

    `despite` opens it all the same and stands in the audit trail.
    """
    row = pause.find(db.session())
    if row is None:
        return []
    restored = Restored(row.facts.get("source", ""), _moment(row.facts.get("to")))
    privacy.erase_again.run()
    wrong = [
        f"{name}: {sentence}"
        for name, step in current_app.extensions.get("before_opening", [])
        for sentence in _taken(step, restored)
    ]
    wrong += [
        f"doctor {found.invariant.id}: {found.invariant.promise} ({len(found.rows)} rows)"
        for found in doctor.examine()
    ]
    if not wrong or despite:
        pause.end(actor=actor, despite=despite)
    return wrong


def _taken(step: Step, restored: Restored) -> list[str]:
    try:
        return step(restored)
    except RemoteError as silent:
        return [f"no answer from outside ({silent}); try again"]


def _moment(written: Any) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
