"""At the market without signal: − and + count at once, and arrive once when there is signal."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from cooperatives.models import Level, Movement
from core.db import db
from tests.cooperatives.factories import a_cooperative
from tests.sellers.factories import a_live_listing, a_shop

pytestmark = pytest.mark.browser


@pytest.fixture
def page(committed, phone):
    shop, _ = a_shop(organisation=a_cooperative())
    a_live_listing(shop, "Keripik Pisang")
    page = phone.sign_in()
    phone.go("/ibu/produk").must_be_usable()
    return page


def on_hand():
    db.session.rollback()
    return db.session.scalar(select(func.sum(Level.on_hand)))


def test_the_number_follows_her_thumb_and_the_house_agrees(page, phone):
    left = page.locator("[data-left]")
    more, sold = (page.get_by_role("button", name=name) for name in ("Tambah", "Terjual"))
    page.get_by_text("Banyak sekaligus").click()
    page.get_by_label("Banyaknya").fill("12")
    more.click()
    expect(left).to_have_text("12")
    expect(page.locator("[data-unsent]")).to_contain_text("Terkirim")
    page.get_by_label("Banyaknya").fill("")
    page.context.set_offline(True)
    for rest in ("11", "10", "9"):
        sold.click()
        expect(left).to_have_text(rest)
    expect(page.locator("[data-unsent]")).to_contain_text("3 belum terkirim")
    phone.keep("stock-offline")
    for box in (more.bounding_box(), sold.bounding_box()):
        assert box["height"] >= 64
        assert box["width"] >= 64
    phone.errors.clear()  # The browser itself writes down that it is offline.
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-unsent]")).to_contain_text("Terkirim")
    expect(left).to_have_text("9")
    assert on_hand() == 9
    phone.go("/ibu/produk")
    expect(left).to_have_text("9")
    page.get_by_role("button", name="Batalkan").click()
    expect(left).to_have_text("10")
    assert db.session.scalar(select(func.count(Movement.id))) == 5
    phone.must_be_usable()


def test_without_scripts_it_is_an_ordinary_form(page, browser, address):
    context = browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto(f"{address}/ibu/produk")
    plain.get_by_role("button", name="Tambah").first.click()
    expect(plain.get_by_text("Stok tinggal 1.")).to_be_visible()
    plain.get_by_role("button", name="Batalkan").click()
    expect(plain.get_by_text("Dibatalkan. Stok habis.")).to_be_visible()
    context.close()
