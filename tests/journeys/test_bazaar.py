"""A box goes to Cilacap: two women sell out of it without signal, and everybody gets her own."""

import re

import pytest
from flask import current_app
from playwright.sync_api import expect

from cooperatives import lot_codes
from cooperatives.models import Bazaar
from cooperatives.rights import COORDINATE, KEEP
from core import doctor
from core.clock import today
from core.db import db
from orders import transfers
from orders.models import CounterSale, Order
from sellers.rights import SELL
from tests.cooperatives.bazaars.factories import a_bazaar, a_trip, joins
from tests.factories import an_actor, give
from tests.journeys.test_buying import market, put_into_basket
from tests.journeys.test_till import open_till
from tests.orders.factories import attempt_of, parcels_of, run_jobs
from tests.orders.till.factories import lines_of

__all__ = ["market"]
pytestmark = pytest.mark.browser
SISTER = "+6281333333333"


@pytest.fixture
def trip(committed):
    """Two of the host's members with the same keripik, one guest, and two cashiers at one box."""
    trip = a_trip()
    first, second = an_actor(), an_actor("Wagiyem", phone=SISTER)
    for actor in (first, second):
        give(actor, KEEP, trip.kiosk.id)
    give(first, COORDINATE, trip.host.id)
    give(second, SELL, trip.nur.id)
    return trip


def sell_label(page, lot, count):
    """Sell one jar with this label so many times, by the page's own module."""
    page.evaluate(
        """async ([count, code]) => {
          const source = document.querySelector("script[src*='till/till.js']").src;
          const till = await import(source);
          for (let turn = 0; turn < count; turn += 1) await till.sellLabel(code);
        }""",
        [count, lot_codes.code_of(lot.id)],
    )


def come_back(page):
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-unsent]")).to_contain_text("Terkirim", timeout=60_000)


def broken_promises():
    found = doctor.examine_on(db.session(), current_app.extensions["doctor"])
    return [(finding.invariant.id, finding.rows) for finding in found]


@pytest.mark.timeout(400)  # Two phones, a day without signal, and a closing.
def test_two_cashiers_without_signal_and_the_closing(trip, phone, desk):
    phone.sign_in()
    desk.sign_in(number="0813-3333-3333")
    one, other = open_till(phone), open_till(desk)
    for page in (one, other):
        page.context.set_offline(True)
    sell_label(one, trip.lots[0], 6)
    sell_label(other, trip.lots[0], 6)  # Ten are on record: between them they sell twelve.
    sell_label(other, trip.lots[1], 3)
    come_back(other)
    come_back(one)
    phone.errors.clear()  # What could not be loaded without signal.
    desk.errors.clear()
    db.session.rollback()
    sold = {}
    for sale in db.session.query(CounterSale):
        for each in lines_of(sale):
            sold[each.seller_id] = sold.get(each.seller_id, 0) + each.quantity
    assert sold == {trip.nur.id: 12, trip.tri.id: 3}
    flagged = [sale for sale in db.session.query(CounterSale) if "beyond" in sale.flags]
    assert len(flagged) == 2
    assert broken_promises() == []
    close_at_the_desk(trip, phone)
    read_her_paper(trip, desk)
    contest_and_decide(trip, phone, desk)
    assert broken_promises() == []


def close_at_the_desk(trip, phone):
    page = phone.go("/koord/bazar").page
    phone.keep("bazaars")
    phone.must_be_usable()
    page.get_by_role("link", name="Bazar Cilacap").click()
    page.get_by_text("Tambah biaya").click()
    page.get_by_label("Biaya apa").fill("Sewa lapak")
    page.get_by_label("Berapa rupiah").fill("90rb")
    page.get_by_role("button", name="Catat biaya").click()
    expect(page.get_by_text("Biaya dicatat.")).to_be_visible()
    for seller, lot, units in ((trip.tri, trip.lots[1], 7), (trip.sri, trip.lots[2], 10)):
        phone.go(f"/koord/bazar/{trip.bazaar.id}/barang/{seller.id}")
        page.locator(f"#kembali-{lot.id}").fill(str(units))
        phone.keep(f"bazaar-goods-{units}")
        phone.must_be_usable()
        page.get_by_role("button", name=re.compile("Catat, barang kembali")).click()
        expect(page.get_by_text("Hitungan barang pulang dicatat.")).to_be_visible()
    phone.go(f"/koord/bazar/{trip.bazaar.id}")
    phone.keep("bazaar")
    phone.must_be_usable()
    page.get_by_role("button", name="Tutup bazar ini").click()
    expect(page.get_by_text("Bazar ditutup.")).to_be_visible()
    phone.must_be_usable()
    page.goto(f"{phone.address}/koord/bazar/{trip.bazaar.id}/nota/{trip.nur.id}")
    expect(page.get_by_text("Rp 90.000 × 1 ÷ 3 = Rp 30.000")).to_be_visible()
    phone.keep("bazaar-paper")
    phone.must_be_usable()
    phone.go("/koord/bazar/baru")
    phone.keep("bazaar-plan")
    phone.must_be_usable()


def read_her_paper(trip, desk):
    bazaar = db.session.get(Bazaar, trip.bazaar.id)
    bazaar.starts_on = today()
    db.session.commit()
    page = desk.go(f"/ibu/bazar/{trip.bazaar.id}").page
    desk.keep("her-bazaar")
    desk.must_be_usable()
    page.get_by_label("Catatan Ibu").fill("Keripik habis sebelum tengah hari.")
    page.get_by_role("button", name="Bagikan ke anggota").click()
    desk.go("/ibu/bazar/laku?q=keripik")
    expect(page.get_by_text("Keripik habis sebelum tengah hari.")).to_be_visible()
    desk.keep("what-sells")
    desk.must_be_usable()
    desk.go(f"/bazar/{trip.bazaar.id}")
    expect(page.get_by_role("link", name=trip.sri.store_name)).to_be_visible()
    desk.keep("public-bazaar")
    desk.must_be_usable()


def contest_and_decide(trip, phone, desk):
    """She sold twelve of the ten on record; the coordinator did not count them, so she decides."""
    page = desk.go(f"/ibu/bazar/{trip.bazaar.id}").page
    page.get_by_text("Tidak cocok?", exact=True).click()
    page.get_by_label("Apa yang tidak cocok?").fill("Saya bawa tiga belas.")
    page.get_by_role("button", name="Kirim ke koordinator").click()
    expect(page.get_by_text("Menunggu keputusan")).to_be_visible()
    desk.keep("her-bazaar-contested")
    desk.must_be_usable()
    board = phone.go(f"/koord/bazar/{trip.bazaar.id}").page
    board.get_by_label("Alasan keputusan").fill("Nota kirimannya sepuluh.")
    phone.keep("bazaar-contested")
    phone.must_be_usable()
    board.get_by_role("button", name="Simpan keputusan").click()
    expect(board.get_by_text("Hasil bazar tetap: Nota kirimannya sepuluh.")).to_be_visible()
    desk.go(f"/ibu/bazar/{trip.bazaar.id}")
    expect(page.get_by_text("Hasil bazar tetap: Nota kirimannya sepuluh.")).to_be_visible()


@pytest.mark.timeout(300)
def test_goods_ordered_ahead_are_fetched_at_the_stand_by_code(market, phone, desk):
    bazaar = a_bazaar(market.cooperative)
    joins(bazaar, market.maker)
    give(an_actor(), KEEP, bazaar.place_id)
    page = phone.go(f"/bazar/{bazaar.id}").page
    phone.must_be_usable()
    put_into_basket(phone, market.tiwul)
    page.get_by_role("link", name="Lanjut ke alamat").click()
    page.get_by_label("Ambil di Bazar Cilacap").check()
    page.get_by_label("Nama penerima").fill("Wati")
    page.get_by_label("Nomor HP").fill("081234567891")
    phone.keep("ahead-address")
    phone.must_be_usable()
    page.get_by_role("button", name="Lanjut periksa").click()
    page.get_by_label("Transfer bank").check()
    phone.keep("ahead-check")
    page.get_by_role("button", name="Pesan sekarang").click()
    page.wait_for_url("**/pesanan/*")
    db.session.rollback()
    placed = db.session.query(Order).one()
    attempt = attempt_of(placed)
    transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    run_jobs()
    page.reload()
    (parcel,) = parcels_of(placed)
    expect(page.get_by_text(parcel.pickup_code)).to_be_visible()
    phone.keep("ahead-order")
    phone.must_be_usable()
    desk.sign_in()
    there = desk.go("/kios-kerja/ambil").page
    there.get_by_label("Kode ambil").fill(parcel.pickup_code)
    there.get_by_role("button", name="Cari paket").click()
    desk.keep("ahead-found")
    desk.must_be_usable()
    there.get_by_role("button", name="Serahkan barangnya").click()
    expect(there.get_by_text("Barang sudah diserahkan. Terima kasih.")).to_be_visible()
    assert parcel.place_id == market.homes[0].id
    assert broken_promises() == []
