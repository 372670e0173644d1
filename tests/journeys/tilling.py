"""What journeys at a till have in common: a kept kiosk, its page, and what came of it."""

from flask import current_app
from playwright.sync_api import expect

from cooperatives.rights import KEEP
from core import doctor
from core.db import db
from orders.models import CounterSale
from tests.factories import an_actor, give
from tests.orders.till.factories import a_kiosk


def a_kept_kiosk():
    """A kiosk whose keeper signs in as everybody does in a journey."""
    shop = a_kiosk()
    shop.keeps = an_actor()
    give(shop.keeps, KEEP, shop.kiosk.id)
    return shop


def sales():
    db.session.rollback()
    return db.session.query(CounterSale).order_by(CounterSale.sold_at).all()


def broken_promises():
    found = doctor.examine_on(db.session(), current_app.extensions["doctor"])
    return [(finding.invariant.id, finding.rows) for finding in found]


def open_till(visit):
    page = visit.go("/kios-kerja/kasir").page
    expect(page.locator("[data-till]")).to_have_attribute("data-kept", "yes", timeout=60_000)
    return page


def tap(page, name):
    page.locator(".till-good", has_text=name).click()


def make_sales(page, count, code):
    """Sell one jar with this label so many times, by the page's own module."""
    return page.evaluate(
        """async ([count, code]) => {
          const source = document.querySelector("script[src*='till/till.js']").src;
          const till = await import(source);
          for (let turn = 0; turn < count; turn += 1) await till.sellLabel(code);
        }""",
        [count, code],
    )
