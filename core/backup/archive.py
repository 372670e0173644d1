"""PostgreSQL's log, kept piece by piece, so that any second can be had again.

A minute of a quiet house is one piece of some kilobytes. Each data folder has a number of its own
and so a room of its own: what a fresh data folder writes never meets what an older one has kept.
"""

import re
import shlex
import shutil
import struct
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from core import clock
from core.backup.shelf import Kept, Shelf

TIMEOUT_SECONDS = 60  # What may be lost with the disk.
SEGMENT = re.compile(r"[0-9A-F]{24}")
SEGMENT_BYTES = 16 * 1024 * 1024
SEGMENTS_PER_LOG = 2**32 // SEGMENT_BYTES


def system_of(data: Path) -> str:
    """The number that initdb gave a data folder; it stands first in pg_control."""
    head = (data / "global" / "pg_control").read_bytes()[:8]
    return str(struct.unpack("=Q", head)[0])


def keeping(shelf: Shelf, data: Path) -> dict[str, str]:
    """The settings under which a server keeps its log on the shelf."""
    folder = shelf.room("wal", system_of(data))
    command = [*_script(shelf), "keep", str(folder)]
    return {
        "archive_mode": "on",
        "archive_command": f"{_quoted(command)} %p %f",
        "archive_timeout": str(TIMEOUT_SECONDS),
    }


def fetching(shelf: Shelf, system: str, *, also: Sequence[Path] = ()) -> str:
    """The restore_command that reads the log back; `also` are folders with pieces as written."""
    folders = [str(shelf.room("wal", system)), *map(str, also)]
    return f"{_quoted([*_script(shelf), 'fetch'])} %f %p {_quoted(folders)}"


def _script(shelf: Shelf) -> list[str]:
    """Our script beside the log: the server's account may not reach this checkout."""
    there = shelf.room("wal") / "wal.sh"
    ours = Path(__file__).with_name("wal.sh").read_bytes()
    if not there.exists() or there.read_bytes() != ours:
        fresh = there.with_suffix(".new")
        fresh.write_bytes(ours)
        fresh.chmod(0o644)
        fresh.replace(there)
    return ["/bin/sh", str(there)]


def _quoted(words: Sequence[str]) -> str:
    return shlex.join(words).replace("%", "%%")


def number(segment: str) -> int:
    """Where a piece stands in the log, whatever its timeline."""
    return int(segment[8:16], 16) * SEGMENTS_PER_LOG + int(segment[16:], 16)


def segment_at(timeline: int, position: str) -> str:
    """The name of the piece that holds a position such as 0/2000028."""
    high, low = (int(part, 16) for part in position.split("/"))
    return f"{timeline:08X}{high:08X}{low // SEGMENT_BYTES:08X}"


def segments(shelf: Shelf, system: str) -> dict[str, Path]:
    """The kept pieces of one data folder by name; histories and marks are left out."""
    kept = (shelf.root / "wal" / system).glob("*.gz")
    return {path.stem: path for path in sorted(kept) if SEGMENT.fullmatch(path.stem)}


def holes(shelf: Shelf, base: Kept) -> list[int]:
    """Pieces that are missing between a base backup and the newest piece kept since."""
    numbers = {number(name) for name in segments(shelf, base.facts["system"])}
    first = number(base.facts["wal_from"])
    since = {one for one in numbers if one >= first}
    return sorted(set(range(first, max(since) + 1)) - since) if since else []


def last_kept_at(shelf: Shelf, system: str) -> datetime | None:
    """When the newest piece was kept."""
    kept = segments(shelf, system).values()
    newest = max((path.stat().st_mtime for path in kept), default=None)
    return datetime.fromtimestamp(newest, clock.now().tzinfo) if newest else None


def thin_out(shelf: Shelf, days: int) -> None:
    """Drop what no wish within the last days can need, and rooms that no base backup needs."""
    bases = shelf.all("base")
    edge = clock.now() - timedelta(days=days)
    for room in (shelf.root / "wal").glob("[0-9]*"):
        ours = [base for base in bases if base.facts["system"] == room.name]
        if not ours:
            if (last := last_kept_at(shelf, room.name)) and last < edge:
                shutil.rmtree(room)
            continue
        older = [base for base in ours if base.finished_at <= edge]
        first = number((older[-1] if older else ours[0]).facts["wal_from"])
        for name, path in segments(shelf, room.name).items():
            if number(name) < first:
                path.unlink()
