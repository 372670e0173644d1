"""A grandmother without a phone sells through a helper, whom she can dismiss with one sentence."""

import pytest
from playwright.sync_api import expect

from cooperatives.rights import COORDINATE
from core.actors import Actor
from tests.cooperatives.factories import a_listing, a_seller, a_variant
from tests.cooperatives.help_factories import a_mandate
from tests.factories import PIN, a_person, give

pytestmark = pytest.mark.browser


@pytest.mark.usefixtures("own_storage")
def test_she_is_helped_under_a_banner_and_ends_it(committed, phone):
    seller = a_seller(store_name="Tiwul Bu Sumirah")
    listing = a_listing(seller, name="Tiwul")
    a_variant(listing)
    umi = a_person("Umi", phone="+6281299998888")
    give(Actor(umi.id), COORDINATE, seller.organisation_id)
    mandate, _helper = a_mandate(seller, umi.id, actor=Actor(umi.id), witness="Bu Parti")
    page = phone.go("/masuk").page
    page.get_by_label("Nomor HP").fill("0812-9999-8888")
    page.get_by_label("PIN").fill(PIN)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_load_state()

    phone.go("/titip-tangan/baru").must_be_usable()
    phone.keep("help-1-new")
    phone.go("/titip-tangan").must_be_usable()
    phone.keep("help-2-list")
    page.get_by_role("button", name="Mulai membantu").click()
    expect(page.get_by_text("Ibu membantu")).to_be_visible()
    phone.go(f"/ibu/produk/{listing.id}").must_be_usable()
    phone.keep("help-3-product")
    page.get_by_role("button", name="Arsipkan").click()
    page.get_by_role("button", name="Selesai").click()
    expect(page.get_by_text("Ibu membantu")).to_be_hidden()

    phone.go(f"/titip-tangan/{mandate.id}").must_be_usable()
    expect(page.get_by_text("mengarsipkan barang: Tiwul")).to_be_visible()
    phone.keep("help-4-mandate")
    phone.go(f"/titip-tangan/{mandate.id}/laporan").must_be_usable()
    phone.keep("help-5-statement")
    phone.go(f"/titip-tangan/{mandate.id}/cabut").must_be_usable()
    page.get_by_label("Mengapa dicabut").fill("Cukup sampai di sini.")
    page.get_by_role("button", name="Cabut sekarang").click()
    expect(page.get_by_text("Cukup sampai di sini.")).to_be_visible()
    phone.must_be_usable()
    phone.keep("help-6-ended")
