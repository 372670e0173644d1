"""PostgreSQL's own tools and tar, run as the server's account and out of everybody's way."""

import signal
import tempfile
from pathlib import Path

from core.children import Account
from core.pgbin import PostgresError, usable_binaries

GENTLY = ("/usr/bin/nice", "-n", "10")  # The people in the house come first.
WORDS_MAX = 1_000


class BackupError(PostgresError):
    """A backup or restore cannot go on; the message says why, for a person at a terminal."""


def connection_words(url: str) -> tuple[list[str], dict[str, str]]:
    """How a tool reaches the server: arguments, and the password where no `ps` shows it."""
    from psycopg.conninfo import (
        conninfo_to_dict,
        make_conninfo,
    )  # Takes long; see core/postgres.py.

    known = {name: str(v) for name, v in conninfo_to_dict(url.replace("+psycopg", "", 1)).items()}
    password = known.pop("password", None)
    return ["-d", make_conninfo(**known), "-w"], {"PGPASSWORD": password} if password else {}


def run(folder: Path, *argv: str, env: dict[str, str] | None = None) -> str:
    """Run a tool to its end in a folder; returns what it wrote. Raises BackupError if it fails."""
    account = Account.ours()
    program = argv[0] if argv[0].startswith("/") else str(usable_binaries(account) / argv[0])
    if not Path(program).exists():
        raise BackupError(f"{argv[0]} is not installed beside PostgreSQL.")
    with tempfile.TemporaryFile() as words:
        process = account.start(
            [*GENTLY, program, *argv[1:]], signal.SIGTERM, folder, words.fileno(), env or {}
        )
        with process:
            try:
                process.wait()
            finally:
                process.kill()  # Does nothing where it has ended.
        words.seek(0)
        written = words.read().decode(errors="replace")
    if process.returncode:
        raise BackupError(f"{Path(program).name} failed: {written.strip()[-WORDS_MAX:]}")
    return written


def unpack(archive: Path, into: Path) -> None:
    """Unpack a compressed tar as the server's account, which then owns it all."""
    run(into, "/bin/tar", "-xzf", str(archive), "-C", str(into))
