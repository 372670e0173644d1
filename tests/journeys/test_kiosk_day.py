"""A kiosk's day from its second shift to the bank: two keepers, one drawer, one treasurer."""

from datetime import timedelta

import pytest
from PIL import Image
from playwright.sync_api import expect

from cooperatives.rights import KEEP, TREASURE
from core import clock
from core.actors import Actor
from core.db import db
from tests.cooperatives.days.factories import a_kiosk, a_payout, close, counted, open_day, sold
from tests.factories import a_person, give

pytestmark = pytest.mark.browser
HARTI, YATI, WATI = "081311112222", "081311113333", "081311114444"


def somebody(name, phone, right, subject_id):
    actor = Actor(a_person(name, phone="+62" + phone[1:]).id)
    give(actor, right, subject_id)
    return actor


@pytest.fixture
def kiosk(committed):
    """Yesterday is closed; today had sales, one of which came late."""
    kiosk = a_kiosk()
    earlier = clock.now() - timedelta(hours=3)
    sold(kiosk=kiosk, amount=80_000)
    close(kiosk, counted(kiosk, 84_000, reason="unwritten"), leave=50_000)
    sold(kiosk=kiosk, amount=4_000, at=earlier)
    for amount in (36_000, 15_000, 28_000):
        sold(kiosk=kiosk, amount=amount)
    sold(kiosk=kiosk, amount=45_000, way="qris")
    somebody("Harti", HARTI, KEEP, kiosk.id)
    somebody("Yati", YATI, KEEP, kiosk.id)
    somebody("Wati", WATI, TREASURE, kiosk.organisation_id)
    db.session.remove()
    return kiosk


def fill(page, **pieces):
    for value, number in pieces.items():
        page.locator(f"[name={value}]").fill(str(number))


def test_a_drawer_changes_hands_and_the_day_is_closed(kiosk, phone, desk):
    harti = phone.sign_in(HARTI)
    phone.go("/kios-kerja/ganti").must_be_usable()
    fill(harti, piece_100000=1, piece_20000=1, piece_10000=1, piece_2000=1)
    expect(harti.locator("[data-pieces-sum]")).to_have_text("Rp\u00a0132.000")
    phone.must_be_usable()
    phone.keep("drawer-change-phone")
    harti.get_by_role("button", name="Lihat catatannya").click()
    expect(harti.get_by_text("Selisih ini milik giliran Ibu")).to_be_visible()
    harti.get_by_text("Salah memberi kembalian").click()
    phone.must_be_usable()
    phone.keep("drawer-compare-phone")
    harti.get_by_role("button", name="Serahkan laci").click()
    expect(harti.get_by_text("Laci menunggu diterima")).to_be_visible()
    phone.must_be_usable()
    phone.keep("drawer-offered-phone")

    yati = desk.sign_in(YATI)
    desk.go("/kios-kerja/ganti").must_be_usable()
    desk.keep("drawer-take-desk")
    yati.get_by_role("button", name="Cocok, saya terima").click()
    expect(yati.get_by_text("Laci sekarang Ibu yang pegang.")).to_be_visible()

    desk.go("/kios-kerja/tutup").must_be_usable()
    desk.keep("day-count-desk")
    fill(yati, piece_100000=1, piece_20000=1, piece_10000=1, piece_2000=1)
    yati.get_by_label("Jumlah QRIS hari ini").fill("45000")
    yati.get_by_role("button", name="Lihat catatannya").click()
    expect(yati.get_by_label("Uang yang ditinggal di laci")).to_have_value("50.000")
    desk.must_be_usable()
    desk.keep("day-compare-desk")
    yati.get_by_role("button", name="Tutup hari", exact=True).click()
    expect(yati.get_by_role("heading", name="Terlambat masuk")).to_be_visible()
    desk.must_be_usable()
    desk.keep("day-report-desk")
    report = yati.url.removeprefix(desk.address)
    assert open_day(kiosk).closed_at is not None
    db.session.remove()

    phone.go(report).must_be_usable()
    phone.keep("day-report-phone")
    phone.go("/kios-kerja/hari").must_be_usable()
    phone.keep("days-phone")
    phone.go("/kios-kerja/tutup").must_be_usable()
    phone.keep("day-none-phone")


def test_a_bag_goes_to_the_bank_and_the_treasurer_sees_it_come(kiosk, phone, desk):
    harti = phone.sign_in(HARTI)
    phone.go("/kios-kerja/setor").must_be_usable()
    harti.get_by_label("Uang yang dibawa").fill("100rb")
    harti.get_by_role("button", name="Saya bawa ke bank").click()
    expect(harti.get_by_text("Di jalan").first).to_be_visible()
    phone.must_be_usable()
    phone.keep("drawer-bring-phone")
    harti.get_by_role("button", name="Sudah saya setor").click()
    expect(harti.get_by_text("Menunggu bendahara")).to_be_visible()

    wati = desk.sign_in(WATI)
    desk.go("/kas").must_be_usable()
    wati.get_by_role("link", name="Setoran kios").click()
    expect(wati.get_by_text("Katanya sudah disetor")).to_be_visible()
    desk.must_be_usable()
    desk.keep("bags-desk")
    wati.get_by_role("button", name="Sudah masuk di bank").last.click()
    expect(wati.get_by_text("Setoran dicatat masuk ke bank.")).to_be_visible()
    desk.must_be_usable()


def test_a_maker_gets_her_money_from_the_drawer_and_signs(kiosk, phone, tmp_path):
    a_payout(kiosk)
    db.session.remove()
    harti = phone.sign_in(HARTI)
    phone.go("/kios-kerja/setor").must_be_usable()
    phone.keep("drawer-to-pay-phone")
    harti.get_by_role("heading", name="Dibayar dari laci").wait_for()
    harti.get_by_role("link", name="Orang").click()
    phone.must_be_usable()
    phone.keep("counted-out-phone")
    signed = tmp_path / "kuitansi.jpg"
    Image.new("RGB", (40, 40)).save(signed)
    harti.get_by_label("Foto tanda tangan atau cap jempol").set_input_files(signed)
    harti.get_by_role("button", name="Uangnya sudah diterima").click()
    expect(harti.get_by_text("Uang sudah dicatat keluar dari laci.")).to_be_visible()
    phone.must_be_usable()
