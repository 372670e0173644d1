"""The real house for tests of crowds and crashes: gunicorn, job workers, buyers on real sockets.

All processes end with the block that started them, and with the test run should that be killed.
"""

import http.client
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from app import create_app
from core import jobs
from core.children import dying_with_us, end_with
from core.run import CHECKOUT, WORKER, answers
from tests.bench.machine import free_port
from tests.visitor import Forms, Visitor

READY_SECONDS = 60
ENVIRON = {"SECRET_KEY": "test-" * 10, "LUMBUNG_DEMO": "no", "LUMBUNG_LOG_LEVEL": "error"}
ENVIRON |= {"LUMBUNG_PLACING_TRIES": "1000000000"}  # All buyers come from one address here.
DISTRICT = "Kel. Pedurungan, Semarang"
LOST = (OSError, http.client.HTTPException)  # What a buyer's phone meets where the answer is lost.


class TookTooLong(AssertionError):
    """It did not come true in time."""


def wait_until(seen, seconds=READY_SECONDS):
    """Look again and again until it is seen."""
    end = time.monotonic() + seconds
    while not seen():
        if time.monotonic() > end:
            raise TookTooLong(f"{seconds} seconds")
        time.sleep(0.01)


def unguarded():
    """A test build whose stock has no lock and no guard, to prove that a race can fail."""
    app = create_app()
    app.testing = True
    app.config["STOCK_GUARD_OFF"] = True
    return app


@contextmanager
def process(argv, url, at=CHECKOUT, **env):
    """A program of the house in a session of its own; nothing of it is left afterwards."""
    started = subprocess.Popen(
        argv,
        cwd=at,
        env=os.environ | ENVIRON | {"DATABASE_URL": url} | env,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=dying_with_us(signal.SIGTERM),
    )
    with started:
        try:
            yield started
        finally:
            started.terminate()
            with suppress(subprocess.TimeoutExpired):
                started.wait(2)
            with suppress(ProcessLookupError):  # All of them ended in time.
                os.killpg(started.pid, signal.SIGKILL)


@dataclass(frozen=True)
class Web:
    """A running gunicorn."""

    port: int
    pid: int

    def workers(self):
        """The processes that serve."""
        found = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(pid) for pid in found.split()]

    def kill_workers(self):
        """Kill -9; gunicorn starts others."""
        for pid in self.workers():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@contextmanager
def web(url, app="app:create_app()", threads=4, release=CHECKOUT, **env):
    """Gunicorn with the house's own settings, two workers; `release` is the folder it runs from."""
    port = free_port()
    env |= {"PORT": str(port), "LUMBUNG_THREADS": str(threads)}
    env["LUMBUNG_PUBLIC_URL"] = f"http://localhost:{port}"
    settings = ("-c", "core/gunicorn.py", "--graceful-timeout=1")
    argv = (sys.executable, "-m", "gunicorn", *settings, app)
    with process(argv, url, release, **env) as gunicorn:
        wait_until(lambda: gunicorn.poll() is not None or answers(port))
        assert gunicorn.poll() is None, "gunicorn did not start; its words stand above"
        yield Web(port, gunicorn.pid)


@contextmanager
def job_worker(url, **env):
    """The job worker as `make run` starts it."""
    with process(WORKER.argv, url, **env) as worker:
        yield worker


_nest = multiprocessing.get_context("forkserver")
_nest.set_forkserver_preload(["tests.shop.serving"])


@contextmanager
def young_worker(url, env):
    """The same work in a process that starts in no time, because its parent has all modules."""
    worker = _nest.Process(target=_work, args=(url, env))
    worker.start()
    try:
        yield worker
    finally:
        worker.kill()
        worker.join()


def _work(url, env):
    end_with(os.getppid(), signal.SIGKILL)
    os.chdir(CHECKOUT)
    jobs.run_worker(create_app(os.environ | ENVIRON | {"DATABASE_URL": url} | env), url)


class Buyer(Visitor):
    """A visitor who remembers which orders the house said it has: their pages' addresses."""

    def __init__(self, port):
        super().__init__(port)
        self.promised = set()

    def ask(self, method, path, body=None):
        if path.startswith("/pesanan/"):
            self.promised.add(path)  # Where a 303 sends her, before anything else can happen.
        try:
            return super().ask(method, path, body)
        finally:
            self.connection.close()  # The next request opens it again.

    def form(self, having):
        """What the form on her page that has this field would send."""
        return next(f["fields"] for f in Forms(self.html).forms if having in f["fields"])

    def insist(self, step):
        """Take a step as people do: where no answer comes, go back and press the same again."""
        html, path = self.html, self.path
        for tries in range(200):
            try:
                step(self)
                if self.status < 500:
                    return tries
            except LOST:
                self.status = 0
            self.html, self.path = html, path
            time.sleep(0.05)
        raise AssertionError(f"no answer to {path} in ten seconds; the last was {self.status}")


def open_product(buyer, slug):
    buyer.get(f"/p/{slug}")


def into_basket(buyer):
    buyer.send("variant")


def ask_address(buyer):
    buyer.get("/beli")


def look_over(buyer, phone):
    buyer.send("phone", name="Slamet", phone=phone, street="Dusun Krajan 7", district=DISTRICT)


def order(buyer):
    buyer.send("total_seen", ("go", "order"))


def at_the_check(port, slug, phone="081234567890"):
    """A buyer who has gone from the product to the page with Pesan sekarang."""
    buyer = Buyer(port)
    open_product(buyer, slug)
    into_basket(buyer)
    ask_address(buyer)
    look_over(buyer, phone)
    assert "total_seen" in buyer.html, (buyer.status, buyer.html)
    return buyer


@dataclass(frozen=True)
class Answer:
    """What came back; nothing is followed."""

    status: int
    location: str | None
    text: str


def post(port, fields, cookies, path="/beli"):
    """One press, on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": "; ".join(f"{key}={value}" for key, value in cookies.items()),
        "Connection": "close",
    }
    try:
        connection.request("POST", path, urlencode(fields), headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheader("Location"), answer.read().decode())
    finally:
        connection.close()


def press(buyer, **changes):
    """Her press on Pesan sekarang, to be done later: the form, her cookies, and what is changed."""
    fields = buyer.form("total_seen") | {"go": "order"} | changes
    cookies, port = dict(buyer.cookies), buyer.connection.port
    return lambda: post(port, fields, cookies)


def another(buyer, n):
    """Somebody else before the same page: an order and a phone of her own."""
    return press(buyer, act_id=str(uuid.uuid4()), phone=f"0812{n:08}")
