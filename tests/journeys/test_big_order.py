"""A wedding of 60 boxes, from the coordinator's desk to Bu Nur's phone and back; then a report."""

import pytest
from playwright.sync_api import expect

from cooperatives.rights import COORDINATE
from core.actors import Actor
from core.clock import today
from core.db import db
from sellers.rights import SELL
from tests.cooperatives.big_orders.factories import a_group
from tests.factories import a_person, give
from tests.journeys.test_treasury import enter

pytestmark = pytest.mark.browser
UMI, NUR = "081366663333", "081366662222"


def a_village():
    """Bu Umi coordinates two kitchens; one is Bu Nur's."""
    group = a_group((70, 35), (70, 35))
    umi = a_person("Umi Kalsum", phone="+62" + UMI[1:])
    nur = a_person("Nur Aini", phone="+62" + NUR[1:])
    give(Actor(umi.id), COORDINATE, group.cooperative.id)
    give(Actor(nur.id), SELL, group.kitchens[0].seller.id)
    db.session.remove()


def test_a_wedding_is_shared_out_and_reported(committed, phone, desk):
    a_village()
    umi = enter(desk, UMI)
    desk.go("/koord/bagi/baru").must_be_usable()
    umi.get_by_label("Pesanan apa?").fill("Kotak snack nikahan")
    umi.get_by_label("Berapa banyak?").fill("60")
    umi.get_by_label("Mulai dibuat").fill(today().isoformat())
    umi.get_by_label("Harus jadi").fill(today().isoformat())
    umi.get_by_role("button", name="Simpan pesanan").click()
    umi.get_by_role("button", name="Hitung usulan").click()
    expect(umi.get_by_text("Masih kurang 40")).to_be_visible()
    desk.must_be_usable()
    umi.get_by_text("Cara menghitung").click()
    desk.keep("big-order-proposed-desk")
    umi.get_by_role("button", name="Tanyakan ke ibu-ibu").click()
    expect(umi.get_by_text("Menunggu jawaban")).to_be_visible()
    page = umi.url.removeprefix(desk.address)

    nur = enter(phone, NUR)
    phone.go("/ibu/bagian").must_be_usable()
    nur.get_by_role("link", name="Kotak snack nikahan").click()
    phone.must_be_usable()
    phone.keep("big-order-asked-phone")
    nur.get_by_label("Sanggup sebagian, berapa?").fill("8")
    nur.get_by_role("button", name="Sanggup sebagian").click()
    expect(nur.get_by_text("8 dari 10")).to_be_visible()

    desk.go(page)
    umi.get_by_text("Catat jawaban lewat telepon").click()
    umi.get_by_role("button", name="Catat jawaban").click()
    umi.get_by_label("Kurang 42. Pemesan sudah diberi tahu.").check()
    desk.must_be_usable()
    umi.get_by_role("button", name="Jadikan rencana pasti").click()
    expect(umi.get_by_text("Sedang dibuat")).to_be_visible()

    phone.go(nur.url.removeprefix(phone.address))
    nur.get_by_label("Sudah jadi berapa?").fill("5")
    nur.get_by_role("button", name="Simpan").click()
    expect(nur.get_by_text("Koordinator melihatnya")).to_be_visible()
    phone.must_be_usable()
    phone.keep("big-order-made-phone")

    desk.go("/koord/laporan/baru").must_be_usable()
    umi.get_by_role("button", name="Buat dari catatan").click()
    desk.must_be_usable()
    umi.get_by_label("Langkah berikutnya").fill("Belajar membungkus.")
    umi.get_by_role("button", name="Simpan laporan").click()
    expect(umi.get_by_text("Belajar membungkus.")).to_be_visible()
    desk.must_be_usable()
    desk.keep("activity-report-desk")
