"""Her phone on a thin line: real Chromium, real gunicorn, and a proxy that is slow and breaks.

What she does at the market without signal is kept, told, and counted once; what she read before can
be read again; and whoever takes the phone next finds nothing of hers.
"""

from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from app import create_app
from cooperatives.models import Level
from core import access, doctor, signin
from core.actors import SYSTEM
from core.db import db
from orders import fulfilment
from sellers.rights import SELL
from tests import weak_signal
from tests.conftest import environ
from tests.cooperatives.factories import a_home, a_listing, a_lot, a_variant
from tests.factories import PIN
from tests.journeys.conftest import PHONE, Visit
from tests.orders.factories import RECEIVER, a_market, order, parcels_of
from tests.shop import serving

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
NUMBER = "081234567899"
SHELL_BYTES_MAX = 100_000
AWAKE = "navigator.serviceWorker.controller?.state === 'activated'"


@pytest.fixture
def town(own_database):
    """A maker with ten jars at home and an order to pack; the app here sees what is written."""
    app = create_app(environ(own_database))
    with app.app_context():
        market = a_market()
        variant = a_variant(a_listing(market.maker))
        a_lot(variant, a_home(seller=market.maker), units=10)
        placed = order((variant, 1), method="cash_delivery")
        (parcel,) = parcels_of(placed)
        fulfilment.accept(actor=SYSTEM, parcel_id=parcel.id)
        person = signin.register(
            actor=SYSTEM, name="Sumirah", call_me="Bu Sum", phone="+6281234567899", pin=PIN
        )
        access.give(actor=SYSTEM, person_id=person.id, right=SELL, subject_id=market.maker.id)
        db.session.commit()
        yield SimpleNamespace(variant=variant, parcel=parcel, url=own_database)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def line(town):
    with serving.web(town.url) as web, weak_signal.before(web.port, seed=11) as found:
        yield found


@pytest.fixture
def hers(browser, line):
    """Her phone, signed in, with its service worker awake."""
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="id-ID")
    context.set_default_timeout(90_000)
    visit = Visit(context, line.address)
    sign_in(visit)
    yield visit
    context.close()


def sign_in(visit, path="/ibu"):
    visit.go(f"/masuk?lanjut={path}")
    visit.page.get_by_label("Nomor HP").fill(NUMBER)
    visit.page.get_by_label("PIN").fill(PIN)
    visit.page.get_by_role("button", name="Masuk", exact=True).click()
    visit.page.wait_for_url(f"**{path}")
    serving.wait_until(lambda: visit.page.evaluate(AWAKE), 90)
    visit.page.wait_for_load_state("networkidle")


def on_hand(town):
    db.session.rollback()
    stands = select(func.sum(Level.on_hand)).where(Level.variant_id == town.variant.id)
    return int(db.session.scalar(stands))


def bar(visit):
    return visit.page.locator("[data-unsent]")


def press_more(visit, times=1):
    for _ in range(times):
        visit.page.get_by_role("button", name="Tambah", exact=True).first.click()
        visit.page.wait_for_timeout(900)


def test_a_day_at_the_market(town, line, hers):
    """Without signal, tab killed twice, the answer lost once, cut once: each press counts once."""
    hers.go("/ibu/produk")
    hers.must_be_usable()
    line.off()
    hers.go("/ibu/produk")
    expect(hers.page.locator("[data-kept-at]")).to_contain_text("Simpanan")
    press_more(hers, 2)
    expect(bar(hers)).to_contain_text("2 belum terkirim")
    expect(bar(hers)).to_contain_text("menunggu sinyal")
    hers.keep("market-no-signal")
    hers = killed(hers)
    hers.go("/ibu/produk")
    expect(bar(hers)).to_contain_text("2 belum terkirim")
    press_more(hers)
    expect(bar(hers)).to_contain_text("3 belum terkirim")
    hers = killed(hers)
    line.on()
    line.lose_answer(b"POST /kirim")
    hers.go("/ibu/produk")
    expect(bar(hers)).to_contain_text("Terkirim", timeout=120_000)
    assert on_hand(town) == 13
    line.cut_after(60, weak_signal.UP)
    press_more(hers)
    expect(bar(hers)).to_contain_text("1 belum terkirim")
    line.on()
    expect(bar(hers)).to_contain_text("Terkirim", timeout=120_000)
    assert on_hand(town) == 14
    assert doctor.examine() == []
    hers.errors.clear()  # The browser itself complains about a line that breaks.
    hers.must_be_usable()


def killed(visit):
    """The tab is closed by the phone; she opens another."""
    context, address = visit.page.context, visit.address
    visit.page.close(run_before_unload=False)
    return Visit(context, address)


def test_what_she_read_can_be_read_again_without_signal_and_without_others(town, line, hers):
    for path in ("/ibu/pesanan", f"/ibu/pesanan/{town.parcel.id}", "/ibu"):
        hers.go(path)
    expect(hers.page.get_by_role("heading", name="Hari ini")).to_be_visible()
    line.off()
    hers.go(f"/ibu/pesanan/{town.parcel.id}")
    expect(hers.page.get_by_text("tampil bila ada sinyal").last).to_be_visible()
    assert RECEIVER.name not in hers.page.content()
    hers.keep("parcel-no-signal")
    hers.go("/ibu/toko")
    expect(hers.page.get_by_role("heading", name="Belum ada sinyal")).to_be_visible()
    hers.keep("no-signal")
    hers.errors.clear()
    hers.must_be_usable()
    hers.page.get_by_role("link", name="Hari ini").click()
    expect(hers.page.get_by_role("heading", name="Hari ini")).to_be_visible()
    hers.errors.clear()  # The page asked for newer figures: the browser itself writes that down.
    hers.must_be_usable()
    kept = hers.page.evaluate(
        """async () => {
          let all = "";
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const kept of await cache.matchAll()) all += await kept.text();
          }
          return all;
        }"""
    )
    assert "Hari ini" in kept
    for secret in (RECEIVER.name, RECEIVER.phone, RECEIVER.phone[3:], RECEIVER.street):
        assert secret not in kept


def test_the_five_questions_open_again_without_signal(town, line, hers):
    hers.go("/ibu/produk/baru")
    hers.page.wait_for_load_state("networkidle")
    line.off()
    hers = killed(hers)
    hers.go("/ibu/produk/baru")
    hers.page.get_by_role("button", name="Tanpa foto dulu").click()
    hers.page.get_by_label("Apa nama barangnya?").fill("Tas Rajut Daun")
    expect(hers.page.get_by_text("Jawaban Ibu tersimpan di HP.")).to_be_visible()
    hers = killed(hers)
    hers.go("/ibu/produk/baru")
    expect(hers.page.get_by_label("Apa nama barangnya?")).to_have_value("Tas Rajut Daun")
    hers.errors.clear()
    hers.must_be_usable()


PAGES_KEPT = "caches.keys().then((names) => names.filter((n) => n.startsWith('pages-')).length)"


def test_whoever_leaves_takes_her_pages_along(town, line, hers):
    hers.go("/ibu/pesanan")
    serving.wait_until(lambda: hers.page.evaluate(PAGES_KEPT) == 1)
    hers.go("/akun")
    hers.page.get_by_role("button", name="Keluar", exact=True).click()
    hers.page.wait_for_url(line.address + "/")
    serving.wait_until(lambda: hers.page.evaluate(PAGES_KEPT) == 0)
    line.off()
    hers.go("/ibu/pesanan")
    expect(hers.page.get_by_role("heading", name="Belum ada sinyal")).to_be_visible()
    assert hers.page.locator("main li").count() == 0


def test_a_page_of_an_older_app_still_finds_its_files(town, line, hers):
    hers.go("/ibu")
    old = "fetch('/static/0123456789ab/js/comfort.js').then((answer) => answer.status)"
    assert hers.page.evaluate(old) == 200


def test_a_worker_that_was_replaced_is_told(town, line, hers):
    hers.go("/ibu")
    expect(hers.page.locator("[data-newer]")).to_be_hidden()
    hers.page.evaluate(
        """async () => {
          const shells = (await caches.keys()).filter((name) => name.startsWith("shell-"));
          for (const name of shells) await caches.delete(name);
          navigator.serviceWorker.dispatchEvent(new Event("controllerchange"));
        }"""
    )
    expect(hers.page.get_by_text("baru diperbarui")).to_be_visible()
    hers.must_be_usable()


def test_the_first_load_of_her_shell_weighs_at_most_100_kb(browser, town):
    with (
        serving.web(town.url) as web,
        weak_signal.before(web.port, delay=0, bits=1e9, late=0) as line,
    ):
        context = browser.new_context(viewport=PHONE, is_mobile=True, locale="id-ID")
        visit = Visit(context, line.address)
        sign_in(visit)
        visit.page.wait_for_timeout(1_000)
        weight = sum(line.bytes)
        context.close()
    print(f"first load of the seller's shell: {weight} bytes")
    assert 20_000 < weight <= SHELL_BYTES_MAX
