"""`make run`: database, web server and job worker as one thing that starts and stops together.

    python -m core.run              start the house and watch over it until Ctrl-C
    python -m core.run flask …      run a flask command on the same database
    python -m core.run doctor       the same as `flask doctor`; `backup` and `open` likewise
    python -m core.run restore …    back to a second, or to a dump (--help tells)

`--beside MODULE …` starts the companions of these modules with the house.
PORT is the port of the pages (8000). Where DATABASE_URL is not set, our own PostgreSQL is started;
where SECRET_KEY is not set, one is made once and kept beside the data.
"""

import errno
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

from core import companions
from core.backup import archive
from core.backup.settings import BackupSettings
from core.backup.shelf import Shelf
from core.children import dying_with_us, end_with, make_folder
from core.companions import Companion
from core.config import load
from core.pgbin import PostgresError
from core.postgres import AlreadyRunning, Postgres, default_folder
from core.prepared import fingerprint, recall, remember
from core.supervisor import Child, Fallen, Stopped, Supervisor

CHECKOUT = Path(__file__).resolve().parents[1]
READY_SECONDS = 60.0
FLASK = (sys.executable, "-m", "flask", "--app", "app")
PREPARE = Child("Preparing the database", (*FLASK, "prepare"))
WORKER = Child("The job worker", (*FLASK, "worker"))
LOOPBACK = ((socket.AF_INET, "127.0.0.1:{}"), (socket.AF_INET6, "[::1]:{}"))


def web_server(port: int) -> Child:
    """Gunicorn on all that `localhost` means; the rest stands in core/gunicorn.py."""
    options = [f"--bind={address}" for address in loopback_addresses(port)]
    options.append("--graceful-timeout=2")  # Browsers keep spare connections, and Ctrl-C is eager.
    gunicorn = (sys.executable, "-m", "gunicorn", "-c", "core/gunicorn.py")
    return Child("The web server", (*gunicorn, *options, "app:create_app()"))


def loopback_addresses(port: int) -> list[str]:
    """The addresses of `localhost` on this machine. Raises Fallen if the port is taken on one."""
    found = []
    for family, address in LOOPBACK:
        host = address.rpartition(":")[0].strip("[]")
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError as error:
            if error.errno in (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL):
                continue  # This machine has no IPv6.
            raise Fallen(
                f"Port {port} on {host} cannot be used: {error.strerror}. Stop what uses it, or "
                "choose another, as in `make run PORT=8001`."
            ) from error
        found.append(address.format(port))
    return found


def answers(port: int) -> bool:
    """Whether the web server says that it is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def secret_key(folder: Path) -> str:
    """The key that signs cookies, made once; whoever reads it can sign in as anyone."""
    make_folder(folder)
    path = folder / "secret-key"
    if not path.exists():
        fresh = folder / f"secret-key.{os.getpid()}"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(fresh, path)  # Whole or not at all, and the first one wins.
        fresh.unlink()
    return path.read_text()


def our_server() -> Postgres | None:
    """Our own PostgreSQL, unless DATABASE_URL names another; its log is kept for backups."""
    if os.environ.get("DATABASE_URL"):
        return None
    rules = load(BackupSettings, os.environ)
    keeping = partial(archive.keeping, Shelf(rules.path)) if rules.enabled else None
    return Postgres(default_folder(), settings_of=keeping)


def environment(server: Postgres | None, **more: str) -> dict[str, str]:
    """What our children read: database, key, and what the caller set."""
    env = dict(os.environ) | more
    if server:
        env["DATABASE_URL"] = server.url
    if not env.get("SECRET_KEY"):
        env["SECRET_KEY"] = secret_key(server.folder if server else default_folder())
    return env


def keep_house(
    server: Postgres | None,
    first: Child,
    web: Child,
    others: Sequence[Child],
    port: int,
    sources: Path = CHECKOUT,
    beside: Sequence[Companion] = (),
) -> int:
    """Start everything in order and watch over it; the exit code says whether it was our wish.

    `first` runs to its end before the rest starts, unless it did so before with the same
    `sources`; what it writes is shown once all is ready. What is `beside` brings settings along.
    """
    end_with_make()
    supervisor = Supervisor(CHECKOUT)
    try:
        for companion in beside:  # First: they need no database, which takes its time.
            supervisor.start(companion.child, {**os.environ, **companion.env, "PORT": str(port)})
        if server:
            server.start()
            supervisor.watch("PostgreSQL", server.ended)
        env = environment(server, PORT=str(port))
        env.setdefault("LUMBUNG_PUBLIC_URL", f"http://localhost:{port}")
        for companion in beside:
            env |= companion.env
        note = (server.folder if server else default_folder()) / "prepared"
        lines = recall(note, fingerprint(sources, env, first.argv))
        if lines is None:
            lines = supervisor.finish(first, env)
            remember(note, fingerprint(sources, env, first.argv), lines)
        supervisor.start(web, env)
        supervisor.wait_for(web.name, lambda: answers(port), READY_SECONDS)
        for companion in beside:
            supervisor.wait_for(companion.child.name, companion.is_ready, READY_SECONDS)
        for child in others:
            supervisor.start(child, env)
        _say(f"ready http://localhost:{port}\n{lines}".rstrip())
        supervisor.watch_over()
    except Stopped:
        return 0
    except (Fallen, PostgresError, OSError) as why:
        _say(f"{why}\nEverything is stopped. What was saved is kept; `make run` starts it again.")
        return 1
    finally:
        supervisor.stop()
        if server:
            server.stop()


def run(modules: Sequence[str] = ()) -> int:
    """Start the house, and beside it what `modules` name; returns the code when it is over."""
    try:
        port = int(os.environ.get("PORT") or "8000")
        web = web_server(port)
        beside = companions.named(modules, os.environ, port)
    except (ValueError, OverflowError):
        _say("PORT is not a number between 1 and 65535.")
        return 1
    except Fallen as why:
        _say(str(why))
        return 1
    return keep_house(our_server(), PREPARE, web, [WORKER], port, beside=beside)


def flask(arguments: Sequence[str]) -> int:
    """Run a flask command on our database, started for it unless the house runs already."""
    server = our_server()
    with ExitStack() as after:
        if server:
            try:
                server.start()
                after.callback(server.stop)
            except AlreadyRunning:
                server.wait()
        command = subprocess.Popen(
            (*FLASK, *arguments),
            cwd=CHECKOUT,
            env=environment(server),
            preexec_fn=dying_with_us(signal.SIGTERM),
        )
        signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the command.
        return command.wait()


def main(arguments: Sequence[str]) -> int:
    """Choose by the first word."""
    match arguments:
        case []:
            return run()
        case ["--beside", *modules] if modules:
            return run(modules)
        case ["doctor" | "backup" | "drill" | "open", *_]:
            return flask(arguments)
        case ["restore", *rest]:
            from core.backup.go_back import go_back  # Only here: it takes long to import.

            return go_back(rest)
        case ["flask", *rest]:
            return flask(rest)
    _say(str(__doc__))
    return 2


def end_with_make() -> None:
    """Be told when `make` ends, even by kill -9; other parents, like nohup's shell, may go."""
    parent = os.getppid()
    with suppress(OSError):
        if Path(f"/proc/{parent}/comm").read_text().strip() in ("make", "gmake"):
            end_with(parent, signal.SIGTERM)


def _say(words: str) -> None:
    with suppress(OSError):  # The terminal may be closed by now.
        print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
