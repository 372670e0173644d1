"""Monday: everybody is added up, a list is agreed to and paid, and Bu Nur reads her own line."""

import pytest
from playwright.sync_api import expect

from cooperatives.accounts import Owner, own
from cooperatives.models.books import Kind
from cooperatives.rights import TREASURE
from cooperatives.settling import batches, rounds
from core.actors import Actor
from core.db import db
from sellers.rights import SELL
from tests.cooperatives.books_factories import (
    account_of,
    an_account_for,
    bank,
    parties,
    wait_until_decided,
)
from tests.factories import a_person, give
from tests.journeys.test_treasury import RINI, WATI, count_everybody, enter, treasurer
from tests.orders.till.factories import a_kiosk, line, sell

pytestmark = pytest.mark.browser
NUR = "081366661111"


def a_monday():
    """A week of the kiosk: two members with the same keripik, one with kopi; two treasurers."""
    shop = a_kiosk()
    nur = a_person("Nur Aini", phone="+62" + NUR[1:])
    shop.nur.person_id = nur.id
    db.session.commit()
    give(Actor(nur.id), SELL, shop.nur.id)
    treasurer("Rini", RINI, shop.cooperative.id)
    treasurer("Wati", WATI, shop.cooperative.id)
    sell(shop, line(shop.keripik, 3, owner=shop.nur), line(shop.kopi, 1))
    sell(shop, line(shop.keripik, 2, owner=shop.tri))
    sell(shop, line(shop.keripik, 1, owner=shop.nur))
    for seller in (shop.nur, shop.dwi):
        an_account_for(parties(Owner(person_id=seller.person_id), shop.cooperative.id))
    account_of(bank())
    account_of(own(Kind.CASH, shop.cooperative.id))
    return shop


def test_monday_from_the_count_to_her_statement(committed, phone, desk):
    a_monday()
    wait_until_decided()
    db.session.remove()
    rini = enter(desk, RINI)
    desk.go("/kas/bayar").must_be_usable()
    desk.keep("pay-desk")
    rini.get_by_role("button", name="Hitung sampai sekarang").first.click()
    expect(rini.get_by_text("Sedang dihitung")).to_be_visible()
    desk.must_be_usable()
    count_everybody()
    rini.get_by_role("link", name="Lihat lagi").click()
    expect(rini.get_by_text("Selesai dihitung")).to_be_visible()
    desk.must_be_usable()
    desk.keep("round-desk")
    rini.get_by_role("link", name="Pencairan").first.click()
    rini.get_by_role("link", name="Nur Aini").first.click()
    desk.must_be_usable()
    desk.keep("owed-desk")

    desk.go("/kas/bayar")
    rini.get_by_role("link", name="Bayar banyak anggota").first.click()
    desk.must_be_usable()
    desk.keep("batch-new-desk")
    rini.get_by_label("Uang keluar dari").select_option(index=1)
    rini.get_by_role("button", name="Siapkan daftar").click()
    expect(rini.get_by_text("Disiapkan oleh Ibu")).to_be_visible()
    desk.must_be_usable()
    desk.keep("batch-made-desk")
    address = rini.url.removeprefix(desk.address)

    wati = enter(phone, WATI)
    phone.go(address).must_be_usable()
    phone.keep("batch-agree-phone")
    wati.get_by_role("button", name="Saya setuju").click()
    expect(wati.get_by_text("Daftar disetujui.")).to_be_visible()
    phone.must_be_usable()
    phone.keep("batch-agreed-phone")

    desk.go(address).must_be_usable()
    desk.keep("batch-agreed-desk")
    with rini.expect_download() as waiting:
        rini.get_by_role("button", name="Unduh berkas bank").click()
    assert waiting.value.suggested_filename.endswith(".csv")
    rini.reload()
    rini.get_by_label("Nomor transfer atau kuitansi").fill("BRI-7788")
    rini.get_by_role("button", name="Sudah saya kirim").click()
    expect(rini.get_by_role("button", name="Semua yang lain sudah sampai")).to_be_visible()
    desk.must_be_usable()
    desk.keep("batch-sent-desk")
    rini.get_by_role("button", name="Semua yang lain sudah sampai").click()
    batches.pay_batch.run(int(address.rsplit("/", 1)[1]))
    db.session.remove()
    desk.go("/kas/pajak").must_be_usable()
    desk.keep("tax-desk")


def test_she_reads_her_statement_on_her_phone(committed, phone, desk):
    shop = a_monday()
    wait_until_decided()
    actor = Actor(a_person("Lestari", phone="+6281399990000").id)
    give(actor, TREASURE, shop.cooperative.id)
    rounds.begin(actor=actor, organisation_id=shop.cooperative.id)
    count_everybody()
    nur = enter(phone, NUR)
    phone.go("/ibu/uang").must_be_usable()
    phone.keep("her-money-phone")
    nur.get_by_role("heading", name="Hitungan Ibu").scroll_into_view_if_needed()
    nur.locator("a[href*='/ibu/uang/hitungan/']").first.click()
    expect(nur.get_by_text("48.000 − 2.400 − 4.800 = 40.800").first).to_be_visible()
    phone.must_be_usable()
    phone.keep("statement-phone")
    enter(desk, NUR)
    desk.go("/ibu/uang/hitungan/" + nur.url.rsplit("/", 1)[1]).must_be_usable()
    desk.keep("statement-desk")
