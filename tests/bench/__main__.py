"""`make bench`: what a page, an order and a whole purchase cost, next to the least they could cost.

    python -m tests.bench                     everything, at 2,000, 20,000 and 200,000 listings
    python -m tests.bench --sizes 2000        one size only
    python -m tests.bench --only kiosk        how a kiosk's pages grow with its past, alone
    python -m tests.bench --json figures.json

Everything runs on a throw-away PostgreSQL with fsync on; floor and ours take turns in one run, so
compare the ratios and nothing else. It wants `wrk` (a package of every Linux).
"""

import argparse
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from psycopg.rows import namedtuple_row

from app import create_app
from core.postgres import throwaway
from tests.bench import (
    buying,
    floor_app,
    growing,
    hanging,
    lighthouse,
    load,
    mirror,
    photos,
    seed,
    settling,
    weights,
)  # fmt: skip
from tests.bench.buying import LIST
from tests.bench.figures import Report
from tests.bench.machine import serving
from tests.visitor import Visitor

PAGES_ASKED = 50
PAGES_GROWN = 200
WORDS = (
    "keripik", "tiwul", "kopi", "pedas", "kripik+pisng", "dodl+salak", "kopi+asli", "gula+gurih",
    "tas+manis", "teh+melati+pedas", "dapur+kopi", "keripik+rajut",
)  # fmt: skip
POSTGRES = {
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "autovacuum": "off",  # It would work in somebody's turn; tables are vacuumed after seeding.
}
RATIOS = {"list": 1.7, "product": 1.7}
GROWTH = {"list": 1.3, "product": 1.3, "search": 2.0}


def main():
    wanted = _arguments()
    if wanted.only != "kiosk" and shutil.which("wrk") is None:
        raise SystemExit("wrk is missing: apt-get install wrk")
    report = Report()
    if wanted.only != "kiosk":
        _markets(report, wanted)
    growing.tell(report, POSTGRES, wanted.movements)
    if wanted.json:
        report.save(wanted.json)
    for figure in report.missed():
        print("missed:", figure.name)
    return 1 if report.missed() else 0


def _markets(report, wanted):
    """Everything that a market of some size is asked."""
    places = {}
    with ExitStack() as open_markets:
        for size in wanted.sizes:
            place = places[size] = open_markets.enter_context(market(size))
            _measure(report, place, size, wanted.seconds)
            if size == wanted.sizes[0]:
                _buy(report, place)
                _hang(report, place)
                _weigh(report, place)
                _settle(report, place)
                _lighthouse(report, place)
        _growth(report, places)


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=_sizes, default=[2_000, 20_000, 200_000])
    parser.add_argument("--seconds", type=int, default=6, help="of each run")
    parser.add_argument("--movements", type=_sizes, default=[growing.FEW, growing.MANY])
    parser.add_argument("--only", choices=["kiosk"])
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _sizes(text):
    return [int(part) for part in text.split(",")]


class Market:
    """A seeded database with its servers, and some addresses to ask for.

    `fresh` is ours as well, but asks the database each time also for guests.
    """

    def __init__(self, url, postgres_pid, storage, size, ours, fresh, floor):
        self.url, self.postgres_pid, self.storage = url, postgres_pid, storage
        self.ours, self.fresh, self.floor = ours, fresh, floor
        self.both = (floor, ours)
        with psycopg.connect(url.replace("+psycopg", ""), row_factory=namedtuple_row) as db:
            self.cards = db.execute(floor_app.CARDS).fetchall()
            slugs = [f"barang-{number}" for number in range(1, 9 * PAGES_ASKED, 9)]
            found = (db.execute(floor_app.ONE, [slug]).fetchone() for slug in slugs)
            self.rows = [row for row in found if row and row.free]
        everywhere = range(1, size + 1, size // PAGES_GROWN)
        self.grown = {
            "list": [f"/kategori/rak-{number}" for number in range(1, seed.CATEGORIES + 1)],
            "product": [f"/p/barang-{number}" for number in everywhere],
            "search": ["/cari?q=" + words for words in WORDS],
        }


@contextmanager
def market(size):
    """Seed, start both servers, and make the floor's templates from our own pages."""
    with (
        tempfile.TemporaryDirectory() as folder,
        throwaway(fsync=True, settings=POSTGRES) as server,
    ):
        os.environ["LUMBUNG_FLOOR_PAGES"] = folder
        storage = os.environ["LUMBUNG_STORAGE_FOLDER"] = f"{folder}/storage"
        seed.fill(server.url, size)
        with (
            serving("ours", "app:create_app()", server.url) as ours,
            serving("fresh", "app:create_app()", server.url, LUMBUNG_GUEST_SECONDS="0") as fresh,
            serving("floor", "tests.bench.floor_app:create()", server.url) as floor,
        ):
            place = Market(server.url, server.pid, storage, size, ours, fresh, floor)
            for name, html in _floor_pages(place).items():
                Path(folder, f"{name}.html").write_text(html)
            yield place


def _floor_pages(place):
    visitor, row = Visitor(place.ours.port), place.rows[0]
    pages = {"list": mirror.listed(visitor.get(LIST).html, place.cards[2])}
    pages["product"] = mirror.expressed(visitor.get(f"/p/{row.slug}").html, row)
    for name, html, values in buying.pages(visitor, place):
        pages[name] = mirror.expressed(html, values)
    return pages


def _measure(report, place, size, seconds):
    """List and product page against their floors; search alone."""
    products = [f"/p/{row.slug}" for row in place.rows]
    floors = [f"/page/product/{row.slug}" for row in place.rows]
    asked = {"list": (["/list"], [LIST]), "product": (floors, products)}
    for name, (least, page) in asked.items():
        costs = load.in_turn(
            place.both, place.postgres_pid, {"floor": least, "ours": page}, seconds
        )
        for side, cost in costs.items():
            report.tell(f"{name} {side} cpu @{size}", cost.cpu_us, "us/request")
            report.tell(f"{name} {side} rate @{size}", cost.rps, "requests/s")
            report.tell(f"{name} {side} others took @{size}", 100 * cost.foreign, "% of machine")
        ratio = costs["ours"].cpu_us / costs["floor"].cpu_us
        report.tell(f"{name} cpu ratio @{size}", ratio, "x floor", RATIOS[name])
    cost = load.drive(place.ours, place.postgres_pid, place.grown["search"], seconds)
    report.tell(f"search ours cpu @{size}", cost.cpu_us, "us/request")
    report.tell(f"search ours rate @{size}", cost.rps, "requests/s")


def _growth(report, places):
    """How much longer one visitor waits where there is more, page by page, in turn."""
    for name, budget in GROWTH.items():
        asked = [(place.fresh, place.grown[name]) for place in places.values()]
        times = dict(zip(places, load.alone_ms(asked), strict=True))
        for size, pages in times.items():
            report.tell(f"{name} alone p50 @{size}", pages[len(pages) // 2], "ms")
            report.tell(f"{name} alone p95 @{size}", load.p95(pages), "ms")
        least = min(times)
        for size in sorted(times)[1:]:
            growth = load.p95(times[size]) / load.p95(times[least])
            report.tell(f"{name} p95 {size} / {least}", growth, "x", budget)


def _buy(report, place):
    """One placed order, and the whole way to it, against their floors."""
    placed = buying.order_costs(place)
    report.tell("order floor cpu", placed["floor"], "us/order")
    report.tell("order ours cpu", placed["ours"], "us/order")
    report.tell("order cpu ratio", placed["ours"] / placed["floor"], "x floor", 3.0)
    way = buying.journey_costs(place)
    report.tell("journey floor cpu", way["floor"], "us/purchase")
    report.tell("journey ours cpu", way["ours"], "us/purchase")
    report.tell("journey cpu ratio", way["ours"] / way["floor"], "x floor", 3.0)


def _hang(report, place):
    """The front door while a gateway hangs and forty buyers press pay."""
    quiet, busy = hanging.front_door(place)
    report.tell("/ p95 quiet", quiet, "ms")
    report.tell("/ p95 while a gateway hangs", busy, "ms")
    report.tell("/ p95 hanging / quiet", busy / quiet, "x", hanging.BUDGET)


def _settle(report, place):
    """A round of 500 members with forty sales each, and the statement of one."""
    taken, read = settling.round_seconds(place.url)
    report.tell(f"settling {settling.MEMBERS} members", taken, "s", settling.BUDGET_SECONDS)
    report.tell("one statement", 1000 * read, "ms")


def _weigh(report, place):
    app = create_app({"DATABASE_URL": place.url, "SECRET_KEY": "bench-" * 8, "LUMBUNG_DEMO": "no"})
    visitor = Visitor(place.ours.port)
    slug = place.rows[0].slug
    paths = [*sorted(weights.public_paths(app)), f"/p/{slug}", "/toko/toko-1", "/kategori/rak-1"]
    paths += ["/kios/kios-ukur", "/koperasi/ukur", "/cari?q=keripik"]
    bought = {"/keranjang": buying.fill_basket(visitor, place), "/beli": ""}
    bought["/beli"] = bought["/keranjang"]
    for path in paths:
        size, status = weights.first_response(place.ours.port, path, bought.get(path, ""))
        if status == 200:
            report.tell(f"first response {path}", size, "bytes", weights.BYTES_MAX)


def _lighthouse(report, place):
    if not lighthouse.is_here():
        print("Lighthouse is left out: it wants npm and chromium")
        return
    visitor = Visitor(place.ours.port)
    cookie = buying.fill_basket(visitor, place)
    measured = (
        ("home", "/", False),
        ("list", LIST, False),
        ("product", f"/p/{place.rows[0].slug}", False),
        ("basket", "/keranjang", True),
        ("checkout", "/beli", True),
    )
    photos.lay(place.storage, [visitor.get(path).html for _name, path, _basket in measured])
    for name, path, with_basket in measured:
        medians = lighthouse.medians(place.ours.port, path, cookie if with_basket else "")
        for category, score in medians.items():
            budget = None if with_basket and category == "seo" else lighthouse.BUDGETS[category]
            report.tell(f"lighthouse {name} {category}", score, "points", budget, at_least=True)


if __name__ == "__main__":
    sys.exit(main())
