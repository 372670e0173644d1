"""What runs while we measure: a web server on a database of its own, and the CPU that both used."""

import http.client
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
READY_SECONDS = 90


@dataclass(frozen=True)
class Server:
    """A web server: where it answers and the process all its workers come from."""

    name: str
    port: int
    pid: int


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(name, app, url, **more):
    """Gunicorn with the house's own settings around any Flask app; both sides get the same."""
    port = free_port()
    env = os.environ | {
        "DATABASE_URL": url,
        "SECRET_KEY": "bench-" * 8,
        "LUMBUNG_DEMO": "no",
        "LUMBUNG_LOG_LEVEL": "info",
        "LUMBUNG_PUBLIC_URL": f"http://localhost:{port}",
        "LUMBUNG_PLACING_TRIES": "1000000000",
        "PORT": str(port),
        **more,
    }
    argv = (sys.executable, "-m", "gunicorn", "-c", "core/gunicorn.py", app)
    with subprocess.Popen(argv, cwd=ROOT, env=env, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(process, port)
            yield Server(name, port, process.pid)
        finally:
            process.terminate()


def _wait(process, port):
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"the web server on port {port} did not start")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"the web server on port {port} gives no answer")


def cpu_seconds(*roots):
    """User and system time of these processes and all that came from them, ended ones included."""
    parents, used = {}, {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # It ended while we looked.
        pid = int(entry.name)
        parents[pid] = int(fields[1])
        used[pid] = sum(int(field) for field in fields[11:15])
    wanted = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in wanted} - wanted:
        wanted |= more
    return sum(used.get(pid, 0) for pid in wanted) / TICKS


def all_cpu_seconds():
    """What the whole machine worked, so that a noisy neighbour can be told."""
    fields = Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    busy = [int(value) for index, value in enumerate(fields) if index not in (3, 4)]
    return sum(busy) / TICKS
