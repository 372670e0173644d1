"""The weekly proof: what was backed up really comes back, to any second, with every row.

A backup nobody has restored is a hope. The drill brings a copy to a random second of the last day
in a folder of its own, lets the house settle and examine it, counts rows against the living ones,
loads the newest dump beside it, and reads every kept photo. The copy is gone afterwards.
"""

import json
import random
import shutil
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, current_app
from psycopg import sql

from core import clock
from core.actors import Actor
from core.backup import archive, dump, recovery, runs
from core.backup.programs import BackupError
from core.backup.settling import flask_on
from core.backup.shelf import Kept, Shelf, damage
from core.config import settings
from core.pgbin import PostgresError
from core.postgres import NAME, Postgres
from core.settings import CoreSettings

OPEN_SECONDS = 60  # What was begun so long before a second had ended by then.


@dataclass(frozen=True)
class Witness:
    """A table whose rows only ever come, and the column that tells when."""

    table: str
    at: str


def register(app: Flask, *witnesses: Witness) -> None:
    """Let a floor name tables by which a copy is held against the house."""
    app.extensions.setdefault("drill", []).extend(witnesses)


def run(*, actor: Actor) -> list[str]:
    """Restore a copy, examine it, note how it went; returns all that is wrong."""
    shelf, began, watch = runs.our_shelf(), clock.now(), time.monotonic()
    facts: dict[str, Any] = {}
    folder = shelf.root / ".drill"
    wrong: list[str] = []
    try:
        with shelf.alone():
            shutil.rmtree(folder, ignore_errors=True)
            _drill(shelf, folder, facts, wrong)
    except (PostgresError, OSError) as why:
        wrong.append(str(why))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    facts |= {"seconds": round(time.monotonic() - watch, 1), "wrong": wrong}
    runs.note(actor=actor, kind="drill", started_at=began, is_good=not wrong, facts=facts)
    return wrong


def _drill(shelf: Shelf, folder: Path, facts: dict[str, Any], wrong: list[str]) -> None:
    kept, dumped = _newest_base(shelf), shelf.newest("dump")
    if kept is None and dumped is None:
        raise BackupError("There is no backup of this database to restore.")
    if kept:
        to = _any_second(shelf, kept)
        facts |= {"base": kept.folder.name, "to": to.isoformat() if to else ""}
        kept = recovery.choose(shelf, to) if to else kept
        with recovery.recovered(shelf, folder, kept, to, settings=recovery.JUST_TO_LOOK) as there:
            newest = there.last_change or kept.finished_at
            reached = newest if there.is_all or not to else to
            wrong += _examined(there.server.url, reached, facts)
            if dumped:
                wrong += _loaded(there.server, dumped, facts)
    elif dumped:
        with Postgres(folder, settings=recovery.JUST_TO_LOOK) as fresh:
            wrong += _loaded(fresh, dumped, facts)
    for copy in [one for one in (shelf.newest("photos"), dumped, kept) if one]:
        facts[f"{copy.kind}_files"] = len(copy.facts["files"])
        wrong += [f"{copy.kind} {copy.folder.name}: {name} is damaged" for name in damage(copy)]


def _newest_base(shelf: Shelf) -> Kept | None:
    """The newest base backup of the server that runs now, if its number is known."""
    with psycopg.connect(_our_url()) as connection:
        system = connection.execute("select system_identifier::text from pg_control_system()")
        ours = system.fetchone()
    bases = [kept for kept in shelf.all("base") if ours and kept.facts["system"] == ours[0]]
    return bases[-1] if bases else None


def _any_second(shelf: Shelf, kept: Kept) -> datetime | None:
    """A random second that the log reaches; None where there is no log since the backup."""
    last = archive.last_kept_at(shelf, kept.facts["system"])
    since = int((last - kept.finished_at).total_seconds()) - archive.TIMEOUT_SECONDS if last else 0
    if since < 1:
        return None
    return kept.finished_at + timedelta(seconds=random.randint(1, since))  # noqa: S311  # No secret.


def _examined(url: str, reached: datetime, facts: dict[str, Any]) -> list[str]:
    """What the doctor finds in the copy, and rows that it lacks or has too many of."""
    flask_on(url, "settle", "--source", "log", "--to", reached.isoformat(), key=_key())
    answer = flask_on(url, "doctor", "--full", key=_key(), check=False)
    wrong = [line for line in answer.splitlines() if " BROKEN: " in line]
    if not wrong and "promises hold" not in answer:
        wrong.append(f"The doctor could not examine the copy: {answer[-500:]}")
    edge = reached - timedelta(seconds=OPEN_SECONDS)
    with psycopg.connect(_our_url()) as house, psycopg.connect(_plain(url)) as copy:
        for witness in current_app.extensions.get("drill", []):
            here, there = _rows(house, witness, edge), _rows(copy, witness, edge)
            facts.setdefault("rows", {})[witness.table] = there[0]
            if here != there:
                told = json.dumps([here, there], default=str)
                wrong.append(f"{witness.table}: the house and the copy differ, {told}")
    return wrong


def _rows(
    connection: psycopg.Connection[Any], witness: Witness, edge: datetime
) -> tuple[int, datetime | None]:
    """How many rows there are up to a moment, and when the newest of them came."""
    query = sql.SQL("select count(*), max({at}) from {table} where {at} <= %s").format(
        at=sql.Identifier(witness.at), table=sql.Identifier(witness.table)
    )
    count, newest = connection.execute(query, [edge]).fetchone() or (0, None)
    return count, newest


def _loaded(server: Postgres, dumped: Kept, facts: dict[str, Any]) -> list[str]:
    """Load the newest dump into an empty database of the copy's server, and count."""
    with psycopg.connect(_plain(server.url), autocommit=True) as connection:
        connection.execute("create database from_dump")
    facts["dump"] = dumped.folder.name
    try:
        url = server.url.replace(f"/{NAME}?", "/from_dump?")
        dump.load(dumped.folder, url, rows=dumped.facts["rows"])
    except BackupError as why:
        return [f"dump {dumped.folder.name}: {why}"]
    return []


def _our_url() -> str:
    return _plain(settings(CoreSettings).database_url)


def _plain(url: str) -> str:
    return url.replace("+psycopg", "", 1)


def _key() -> str:
    return settings(CoreSettings).secret_key
