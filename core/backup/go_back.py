"""`make restore` at the terminal: what was typed, and what is said."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from core.backup import restore
from core.backup.programs import BackupError
from core.backup.restore import Way
from core.backup.settings import BackupSettings
from core.backup.settling import flask_on
from core.backup.shelf import Shelf
from core.config import load
from core.pgbin import PostgresError
from core.run import CHECKOUT, environment, our_server
from core.storage import StorageSettings


def go_back(words: Sequence[str]) -> int:
    """Restore as asked; returns the exit code."""
    parser = argparse.ArgumentParser(prog="restore", description=restore.__doc__)
    parser.add_argument("--to", default="", help="a second such as '2026-11-26 13:45:10', in WIB")
    parser.add_argument("--dump", default="", help="the name of a dump, or latest")
    asked = parser.parse_args(words)
    try:
        if asked.to and asked.dump:
            raise BackupError("Either a second or a dump: a dump stands at its own moment.")
        _go(restore.moment(asked.to) if asked.to else None, asked.dump)
    except (PostgresError, OSError) as why:
        _say(f"{why}\nNothing was changed.")
        return 1
    return 0


def _go(to: datetime | None, dump: str) -> None:
    server, shelf = our_server(), Shelf(load(BackupSettings, os.environ).path)
    if server is None:
        if not dump:
            raise BackupError(
                "DATABASE_URL names a server that is not ours: its own tools bring back a second "
                "(docs/operations.md). A dump is loaded into an empty database with dump=latest."
            )
        url = os.environ["DATABASE_URL"]
        restore.load_elsewhere(url, shelf, dump, settle_down=settle_down, say=_say)
        return
    files = load(StorageSettings, os.environ)
    storage = (CHECKOUT / Path(files.folder)).resolve() if files.kind == "local" else None
    way = Way(to, dump)
    restore.restore(server, shelf, way, storage=storage, settle_down=settle_down, say=_say)


def settle_down(url: str, source: str, to: datetime | None) -> None:
    """Let the house itself bring its schema up to date and pause. Raises BackupError."""
    assert to is not None
    key = environment(None)["SECRET_KEY"]
    flask_on(url, "settle", "--source", source, "--to", to.isoformat(), key=key)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
