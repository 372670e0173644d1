"""Her money on her phone: the notebook and what stands behind it, line by line."""

from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import expect

from cooperatives import postings
from cooperatives.accounts import Owner, Page
from cooperatives.models.books import Kind
from cooperatives.sharing import split_line
from core import clock
from core.actors import Actor
from core.db import db
from sellers.rights import SELL
from tests.cooperatives.books_factories import (
    WEB,
    book,
    earned_sale,
    house_id,
    numbers,
    paid_sale,
    parties,
)
from tests.cooperatives.factories import a_cooperative, a_seller
from tests.factories import a_person, give
from tests.house.her_money import a_payout_to
from tests.journeys.test_treasury import enter

pytestmark = pytest.mark.browser
NUR = "081366661111"


def a_year_of_keripik():
    """Bu Nur sold in some months, and has got nothing back yet."""
    person = a_person("Nur", phone="+62" + NUR[1:])
    seller = a_seller(a_cooperative(), person_id=person.id)
    give(Actor(person.id), SELL, seller.id)
    owner = Owner(person_id=person.id)
    sharing = parties(owner, seller.organisation_id)
    for days, gross in ((130, 240_000), (100, 90_000), (70, 310_000), (40, 150_000), (35, 70_000)):
        with time_machine.travel(clock.now() - timedelta(days=days)):
            earned_sale((sharing, gross))
    kiosk = parties(owner, seller.organisation_id, kiosk=(seller.organisation_id, "terminal"))
    earned_sale((kiosk, 66_000))
    book(
        step=postings.earned,
        sale=paid_sale(98_000),
        parcel_id=next(numbers),
        shared=[(sharing, split_line(84_000, WEB))],
        delivery=(Page(Kind.COURIER, house_id(), owner), 14_000),
    )
    sale = earned_sale((sharing, 30_000))
    book(
        step=postings.refunded,
        sale=sale,
        refund_id=next(numbers),
        amount=30_000,
        given_back=sharing.lines(split_line(30_000, WEB)),
    )
    db.session.remove()
    return owner.person_id


def test_she_reads_her_notebook(committed, phone, desk):
    a_year_of_keripik()
    nur = enter(phone, NUR)
    phone.go("/ibu/uang").must_be_usable()
    phone.keep("uang-phone")
    nur.get_by_role("link", name="Pesanan tanpa nomor").nth(1).click()
    expect(nur.get_by_text("Dari harga sampai bagian Ibu")).to_be_visible()
    phone.must_be_usable()
    phone.keep("uang-line-phone")
    phone.go("/ibu/uang/minggu").must_be_usable()
    phone.keep("uang-week-phone")
    phone.go("/ibu/uang")
    nur.emulate_media(media="print")
    phone.keep("uang-print")
    enter(desk, NUR)
    desk.go("/ibu/uang").must_be_usable()
    desk.keep("uang-desk")


def test_she_changes_how_she_is_paid_and_stops_it(committed, phone, desk):
    a_year_of_keripik()
    nur = enter(phone, NUR)
    phone.go("/ibu/uang/terima").must_be_usable()
    phone.keep("terima-phone")
    nur.get_by_role("link", name="Ganti cara terima uang").click()
    nur.get_by_label("Nomor rekening").fill("12")
    nur.get_by_label("Nama pemilik rekening").fill("Nurhayati")
    nur.get_by_role("button", name="Simpan cara baru").click()
    expect(nur.get_by_text("Nomor ini belum cocok.").first).to_be_visible()
    phone.must_be_usable()
    phone.keep("terima-ganti-phone")
    nur.get_by_label("Nomor rekening").fill("0123 4567 8901")
    nur.get_by_role("button", name="Simpan cara baru").click()
    expect(nur.get_by_text("BRI ••••8901")).to_be_visible()
    phone.must_be_usable()
    phone.keep("terima-tunggu-phone")
    there = enter(desk, NUR)
    desk.go("/ibu/uang").must_be_usable()
    desk.keep("uang-tunggu-desk")
    there.get_by_role("link", name="Periksa").click()
    there.get_by_role("button", name="Hentikan perubahan").click()
    expect(there.get_by_text("Sudah dihentikan.")).to_be_visible()
    desk.must_be_usable()


def test_she_keeps_her_cash_book_and_her_jars(committed, phone, desk):
    person_id = a_year_of_keripik()
    nur = enter(phone, NUR)
    phone.go("/ibu/uang/kas").must_be_usable()
    for amount, note, press in (
        ("84rb", "keripik di pasar", "Usaha masuk"), ("12.500", "minyak", "Usaha keluar"),
        ("25000", "beras", "Rumah keluar"),
    ):  # fmt: skip
        nur.get_by_label("Jumlah").fill(amount)
        nur.get_by_label("Catatan").fill(note)
        nur.get_by_role("button", name=press).click()
        expect(nur.get_by_text(note)).to_be_visible()
    nur.get_by_role("button", name="Coret").first.click()
    expect(nur.get_by_role("button", name="Kembalikan")).to_be_visible()
    phone.must_be_usable()
    phone.keep("kas-ibu-phone")
    phone.go("/ibu/tabungan").must_be_usable()
    phone.keep("toples-baru-phone")
    for jar, percent in (("Rumah", "50"), ("Usaha", "30"), ("Tabungan", "20")):
        nur.get_by_label(f"{jar}, persen").fill(percent)
    nur.get_by_role("button", name="Simpan pembagian").click()
    expect(nur.get_by_text("Pembagian dicatat.")).to_be_visible()
    a_payout_to(person_id, 90_000)
    db.session.remove()
    phone.go("/ibu/tabungan").must_be_usable()
    phone.keep("toples-bagi-phone")
    nur.get_by_role("button", name="Sudah saya bagi").click()
    expect(nur.get_by_text("Dicatat di ketiga toples.")).to_be_visible()
    phone.must_be_usable()
    enter(desk, NUR)
    desk.go("/ibu/tabungan").must_be_usable()
    desk.keep("toples-desk")
    desk.go("/ibu/uang/kas").must_be_usable()
    desk.keep("kas-ibu-desk")


def small_targets(page):
    """Buttons, links and fields in the page's own part that a thumb could miss."""
    return page.evaluate(
        """() => [...document.querySelectorAll('main :is(a, button, input, select, summary)')]
        .filter(e => e.checkVisibility() && e.type !== 'hidden')
        .map(e => [e.closest('label, .task') || e, e])
        .filter(([e]) => e.getBoundingClientRect().height < 48)
        .map(([e]) => e.outerHTML.slice(0, 120))"""
    )


def test_every_target_is_large_enough_for_a_thumb(committed, phone):
    a_year_of_keripik()
    nur = enter(phone, NUR)
    for path in (
        "/ibu/uang",
        "/ibu/uang/minggu",
        "/ibu/uang/terima",
        "/ibu/uang/terima/ganti",
        "/ibu/uang/kas",
        "/ibu/tabungan",
    ):
        phone.go(path)
        assert small_targets(nur) == [], path
