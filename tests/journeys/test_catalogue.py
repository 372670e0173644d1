"""A buyer walks in, looks around, mistypes, and narrows what she sees."""

import pytest
from playwright.sync_api import expect

from core.album import storage
from core.images import render
from tests.cooperatives.factories import a_place, a_seller
from tests.sellers.factories import a_photo_file
from tests.shop.factories import a_shelf, certified, first_size, goods, learn, photograph, stock

pytestmark = pytest.mark.browser

NAMES = ("Keripik Pisang", "Tiwul Instan", "Sambal Terasi", "Opak Singkong", "Manisan Carica")
COLOURS = ("orange", "tan", "firebrick", "burlywood", "gold")


def a_busy_shop():
    shelf = a_shelf("Keripik dan camilan", slug="camilan", position=1)
    for n, name in enumerate(("Kopi dan teh", "Batik dan tenun", "Sambal dan bumbu", "Anyaman")):
        a_shelf(name, slug=f"rak{n}", position=2 + n)
    kiosk = a_place(slug="kios-lumbung-terminal")
    makers = [
        a_seller(
            store_name=f"Dapur Bu {name}", slug=f"bu-{name.lower()}", district_code="330707",
            mission="Menggoreng bersama tetangga, dari kebun sendiri.",
            story="Sepulang dari Taipei saya mulai dengan satu wajan pinjaman. Sekarang kami "
            "bertiga menggoreng setiap pagi, dan anak-anak sekolah dari hasilnya.",
        )
        for name in ("Lastri", "Umi", "Nur", "Sari")
    ]  # fmt: skip
    for n in range(30):
        listing = goods(
            f"{NAMES[n % 5]} {n}" if n else "Keripik Pisang Raja dengan Gula Aren dari Kaki Gunung",
            seller=makers[n % 4], category_id=shelf.id, prices=(12_000 + n * 500, 20_000 + n * 500),
            units=(n % 3) * 2,
        )  # fmt: skip
        if n % 5:
            with_photo(listing, COLOURS[n % 5], n)
        if n % 2:
            certified(listing, number=f"ID{n}")
        if n % 4 == 0:
            stock(first_size(listing), 3, kiosk)
    learn()


def with_photo(listing, colour, n):
    base = f"public/photo/{n:024}"
    for key, copy in render(a_photo_file(1280, 960, colour)).files(base).items():
        storage().put(key, copy.content, f"image/{copy.kind}")
    photograph(listing, key=base)


def test_she_walks_from_the_door_to_a_shelf_and_narrows_it(committed, phone):
    a_busy_shop()
    page = phone.go("/").page
    phone.must_be_usable()
    phone.keep("home-phone")
    page.get_by_role("link", name="Keripik dan camilan").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Keripik dan camilan"
    page.get_by_role("link", name="Halal terbit").click()
    page.get_by_role("link", name="Siap kirim").click()
    phone.must_be_usable()
    phone.keep("category-phone")
    assert page.get_by_role("link", name="Halal terbit").get_attribute("aria-current") == "true"


def test_she_mistypes_and_finds_it_all_the_same(committed, phone):
    a_busy_shop()
    page = phone.go("/").page
    page.get_by_role("searchbox").fill("kripik pisng")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_text("Menampilkan hasil untuk keripik pisang")).to_be_visible()
    phone.must_be_usable()
    phone.keep("search-phone")
    phone.go("/cari?q=lastri").must_be_usable()
    phone.keep("search-maker-phone")
    phone.go("/cari?q=sepeda").must_be_usable()
    phone.keep("search-empty-phone")


def test_a_wide_screen_shows_the_same(committed, desk):
    a_busy_shop()
    for path, name in (("/", "home"), ("/kategori", "all"), ("/cari?q=tiwul+bu+lastri", "search")):
        desk.go(path).must_be_usable()
        desk.keep(f"{name}-desk")
