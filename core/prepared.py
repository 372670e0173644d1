"""What the last preparation of the database wrote, so that a start without news can skip it.

Preparing takes seconds, nearly all of them Python reading our files. Asking whether anything has
changed since takes milliseconds.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

SOURCES = ("app.py", "core", "sellers", "cooperatives", "orders", "shop", "migrations")


def fingerprint(checkout: Path, env: Mapping[str, str], argv: Sequence[str]) -> str:
    """Changes with our files, the settings, the database, its schema, and how it is prepared."""
    facts = [_schema(env["DATABASE_URL"]), env["DATABASE_URL"], *argv]
    facts += [f"{name}={env[name]}" for name in sorted(env) if name.startswith("LUMBUNG_")]
    for source in SOURCES:
        for path in sorted([checkout / source, *(checkout / source).rglob("*.*")]):
            if path.is_file() and path.suffix != ".pyc":
                about = path.stat()
                facts.append(f"{path} {about.st_size} {about.st_mtime_ns}")
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()


def recall(note: Path, mark: str) -> str | None:
    """What the preparation with this fingerprint wrote; None if it has to be done (again)."""
    with suppress(FileNotFoundError):
        known, _, lines = note.read_text().partition("\n")
        if known == mark:
            return lines
    return None


def remember(note: Path, mark: str, lines: str) -> None:
    """Note what a finished preparation wrote."""
    fresh = note.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(f"{mark}\n{lines}")
    os.replace(fresh, note)


def _schema(url: str) -> str:
    """The revision the database stands at; empty if it has none or gives no answer."""
    import psycopg  # Here for the same reason as in core/postgres.py.

    with (
        suppress(psycopg.Error),
        psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=5) as connection,
    ):
        found = connection.execute("select version_num from alembic_version").fetchone()
        return str(found[0]) if found else ""
    return ""
