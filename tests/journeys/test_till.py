"""The till in a real browser: taps, labels, change, a day without signal, a second tab."""

import pytest
from flask import current_app
from playwright.sync_api import expect

from cooperatives import lot_codes
from cooperatives.rights import KEEP
from core import doctor
from core.db import db
from orders.models import CounterSale
from tests.factories import an_actor, give
from tests.orders.till.factories import a_kiosk, lines_of, order_of

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(committed):
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


def test_one_jar_for_cash_in_four_taps(shop, phone):
    phone.sign_in()
    page = open_till(phone)
    phone.keep("till")
    phone.must_be_usable()
    tap(page, "Kopi Bowongso")
    page.get_by_role("button", name="Bayar").click()
    page.get_by_role("button", name="50 ribu").click()
    expect(page.get_by_text("Kembali Rp 15.000")).to_be_visible()
    phone.keep("till-pay")
    page.get_by_role("button", name="Catat penjualan").click()
    expect(page.get_by_text("Uang kembali Rp 15.000")).to_be_visible()
    phone.keep("till-done")
    phone.must_be_usable()
    page.get_by_role("button", name="Penjualan baru").click()
    page.get_by_text("Penjualan hari ini di HP ini").click()
    expect(page.locator("[data-today]")).to_contain_text("Terkirim")
    phone.keep("till-today")
    phone.must_be_usable()
    (sale,) = sales()
    assert (sale.cash, sale.tendered) == (35_000, 50_000)
    assert order_of(sale).number.endswith("-1")


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


def test_a_whole_day_without_signal(shop, phone):
    phone.sign_in()
    page = open_till(phone)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("Tanpa sinyal. Penjualan tersimpan di HP.")).to_be_visible()
    tap(page, "Kopi Bowongso")
    page.get_by_role("button", name="Bayar").click()
    page.get_by_role("button", name="Uang pas").click()
    page.get_by_role("button", name="Catat penjualan").click()
    page.get_by_role("button", name="Penjualan baru").click()
    tap(page, "Keripik Pisang")  # Two members bring it, and nobody scanned: whose is it?
    page.get_by_role("button", name=shop.tri.store_name).click()
    page.get_by_role("button", name="Bayar").click()
    page.get_by_role("button", name="20 ribu").click()
    page.get_by_role("button", name="Catat penjualan").click()
    page.get_by_role("button", name="Penjualan baru").click()
    make_sales(page, 149, lot_codes.code_of(shop.lots[0].id))
    expect(page.locator("[data-unsent]")).to_contain_text("151")
    phone.errors.clear()
    context = page.context
    page.close()  # The phone dies, and wakes without signal.
    phone.page = page = context.new_page()
    page.goto(phone.address + "/kios-kerja/kasir")
    expect(page.locator("[data-till]")).to_have_attribute("data-ready", "yes", timeout=60_000)
    page.get_by_text("Penjualan hari ini di HP ini").click()
    expect(page.locator("[data-sums]")).to_contain_text("151 penjualan")
    page.get_by_role("searchbox").fill(lot_codes.code_of(shop.lots[1].id))
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("button", name="Bayar").click()
    page.get_by_role("button", name="Bayar QRIS").click()
    page.get_by_role("button", name="QRIS berhasil, catat").click()
    page.get_by_role("button", name="Penjualan baru").click()
    make_sales(page, 148, lot_codes.code_of(shop.lots[1].id))
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-unsent]")).to_contain_text("Terkirim", timeout=240_000)
    found = sales()
    assert len(found) == 300
    numbers = sorted(int(order_of(sale).number.split("-")[1]) for sale in found)
    assert numbers == list(range(1, 301))
    sold = {shop.nur.id: 0, shop.tri.id: 0, shop.dwi.id: 0}
    for sale in found:
        for each in lines_of(sale):
            sold[each.seller_id] += each.quantity
    assert sold == {shop.nur.id: 149, shop.tri.id: 150, shop.dwi.id: 1}
    assert sum(sale.qris for sale in found) == 12_000
    assert broken_promises() == []
