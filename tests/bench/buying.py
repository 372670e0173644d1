"""The way of a purchase: list → product → basket → address → check → order, and what it costs."""

import http.client
import itertools
import threading
import uuid
from types import SimpleNamespace
from urllib.parse import urlencode

from tests.bench import mirror
from tests.bench.machine import cpu_seconds
from tests.visitor import Forms, Visitor

LIST = "/kategori/rak-1"
LINES = 3
ORDERS, JOURNEYS, THREADS = 400, 60, 4
numbers = itertools.count(1)
SEMARANG = "Pedurungan, Kota Semarang"


def address():
    """A receiver of her own, so that nobody holds too much."""
    number = f"0812{next(numbers):08d}"
    return {"name": "Joko", "phone": number, "street": "Jl. Ukur 1", "district": SEMARANG}


def goods(place, which):
    """Three things, others for each choice: no two buyers in a row want the same."""
    rows = place.rows
    return [rows[(which + i) % len(rows)] for i in range(LINES)]


def fill_basket(visitor, place, which=0):
    """Put three things into the basket; returns the cookie."""
    for row in goods(place, which):
        visitor.get(f"/p/{row.slug}").send("variant")
    return "; ".join(f"{key}={value}" for key, value in visitor.cookies.items())


def to_check(visitor):
    """From a full basket to the page that asks whether all is right."""
    visitor.get("/beli").send("phone", **address())
    return visitor


def press_order(visitor, **chosen):
    """Press the last button of the page that asks whether all is right."""
    form = next(f for f in Forms(visitor.html).forms if "total_seen" in f["fields"])
    return visitor.send("total_seen", form["buttons"][-1], **chosen)


def pages(visitor, place):
    """Our pages of the way, each with the row whose values differ on it."""
    row = place.rows[0]
    fill_basket(visitor, place)
    yield "basket", visitor.get("/keranjang").html, row
    yield "address", visitor.get("/beli").html, row
    yield "check", to_check(visitor).html, row
    press_order(visitor)
    yield "order", visitor.html, SimpleNamespace(name=row.name, price=row.price)


def _spread(work, times):
    """Do it so often, on a few threads."""
    left = iter(range(times))
    lock, wrong = threading.Lock(), []

    def run():
        for _ in iter(lambda: _next(lock, left), None):
            try:
                work()
            except Exception as error:
                wrong.append(error)
                return

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]


def _next(lock, left):
    with lock:
        return next(left, None)


def _cost(server, postgres_pid, work, times):
    before = cpu_seconds(server.pid, postgres_pid)
    _spread(work, times)
    return (cpu_seconds(server.pid, postgres_pid) - before) / times * 1e6


def order_costs(place):
    """CPU µs of one placed order on both sides: one POST, three lots."""
    turns = itertools.cycle([_ready_to_order(place, which) for which in range(len(place.rows))])
    choices = itertools.count()

    def ours():
        path, fields, cookie = next(turns)
        own = {"phone": address()["phone"], "act_id": str(uuid.uuid4())}
        _post(place.ours.port, path, urlencode(fields | own), cookie, 303)

    def floor():
        _post(place.floor.port, "/order", urlencode(_variants(place, next(choices))), "", 200)

    costs = {"floor": [], "ours": []}
    for _ in range(3):
        costs["floor"].append(_cost(place.floor, place.postgres_pid, floor, ORDERS))
        costs["ours"].append(_cost(place.ours, place.postgres_pid, ours, ORDERS))
    return {side: sorted(values)[1] for side, values in costs.items()}


def _ready_to_order(place, which):
    """The form of somebody who has only to press the last button: path, fields and cookie."""
    visitor = Visitor(place.ours.port)
    cookie = fill_basket(visitor, place, which)
    to_check(visitor)
    form = next(f for f in Forms(visitor.html).forms if "total_seen" in f["fields"])
    return form["action"] or visitor.path, form["fields"] | dict(form["buttons"][-1:]), cookie


def _variants(place, which):
    return [("variant", row.variant) for row in goods(place, which)]


_lines = threading.local()


def _post(port, path, body, cookie, expected):
    connection = vars(_lines).setdefault(
        str(port), http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    )
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    if answer.status != expected:
        raise AssertionError(f"{path} answered {answer.status}: {text[:2000]}")


def _token(visitor):
    return next(iter(mirror.TOKEN.findall(visitor.html)))


def journey_costs(place):
    """CPU µs of a whole purchase on both sides; the floor has one request for each of ours."""

    choices = {"ours": itertools.count(), "floor": itertools.count()}

    def ours():
        visitor = Visitor(place.ours.port).get(LIST)
        fill_basket(visitor, place, next(choices["ours"]))
        visitor.get("/keranjang")
        press_order(to_check(visitor))
        if "/pesanan/" not in visitor.path:
            raise AssertionError(f"no order came of it: {visitor.status} {visitor.path}")

    def floor():
        visitor, which = Visitor(place.floor.port).get("/list"), next(choices["floor"])
        for each in goods(place, which):
            token = _token(visitor.get(f"/page/product/{each.slug}"))
            visitor.ask("POST", "/add", urlencode({"variant": each.variant, "csrf_token": token}))
        visitor.get("/way/basket")
        token = _token(visitor.get("/way/address"))
        visitor.ask("POST", "/way/check", urlencode({**address(), "csrf_token": token}))
        code = visitor.ask("POST", "/order", urlencode(_variants(place, which))).html
        visitor.get(f"/page/order/{code}")
        if visitor.status != 200:
            raise AssertionError(f"the floor answered {visitor.status}")

    costs = {"floor": [], "ours": []}
    for _ in range(3):
        costs["floor"].append(_cost(place.floor, place.postgres_pid, floor, JOURNEYS))
        costs["ours"].append(_cost(place.ours, place.postgres_pid, ours, JOURNEYS))
    return {side: sorted(values)[1] for side, values in costs.items()}
