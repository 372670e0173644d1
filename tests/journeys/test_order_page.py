"""The buyer opens the link of her order on her phone, reads it, and changes her mind."""

import pytest
from playwright.sync_api import expect

from tests.orders.factories import a_market, order

pytestmark = pytest.mark.browser


def test_she_reads_her_order_changes_the_way_to_pay_and_cancels(committed, phone):
    market = a_market()
    placed = order((market.tiwul, 2), pickup=market.kiosk)
    page = phone.go(f"/pesanan/{placed.code}").page
    expect(page.get_by_text("Menunggu pembayaran").first).to_be_visible()
    phone.must_be_usable()
    phone.keep("order-awaiting")
    page.get_by_role("button", name="Ganti ke Bayar tunai di kios").click()
    expect(page.get_by_text("Dibayar saat barang diterima")).to_be_visible()
    phone.must_be_usable()
    page.get_by_role("button", name="Batalkan pesanan").click()
    expect(page.get_by_text("Dibatalkan", exact=True).first).to_be_visible()
    phone.must_be_usable()


def test_she_finds_it_again_by_number_and_phone(committed, desk):
    market = a_market()
    placed = order((market.batik, 1))
    page = desk.go("/pesanan").page
    desk.must_be_usable()
    page.get_by_label("Nomor pesanan").fill(placed.number)
    page.get_by_label("Nomor HP pemesan").fill("081234567890")
    page.get_by_role("button", name="Cari pesanan").click()
    page.wait_for_url(f"**/pesanan/{placed.code}")
    desk.must_be_usable()
    desk.keep("order-desk")
