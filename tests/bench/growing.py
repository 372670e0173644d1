"""How a kiosk's pages grow with its past: the same shelf and the same day, after ten days of trade
and after a thousand.
"""

import statistics
import time
from contextlib import closing, contextmanager
from datetime import timedelta

import psycopg

from app import create_app
from cooperatives.settling import rounds
from core import clock, doctor
from core.actors import SYSTEM
from core.db import db
from core.doctor import Mark
from core.postgres import throwaway
from tests.bench import settling, trade
from tests.factories import sign_in

FEW, MANY = 10_000, 1_000_000
ROUNDS = 9
BUDGET = 1.5
BUDGETS = {"/kas/tutup-bulan": 3}  # It asks the doctor about all that is new in the books.
DOCTOR_SECONDS = 300
KOORD, KAS = "/koord/cocok", "/kas/cocok"


class House:
    """The app on one database, with two people signed in."""

    def __init__(self, url):
        self.url = url
        self.app = create_app(trade.environment(url))
        self.browsers = {name: self.app.test_client() for name in trade.PHONES}
        for name, phone in trade.PHONES.items():
            answer = sign_in(self.browsers[name], phone, trade.PIN)
            assert answer.status_code in (302, 303), (name, answer.status)
        with self.app.app_context():
            ask = db.session.scalar
            self.settlement = ask(db.text("select max(id) from settlement where account_id = 1000"))
            self.day = ask(db.text("select max(id) - 1 from trading_day"))
            self.sale = ask(db.text("select order_id from counter_sale order by sold_at desc"))
            self.line = ask(db.text("select max(journal_id) from cut where account_id = 1000"))
            self.move = ask(db.text("select max(id) from movement where kind = 'sale'"))
            self.lot = ask(db.text("select max(id) - 7 from lot where id < 1000000"))
            since = clock.now() - timedelta(days=trade.WEEK)
            self.mark = Mark(ask(db.text("select max(cut) from settlement")), since)
            self.round = ask(db.text("select max(id) from settlement_round"))

    def ms(self, who, page):
        """How long a page takes."""
        path = page.format(house=self, yesterday=clock.today() - timedelta(days=1))
        started = time.perf_counter()
        answer = self.browsers[who].get(path)
        taken = 1000 * (time.perf_counter() - started)
        assert answer.status_code == 200, (path, answer.status, answer.headers.get("Location"))
        return taken


PAGES = (
    ("boss", "/kios-kerja"),
    ("boss", "/kios-kerja/rak"),
    ("boss", "/kios-kerja/rak?urut=tanggal"),
    ("boss", "/kios-kerja/rak?urut=tarik"),
    ("boss", "/kios-kerja/rak?urut=habis"),
    ("boss", "/kios-kerja/rak?q=kopi"),
    ("boss", "/kios-kerja/terima"),
    ("boss", "/kios-kerja/hitung"),
    ("boss", "/kios-kerja/kiriman"),
    ("boss", "/kios-kerja/kasir"),
    ("boss", "/kios-kerja/kasir/penjualan"),
    ("boss", "/kios-kerja/kasir/penjualan?lihat=ya"),
    ("boss", "/kios-kerja/kasir/nota/{house.sale}"),
    ("boss", "/kios-kerja/ambil"),
    ("boss", "/kios-kerja/paket"),
    ("boss", "/kios-kerja/tutup"),
    ("boss", "/kios-kerja/hari"),
    ("boss", "/kios-kerja/hari/{house.day}"),
    ("boss", "/kios-kerja/setor"),
    ("boss", "/koord"),
    ("boss", "/koord/urusan/silent"),
    ("boss", "/koord/adil"),
    ("boss", "/koord/tanpa-hp"),
    ("boss", "/koord/laporan"),
    ("boss", "/koord/paket"),
    ("boss", "/koord/anggota"),
    ("boss", KOORD),
    ("boss", KOORD + "?dari={yesterday}"),
    ("boss", KOORD + "?tempat=90"),
    ("boss", KOORD + "?tempat=90&pemilik=1000"),
    ("boss", KOORD + "?pemilik=1000"),
    ("boss", KOORD + "?lot={house.lot}"),
    ("boss", KOORD + "/gerak?tempat=90&dari={yesterday}"),
    ("boss", KOORD + "/gerak?tempat=90&pemilik=1000"),
    ("boss", KOORD + "/gerak?lot={house.lot}"),
    ("boss", KOORD + "/gerak/{house.move}"),
    ("boss", "/kas"),
    ("boss", "/kas/akun"),
    ("boss", "/kas/akun?jenis=maker"),
    ("boss", "/kas/akun/1000"),
    ("boss", "/kas/akun/906"),
    ("boss", "/kas/bayar"),
    ("boss", "/kas/bayar/putaran/{house.round}"),
    ("boss", "/kas/bayar/hitungan/{house.settlement}"),
    ("boss", "/kas/setoran"),
    ("boss", "/kas/pajak"),
    ("boss", "/kas/biaya"),
    ("boss", "/kas/unit"),
    ("boss", "/kas/shu"),
    ("boss", "/kas/tutup-bulan"),
    ("boss", KAS),
    ("boss", KAS + "?dari={yesterday}"),
    ("maker", "/ibu"),
    ("maker", "/ibu/titip"),
    ("maker", "/ibu/titip/angka"),
    ("maker", "/ibu/pesanan"),
    ("maker", "/ibu/produk"),
    ("maker", "/ibu/uang"),
    ("maker", "/ibu/uang/minggu"),
    ("maker", "/ibu/uang/catatan/{house.line}"),
    ("maker", "/ibu/uang/hitungan/{house.settlement}"),
)


def tell(report, postgres, sizes):
    """Fill a house of each size on one server, and tell how the larger compares to the smallest."""
    with houses(postgres, sizes) as filled:
        for page, times in page_ms(filled).items():
            for size, taken in zip(sizes, times, strict=True):
                report.tell(f"{page} @{size}", taken, "ms")
            budget = BUDGETS.get(page, BUDGET)
            report.tell(f"{page} {sizes[-1]} / {sizes[0]}", times[-1] / times[0], "x", budget)
        largest = filled[-1]
        taken = doctor_seconds(largest)
        report.tell(f"doctor, full @{sizes[-1]}", taken, "s", DOCTOR_SECONDS)
        report.tell(f"doctor, a week @{sizes[-1]}", doctor_seconds(largest, mark=largest.mark), "s")
        name = f"settling {trade.MEMBERS} members @{sizes[-1]}"
        report.tell(name, settling_seconds(largest.url), "s", settling.BUDGET_SECONDS)


@contextmanager
def houses(postgres, sizes):
    """A house of each size: a database of its own on one server."""
    with throwaway(fsync=True, settings=postgres) as server:
        filled = []
        for size in sizes:
            url = server.url.replace("/lumbung?", f"/trade_{size}?")
            with closing(psycopg.connect(server.url.replace("+psycopg", ""))) as admin:
                admin.autocommit = True
                admin.execute(f"create database trade_{size}")
            trade.fill(url, size // trade.MOVEMENTS_A_DAY)
            filled.append(House(url))
        yield filled


def page_ms(houses, pages=PAGES, rounds=ROUNDS):
    """The median time of each page in each house, asked in turn; by page, in the houses' order."""
    found = {}
    for who, page in pages:
        for house in houses:
            house.ms(who, page)  # What is drawn for the first time compiles its template.
        times = [[house.ms(who, page) for house in houses] for _ in range(rounds)]
        found[page] = [statistics.median(column) for column in zip(*times, strict=True)]
    return found


def settling_seconds(url):
    """How long the job of a round takes for a week of all members, with PPH 22 withheld."""
    env = trade.environment(url) | {"LUMBUNG_PPH22_FROM": "2020-01-01"}
    with create_app(env).app_context():
        cooperative = db.session.scalar(db.text("select min(id) from cooperative"))
        begun = rounds.begin(actor=SYSTEM, organisation_id=cooperative)
        started = time.perf_counter()
        rounds.settle.run(begun.id)
        taken = time.perf_counter() - started
        db.session.expire_all()
        settled = db.session.get(rounds.SettlementRound, begun.id).settled
        assert settled >= trade.MEMBERS, f"{settled} settled"
        db.session.remove()
        db.engine.dispose()
        return taken


def doctor_seconds(house, **how):
    """How long the doctor takes; it finds nothing."""
    with house.app.app_context():
        started = time.perf_counter()
        found = doctor.examine(**how)
        assert not found, [finding.invariant.id for finding in found]
        return time.perf_counter() - started
