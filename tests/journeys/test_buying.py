"""A guest buys: from the product's page to the order's page, sent home or fetched at the kiosk."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from core import clock
from core.db import db
from orders.models import Order
from sellers.models import Listing
from tests.orders.factories import a_market

pytestmark = pytest.mark.browser


@pytest.fixture
def market(committed):
    market = a_market()
    for variant in (market.tiwul, market.batik):
        db.session.get(Listing, variant.listing_id).published_at = clock.now()
    db.session.commit()
    return market


def put_into_basket(visit, variant):
    """From the product's own page."""
    slug = db.session.get(Listing, variant.listing_id).slug
    page = visit.go(f"/p/{slug}").page
    page.get_by_role("button", name="keranjang").click()
    page.wait_for_url("**/keranjang")


def placed():
    db.session.rollback()
    return db.session.scalars(select(Order)).one()


def fill_in(page):
    page.get_by_label("Nama penerima").fill("Slamet")
    page.get_by_label("Nomor HP").fill("+852 9123 4567")
    page.get_by_label("Jalan atau dusun").fill("Jl. Majapahit 12")
    page.get_by_label("RT/RW").fill("rt 2 rw 3")
    page.get_by_role("textbox", name="Kecamatan dan kabupaten").fill("Kel. Pedurungan, Semarang")
    page.get_by_label("Patokan rumah").fill("sebelah masjid")


def both_sellers_to_her_door(visit, market, name):
    put_into_basket(visit, market.tiwul)
    put_into_basket(visit, market.batik)
    page = visit.page
    page.get_by_label("Kirim ke kecamatan").fill("Kel. Pedurungan, Semarang")
    page.get_by_role("button", name="Hitung ongkir").click()
    page.wait_for_selector("text=Ongkir termurah")
    visit.must_be_usable()
    visit.keep(f"{name}-basket")
    page.get_by_role("link", name="Lanjut ke alamat").click()
    visit.must_be_usable()
    visit.keep(f"{name}-address-empty")
    page.get_by_role("textbox", name="Kecamatan dan kabupaten").fill("semarang")
    page.get_by_role("button", name="Lanjut periksa").click()
    page.wait_for_selector("text=Ada isian yang perlu dibetulkan")
    visit.keep(f"{name}-address-wrong")
    visit.errors.clear()  # A 422 is told on the console.
    visit.must_be_usable()
    fill_in(page)
    page.get_by_role("button", name="Lanjut periksa").click()
    page.wait_for_selector("h1:has-text('Periksa pesanan')")
    page.get_by_text("Ganti kurir").first.click()
    before = page.locator(".total").last.inner_text()
    page.locator("details[open] input[type=radio]").last.click()  # The total follows by itself.
    page.wait_for_function(
        "was => document.querySelectorAll('.total')[1].innerText !== was", arg=before
    )
    visit.must_be_usable()
    visit.keep(f"{name}-check")
    page.get_by_role("button", name="Pesan sekarang").click()
    page.wait_for_url("**/pesanan/*")
    visit.must_be_usable()
    visit.keep(f"{name}-order")
    expect(page.get_by_text("Menunggu pembayaran").first).to_be_visible()
    order = placed()
    assert order.number in page.content()
    assert order.method == "transfer"


def test_two_makers_goods_come_home_by_phone(market, phone):
    both_sellers_to_her_door(phone, market, "phone")


def test_two_makers_goods_come_home_by_desk(market, desk):
    both_sellers_to_her_door(desk, market, "desk")


def test_she_fetches_it_at_the_kiosk_and_pays_there(market, phone):
    put_into_basket(phone, market.tiwul)
    page = phone.page
    page.get_by_role("button", name="Tambah Tiwul").click()
    page.wait_for_selector("text=× 2 =")
    page.get_by_role("link", name="Lanjut ke alamat").click()
    page.get_by_label(f"Ambil di {market.kiosk.name}").check()
    expect(page.get_by_label("Jalan atau dusun")).not_to_be_visible()
    page.get_by_label("Nama penerima").fill("Wati")
    page.get_by_label("Nomor HP").fill("081234567890")
    phone.must_be_usable()
    phone.keep("pickup-address")
    page.get_by_role("button", name="Lanjut periksa").click()
    page.get_by_label("Bayar tunai di kios").check()
    phone.must_be_usable()
    phone.keep("pickup-check")
    page.get_by_role("button", name="Pesan sekarang").click()
    page.wait_for_url("**/pesanan/*")
    phone.must_be_usable()
    assert (placed().method, placed().delivery_total) == ("cash_pickup", 0)


def test_what_is_short_is_told_in_basket_and_checkout(market, phone):
    put_into_basket(phone, market.tiwul)
    page = phone.page
    page.get_by_label("Jumlah Tiwul").fill("25")
    page.get_by_label("Jumlah Tiwul").press("Enter")
    page.wait_for_selector("text=Stok tinggal 20.")
    phone.must_be_usable()
    phone.keep("short-basket")
    page.get_by_role("button", name="Ambil 20 dulu").click()
    page.wait_for_selector("text=× 20 =")
    page.get_by_role("link", name="Lanjut ke alamat").click()
    page.get_by_text("Barang yang dipesan").click()
    page.get_by_label("Tiwul Instan").fill("22")
    fill_in(page)
    page.get_by_role("button", name="Lanjut periksa").click()
    page.wait_for_selector("text=Stok berubah")
    phone.errors.clear()  # A 409 is told on the console.
    phone.must_be_usable()
    phone.keep("short-check")
    page.get_by_role("button", name="Ambil yang masih ada").click()
    page.wait_for_selector("text=Pesan sekarang")
    phone.must_be_usable()


def test_an_empty_basket_is_usable(committed, phone):
    phone.go("/keranjang")
    phone.must_be_usable()
    phone.keep("basket-empty")
