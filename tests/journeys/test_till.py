"""The till in a real browser: taps, labels, change, a day without signal, a second tab."""

import pytest
from playwright.sync_api import expect

from cooperatives import lot_codes
from cooperatives.rights import TREASURE
from orders.till import qris
from tests.factories import give
from tests.journeys.tilling import (
    a_kept_kiosk,
    broken_promises,
    make_sales,
    open_till,
    sales,
    tap,
)
from tests.orders.factories import holder
from tests.orders.till.factories import (
    a_payload,
    line,
    lines_of,
    new_price,
    order_of,
    sell,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(committed):
    return a_kept_kiosk()


def test_a_till_opened_before_the_worker_came_is_kept_when_it_asks(shop, phone):
    phone.sign_in()
    page = open_till(phone)
    page.evaluate(
        """async () => {
          const kept = (await caches.keys()).filter((name) => name.startsWith("pages-"));
          for (const name of kept) await caches.delete(name);
        }"""
    )
    page.evaluate(
        """async () => {
          const worker = await navigator.serviceWorker.ready;
          await new Promise((done) => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = done;
            worker.active.postMessage({ keep: location.href }, [port2]);
          });
        }"""
    )
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("Tanpa sinyal. Penjualan tersimpan di HP.")).to_be_visible()


@pytest.mark.timeout(600)  # Three hundred sales, each on the disk before the next.
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


def test_a_second_tab_is_told_and_takes_over(shop, phone):
    phone.sign_in()
    first = open_till(phone)
    second = first.context.new_page()
    second.goto(phone.address + "/kios-kerja/kasir")
    expect(second.get_by_text("Kasir sudah terbuka di tab lain")).to_be_visible()
    expect(second.locator("[data-work]")).to_be_hidden()
    first.close()
    expect(second.locator("[data-work]")).to_be_visible()
    tap(second, "Kopi Bowongso")
    expect(second.get_by_role("button", name="Bayar")).to_be_visible()


def test_a_second_phone_is_told(shop, phone, desk):
    phone.sign_in()
    open_till(phone)
    desk.sign_in()
    page = desk.go("/kios-kerja/kasir").page
    expect(page.get_by_text("Kasir di sini sedang dibuka di HP lain")).to_be_visible()
    desk.errors.clear()  # The browser itself writes the 409 down.
    desk.must_be_usable()


def test_a_keyboard_scanner_names_the_maker_and_a_misread_nobody(shop, phone):
    phone.sign_in()
    page = open_till(phone)
    code = lot_codes.code_of(shop.lots[1].id)
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_contain_text(shop.tri.store_name)
    page.keyboard.type(code[:-1] + ("1" if code[-1] != "1" else "2"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_contain_text("Label tidak terbaca")
    page.get_by_role("button", name="1 barang").click()
    page.get_by_role("button", name="Tambah Keripik Pisang").click()
    page.get_by_label("Potongan per barang").fill("5000")
    page.get_by_label("Potongan per barang").press("Tab")
    expect(page.get_by_label("Potongan per barang")).to_have_value("1200")  # The limit, 10 %.
    page.get_by_label("Kode ajakan").fill("mira 58")
    page.get_by_label("Kode ajakan").press("Tab")
    expect(page.get_by_text("Kode ini keliru")).to_be_visible()
    page.get_by_label("Kode ajakan").fill("mira 57")
    page.get_by_label("Kode ajakan").press("Tab")
    expect(page.get_by_text("Kode ini keliru")).to_be_hidden()
    phone.keep("till-cart")
    phone.must_be_usable()
    page.get_by_role("dialog").get_by_role("button", name="Bayar").click()
    page.get_by_label("Uang yang diterima").fill("10000")
    page.get_by_role("button", name="Sisanya QRIS").click()
    expect(page.get_by_text("Minta pembeli membayar Rp 11.600 dengan QRIS")).to_be_visible()
    phone.keep("till-split")
    phone.must_be_usable()
    page.get_by_role("button", name="QRIS berhasil, catat").click()
    page.get_by_role("button", name="Nota di HP").click()
    expect(page.locator("[data-code] svg")).to_be_visible()
    phone.keep("till-qr")
    page.get_by_role("button", name="Penjualan baru").click()
    expect(page.locator("[data-unsent]")).to_contain_text("Terkirim")
    (sale,) = sales()
    assert (sale.cash, sale.qris, sale.flags) == (10_000, 11_600, ["invite"])  # Nobody's code.
    assert {each.seller_id for each in lines_of(sale)} == {shop.tri.id}


def test_a_sale_is_taken_back_without_signal(shop, phone):
    phone.sign_in()
    page = open_till(phone)
    page.context.set_offline(True)
    make_sales(page, 2, lot_codes.code_of(shop.lots[2].id))
    page.get_by_text("Penjualan hari ini di HP ini").click()
    page.get_by_role("button", name="Batalkan").first.click()
    page.get_by_role("button", name="Barang dikembalikan pembeli").click()
    expect(page.locator("[data-sums]")).to_contain_text("1 penjualan")
    phone.errors.clear()
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-unsent]")).to_contain_text("Terkirim", timeout=60_000)
    assert [bool(sale.undone_at) for sale in sales()].count(True) == 1
    assert broken_promises() == []


def test_the_old_label_is_asked_about(shop, phone):
    new_price(shop.kopi, 40_000)
    phone.sign_in()
    page = open_till(phone)
    tap(page, "Kopi Bowongso")
    expect(page.get_by_text("pakai harga mana?")).to_be_visible()
    phone.keep("till-price")
    page.get_by_role("button", name="Harga di label lama").click()
    expect(page.locator("[data-total]")).to_have_text("Rp 35.000")


def test_the_days_sales_one_sale_and_the_qris_are_usable_pages(shop, phone, desk):
    give(shop.keeps, TREASURE, shop.cooperative.id)
    odd = sell(shop, line(shop.kopi, price=1_000))
    qris.propose(
        actor=holder(TREASURE, shop.cooperative.id), place_id=shop.kiosk.id, payload=a_payload()
    )
    for visit in (phone, desk):
        visit.sign_in()
        for name, path in (
            ("sales", "/kios-kerja/kasir/penjualan"),
            ("sale", f"/kios-kerja/kasir/nota/{odd.order_id}"),
            ("qris", "/kas/qris"),
        ):
            visit.go(path)
            visit.keep(f"till-{name}-{'phone' if visit is phone else 'desk'}")
            visit.must_be_usable()
