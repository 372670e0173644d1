"""What a killed PostgreSQL leaves behind, told apart from one that still works, and cleared."""

import os
import stat
import time
from contextlib import suppress
from pathlib import Path

from core.children import Account
from core.pgbin import PostgresError

PAUSE_SECONDS = 0.02


def clear_leftovers(data: Path, sockets: Path, account: Account, deadline: float) -> None:
    """Clear up after a server that was killed, once all its processes are gone.

    Its postmaster.pid may name a process number that somebody else has by now, which would
    stop PostgreSQL for ever. Our own number does not (it ignores its parent's), and the other
    lines stay: with them PostgreSQL makes sure that the old shared memory is unused.
    """
    if pid := inhabitant(data, deadline):
        raise PostgresError(f"Process {pid} still works in {data}. Stop it first.")
    with suppress(FileNotFoundError):
        pid_file = os.open(data / "postmaster.pid", os.O_RDWR | os.O_NOFOLLOW)
        with os.fdopen(pid_file, "r+") as file:
            _, *rest = file.read().split("\n")
            file.seek(0)
            file.write("\n".join([str(os.getpid()), *rest]))
            file.truncate()
    if not sockets.exists():
        account.give(sockets)
    about = sockets.lstat()
    if about.st_uid != account.uid or stat.S_IMODE(about.st_mode) != 0o700:
        raise PostgresError(f"{sockets} is not ours alone. Remove it first.")
    for left in sockets.glob(".s.PGSQL.*"):
        left.unlink()


def inhabitant(data: Path, deadline: float) -> int | None:
    """A process of PostgreSQL that is still in the data at the deadline, if one is."""
    while True:
        found = None
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # It ended, or is not ours to ask about.
                if os.readlink(process / "cwd") == str(data):
                    found = int(process.name)
        if found is None or time.monotonic() > deadline:
            return found
        time.sleep(PAUSE_SECONDS)
