"""Who was erased, kept outside the database: a restore to an earlier second must not undo it.

A file says a number and two moments, nothing else. The number alone would not do: after a restore
it may be given to somebody new.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.backup.settings import BackupSettings
from core.backup.shelf import STAMP, Shelf, write
from core.config import settings
from core.db import db
from core.jobs import job
from core.people import Person


@dataclass(frozen=True)
class Erasure:
    """One person who was erased."""

    person_id: int
    created_at: datetime
    erased_at: datetime


@job("core.note_erasure", key="person_id")
def note_erasure(person_id: int) -> None:
    """Put an erasure on the list; the same one again changes nothing."""
    person = db.session().get_one(Person, person_id)
    rules = settings(BackupSettings)
    if person.erased_at is None or not rules.enabled:
        return
    room = Shelf(rules.path).room("erasures")
    path = room / f"{person_id}-{person.erased_at.strftime(STAMP)}.json"
    if not path.exists():
        facts = {"created_at": person.created_at, "erased_at": person.erased_at}
        written = {name: moment.isoformat() for name, moment in facts.items()}
        write(path, json.dumps({"person_id": person_id, **written}))


def kept(shelf: Shelf) -> Iterator[Erasure]:
    """Everybody on the list."""
    for path in sorted((shelf.root / "erasures").glob("*.json")):
        yield _read(path)


def _read(path: Path) -> Erasure:
    facts = json.loads(path.read_text())
    moments = (datetime.fromisoformat(facts[name]) for name in ("created_at", "erased_at"))
    return Erasure(facts["person_id"], *moments)
