"""Two treasurers: a large transfer and a refund, each seen by both; then the book and a payout."""

import time

import pytest
from playwright.sync_api import expect

from cooperatives.models import SettlementRound
from cooperatives.rights import TREASURE
from cooperatives.settling import rounds
from core.actors import Actor
from core.db import db
from orders import endings
from tests.cooperatives.books_factories import account_of, bank, earned_sale, parties
from tests.factories import a_person, give
from tests.orders.factories import a_market, attempt_of, order, rules

pytestmark = pytest.mark.browser
RINI, WATI = "081311112222", "081311113333"


def treasurer(name, phone, *organisation_ids):
    actor = Actor(a_person(name, phone="+62" + phone[1:]).id)
    for organisation_id in organisation_ids:
        give(actor, TREASURE, organisation_id)
    return actor


def enter(visit, phone):
    return visit.sign_in(phone)


def test_a_large_transfer_and_a_refund_need_two_treasurers(committed, phone, desk):
    market = a_market()
    rules(second_person_rupiah=100_000)
    treasurer("Rini", RINI, market.house)
    treasurer("Wati", WATI, market.house)
    placed = order((market.batik, 1))
    order((market.tiwul, 2))
    attempt = attempt_of(placed)
    amount = str(attempt.amount)

    rini = enter(phone, RINI)
    phone.go("/kas").must_be_usable()
    phone.keep("kas-phone")
    phone.go("/kas/transfer").must_be_usable()
    phone.keep("transfers-phone")
    rini.get_by_role("link", name=attempt.gateway_key).click()
    rini.get_by_label("Jumlah yang Ibu lihat").fill("1000")
    rini.get_by_role("button", name="Uang ini sudah masuk").click()
    expect(rini.get_by_text("Jumlah uang tidak sama dengan tagihan.").first).to_be_visible()
    phone.must_be_usable()
    phone.keep("transfer-wrong-phone")
    rini.get_by_label("Jumlah yang Ibu lihat").fill(amount)
    rini.get_by_role("button", name="Uang ini sudah masuk").click()
    expect(rini.get_by_text("Sudah dilihat Ibu")).to_be_visible()
    phone.must_be_usable()
    phone.keep("transfer-noted-phone")

    wati = enter(desk, WATI)
    desk.go("/kas").must_be_usable()
    desk.keep("kas-desk")
    wati.get_by_role("link", name="Lihat juga transfer").click()
    expect(wati.get_by_text("Sudah dilihat Bu Rini")).to_be_visible()
    desk.must_be_usable()
    desk.keep("transfer-second-desk")
    wati.get_by_label("Jumlah yang Ibu lihat").fill(amount)
    wati.get_by_role("button", name="Uang ini sudah masuk").click()
    expect(wati.get_by_text("Uang masuk sudah dicatat di buku.")).to_be_visible()
    desk.must_be_usable()
    desk.keep("transfers-desk")

    endings.cancel(actor=market.sells, order_id=placed.id)
    db.session.remove()
    phone.go("/kas/kembali").must_be_usable()
    phone.keep("refunds-phone")
    rini.get_by_role("link", name=placed.number).click()
    phone.must_be_usable()
    phone.keep("refund-phone")
    rini.get_by_role("button", name="Sudah saya kirim").click()
    expect(rini.get_by_text("Dikirim oleh Ibu")).to_be_visible()
    phone.must_be_usable()
    desk.go("/kas/kembali").must_be_usable()
    desk.keep("refunds-desk")
    wati.get_by_role("link", name=placed.number).click()
    desk.must_be_usable()
    desk.keep("refund-desk")
    wati.get_by_role("button", name="Saya lihat uangnya keluar").click()
    expect(wati.get_by_text("Uang kembali sudah dicatat keluar.")).to_be_visible()

    desk.go("/kas/akun?jenis=bank").page.get_by_role("table").get_by_role("link").first.click()
    expect(wati.get_by_text(f"Uang kembali pesanan {placed.number} keluar")).to_be_visible()
    desk.must_be_usable()
    desk.keep("account-desk")


def count_everybody():
    """Do the worker's part of the newest round."""
    found = db.session.query(SettlementRound).order_by(SettlementRound.id.desc()).first()
    rounds.settle.run(found.id)
    db.session.remove()


def once_cut(visit, path, name):
    """Open a page until its button is there: the cut waits for older transactions of the server,
    and the other tests have some open.
    """
    for _ in range(60):
        if visit.go(path).page.get_by_role("button", name=name).count():
            break
        time.sleep(0.5)
    return visit


def test_a_payout_by_two_treasurers(committed, phone, desk):
    sharing = parties()
    earned_sale((sharing, 36_000))
    earned_sale((sharing, 52_000))
    cooperative_id = sharing.cooperative_id
    account_of(bank())
    treasurer("Rini", RINI, cooperative_id)
    treasurer("Wati", WATI, cooperative_id)
    rini = enter(phone, RINI)
    phone.go("/kas").must_be_usable()
    phone.keep("coop-kas-phone")
    phone.go("/kas/akun").must_be_usable()
    phone.keep("accounts-phone")
    rini.get_by_role("table").get_by_role("link").first.click()
    phone.must_be_usable()
    phone.keep("account-phone")
    once_cut(phone, "/kas/bayar", "Hitung sampai sekarang").must_be_usable()
    phone.keep("pay-phone")
    rini.get_by_role("button", name="Hitung sampai sekarang").click()
    phone.must_be_usable()
    count_everybody()
    phone.go("/kas/bayar").must_be_usable()
    phone.keep("pay-counted-phone")
    rini.get_by_role("link", name="Orang").first.click()
    phone.must_be_usable()
    phone.keep("settlement-phone")
    rini.get_by_label("Uang keluar dari").select_option(index=0)
    rini.get_by_role("button", name="Siapkan pencairan").click()
    expect(rini.get_by_text("Disiapkan oleh Ibu")).to_be_visible()
    phone.must_be_usable()
    phone.keep("payout-mine-phone")

    wati = enter(desk, WATI)
    desk.go("/kas").page.get_by_role("link", name="Setujui pencairan").click()
    desk.must_be_usable()
    desk.keep("payout-desk")
    wati.get_by_role("button", name="Saya setuju").click()
    desk.must_be_usable()
    desk.keep("payout-approved-desk")
    wati.get_by_label("Nomor transfer atau kuitansi").fill("TRX-2611-01")
    wati.get_by_role("button", name="Sudah saya kirim").click()
    desk.must_be_usable()
    wati.get_by_role("link", name="Belum jelas sampai atau tidak").click()
    desk.must_be_usable()
    desk.keep("payout-stop-desk")
    wati.get_by_role("link", name="Kembali", exact=True).click()
    wati.get_by_role("button", name="Uangnya sudah sampai").click()
    expect(wati.get_by_text("Sudah sampai")).to_be_visible()
    desk.go("/kas/bayar").must_be_usable()
    desk.keep("pay-desk")
    desk.go("/kas/akun").must_be_usable()
    desk.keep("accounts-desk")
