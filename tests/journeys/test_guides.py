"""Help beside her pages, on her phone: the steps, a voice to listen to, somebody to ask."""

import pytest
from playwright.sync_api import expect

from cooperatives.rights import COORDINATE
from core import guides
from core.actors import Actor
from core.guides import USED
from tests.cooperatives.factories import a_cooperative
from tests.factories import a_person, give
from tests.sellers.factories import a_live_listing, a_shop

pytestmark = pytest.mark.browser
UMI = "0812-9999-8888"
SMALL = """
    [...document.querySelectorAll("main :is(a.button, button, summary, select)")].filter((each) =>
      each.checkVisibility() && each.getBoundingClientRect().height < 48).map((e) => e.innerText)
"""


@pytest.fixture
def village(committed, own_storage):
    committed.extensions["guides"].read_at = -guides.KEPT_SECONDS
    shop, _nur = a_shop(organisation=a_cooperative())
    a_live_listing(shop, "Keripik Pisang")
    umi = a_person("Umi", phone="+6281299998888")
    give(Actor(umi.id), COORDINATE, shop.organisation_id)
    yield shop
    committed.extensions["guides"].read_at = -guides.KEPT_SECONDS


def usable(visit):
    visit.must_be_usable()
    assert visit.page.evaluate(SMALL) == []


def test_she_reads_listens_and_asks(village, phone, desk):
    his = desk.sign_in(UMI, at="/masuk?lanjut=/koord/panduan")
    his.get_by_label("Panduan").select_option(label="Barang Ibu")
    his.get_by_label("Rekaman suara").set_input_files(
        {"name": "suara.ogg", "mimeType": "audio/ogg", "buffer": b"OggS" + bytes(900)}
    )
    his.get_by_role("button", name="Simpan suara").click()
    expect(his.get_by_text("Suara tersimpan.")).to_be_visible()
    desk.must_be_usable()
    desk.keep("guides-desk")

    page = phone.sign_in(at="/masuk?lanjut=/ibu/produk")
    before = USED.labels("barang", "guide")._value.get()
    page.get_by_role("link", name="Bantuan").first.click()
    expect(page.get_by_text("Panduan halaman ini")).to_be_in_viewport()
    expect(page.get_by_label("Dengarkan panduan")).to_be_visible()
    usable(phone)
    phone.keep("guides-page")
    page.wait_for_timeout(500)
    assert USED.labels("barang", "guide")._value.get() == before + 1
    away = page.get_by_role("link", name="Tanya penolong")
    answer = page.request.get(phone.address + away.get_attribute("href"), max_redirects=0)
    assert answer.headers["location"].startswith("https://wa.me/6281299998888?text=")
    page.get_by_role("link", name="Baca penjelasan").click()
    page.wait_for_url("**/bantuan#stok")
    phone.must_be_usable()
    phone.go("/ibu/bantuan")
    page.get_by_text("Pesanan untuk Ibu").click()
    usable(phone)
    phone.keep("guides-all")
    page.get_by_role("button", name="Minta dibantu").click()
    expect(page.get_by_text("Permintaan sudah sampai ke koordinator.")).to_be_visible()
