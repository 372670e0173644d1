"""The thin line of the tests does what it says: it is slow, it breaks, and it loses answers."""

import http.client
import random
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from tests import weak_signal

SIZE = 6_000
BODY = random.Random(1).randbytes(SIZE)


class Page(BaseHTTPRequestHandler):
    """Answers anything with some bytes and notes that it was asked."""

    asked: ClassVar = []

    def do_GET(self):
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", str(SIZE))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *args):
        pass


@pytest.fixture
def line():
    Page.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with weak_signal.before(server.server_port, late=0) as found:
        yield found
    server.shutdown()
    thread.join()
    server.server_close()


def ask(line, path="/x"):
    connection = http.client.HTTPConnection("127.0.0.1", line.port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


LOST = (OSError, http.client.HTTPException)


def test_it_is_as_slow_as_it_says(line):
    start = time.monotonic()
    assert len(ask(line)) == SIZE
    assert time.monotonic() - start >= 0.3 + SIZE * 8 / 30_000
    assert line.bytes[weak_signal.DOWN] > SIZE


def test_off_is_off_and_on_is_on(line):
    line.off()
    with pytest.raises(LOST):
        ask(line)
    line.on()
    assert len(ask(line)) == SIZE
    assert Page.asked == ["/x"]


@pytest.mark.parametrize("count", [0, 1, 9, 200, 5_000])
def test_it_is_cut_at_any_byte(line, count):
    line.cut_after(count)
    with pytest.raises(LOST):
        ask(line)
    assert line.bytes[weak_signal.DOWN] == count
    with pytest.raises(LOST):
        ask(line)


def test_an_answer_is_lost_after_the_deed_was_done(line):
    line.lose_answer(b"GET /deed")
    assert len(ask(line, "/other")) == SIZE
    with pytest.raises(LOST):
        ask(line, "/deed")
    assert Page.asked == ["/other", "/deed"]
    assert len(ask(line, "/deed")) == SIZE


def test_what_is_late_still_comes_in_its_order(line):
    """Even where every second packet is late."""
    line.late, line.late_seconds, line.bits = 0.5, 0.3, 300_000
    for _ in range(5):
        assert ask(line) == BODY
