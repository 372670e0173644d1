"""The way back: to any second the log reaches, or to a dump. The present data are put aside.

Everything happens in a folder beside the data; only when the old house stands there whole, paused
and with the present schema, do the two change places.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from core import clock
from core.backup import archive, dump, photos, recovery
from core.backup.programs import BackupError
from core.backup.shelf import STAMP, Kept, Shelf, damage
from core.postgres import ASIDE, Postgres
from core.storage import settle

Settle = Callable[[str, str, datetime | None], None]  # Of a url: what it was restored from, and to.
Say = Callable[[str], None]


@dataclass(frozen=True)
class Way:
    """Where to: a second of the log (None is the newest), or a dump."""

    to: datetime | None = None
    dump: str = ""


def moment(typed: str) -> datetime:
    """A second as typed, in WIB unless it names its zone. Raises BackupError."""
    try:
        found = datetime.fromisoformat(typed.strip())
    except ValueError:
        raise BackupError(f"{typed!r} is no moment; write it as 2026-11-26 13:45:10.") from None
    found = found if found.tzinfo else found.replace(tzinfo=clock.WIB)
    if found > clock.now():
        raise BackupError(f"{typed} has not come yet.")
    return found


def restore(
    server: Postgres, shelf: Shelf, way: Way, *, storage: Path | None, settle_down: Settle, say: Say
) -> None:
    """Bring the house back, paused. Raises BackupError or PostgresError and then changes nothing.

    Refuses while the house runs. `storage` is the folder of photos; None where a bucket has them.
    """
    began = time.monotonic()
    with server.kept_still(), shelf.alone(), _room_beside(server) as beside:
        source = "dump" if way.dump else "log"
        to: datetime | None
        if way.dump:
            to = _from_dump(beside, _dump(shelf, way.dump), settle_down, say)
        else:
            to = _from_log(beside, shelf, server, way.to, settle_down, say)
        aside = _change_places(server, beside)
        (server.folder / "prepared").unlink(missing_ok=True)
        if storage:
            count = photos.bring_back(shelf, storage, to)
            say(f"{count} photos and files were missing and are back.")
    seconds = time.monotonic() - began
    say(f"Restored from the {source} in {seconds:.0f} seconds. The house is paused.")
    if aside:
        say(f"What was there before lies in {aside}; remove it when you are sure.")
    say("Now: `make run` to look around (nobody can order yet), then `make open`.")


@contextmanager
def _room_beside(server: Postgres) -> Iterator[Path]:
    """A folder beside the data for the house to be; what an earlier try left there goes first."""
    beside = server.folder / "restoring"
    shutil.rmtree(beside, ignore_errors=True)
    try:
        yield beside
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _from_log(
    beside: Path,
    shelf: Shelf,
    server: Postgres,
    to: datetime | None,
    settle_down: Settle,
    say: Say,
) -> datetime | None:
    kept = recovery.choose(shelf, to)
    say(f"From the base backup of {_told(kept.taken_at)}, with the log up to {_told(to)}.")
    also = []
    if server.data.exists() and archive.system_of(server.data) == kept.facts["system"]:
        also = [server.data / "pg_wal"]  # The last minute may not have been kept yet.
    settings = recovery.LOG_LATER
    with recovery.recovered(shelf, beside, kept, to, settings=settings, also=also) as there:
        newest = there.last_change or kept.finished_at
        say(f"The newest change that is back is of {_told(newest)}.")
        if there.is_all and to:
            say("Nothing was written between it and the second you asked for.")
        settle_down(there.server.url, "log", to or newest)
        _to_disk(there.server)
        return to or newest


def _dump(shelf: Shelf, name: str) -> Kept:
    """The dump of this name, or the newest. Raises BackupError where it is not whole."""
    known = shelf.all("dump")
    chosen = [kept for kept in known if name in ("latest", kept.folder.name)][-1:]
    if not chosen:
        raise BackupError(f"There is no dump {name}. There are: {[k.folder.name for k in known]}.")
    if wrong := damage(chosen[0]):
        raise BackupError(f"The dump {chosen[0].folder} is damaged: {wrong}. Take another.")
    return chosen[0]


def _from_dump(beside: Path, kept: Kept, settle_down: Settle, say: Say) -> datetime:
    say(f"From the dump of {_told(kept.taken_at)}.")
    with Postgres(beside, settings=recovery.LOG_LATER) as fresh:
        dump.load(kept.folder, fresh.url, rows=kept.facts["rows"])
        settle_down(fresh.url, "dump", kept.taken_at)
        _to_disk(fresh)
    return kept.taken_at


def load_elsewhere(url: str, shelf: Shelf, name: str, *, settle_down: Settle, say: Say) -> None:
    """Load a dump into the empty database of a server that is not ours. Raises BackupError."""
    kept = _dump(shelf, name)
    dump.load(kept.folder, url, rows=kept.facts["rows"])
    settle_down(url, "dump", kept.taken_at)
    say(f"Loaded the dump of {_told(kept.taken_at)}. The house is paused; `make open` opens it.")


def _to_disk(server: Postgres) -> None:
    with psycopg.connect(server.url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute("checkpoint")  # So that it stops at once, however much was replayed.


def _change_places(server: Postgres, beside: Path) -> Path | None:
    """Put the present data aside and the restored ones in their place; returns where they are.

    A crash between the two leaves no data, and then no house starts: see Postgres.
    """
    aside = None
    if server.data.exists():
        aside = server.folder / f"{ASIDE}{clock.now():{STAMP}}"
        server.data.rename(aside)
    (beside / "data").rename(server.data)
    settle(server.folder)
    return aside


def _told(when: datetime | None) -> str:
    if when is None:
        return "its end"
    return f"{when.astimezone(clock.WIB):%Y-%m-%d %H:%M:%S} WIB"
