"""Base backups: the server's data as they lie on the disk; any later second starts from one."""

import json
import shutil
from pathlib import Path
from typing import Any

import psycopg

from core.backup import archive, programs
from core.backup.programs import BackupError
from core.backup.shelf import Kept, Shelf

FACTS = """
select (select system_identifier::text from pg_control_system()) as system,
 current_setting('server_version') as server,
 (select rolsuper or rolreplication from pg_roles where rolname = current_user) as may_copy,
 (select count(*) from pg_tablespace where spcname not like 'pg\\_%') as tablespaces
"""


def is_possible(url: str) -> bool:
    """Whether the server lets us copy its data."""
    with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection:
        _system, _server, may_copy, tablespaces = connection.execute(FACTS).fetchone() or ()
    return bool(may_copy and not tablespaces)


def take(shelf: Shelf, url: str) -> Kept:
    """Copy the running server's data, prove the copy readable and whole, and keep it.

    Raises BackupError, also where the server does not let us copy it.
    """
    with (
        shelf.adding("base") as (half, facts),
        psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection,
    ):
        system, server, may_copy, tablespaces = connection.execute(FACTS).fetchone() or ()
        if not may_copy or tablespaces:
            raise BackupError(
                "Base backups need a role with REPLICATION and a server without tablespaces of "
                "its own. Let the server's own tools make them; dumps and photos are kept anyway."
            )
        words, secret = programs.connection_words(url)
        copy = ("-D", str(half), "-Ft", "-Z", "1", "-X", "stream", "-c", "fast", *words)
        programs.run(half, "pg_basebackup", *copy, env=secret)
        (finished_at,) = connection.execute("select clock_timestamp()").fetchone() or ()
        facts |= {"system": system, "server": server, "finished_at": finished_at.isoformat()}
        facts |= {"wal_from": _first_segment(half / "backup_manifest")}
        _prove(shelf, half)
    taken = shelf.newest("base")
    assert taken is not None
    return taken


def _first_segment(manifest: Path) -> str:
    ranges: list[dict[str, Any]] = json.loads(manifest.read_text())["WAL-Ranges"]
    return archive.segment_at(ranges[0]["Timeline"], ranges[0]["Start-LSN"])


def _prove(shelf: Shelf, folder: Path) -> None:
    """Unpack what was just written and let pg_verifybackup read every byte of it."""
    proof = shelf.room(".proof")
    try:
        unpack(folder, proof / "data", shelf)
    finally:
        shutil.rmtree(proof)


def unpack(folder: Path, data: Path, shelf: Shelf) -> None:
    """Lay a base backup out as a data folder and verify it. Raises BackupError."""
    shelf.account.give(data)
    programs.unpack(folder / "base.tar.gz", data)
    programs.unpack(folder / "pg_wal.tar.gz", data / "pg_wal")
    programs.run(data, "pg_verifybackup", "-m", str(folder / "backup_manifest"), str(data))
