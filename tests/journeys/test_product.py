"""A buyer comes by a link, reads who made it, asks for delivery and fills her basket."""

import pytest
from playwright.sync_api import expect

from core import images
from core.album import Picture
from core.db import db
from core.storage import LocalStorage
from tests.sellers.factories import a_photo_file
from tests.shop import showing

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def drawn():
    return images.render(a_photo_file(1200, 1200, "#C08040"))


@pytest.fixture
def a_showcase(committed, drawn, tmp_path, monkeypatch):
    """The showcase, with every photo really there."""
    storage = LocalStorage(tmp_path, "/media")
    monkeypatch.setitem(committed.extensions, "storage", storage)

    def build():
        made = showing.a_showcase()
        for picture in db.session.query(Picture):
            for name, copy in drawn.files(picture.key_base).items():
                storage.put(name, copy.content, images.CONTENT_TYPES[copy.kind])
        return made

    return build


def test_she_reads_asks_for_delivery_and_fills_her_basket(a_showcase, phone):
    a_showcase()
    page = phone.go("/p/tiwul-instan").page
    assert page.get_by_role("heading", level=1).inner_text() == "Tiwul Instan Tawar"
    phone.must_be_usable()
    phone.keep("product-phone")
    page.get_by_label("Ongkir ke kecamatan Anda").fill("Kertk")
    page.get_by_role("button", name="Hitung ongkir").click()
    phone.must_be_usable()
    phone.keep("product-wrong-place")
    page.get_by_label("Ongkir ke kecamatan Anda").fill("Pedurungan, Semarang")
    page.get_by_role("button", name="Hitung ongkir").click()
    expect(page.get_by_text("ke Pedurungan, Kota Semarang")).to_be_visible()
    phone.keep("product-delivery")
    page.get_by_label("800 g").check()
    page.get_by_role("button", name="Masukkan keranjang").click()
    page.wait_for_url("**/keranjang")
    expect(page.get_by_text("Tiwul Instan Tawar").first).to_be_visible()


def test_she_visits_those_behind_it(a_showcase, phone):
    a_showcase()
    for path, name in (
        ("/toko/tiwul-bu-sumirah", "shop"),
        ("/kios/kios-terminal", "kiosk"),
        ("/koperasi/sendang-lumbung", "cooperative"),
    ):
        phone.go(path)
        phone.must_be_usable()
        phone.keep(f"{name}-phone")


def test_on_a_desk_all_four_are_usable(a_showcase, desk):
    a_showcase()
    for path, name in (
        ("/p/tiwul-instan", "product"),
        ("/toko/tiwul-bu-sumirah", "shop"),
        ("/kios/kios-terminal", "kiosk"),
        ("/koperasi/sendang-lumbung", "cooperative"),
    ):
        desk.go(path)
        desk.must_be_usable()
        desk.keep(f"{name}-desk")
