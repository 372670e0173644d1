"""Gunicorn's settings: a few workers with a few threads each.

`make run` adds the addresses; without it: `gunicorn -c core/gunicorn.py "app:create_app()"`.
Bare on the internet forty idle visitors would block it: put nginx in front (docs/operations.md).
Workers need no hook to end with a killed arbiter: they look for their parent every second.
"""

import os
import shutil
import tempfile
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
worker_class = "gthread"
workers = 2
threads = int(os.environ.get("LUMBUNG_THREADS") or 4)  # As many connections are in each pool.
preload_app = True  # Loaded once and forked: create_app may open no connection and no thread.

timeout = 30  # A worker that is silent for so long is replaced.
graceful_timeout = 30  # A phone may still be sending its photo.
keepalive = 5
forwarded_allow_ips = "127.0.0.1,::1"  # Only a proxy on this machine is believed.

loglevel = "warning"  # The app writes the access log itself, without names or addresses.
accesslog = None
control_socket_disable = True
if os.access("/dev/shm", os.W_OK):  # noqa: S108  # Gunicorn makes its own unnamed files there.
    worker_tmp_dir = "/dev/shm"  # noqa: S108

# Figures of all workers meet here; the folder must be named before the app is loaded.
_OWN_FIGURES = "" if os.environ.get("PROMETHEUS_MULTIPROC_DIR") else tempfile.mkdtemp()
if _OWN_FIGURES:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = _OWN_FIGURES


def child_exit(server: Any, worker: Any) -> None:  # noqa: ARG001
    """A worker is gone: its gauges count no more."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:  # noqa: ARG001
    """Take our own folder away."""
    if _OWN_FIGURES:
        shutil.rmtree(_OWN_FIGURES, ignore_errors=True)
