"""Copies of the stored files.

A file never changes, so what the last copy holds is linked instead of copied, unless it has rotted.
In a bucket the files are kept by the bucket's own versions instead: see docs/operations.md.
"""

import hashlib
import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from core.backup.shelf import Kept, Shelf, digest
from core.storage import settle

COPIED = "files"


def take(shelf: Shelf, storage: Path) -> Kept:
    """Copy all stored files; those of the last copy become second names of the same bytes."""
    last = shelf.newest("photos")
    known: dict[str, Any] = last.facts["files"] if last else {}
    with shelf.adding("photos") as (half, facts):
        files: dict[str, Any] = {}
        (half / COPIED).mkdir()
        for source in sorted(storage.rglob("*")):
            if source.name.startswith(".") or not source.is_file():
                continue  # Still being written.
            name = f"{COPIED}/{source.relative_to(storage)}"
            target = half / name
            target.parent.mkdir(parents=True, exist_ok=True)
            old = last.folder / name if last else None
            size = source.stat().st_size
            if old and name in known and _is_sound(old, size, known[name]):
                os.link(old, target)
                files[name] = known[name]
            elif about := _copied(source, target):
                files[name] = about
        facts["files"] = files
    taken = shelf.newest("photos")
    assert taken is not None
    return taken


def _is_sound(old: Path, size: int, about: dict[str, Any]) -> bool:
    return bool(about["bytes"] == size and digest(old) == about["sha256"])


def _copied(source: Path, target: Path) -> dict[str, Any] | None:
    """Copy one file to the disk, and say what it is; None where it was deleted meanwhile."""
    try:
        content = source.read_bytes()
    except FileNotFoundError:
        return None
    with target.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    settle(target.parent)
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def bring_back(shelf: Shelf, storage: Path, to: datetime | None) -> int:
    """Put back every file that is missing now and was there around a moment; returns how many.

    What was deleted since is found in the copy before that moment and in those after it. Nothing
    that is there is touched.
    """
    copies = shelf.all("photos")
    before = [copy for copy in copies if to and copy.taken_at <= to]
    wanted = copies[copies.index(before[-1]) :] if before else copies if to else copies[-1:]
    found = 0
    for copy in wanted:
        for name in copy.facts["files"]:
            target = storage / Path(name).relative_to(COPIED)
            if not target.exists():
                _put_back(copy.folder / name, target, storage)
                found += 1
    return found


def _put_back(source: Path, target: Path, storage: Path) -> None:
    public = target.relative_to(storage).parts[0] == "public"
    missing = [
        step for step in target.parents if step.is_relative_to(storage) and not step.exists()
    ]
    for step in reversed(missing):
        step.mkdir()
        step.chmod(0o755 if public or step == storage else 0o700)
    fresh = target.with_name(f".{target.name}")
    shutil.copyfile(source, fresh)
    fresh.chmod(0o644 if public else 0o600)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(target)
