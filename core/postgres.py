"""PostgreSQL without an administrator: started by us, stopped by us, reached by a socket only.

`make run` and the tests use it wherever DATABASE_URL names no server. The server is our child: it
stops when we stop, however we stop. Whoever holds the lock in its folder owns the data.
As root the server runs as `nobody`, since PostgreSQL refuses root; somebody else's folders are
never opened up for that, so the data then live under /var/lib/lumbung. Linux only.
"""

import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from core.children import Account, make_folder
from core.leftovers import clear_leftovers, inhabitant
from core.pgbin import STATE, PostgresError, usable_binaries

NAME = "lumbung"  # The role and its database.
PORT = 5432  # Only names the socket; fixed, so that PGPORT in somebody's shell changes nothing.
SOCKET_BYTES_MAX = 107  # sun_path holds 108 bytes with its closing zero (unix(7)).
LOG_BYTES_MAX = 1_000_000
PAUSE_SECONDS = 0.02
ASIDE = "data.before-"  # What a restore puts aside, and never removes.

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "jit": "off",  # Debian's build has it, and it slows our short queries.
    "timezone": "UTC",
    "log_timezone": "UTC",
}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class AlreadyRunning(PostgresError):
    """Another launcher owns this folder; its server answers at the same url."""


def default_folder() -> Path:
    """Where this checkout keeps its data, unless LUMBUNG_STATE_FOLDER says where.

    As root it is a folder that `nobody` can always reach.
    """
    if chosen := os.environ.get("LUMBUNG_STATE_FOLDER"):
        return Path(chosen).resolve()
    checkout = Path(__file__).resolve().parents[1]
    if os.geteuid() != 0:
        return checkout / "var" / "postgres"
    return STATE / hashlib.sha256(str(checkout).encode()).hexdigest()[:12]


class Postgres:
    """One PostgreSQL in one folder: `data`, `socket`, `lock` and `postgres.log`."""

    def __init__(
        self,
        folder: Path,
        *,
        fsync: bool = True,
        settings: Mapping[str, str] = {},
        settings_of: Callable[[Path], Mapping[str, str]] | None = None,
        wrapper: Sequence[str] = (),
    ) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self._account = Account.ours()
        self._fsync = fsync
        self._settings = SETTINGS | ({} if fsync else CARELESS) | dict(settings)
        self._settings_of = settings_of  # Asked once there are data.
        self._wrapper = wrapper  # A program that becomes the server, such as nice.
        self._lock: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket_folder(self) -> Path:
        """Beside the data, or under /tmp where that path is too long or too odd for a socket."""
        near = self.folder / "socket"
        longest = len(os.fsencode(near)) + len(f"/.s.PGSQL.{PORT}.lock")
        if longest <= SOCKET_BYTES_MAX and re.fullmatch(r"[\w./-]+", str(near), re.ASCII):
            return near
        mark = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path("/tmp", f"{NAME}-{self._account.uid}-{mark}")  # noqa: S108  # Checked below.

    @property
    def url(self) -> str:
        """The address for SQLAlchemy; the same at every start."""
        where = quote(str(self.socket_folder), safe="/")
        return f"postgresql+psycopg://{NAME}@/{NAME}?host={where}&port={PORT}"

    @property
    def pid(self) -> int:
        """The postmaster's process id."""
        if self._process is None:
            raise AssertionError("PostgreSQL is not started")
        return self._process.pid

    def ended(self) -> int | None:
        """Its return code if it ended by itself, else None."""
        return self._process.poll() if self._process else None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, timeout: float = 30.0) -> None:
        """Take the folder, make the data if there are none, start, and wait until it answers.

        Raises AlreadyRunning where another launcher owns the folder, else PostgresError.
        """
        deadline = time.monotonic() + timeout
        with ExitStack() as undo:
            undo.callback(self.stop)
            try:
                make_folder(self.folder)
                self._take_folder()
                self._start(deadline)
            except PermissionError as error:
                raise PostgresError(
                    f"{error.filename or self.folder} is closed to us. Start Lumbung as the user "
                    "who made it."
                ) from error
            except OSError as error:
                raise PostgresError(f"PostgreSQL cannot use {self.folder}: {error}.") from error
            undo.pop_all()

    def wait(self, timeout: float = 30.0) -> None:
        """Wait until the database answers, whoever started it."""
        self._connect(NAME, time.monotonic() + timeout).close()

    def stop(self, timeout: float = 3.0) -> None:
        """Stop the server and let go of the folder; harmless when nothing runs.

        Fast first, then at once, then the hard way; what was committed survives all three.
        """
        if self._process is not None:
            for wish in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                self._process.send_signal(wish)
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(timeout)
                    break
            self._process = None
            inhabitant(self.data, time.monotonic() + 2)
            if self.socket_folder.parent != self.folder:
                shutil.rmtree(self.socket_folder, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @contextmanager
    def kept_still(self) -> Iterator[None]:
        """Hold the folder without starting anything in it. Raises AlreadyRunning."""
        make_folder(self.folder)
        self._take_folder()
        try:
            yield
        finally:
            self.stop()

    def _take_folder(self) -> None:
        if self.data.exists() and self.data.stat().st_uid != self._account.uid:
            raise PostgresError(
                f"The data in {self.data} belong to another user. Start Lumbung as that user."
            )
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(lock, 20).decode()
            os.close(lock)
            raise AlreadyRunning(
                f"The data in {self.folder} are already in use by process {holder}. Stop it first."
            ) from None
        os.truncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        self._lock = lock

    def _start(self, deadline: float) -> None:
        binaries = usable_binaries(self._account)
        if closed := self._account.barred_by(self.folder):
            raise PostgresError(f"PostgreSQL cannot reach {self.folder}: {closed} is closed to it.")
        log_path = self.folder / "postgres.log"
        mode = os.O_TRUNC if log_path.exists() and log_path.stat().st_size > LOG_BYTES_MAX else 0
        log = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | mode, 0o600)
        try:
            if not self.data.exists():
                self._refuse_half_restored()
                self._make_data(binaries, log, deadline)
            self._check_data(binaries)
            clear_leftovers(self.data, self.socket_folder, self._account, deadline)
            argv = [*self._wrapper, str(binaries / "postgres"), "-D", str(self.data)]
            sockets = {"unix_socket_directories": f'"{self.socket_folder}"'}
            own = dict(self._settings_of(self.data)) if self._settings_of else {}
            for name, value in (self._settings | own | sockets).items():
                argv += ["-c", f"{name}={value}"]
            self._process = self._account.start(argv, signal.SIGINT, self.folder, log)
        finally:
            os.close(log)
        with self._connect("postgres", deadline) as connection:
            known = "select 1 from pg_database where datname = %s"
            if not connection.execute(known, [NAME]).fetchone():
                connection.execute(f"create database {NAME}")

    def _refuse_half_restored(self) -> None:
        """Make no empty house where a restore was cut off between two names."""
        if aside := sorted(self.folder.glob(f"{ASIDE}*")):
            raise PostgresError(
                f"{self.data} is missing, and the data from before a restore are in {aside[-1]}. "
                "Restore again, or give them their name back."
            )

    def _make_data(self, binaries: Path, log: int, deadline: float) -> None:
        """Run initdb beside the final place, so that `data` is whole or not there."""
        half = self.folder / "data.new"
        if half.exists():
            shutil.rmtree(half)
        self._account.give(half)
        argv = [str(binaries / "initdb"), "-D", str(half), "-U", NAME, "--auth=trust"]
        argv += ["--data-checksums", "--locale=C.UTF-8", "--encoding=UTF8"]
        argv += [] if self._fsync else ["--no-sync"]
        with self._account.start(argv, signal.SIGKILL, self.folder, log) as initdb:
            while initdb.poll() is None and time.monotonic() < deadline:
                time.sleep(PAUSE_SECONDS)
            initdb.kill()  # Does nothing where it has ended.
        if initdb.returncode != 0:
            raise PostgresError(f"initdb failed. {self._last_words()}")
        half.rename(self.data)

    def _check_data(self, binaries: Path) -> None:
        """Refuse data that another major version wrote; this one could not read them."""
        written_by = (self.data / "PG_VERSION").read_text().strip()
        version = subprocess.check_output([binaries / "postgres", "--version"], text=True)
        if not re.search(rf"\) {written_by}\D", version):
            raise PostgresError(
                f"The data in {self.data} were written by PostgreSQL {written_by}, and this is "
                f"{version.strip()}. Start the old version with PGBIN, save everything with "
                "pg_dump, move the folder away and load the dump into the new one."
            )

    def _connect(self, database: str, deadline: float) -> Any:
        import psycopg  # Takes as long as the server's start; here, the two happen at once.

        while True:
            try:
                return psycopg.connect(
                    host=str(self.socket_folder),
                    port=PORT,
                    user=NAME,
                    dbname=database,
                    autocommit=True,
                    connect_timeout=5,
                )
            except psycopg.OperationalError as error:
                if self.ended() is not None or time.monotonic() > deadline:
                    raise PostgresError(
                        f"PostgreSQL gives no answer. {self._last_words()}"
                    ) from error
                time.sleep(PAUSE_SECONDS)

    def _last_words(self) -> str:
        log = self.folder / "postgres.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return "\n".join([f"The end of {log}:", *lines[-8:]])


@contextmanager
def throwaway(fsync: bool = False, settings: Mapping[str, str] = {}) -> Iterator[Postgres]:
    """A PostgreSQL for tests, in a folder of its own that is gone afterwards.

    Without fsync it is faster and a power cut would break it, which nobody minds here.
    """
    account = Account.ours()
    root = Path(tempfile.gettempdir())
    if account.barred_by(root):
        root = Path("/tmp")  # noqa: S108  # mkdtemp makes the name safe.
    folder = Path(tempfile.mkdtemp(prefix=f"{NAME}-", dir=root))
    if account.is_other:
        folder.chmod(0o711)
    try:
        with Postgres(folder, fsync=fsync, settings=settings) as server:
            yield server
    finally:
        shutil.rmtree(folder)
