"""The folder of backups: one room per kind, each backup whole with its manifest or not there.

base/<moment>/    base.tar.gz, pg_wal.tar.gz, backup_manifest   a copy of the server's data
dump/<moment>/    lumbung.dump                                   the rows, in pg_dump's words
photos/<moment>/  the stored files, hard links where unchanged
wal/<system>/     PostgreSQL's log, piece by piece, one room per data folder's number
erasures/         who was erased and when, by number: see core/backup/erasures.py
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core import clock
from core.backup.programs import BackupError
from core.children import Account, make_folder
from core.storage import settle

KINDS = ("base", "dump", "photos")
MANIFEST = "manifest.json"
STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Kept:
    """One whole backup: its folder, and what its manifest says."""

    kind: str
    folder: Path
    facts: dict[str, Any]

    @property
    def taken_at(self) -> datetime:
        """When it was begun."""
        return datetime.strptime(self.folder.name, STAMP).replace(tzinfo=UTC)

    @property
    def finished_at(self) -> datetime:
        """From this moment on it stands for itself."""
        return datetime.fromisoformat(self.facts["finished_at"])

    @property
    def bytes(self) -> int:
        """How much its files weigh."""
        return sum(int(about["bytes"]) for about in self.facts["files"].values())


class Shelf:
    """All backups of this house."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.account = Account.ours()

    def room(self, *names: str) -> Path:
        """A folder on the shelf that only the server's account enters; made where it is missing."""
        make_folder(self.root)
        if closed := self.account.barred_by(self.root):
            raise BackupError(
                f"Backups cannot go to {self.root}: {closed} is closed to PostgreSQL."
            )
        folder = self.root
        for name in names:
            folder = folder / name
            if not folder.exists():
                self.account.give(folder)
        return folder

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one process at a time change what is kept. Raises BackupError where one is at it."""
        make_folder(self.root)
        lock = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise BackupError("Another backup or drill is at work. Wait for it to end.") from None
        finally:
            os.close(lock)

    @contextmanager
    def adding(self, kind: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        """Room for a new backup; it gets its name, and with it counts, only when all went well."""
        room = self.room(kind)
        for left in room.glob(".*"):
            shutil.rmtree(left)
        stamp = _unused(room)
        half = room / f".{stamp}"
        self.account.give(half)
        facts: dict[str, Any] = {"kind": kind, "taken_at": clock.now().isoformat()}
        try:
            yield half, facts
            facts.setdefault("finished_at", clock.now().isoformat())
            if "files" not in facts:
                facts["files"] = _files(half)
            write(half / MANIFEST, json.dumps(facts, indent=1, sort_keys=True))
            half.rename(room / stamp)
            settle(room)
        finally:
            shutil.rmtree(half, ignore_errors=True)

    def all(self, kind: str) -> list[Kept]:
        """The backups of one kind, oldest first."""
        found = []
        for folder in sorted((self.root / kind).glob("[0-9]*")):
            found.append(Kept(kind, folder, json.loads((folder / MANIFEST).read_text())))
        return found

    def newest(self, kind: str) -> Kept | None:
        """The newest backup of one kind."""
        return next(reversed(self.all(kind)), None)


def damage(kept: Kept) -> list[str]:
    """The files of a backup that are gone or not as they were when it was taken."""
    known = kept.facts["files"].items()
    return [name for name, about in known if digest(kept.folder / name) != about["sha256"]]


def thin_out(shelf: Shelf, kind: str, keep: int) -> None:
    """Drop the oldest backups of a kind; the newest always stays."""
    for kept in shelf.all(kind)[: -max(keep, 1)]:
        gone = kept.folder.with_name(f".{kept.folder.name}")
        kept.folder.rename(gone)
        shutil.rmtree(gone)


def _unused(room: Path) -> str:
    """The second that names a backup; two within one second would share it."""
    stamp = clock.now().strftime(STAMP)
    if (room / stamp).exists():
        raise BackupError("A backup was taken this very second. Take the next one later.")
    return stamp


def write(path: Path, text: str) -> None:
    """Write a new file for our eyes only, and bring it to the disk."""
    with path.open("x") as file:
        path.chmod(0o600)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    settle(path.parent)


def _files(folder: Path) -> dict[str, dict[str, Any]]:
    return {
        path.name: {"bytes": path.stat().st_size, "sha256": digest(path)}
        for path in sorted(folder.iterdir())
    }


def digest(path: Path) -> str:
    """What a file holds, in short; nothing where it is gone."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""
