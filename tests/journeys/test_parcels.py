"""A maker answers, packs and hands over on her phone; a keeper gives out a pick-up for cash."""

import pytest
from playwright.sync_api import expect

from cooperatives import ledger
from cooperatives.accounts import Owner, Page
from cooperatives.models.books import Kind
from core.db import db
from orders import due, transfers
from tests.cooperatives.factories import a_listing, a_lot, a_variant
from tests.factories import a_person, give
from tests.orders.claim_factories import earn_everything
from tests.orders.factories import KEEP, SELL, Actor, a_market, attempt_of, order, parcels_of

pytestmark = pytest.mark.browser
PHONE = "0812-9999-8888"


def enter(phone, right, subject):
    """Sign in on the phone as somebody who holds a right."""
    she = Actor(a_person("Wati", phone="+6281299998888").id)
    give(she, right, subject.id)
    return phone.sign_in(PHONE)


def test_she_gives_fewer_packs_and_hands_over(committed, phone):
    market = a_market()
    placed = order((market.batik, 3))
    attempt = attempt_of(placed)
    who = market.treasurers[0]
    transfers.confirm(actor=who, attempt_id=attempt.id, amount=attempt.amount)
    due.ask_makers.run(order_id=str(placed.id))

    page = enter(phone, SELL, market.weaver)
    phone.go("/ibu").must_be_usable()
    phone.keep("parcels-1-day")
    page.get_by_role("link", name=f"Jawab pesanan {placed.number}").click()
    phone.must_be_usable()
    phone.keep("parcels-2-answer")
    page.get_by_role("link", name="Tidak bisa").click()
    phone.must_be_usable()
    phone.keep("parcels-3-decline")
    page.get_by_role("link", name="Tidak jadi, kembali").click()
    page.get_by_role("link", name="Bisa sebagian").click()
    page.get_by_label("Batik Carica").fill("2")
    phone.must_be_usable()
    phone.keep("parcels-4-fewer")
    page.get_by_role("button", name="Terima sebagian").click()
    page.get_by_text("Jl. Contoh 7").wait_for()
    phone.must_be_usable()
    phone.keep("parcels-5-accepted")
    page.get_by_role("button", name="Sudah saya kemas").click()
    page.get_by_text("Siap diserahkan").first.wait_for()
    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name="Nota kemas dan label alamat").click()
    phone.must_be_usable()
    phone.keep("parcels-6-note")
    page.go_back()
    page.get_by_role("button", name="Sudah diserahkan").click()
    expect(page.get_by_text("Nomor resi belum diisi").first).to_be_visible()
    phone.must_be_usable()
    phone.keep("parcels-7-wrong")
    page.get_by_label("Nomor resi").fill("jp 123456")
    page.get_by_role("button", name="Sudah diserahkan").click()
    page.get_by_text("JP123456").wait_for()
    phone.must_be_usable()
    phone.keep("parcels-8-sent")
    phone.go("/ibu/pesanan").must_be_usable()
    phone.keep("parcels-9-list")


def earned(market, seller):
    page = Page(Kind.MAKER, market.cooperative.id, Owner(person_id=seller.person_id))
    return -ledger.balance(db.session(), page)


def test_the_keeper_gives_out_goods_of_two_makers_in_one_parcel_for_cash(committed, phone):
    market = a_market()
    syal = a_variant(a_listing(market.weaver, name="Syal"), price=40_000)
    a_lot(syal, market.kiosk, 5)
    placed = order((market.tiwul, 2), (syal, 1), pickup=market.kiosk, method="cash_pickup")
    due.ask_makers.run(order_id=str(placed.id))
    (parcel,) = parcels_of(placed)
    code, kiosk = parcel.pickup_code, market.kiosk

    page = enter(phone, KEEP, kiosk)
    phone.go("/kios-kerja").must_be_usable()
    phone.keep("pickup-1-day")
    phone.go("/kios-kerja/ambil").must_be_usable()
    page.get_by_label("Kode ambil").fill("0001" if code != "0001" else "0002")
    page.get_by_role("button", name="Cari paket").click()
    expect(page.get_by_text("Masih bisa dicoba 4 kali").first).to_be_visible()
    phone.must_be_usable()
    phone.keep("pickup-2-wrong")
    page.get_by_label("Kode ambil").fill(code)
    page.get_by_role("button", name="Cari paket").click()
    expect(page.get_by_text("Untuk Joko")).to_be_visible()
    for maker, goods in ((market.maker, "2 × Tiwul Instan"), (market.weaver, "1 × Syal")):
        expect(page.get_by_role("heading", name=maker.store_name)).to_be_visible()
        expect(page.get_by_text(goods)).to_be_visible()
    phone.must_be_usable()
    phone.keep("pickup-3-found")
    page.get_by_role("button", name="diterima, serahkan").click()
    page.get_by_text("Barang sudah diserahkan").wait_for()
    phone.must_be_usable()
    phone.keep("pickup-4-done")
    earn_everything()
    assert earned(market, market.maker) == 33_480  # 36.000 less 5 % and 2 %.
    assert earned(market, market.weaver) == 37_200
