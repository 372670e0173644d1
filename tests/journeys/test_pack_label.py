"""A label for her keripik on the phone: every target a thumb wide, and her address typed once."""

import pytest
from playwright.sync_api import expect

from core import clock
from core.db import db
from sellers.models import Variant
from tests.cooperatives.factories import a_cooperative
from tests.factories import PIN
from tests.journeys.test_her_money import small_targets
from tests.sellers.factories import a_draft, a_live_listing, a_shop, a_size

pytestmark = pytest.mark.browser


@pytest.fixture
def page(committed, phone):
    shop, _ = a_shop(organisation=a_cooperative())
    whole = {"ingredients": "Pisang 90 %, garam", "shelf_life_days": 90}
    a_live_listing(shop, "Keripik Pisang", size=a_size(net_weight_grams=250), **whole)
    a_draft(shop, "Sale Pisang")
    page = phone.go("/masuk").page
    page.get_by_label("Nomor HP").fill("0812-3456-7890")
    page.get_by_label("PIN").fill(PIN)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_load_state()
    return page


def test_from_the_ladder_to_the_paper(page, phone):
    phone.go("/ibu/izin").must_be_usable()
    phone.keep("tangga-izin")
    assert small_targets(page) == []
    page.get_by_role("link", name="Buat label").click()
    phone.must_be_usable()
    phone.keep("label-daftar")
    assert small_targets(page) == []
    page.get_by_role("link", name="Sale Pisang").click()
    phone.must_be_usable()
    phone.keep("label-kurang")
    assert small_targets(page) == []
    expect(page.get_by_role("link", name="Bahan belum diisi")).to_be_visible()
    expect(page.get_by_role("button", name="Buat label")).to_have_count(0)
    phone.go("/ibu/label")
    page.get_by_role("link", name="Keripik Pisang").click()
    phone.must_be_usable()
    phone.keep("label-isian")
    assert small_targets(page) == []
    page.get_by_role("button", name="Buat label").click()
    expect(page.get_by_text("Ada isian yang perlu dibetulkan")).to_be_visible()
    phone.must_be_usable()
    phone.keep("label-salah")
    page.get_by_label("Tanggal produksi").fill("2026-11-25")
    expect(page.get_by_label("Baik sebelum tanggal")).to_have_value("2027-02-23")
    page.get_by_label("Tanggal produksi").fill(clock.today().isoformat())
    page.get_by_label("Kode produksi").fill("261126A")
    page.get_by_label("Bahannya tanpa susu").check()
    page.get_by_label("Jalan atau dusun").fill("Dusun Contoh 7, RT 02/03")
    page.get_by_label("Kecamatan").fill("Kertek, Wonosobo")
    page.get_by_label("Kode pos").fill("56371")
    page.get_by_text("Gulungan 58 mm").click()
    page.get_by_label("Berapa label").fill("2")
    # What the browser shows a paper in is its own affair; what stands on it, tests/sellers know.
    with page.expect_response(lambda one: one.request.method == "POST") as heard:
        page.get_by_role("button", name="Buat label").click()
    assert heard.value.headers["content-type"] == "application/pdf"
    url = f"/ibu/label/{db.session.query(Variant).filter_by(net_weight_grams=250).one().id}"
    phone.go(url)
    expect(page.get_by_label("Jalan atau dusun")).to_have_value("Dusun Contoh 7, RT 02/03")
    expect(page.get_by_label("Kode pos")).to_have_value("56371")
    expect(page.get_by_label("Kode produksi")).to_have_value("")
