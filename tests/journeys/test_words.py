"""She reads who gets what, complains on her phone, and the operator answers at his desk."""

import pytest
from playwright.sync_api import expect

from core import orgs
from core.db import db
from core.rights import OPERATE
from tests.cooperatives.factories import a_cooperative
from tests.factories import an_actor, give

pytestmark = pytest.mark.browser


def test_the_pages_of_words_are_usable_on_a_phone(committed, phone):
    a_cooperative("sendang-rejeki")
    for name in ("biaya", "bantuan", "privasi", "syarat", "aduan"):
        phone.go(f"/{name}").keep(f"words-{name}")
        phone.must_be_usable()


def test_and_at_a_desk_where_she_computes_her_own_price(committed, desk):
    a_cooperative("sendang-rejeki")
    page = desk.go("/biaya").page
    desk.keep("words-biaya-desk")
    page.get_by_label("Harga jual").fill("25rb")
    page.get_by_label("Menurut aturan").select_option("sendang-rejeki")
    page.get_by_role("button", name="Hitung").click()
    expect(page.get_by_role("heading", name="Dari Rp 25.000 yang dibayar pembeli")).to_be_visible()
    expect(page.get_by_text("Rp 23.250").first).to_be_visible()
    desk.must_be_usable()
    page.get_by_label("Harga jual").fill("gratis")
    page.get_by_role("button", name="Hitung").click()
    desk.must_be_usable()
    desk.keep("words-biaya-wrong")
    for name in ("bantuan", "privasi", "syarat", "aduan"):
        desk.go(f"/{name}").keep(f"words-{name}-desk")
        desk.must_be_usable()


def test_a_complaint_from_the_first_word_to_the_last(committed, phone, desk):
    page = phone.go("/aduan?tentang=goods").page
    assert page.get_by_label("Barang", exact=True).is_checked()
    page.get_by_role("button", name="Kirim aduan").click()
    phone.must_be_usable()
    phone.keep("words-aduan-wrong")
    page.get_by_label("Ceritakan yang terjadi").fill("Dua bungkus tiwul sobek.\nIsinya tumpah.")
    page.get_by_label("Nama").fill("Joko")
    page.get_by_label("Nomor HP").fill("0812-3456-7890")
    page.get_by_role("button", name="Kirim aduan").click()
    page.wait_for_url("**/aduan/*")
    expect(page.get_by_text("Menunggu jawaban kami")).to_be_visible()
    phone.must_be_usable()
    phone.keep("words-ticket")

    operator = an_actor("Ratna")
    give(operator, OPERATE, orgs.operator(db.session()).id)
    db.session.remove()
    his = desk.sign_in(at="/masuk?lanjut=/kelola/aduan")
    his.wait_for_url("**/kelola/aduan")
    desk.must_be_usable()
    desk.keep("words-desk")
    his.get_by_role("link", name="ADU-").click()
    desk.must_be_usable()
    desk.keep("words-handle")
    his.get_by_label("Jawaban untuk pelapor").fill("Kami kirim gantinya besok.")
    his.get_by_label("Masalah selesai, tutup aduan ini").check()
    his.get_by_role("button", name="Kirim jawaban").click()
    expect(his.get_by_text("Aduan ditutup.")).to_be_visible()
    his.get_by_role("link", name="Hapus data kontak").click()
    desk.must_be_usable()
    his.get_by_role("button", name="Hapus kontak").click()
    expect(his.get_by_text("Data kontak dihapus")).to_be_visible()
    desk.must_be_usable()

    page.reload()
    expect(page.get_by_text("Kami kirim gantinya besok.")).to_be_visible()
    phone.must_be_usable()
    phone.keep("words-ticket-closed")
    page.get_by_label("Tulis balasan").fill("Terima kasih, sudah sampai.")
    page.get_by_role("button", name="Kirim balasan").click()
    expect(page.get_by_text("Menunggu jawaban kami")).to_be_visible()
    phone.must_be_usable()
