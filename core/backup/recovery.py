"""A server brought to a second of the past, in a folder of its own; restores and drills use it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.backup import archive, base, programs
from core.backup.programs import GENTLY, BackupError
from core.backup.shelf import Kept, Shelf
from core.children import make_folder
from core.pgbin import PostgresError
from core.postgres import CARELESS, Postgres

SECONDS_MAX = 3_000.0  # Within the hour that is promised.
TOO_SHORT = "recovery ended before configured recovery target was reached"
LAST_CHANGE = re.compile(r"last completed transaction was at log time (\S+ [\d:.]+)\+00")
JUST_TO_LOOK = CARELESS | {"archive_mode": "off"}  # A copy that is thrown away keeps nothing.
LOG_LATER = {"archive_mode": "on", "archive_command": ""}  # Keeps all pieces for who comes next.


@dataclass(frozen=True)
class Recovered:
    """A server that answers, and the newest change it holds."""

    server: Postgres
    last_change: datetime | None
    is_all: bool  # The log ends before the second that was asked for; all of it is there.


def choose(shelf: Shelf, to: datetime | None) -> Kept:
    """The base backup from which a second (or the newest) is reached. Raises BackupError."""
    bases = shelf.all("base")
    usable = [kept for kept in bases if to is None or kept.finished_at <= to]
    if not usable:
        since = f"The oldest is of {bases[0].finished_at:%Y-%m-%d %H:%M:%S} UTC." if bases else ""
        raise BackupError(f"There is no base backup from before that moment. {since}".strip())
    chosen = usable[-1]
    if missing := archive.holes(shelf, chosen):
        raise BackupError(
            f"{len(missing)} pieces of the log are missing after the backup of "
            f"{chosen.taken_at:%Y-%m-%d %H:%M:%S} UTC, the first is number {missing[0]}."
        )
    return chosen


@contextmanager
def recovered(
    shelf: Shelf,
    folder: Path,
    kept: Kept,
    to: datetime | None,
    *,
    settings: Mapping[str, str],
    also: Sequence[Path] = (),
) -> Iterator[Recovered]:
    """Unpack a base backup into a new folder, replay the log up to a second, and let it answer.

    Raises BackupError or PostgresError; a broken piece of the log is one, never skipped.
    """
    make_folder(folder)
    base.unpack(kept.folder, folder / "data", shelf)
    programs.run(folder / "data", "/usr/bin/touch", "recovery.signal")
    wishes = {
        **settings,
        "restore_command": archive.fetching(shelf, kept.facts["system"], also=also),
        "recovery_target_action": "promote",
        "hot_standby": "off",  # It answers when it is there, not on the way.
    }
    aim = {"recovery_target_time": to.astimezone(UTC).isoformat()} if to else {}
    server = Postgres(folder, settings=wishes | aim, wrapper=GENTLY)
    is_all = to is None
    try:
        server.start(SECONDS_MAX)
    except PostgresError:
        if to is None or TOO_SHORT not in _log(folder):
            raise
        is_all = True
        server = Postgres(folder, settings=wishes, wrapper=GENTLY)
        server.start(SECONDS_MAX)
    try:
        yield Recovered(server, _last_change(folder), is_all)
    finally:
        server.stop()


def _log(folder: Path) -> str:
    return (folder / "postgres.log").read_text(errors="replace")


def _last_change(folder: Path) -> datetime | None:
    found = LAST_CHANGE.findall(_log(folder))
    return datetime.fromisoformat(f"{found[-1]}+00:00") if found else None
