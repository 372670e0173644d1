"""A gateway's report on one treasurer's phone and another's desk, until its page is zero."""

import pytest
from playwright.sync_api import expect

from orders.gateways import GATEWAYS
from tests.journeys.test_treasury import RINI, WATI, enter, treasurer
from tests.orders.factories import a_market, rules
from tests.orders.playing import PlayingGateway
from tests.orders.reports.writing import m_paid, m_row, midtrans, paid

pytestmark = pytest.mark.browser
ODD = "7f6e5d4c-3b2a-4190-8877-665544332211"


def give_file(page, name, content):
    page.get_by_label("Berkas laporan").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Cocokkan").click()


def test_two_treasurers_bring_a_gateway_to_zero(committed, phone, desk, monkeypatch):
    gateway = PlayingGateway()
    monkeypatch.setitem(GATEWAYS, "midtrans", gateway)
    shop = a_market()
    rules(second_person_rupiah=100_000)
    for name, number in (("Rini", RINI), ("Wati", WATI)):
        treasurer(name, number, shop.house)
    first, second = paid(shop, gateway), paid(shop, gateway, (shop.batik, 1))
    gone = first.reached + second.reached - 2_300

    rini = enter(phone, RINI)
    phone.go("/kas/cocokkan").must_be_usable()
    expect(rini.get_by_text("Belum ada di laporan").first).to_be_visible()
    phone.keep("reports-before-phone")
    give_file(rini, "gambar.csv", b"Nama;Umur\nSiti;30\n")
    expect(rini.get_by_text("Judul kolomnya tidak dikenal").first).to_be_visible()
    phone.must_be_usable()
    phone.keep("reports-refused-phone")
    rows = (
        m_paid(first, 300),
        m_paid(second, 1_500),
        m_row("adjustment", -500, theirs=ODD),
        {**m_row("settlement", 10_000), "Amount": "sepuluh"},
        m_row("payout", -gone, theirs="wd-77"),
    )
    give_file(rini, "laporan.csv", midtrans(*rows))
    expect(rini.get_by_text("1 baris tidak terbaca")).to_be_visible()
    phone.must_be_usable()
    phone.keep("report-phone")
    phone.go("/kas").must_be_usable()
    phone.go("/kas/cocokkan").must_be_usable()
    phone.keep("reports-phone")
    rini.get_by_role("link", name=ODD).click()
    phone.must_be_usable()
    phone.keep("report-line-phone")
    rini.get_by_role("button", name="Simpan").click()
    expect(rini.get_by_text("Ada isian yang perlu dibetulkan")).to_be_visible()
    phone.must_be_usable()
    rini.get_by_label("Sebabnya").fill("Biaya bulanan yang baru diumumkan")
    rini.get_by_text("Catat selisihnya di buku").click()
    rini.get_by_role("button", name="Simpan").click()
    expect(rini.get_by_text("Ibu sudah mencatatnya")).to_be_visible()
    phone.must_be_usable()
    phone.keep("report-line-noted-phone")

    wati = enter(desk, WATI)
    desk.go("/kas/cocokkan").must_be_usable()
    desk.keep("reports-desk")
    wati.get_by_role("link", name=ODD).click()
    desk.must_be_usable()
    desk.keep("report-line-desk")
    wati.get_by_role("button", name="Setuju").click()
    expect(wati.get_by_text("Biaya bulanan yang baru diumumkan")).to_be_visible()
    desk.must_be_usable()
    desk.go("/kas/cocokkan")
    wati.get_by_role("link", name="wd-77").click()
    wati.get_by_role("button", name="Setuju").click()
    desk.go("/kas/cocokkan").must_be_usable()
    expect(wati.get_by_text("Nol, seperti seharusnya")).to_be_visible()
    desk.keep("reports-zero-desk")
    wati.get_by_role("link", name="Midtrans: laporan transaksi").click()
    desk.must_be_usable()
    desk.keep("report-desk")
