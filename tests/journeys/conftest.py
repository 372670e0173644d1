"""A real Chromium on a real server with a real database; every page it sees is checked by axe."""

import os
import shutil
import threading
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from core.db import db
from tests.factories import PIN

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
# Without these Chromium asks for hosts that are not ours, at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
expect.set_options(timeout=20_000)  # A busy machine is no bug.
NO_PLACE = ("null", "undefined", "None", "NaN")  # Where a script had no address and asked for it.
ADVICE = "Chromium is missing: apt-get install chromium (or set CHROMIUM to its path)"


def chromium():
    """The path of Chromium, or None."""
    named = os.environ.get("CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def browser():
    path = chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(ADVICE)
        pytest.skip(ADVICE)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def address(committed):
    """The address of a server on this test's own database."""
    server = make_server("127.0.0.1", 0, committed, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    db.session.remove()


class Visit:
    """A tab on the phone of somebody, with what a careful tester watches for."""

    def __init__(self, context, address):
        self.page = context.new_page()
        self.address = address
        self.errors, self.astray = [], []
        context.on("request", lambda asked: self._look_at(asked.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: line.type == "error" and self.errors.append(line.text))

    def _look_at(self, url):
        if urlsplit(url).path.rpartition("/")[2] in NO_PLACE:
            self.astray.append(url)

    def go(self, path):
        self.page.goto(self.address + path)
        return self

    def sign_in(self, number="0812-3456-7890", pin=PIN, at="/masuk"):
        """Come in by number and PIN; with `at=None` by the form that already stands here.

        The page offers other ways beside it (a passkey, a code), so the form is named exactly.
        """
        if at:
            self.go(at)
        form = self.page.locator("form", has=self.page.locator("input[name=pin]"))
        form.get_by_label("Nomor HP").fill(number)
        form.get_by_label("PIN").fill(pin)
        form.get_by_role("button", name="Masuk", exact=True).click()
        self.page.wait_for_url(lambda url: "/masuk" not in url)
        return self.page

    def keep(self, name):
        """Save a screenshot where LUMBUNG_PICTURES names a folder, for a person to look at."""
        self.page.wait_for_load_state()
        if folder := os.environ.get("LUMBUNG_PICTURES"):
            self.page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    def must_be_usable(self):
        """No script error, nothing wider than the screen, nothing that axe finds.

        A click comes back when the next page begins, so this waits for its end: a page half
        read has no fault that anybody could find.
        """
        self.page.wait_for_load_state()
        assert self.errors == []
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{self.page.url} is {wide} px too wide"
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()


@pytest.fixture
def phone(browser, address):
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="id-ID")
    visit = Visit(context, address)
    yield visit
    context.close()
    assert visit.astray == []


@pytest.fixture
def desk(browser, address):
    context = browser.new_context(viewport=DESK, locale="id-ID")
    visit = Visit(context, address)
    yield visit
    context.close()
    assert visit.astray == []
