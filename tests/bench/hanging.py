"""What the front door takes while a gateway hangs and forty buyers press pay at one moment."""

import http.client
import statistics
import threading
import time
from functools import partial
from urllib.parse import urlencode

from tests.bench import buying
from tests.bench.machine import serving
from tests.crowd import at_once
from tests.hanging import Hanging
from tests.visitor import Forms, Visitor

BUYERS = 40
SECONDS = 8  # Longer than the gateway is waited for.
BUDGET = 2.0


def front_door(place):
    """p95 of `/` in ms: on a quiet shop, and in the seconds after forty presses."""
    with Hanging().serving() as gateway:
        keys = gateway.environ() | {"LUMBUNG_GATEWAY_SECONDS": "5"}
        with serving("hanging", "app:create_app()", place.url, **keys) as server:
            visitor = Visitor(server.port)
            buying.fill_basket(visitor, place)
            buying.press_order(buying.to_check(visitor), method="qris")
            quiet = _visits(server.port, SECONDS)
            crowd = threading.Thread(target=_press, args=(server.port, visitor))
            crowd.start()
            busy = _visits(server.port, SECONDS)
            crowd.join()
    return _p95(quiet), _p95(busy)


def _press(port, visitor):
    pays = next(form for form in Forms(visitor.html).forms if form["action"].endswith("/bayar"))
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    press = partial(_post, port, pays["action"], urlencode(pays["fields"]), cookies)
    statuses = at_once(*[press] * BUYERS)
    assert set(statuses) <= {200, 303}, statuses


def _post(port, path, body, cookies):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
    connection.request("POST", path, body, kind)
    status = connection.getresponse().status
    connection.close()
    return status


def _visits(port, seconds):
    connection, times, end = (
        http.client.HTTPConnection("127.0.0.1", port, timeout=60),
        [],
        time.monotonic() + seconds,
    )
    while time.monotonic() < end:
        start = time.monotonic()
        connection.request("GET", "/")
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        times.append((time.monotonic() - start) * 1000)
        time.sleep(0.01)
    connection.close()
    return times


def _p95(times):
    return statistics.quantiles(times, n=20)[-1]
