"""Dumps: all rows in pg_dump's own words. They fail in other ways than a copy of the disk does."""

from pathlib import Path

import psycopg
from psycopg import sql

from core.backup import programs
from core.backup.programs import BackupError
from core.backup.shelf import Kept, Shelf

FILE = "lumbung.dump"
TABLES = "select tablename from pg_tables where schemaname = 'public' order by tablename"


def take(shelf: Shelf, url: str) -> Kept:
    """Dump the database as of one moment, together with how many rows each table had then."""
    with (
        shelf.adding("dump") as (half, facts),
        psycopg.connect(url.replace("+psycopg", "", 1)) as connection,
    ):
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        (snapshot,) = connection.execute("select pg_export_snapshot()").fetchone() or ()
        words, secret = programs.connection_words(url)
        wish = ("-Fc", f"--snapshot={snapshot}", "-f", str(half / FILE), *words)
        programs.run(half, "pg_dump", *wish, env=secret)
        facts["server"] = connection.info.parameter_status("server_version")
        facts["rows"] = counts(connection)
        listed = programs.run(half, "pg_restore", "--list", str(half / FILE))
        if listed.count(" TABLE DATA public ") != len(facts["rows"]):
            raise BackupError("The dump does not hold every table.")
    taken = shelf.newest("dump")
    assert taken is not None
    return taken


def counts(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, int]:
    """How many rows each table holds."""
    found = {}
    for (table,) in connection.execute(TABLES).fetchall():
        query = sql.SQL("select count(*) from {}").format(sql.Identifier(str(table)))
        (rows,) = connection.execute(query).fetchone() or (0,)
        found[str(table)] = int(str(rows))
    return found


def load(folder: Path, url: str, *, rows: dict[str, int]) -> None:
    """Load a dump into an empty database, and count what has arrived. Raises BackupError."""
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        if connection.execute(TABLES).fetchall():
            raise BackupError("The database is not empty. A dump is loaded into an empty one only.")
    words, secret = programs.connection_words(url)
    wish = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", *words)
    programs.run(folder, "pg_restore", *wish, str(folder / FILE), env=secret)
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        loaded = counts(connection)
    if wrong := sorted(table for table in rows if loaded.get(table) != rows[table]):
        raise BackupError(f"After loading, these tables do not have all their rows: {wrong}.")
