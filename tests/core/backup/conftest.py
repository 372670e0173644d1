"""One small house with backups for each module: its own server, data, shelf and log."""

import shutil
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from core.backup import archive
from core.backup.shelf import Shelf
from core.postgres import Postgres


class Barn:
    """A running server that keeps its log, and a connection to it."""

    def __init__(self, folder, *, timeout="0"):
        self.folder = folder
        self.shelf = Shelf(folder / "backups")
        self.server = Postgres(
            folder / "state",
            fsync=False,
            settings_of=lambda data: (
                archive.keeping(self.shelf, data) | {"archive_timeout": timeout}
            ),
        )

    @property
    def url(self):
        return self.server.url

    @property
    def system(self):
        return archive.system_of(self.server.data)

    def ask(self, query, *values):
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            answer = connection.execute(query, values)
            return answer.fetchone()[0] if answer.description else None

    def log_is_kept(self):
        """End the running piece of the log and wait until the shelf has it."""
        self.ask("select pg_logical_emit_message(true, 'test', 'there is something to keep')")
        name = self.ask("select pg_walfile_name(pg_switch_wal())")
        return eventually(lambda: archive.segments(self.shelf, self.system).get(name))

    def a_second_passes(self):
        """A moment that lies clearly after everything before and before everything after."""
        time.sleep(0.05)
        moment = self.ask("select clock_timestamp()")
        time.sleep(0.05)
        return moment


def eventually(found, seconds=10):
    deadline = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
    return answer


@pytest.fixture(scope="module")
def room():
    """A folder that the server's account may pass through; pytest's own are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="lumbung-backup-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def barn(room):
    barn = Barn(room)
    with barn.server:
        barn.ask("create table jar (id serial primary key, name text)")
        yield barn
