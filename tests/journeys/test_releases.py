"""A second release reaches her phone, and what was kept is sent while no page is open."""

import shutil
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from core import doctor
from core.run import CHECKOUT
from tests import weak_signal
from tests.journeys.conftest import PHONE, Visit
from tests.journeys.test_without_signal import (
    bar,
    killed,
    on_hand,
    press_more,
    sign_in,
    town,
)
from tests.shop import serving

__all__ = ["town"]
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
RELEASE = "document.documentElement.dataset.release"
SHELLS = "caches.keys().then((names) => names.filter((name) => name.startsWith('shell-')))"
NO_SYNC = "delete ServiceWorkerRegistration.prototype.sync; delete globalThis.SyncManager;"


@pytest.fixture
def line(town):
    with (
        serving.web(town.url) as web,
        weak_signal.before(web.port, seed=3, delay=0, bits=1e9, late=0) as found,
    ):
        yield found


@pytest.fixture
def context(browser):
    found = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="id-ID")
    yield found
    found.close()


@contextmanager
def next_release(folder, url):
    """The same house with another static file, as a release would bring it."""
    folder.mkdir()
    for one in CHECKOUT.iterdir():
        if one.name not in ("static", "app.py", ".git"):
            (folder / one.name).symlink_to(one)
    shutil.copy(CHECKOUT / "app.py", folder)
    shutil.copytree(CHECKOUT / "static", folder / "static")
    for packed in (folder / "static" / "js").glob("comfort.js.*"):
        packed.unlink()
    with (folder / "static" / "js" / "comfort.js").open("a") as script:
        script.write('\ndocument.documentElement.dataset.release = "next";\n')
    with serving.web(url, release=folder) as web:
        yield web


def test_a_new_release_tells_her_and_loses_nothing(town, line, context, tmp_path):
    hers = Visit(context, line.address)
    sign_in(hers, "/ibu/produk")
    (old,) = hers.page.evaluate(SHELLS)
    hers.go("/ibu/produk/baru")
    hers.page.get_by_role("button", name="Tanpa foto dulu").click()
    hers.page.get_by_label("Apa nama barangnya?").fill("Tas Rajut Daun")
    expect(hers.page.get_by_text("Jawaban Ibu tersimpan di HP.")).to_be_visible()
    hers.go("/ibu/produk")
    hers.page.wait_for_load_state("networkidle")
    line.off()
    press_more(hers, 2)
    expect(bar(hers)).to_contain_text("2 belum terkirim")
    with next_release(tmp_path / "next", town.url) as web:
        line.target = web.port
        line.on()
        other = Visit(context, line.address)
        other.go("/ibu")
        assert other.page.evaluate(RELEASE) == "next"
        expect(hers.page.get_by_text("baru diperbarui")).to_be_visible()
        expect(other.page.get_by_text("baru diperbarui")).to_be_hidden()
        (new,) = other.page.evaluate(SHELLS)
        assert new != old
        hers.keep("told-of-a-release")
        serving.wait_until(lambda: on_hand(town) == 12, 90)
        other.page.close()
        line.off()
        assert hers.page.evaluate(RELEASE) is None
        hers.go("/ibu")
        assert hers.page.evaluate(RELEASE) == "next"
        hers.go("/ibu/produk")  # Kept under the old release, and as good as ever.
        press_more(hers)
        expect(bar(hers)).to_contain_text("1 belum terkirim")
        hers.go("/ibu/produk/baru")
        expect(hers.page.get_by_label("Apa nama barangnya?")).to_have_value("Tas Rajut Daun")
        line.on()
        hers.go("/ibu/produk")
        serving.wait_until(lambda: on_hand(town) == 13, 90)
    assert doctor.examine() == []


def kept_without_signal(visit, line):
    visit.go("/ibu/produk")
    visit.page.wait_for_load_state("networkidle")
    line.off()
    press_more(visit)
    expect(bar(visit)).to_contain_text("1 belum terkirim")


def wake(context, address):
    """What the browser does when it finds a line again; no page of ours is open."""
    phone = context.new_cdp_session(context.pages[0])
    known = []
    phone.on(
        "ServiceWorker.workerRegistrationUpdated", lambda told: known.extend(told["registrations"])
    )
    phone.send("ServiceWorker.enable")
    serving.wait_until(lambda: context.pages[0].wait_for_timeout(50) or known)
    phone.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": address,
            "registrationId": known[-1]["registrationId"],
            "tag": "outbox",
            "lastChance": False,
        },
    )


def test_an_act_is_sent_while_no_page_is_open(town, line, context):
    context.new_page()  # A blank one, so that the browser stays.
    hers = Visit(context, line.address)
    sign_in(hers, "/ibu/produk")
    kept_without_signal(hers, line)
    hers.page.close()
    line.on()
    context.pages[0].wait_for_timeout(1_500)
    assert on_hand(town) == 10
    assert [page.url for page in context.pages] == ["about:blank"]
    wake(context, line.address)
    serving.wait_until(lambda: on_hand(town) == 11)
    again = Visit(context, line.address).go("/ibu/produk")
    expect(bar(again)).to_be_hidden()
    assert on_hand(town) == 11


def test_where_the_browser_wakes_nobody_it_goes_on_the_next_opening(town, line, context):
    context.add_init_script(NO_SYNC)
    hers = Visit(context, line.address)
    sign_in(hers, "/ibu/produk")
    assert hers.page.evaluate("navigator.serviceWorker.ready.then((one) => 'sync' in one)") is False
    kept_without_signal(hers, line)
    hers.page.close()
    line.on()
    hers = killed(Visit(context, line.address))
    hers.page.wait_for_timeout(1_500)
    assert on_hand(town) == 10
    hers.go("/ibu/produk")
    expect(bar(hers)).to_contain_text("Terkirim")
    assert on_hand(town) == 11
