"""A treasurer brings the bank's statement; a maker is refused at the door; cash is handed in."""

import pytest
from playwright.sync_api import expect

from core.db import db
from orders import cash_desk, refusals
from sellers.rights import SELL
from tests.factories import a_person, give
from tests.journeys.test_treasury import RINI, enter, treasurer
from tests.orders.bank_factories import a_file
from tests.orders.factories import a_market, attempt_of, order, rules
from tests.orders.test_cash import in_the_drawer, on_the_way

pytestmark = pytest.mark.browser


def test_a_statement_is_matched_and_its_rest_is_closed(committed, phone, desk):
    market = a_market()
    rules(second_person_rupiah=10_000_000)
    treasurer("Rini", RINI, market.house)
    exact, short = order((market.tiwul, 1)), order((market.batik, 1))
    amount = attempt_of(exact).amount
    content = a_file(
        (amount, "TRSF E-BANKING CR 2611/FTSCY/WS95051 CONTOH"),
        (100_000, f"TRSF E-BANKING CR {short.number}"),
        (12_345, "BUNGA"),
        (-6_500, "BIAYA ADM"),
    )
    phone.go(f"/pesanan/{short.code}").must_be_usable()
    phone.keep("order-exact-phone")
    desk.go(f"/pesanan/{short.code}").must_be_usable()
    desk.keep("order-exact-desk")
    db.session.remove()

    rini = enter(phone, RINI)
    phone.go("/kas/mutasi").must_be_usable()
    phone.keep("statement-empty-phone")
    wrong = {"name": "mutasi.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"}
    rini.get_by_label("Berkas mutasi dari bank").set_input_files(wrong)
    rini.get_by_role("button", name="Baca mutasi").click()
    expect(rini.get_by_text("Judul kolomnya tidak dikenal.").first).to_be_visible()
    phone.must_be_usable()
    phone.keep("statement-wrong-phone")
    right = {"name": "mutasi.csv", "mimeType": "text/csv", "buffer": content}
    rini.get_by_label("Berkas mutasi dari bank").set_input_files(right)
    rini.get_by_role("button", name="Baca mutasi").click()
    expect(rini.get_by_text("4 baris dibaca, 4 di antaranya baru.")).to_be_visible()
    phone.must_be_usable()
    phone.keep("statement-phone")

    rini = enter(desk, RINI)
    desk.go("/kas/mutasi").must_be_usable()
    desk.keep("statement-desk")
    rini.get_by_role("button", name="Catat 1 baris yang cocok tepat").click()
    expect(rini.get_by_text("1 baris dicatat.")).to_be_visible()
    rini.get_by_role("row", name=short.number).get_by_role("link").click()
    desk.must_be_usable()
    desk.keep("bank-line-desk")
    phone.go(rini.url.replace(desk.address, "")).must_be_usable()
    phone.keep("bank-line-phone")
    rini.get_by_role("button", name="Ya, catat").click()
    rini.get_by_role("row", name="BUNGA").get_by_role("link").click()
    rini.get_by_label("Uang apa ini?").fill("bunga bank")
    rini.get_by_role("button", name="Tutup dengan alasan ini").click()
    expect(rini.get_by_text("Baris ditutup.")).to_be_visible()
    desk.go("/kas/mutasi?semua=ya").must_be_usable()
    desk.keep("statement-done-desk")
    phone.go(f"/pesanan/{short.code}").must_be_usable()
    phone.keep("order-part-phone")


def test_a_parcel_is_refused_and_cash_is_handed_in(committed, phone, desk):
    market = a_market(units=60)
    sri = a_person("Sri", phone="+6281311117777")
    from core.actors import Actor

    give(Actor(sri.id), SELL, market.weaver.id)
    treasurer("Rini", RINI, market.house)
    _placed, parcel = on_the_way(market)
    _other, carried = on_the_way(market)
    from orders import handover

    handover.deliver(actor=market.weaves, parcel_id=carried.id, cash_taken=True)
    in_the_drawer(market)
    assert cash_desk.list_carried(db.session(), market.treasurers[0])
    parcel_id = parcel.id
    db.session.remove()

    page = enter(phone, "081311117777")
    phone.go(f"/ibu/pesanan/{parcel_id}").page.get_by_text("Ditolak pembeli?").click()
    phone.must_be_usable()
    phone.keep("refuse-phone")
    page.get_by_role("button", name="Ditolak pembeli").click()
    expect(page.get_by_text("Pesanan ditutup tanpa uang.")).to_be_visible()
    phone.must_be_usable()
    phone.keep("refused-phone")
    page.get_by_role("button", name="Barang sudah kembali").click()
    expect(page.get_by_text("Barang tercatat sudah kembali.")).to_be_visible()
    db.session.remove()
    assert refusals.borne_by(db.session(), parcel_id) is None

    rini = enter(desk, RINI)
    desk.go("/kas/tunai").must_be_usable()
    desk.keep("cash-desk")
    rini.get_by_label("Jumlah yang dihitung").first.fill("1000")
    rini.get_by_role("button", name="Sudah saya terima").click()
    expect(rini.get_by_text("Uang titipan sudah dicatat masuk ke bank.")).to_be_visible()
    rini.get_by_role("button", name="Ditanggung pengelola").click()
    expect(rini.get_by_text("Ongkir dicatat ditanggung pengelola.")).to_be_visible()
    enter(phone, RINI)
    phone.go("/kas/tunai").must_be_usable()
    phone.keep("cash-phone")
