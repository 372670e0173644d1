"""The W3C checker on every page that a guest and each demo role can open: `make check` calls it.

The pages come from the real app on a throw-away database with the demo world. Addresses with
blanks are found as people find them: by links, which also proves that a page can be reached.
"""

import os
import re
import subprocess
import sys
import tempfile
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from flask import url_for
from flask_migrate import upgrade
from sqlalchemy import select
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from app import create_app
from cooperatives.models import Level, Lot, Place
from core.access import MACHINE, PUBLIC
from core.actors import Actor
from core.db import db
from core.people import Person
from core.postgres import throwaway
from core.web import gate_of
from orders import due
from sellers.models import Variant
from shop import complaints
from shop.complaints import Told
from shop.demo import people, world
from tests.factories import send, sign_in
from tests.orders.factories import order

CI = Path(__file__).parents[2] / ".ci"
JAR = CI / "node_modules/vnu-jar/build/dist/vnu.jar"
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
SEEN_OF_A_ROLE = 4
LINK = re.compile(r'\shref="([^"]+)"')
NOT_PAGES = ("/healthz", "/readyz", "/metrics", "/media/<path:name>", "/unggah/<uuid:photo_id>")


def checker():
    """The checker's jar, installed from its lock when it is not there."""
    if not JAR.exists():
        subprocess.run(["npm", "ci", "--silent", "--omit=dev"], cwd=CI, check=True)
    return JAR


def is_page(app, rule):
    """Whether an address may be asked for and answers people."""
    return (
        "GET" in rule.methods
        and rule.rule not in NOT_PAGES
        and rule.endpoint != "static"
        and gate_of(app, rule.endpoint) is not MACHINE
    )


def pages_of(app):
    """Every page by its endpoint, and its address if that has no blank."""
    rules = [rule for rule in app.url_map.iter_rules() if is_page(app, rule)]
    return {rule.endpoint: None if rule.arguments else rule.rule for rule in rules}


def a_busy_day(app):
    """Orders that wait and a complaint; returns the complaint's address, told to her alone."""
    goods = select(Lot.variant_id, Place).join(Level, Level.lot_id == Lot.id).join(Place)
    with app.app_context():
        buyer = db.session.scalars(select(Person).where(Person.phone == phones("buyer")[0])).one()
        actor = Actor(buyer.id)
        for kind, more in (("home", {}), ("kiosk", {"method": "cash_pickup"})):
            shelf = goods.where(Place.kind == kind, Level.on_hand > 3, Place.closed_at.is_(None))
            variant_id, place = db.session.execute(shelf.limit(1)).one()
            pickup = {"pickup": place} if kind == "kiosk" else {}
            placed = order((db.session.get(Variant, variant_id), 1), actor=actor, **more, **pickup)
            due.ask_makers.run(order_id=str(placed.id))
        told = Told(topic="other", story="Kotak suratnya penuh.", name="Joko")
        code = complaints.open_complaint(actor=actor, act_id=uuid4(), told=told)
        db.session.remove()
    with app.test_request_context():
        return url_for("complaints.show", code=code)


def phones(role):
    """The numbers of the demo people with this role."""
    rows = people.read("people")["people"]
    return [row["phone"] for row in rows if row["phone"] and role in row["roles"]]


def visitors(app):
    """A browser for a guest and for a few people of each role of the demo world, by role."""
    yield "guest", app.test_client()
    for role in people.SHOWN_ROLES:
        for phone in phones(role)[:SEEN_OF_A_ROLE]:
            browser = app.test_client()
            sign_in(browser, phone=phone, pin=people.PIN)
            yield role, browser


def fill_basket(browser):
    """One piece of the newest product."""
    product = re.search(r'href="(/p/[^"]+)"', browser.get("/").text)[1]
    page = browser.get(product)
    variant = re.search(r'name="variant"\s+value="(\d+)"', page.text)[1]
    send(browser, "/keranjang/tambah", page=product, variant=variant, quantity=1)


class Walk:
    """One visitor's way: all addresses without blanks, and of each other page the first link."""

    def __init__(self, app, browser, told, left_out):
        self.app, self.browser, self.pages = app, browser, pages_of(app)
        self.urls = app.url_map.bind("localhost")
        self.met = {endpoint for endpoint, address in self.pages.items() if address} | left_out
        self.waiting = sorted(self.pages[endpoint] for endpoint in self.met - left_out)
        self.note(told)

    def answers(self):
        """The page, the address and the answer of each."""
        while self.waiting:
            address = self.waiting.pop(0)
            answer = self.browser.get(address)
            self.note(answer.location or "")
            if answer.mimetype == "text/html":
                for link in LINK.findall(answer.text):
                    self.note(unescape(link))
            yield self.urls.match(urlsplit(address).path)[0], address, answer

    def note(self, link):
        """Keep a link for later if it is the first to its page."""
        if not link.startswith("/"):
            return
        try:
            endpoint, _blanks = self.urls.match(urlsplit(link).path)
        except (NotFound, MethodNotAllowed, RequestRedirect):
            return
        if endpoint in self.pages and endpoint not in self.met:
            self.met.add(endpoint)
            self.waiting.append(link)


def save_pages(app, folder):
    """Write each page as each role meets it first; returns how many, and what nobody met."""
    seen, told = set(), a_busy_day(app)
    looked_at = 0  # Every page carries the same styles: to check them once is enough.
    public = {endpoint for endpoint in pages_of(app) if gate_of(app, endpoint) is PUBLIC}
    for role, browser in visitors(app):
        if role == "buyer":
            fill_basket(browser)
        left_out = {page for met_by, page in seen if met_by == role and page in public}
        for endpoint, address, answer in Walk(app, browser, told, left_out).answers():
            assert answer.status_code < 500, f"{address} is broken for {role}"
            if answer.status_code == 200 and (role, endpoint) not in seen:
                seen.add((role, endpoint))
                if answer.mimetype == "text/html":
                    text = STYLE.sub("", answer.text) if looked_at else answer.text
                    looked_at = (folder / f"{role}.{endpoint}.html").write_text(text)
    return len(seen), sorted(set(pages_of(app)) - {endpoint for _role, endpoint in seen})


def main():
    """Exit 1 with the checker's findings if there are any."""
    with throwaway() as server, tempfile.TemporaryDirectory() as folder:
        app = create_app(
            {
                "DATABASE_URL": server.url,
                "SECRET_KEY": "check-" * 8,
                "LUMBUNG_LOG_LEVEL": "error",
                "LUMBUNG_STORAGE_FOLDER": f"{folder}/storage",
                "LUMBUNG_ADDRESS_TRIES": "1000",
            }
        )
        pages = Path(folder) / "pages"
        pages.mkdir()
        with app.app_context():
            upgrade()
            world.load()
            db.session.remove()
        count, missed = save_pages(app, pages)
        with app.app_context():
            db.engine.dispose()
        print(f"{count} pages; no link led to: {', '.join(missed) or 'none'}")
        command = ["java", "-jar", str(checker()), "--errors-only", "--skip-non-html", str(pages)]
        done = subprocess.run(command, env={**os.environ, "LC_ALL": "C.UTF-8"})
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
