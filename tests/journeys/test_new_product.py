"""She lists a product in five questions, on a phone, and buyers see it."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from cooperatives.models import Movement
from core.db import db
from sellers.models import Listing, ListingPicture, Variant
from tests.cooperatives.factories import a_cooperative
from tests.journeys.conftest import Visit
from tests.orders.factories import run_jobs
from tests.sellers.factories import a_category, a_permit, a_photo_file, a_shop

pytestmark = pytest.mark.browser
SMALL = {"width": 320, "height": 568}
QUESTIONS = (
    ("Apa nama barangnya?", "Tas Rajut Daun"),
    ("Berapa harganya?", "165rb"),
    ("Ada berapa di rumah?", "4"),
    ("Berapa beratnya, siap kirim?", "4 ons"),
)
VALUES_MAX, TAPS_MAX = 4, 12


@pytest.fixture
def hers(committed, own_storage):
    shop, actor = a_shop(organisation=a_cooperative())
    a_category("keripik")
    a_category("kerajinan", is_food=False)
    return shop, actor


def a_file():
    return {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": a_photo_file(2000, 1500)}


def count(table):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table))


def photo_arrives(page):
    """The phone has sent it, the jobs have drawn it."""
    expect(page.get_by_text("Foto terkirim").last).to_be_visible()
    run_jobs()


def question(page):
    """What is asked now. Until the script has come, all questions stand below one another."""
    expect(page.locator("main h1:visible")).to_have_count(1)
    return page.get_by_role("heading", level=1)


class Fingers:
    """Every value typed and every tap, counted."""

    def __init__(self, page):
        self.page, self.values, self.taps = page, 0, 0

    def tap(self, found):
        self.taps += 1
        found.tap()

    def photo(self):
        with self.page.expect_file_chooser() as chooser:
            self.tap(self.page.get_by_text("Ambil foto"))
        self.taps += 1  # The shutter of the camera.
        chooser.value.set_files(a_file())

    def type(self, typed):
        """Into the box that has the focus already."""
        self.values += 1
        self.page.keyboard.type(typed)

    def onward(self):
        self.tap(self.page.get_by_role("button", name="Lanjut"))


def test_four_values_and_twelve_taps_are_enough(hers, phone):
    page = phone.sign_in()
    fingers = Fingers(page)
    phone.go("/ibu/produk/baru")
    expect(question(page)).to_have_text("Foto barangnya")
    phone.must_be_usable()
    phone.keep("new-product-1")
    fingers.photo()
    for number, (asked, typed) in enumerate(QUESTIONS, 2):
        fingers.onward()
        expect(question(page)).to_have_text(asked)
        fingers.type(typed)
        phone.must_be_usable()
        phone.keep(f"new-product-{number}")
    fingers.onward()
    expect(question(page)).to_have_text("Periksa jawaban")
    told = page.locator("[data-answer=harga]")
    expect(told).to_have_text("Dari Rp\u00a0165.000 Ibu menerima Rp\u00a0153.450. ")
    phone.must_be_usable()
    phone.keep("new-product-6")
    fingers.tap(page.get_by_role("button", name="Tayangkan"))
    expect(
        page.locator("[data-outcome]").filter(has_text="Tas Rajut Daun sudah tayang. Terkirim")
    ).to_be_visible()
    phone.must_be_usable()
    phone.keep("new-product-7")
    photo_arrives(page)
    assert fingers.values <= VALUES_MAX
    assert fingers.taps <= TAPS_MAX
    (listing,) = db.session.scalars(select(Listing))
    (size,) = db.session.scalars(select(Variant))
    assert (listing.name, listing.state) == ("Tas Rajut Daun", "live")
    assert (size.price, size.weight_grams) == (165_000, 400)
    assert (count(Movement), count(ListingPicture)) == (1, 1)


def test_the_camera_is_the_first_thing_on_the_smallest_phone(hers, phone):
    page = phone.sign_in()
    page.set_viewport_size(SMALL)
    phone.go("/ibu/produk/baru")
    expect(question(page)).to_have_text("Foto barangnya")
    camera, gallery = page.locator("label[for=camera]"), page.locator("label[for=gallery]")
    seen, second = camera.bounding_box(), gallery.bounding_box()
    dock = page.locator(".dock").bounding_box()
    assert seen["y"] + seen["height"] <= dock["y"]
    assert seen["width"] >= SMALL["width"] - 2 * 16
    assert second["y"] > seen["y"]
    assert page.locator("#camera").get_attribute("capture") == "environment"
    phone.must_be_usable()
    phone.keep("new-product-320")


PRESSABLE = (
    "main :is(a, button, select, summary, label.button, label.choice,"
    " input:not([type=radio], [type=file], [type=hidden]))"
)


def too_small(page):
    """Words of the things one can press that are less than 48 px high or wide."""
    return page.evaluate(
        """(pressable) => [...document.querySelectorAll(pressable)]
        .filter((one) => one.checkVisibility())
        .map((one) => [one.textContent.trim() || one.name, one.getBoundingClientRect()])
        .filter(([, box]) => box.height < 48 || box.width < 48).map(([words]) => words)""",
        PRESSABLE,
    )


def test_every_target_is_big_enough_for_a_thumb(hers, phone):
    shop, _actor = hers
    a_permit(shop)
    page = phone.sign_in()
    phone.go("/ibu/produk/baru")
    expect(question(page)).to_have_text("Foto barangnya")
    for step, value in (("nama", "Keripik"), ("harga", "5rb"), ("stok", "1"), ("berat", "100")):
        page.goto(f"{phone.address}/ibu/produk/baru#{step}")
        assert too_small(page) == []
        page.locator(f"#{step} input:not([type=hidden])").first.fill(value)
    page.goto(f"{phone.address}/ibu/produk/baru#lihat")
    assert too_small(page) == []
    page.goto(f"{phone.address}/ibu/hitung")
    assert too_small(page) == []


def test_back_goes_one_question_back_and_a_closed_tab_goes_on(hers, phone):
    page = phone.sign_in()
    phone.go("/ibu/produk/baru")
    page.get_by_role("button", name="Tanpa foto dulu").click()
    for asked, typed in QUESTIONS[:3]:
        page.get_by_label(asked).fill(typed)
        page.get_by_role("button", name="Lanjut").click()
    for asked, typed in reversed(QUESTIONS[:3]):
        page.go_back()
        expect(question(page)).to_have_text(asked)
        expect(page.get_by_label(asked)).to_have_value(typed)
    page.go_forward()
    expect(question(page)).to_have_text("Berapa harganya?")
    page.get_by_label("Berapa harganya?").fill("170rb")
    page.wait_for_timeout(300)
    page.close()
    phone.page = phone.page.context.new_page()
    page = phone.go("/ibu/produk/baru").page
    expect(question(page)).to_have_text("Berapa harganya?")
    expect(page.get_by_label("Berapa harganya?")).to_have_value("170rb")
    page.goto(f"{phone.address}/ibu/produk/baru#lihat")
    expect(question(page)).to_have_text("Berapa beratnya, siap kirim?")


def test_what_is_wrong_is_said_beside_the_box(hers, phone):
    page = phone.sign_in()
    phone.go("/ibu/produk/baru#nama")
    page.get_by_role("button", name="Lanjut").click()
    expect(page.get_by_text("Nama belum diisi. Contoh: Keripik Pisang.")).to_be_visible()
    page.get_by_label("Apa nama barangnya?").fill("Keripik obat kanker")
    expect(page.locator("#category")).to_have_value(re.compile(r"\d+"))
    expect(page.get_by_text("tidak boleh ditulis pada makanan").first).to_be_visible()
    page.get_by_role("button", name="Lanjut").click()
    page.get_by_label("Berapa harganya?").fill("murah")
    page.get_by_role("button", name="Lanjut").click()
    expect(page.get_by_text("Harga belum bisa dibaca.")).to_be_visible()
    phone.must_be_usable()
    phone.keep("new-product-wrong")


def test_the_calculator_fills_in_the_price(hers, phone):
    page = phone.sign_in()
    phone.go("/ibu/produk/baru#nama")
    page.get_by_label("Apa nama barangnya?").fill("Tas")
    page.get_by_role("button", name="Lanjut").click()
    page.get_by_text("Bantu hitung harga").click()
    page.get_by_label("Bahan").fill("50rb")
    page.get_by_label("Tenaga").fill("40rb")
    page.get_by_label("Jadi berapa bungkus?").fill("10")
    phone.must_be_usable()
    phone.keep("new-product-costs")
    page.get_by_role("button", name="Pakai harga ini").click()
    expect(page.get_by_label("Berapa harganya?")).to_have_value("15.000")
    told = "Dari Rp\u00a015.000 Ibu menerima Rp\u00a013.950. Untung kira-kira Rp\u00a04.950"
    expect(page.locator("[data-price-words]")).to_contain_text(told)


def test_food_rests_on_a_number_she_taps(hers, phone):
    shop, _actor = hers
    a_permit(shop)
    page = phone.sign_in()
    phone.go("/ibu/produk/baru#nama")
    for asked, typed in (("Apa nama barangnya?", "Keripik Talas"), *QUESTIONS[1:]):
        page.get_by_label(asked).fill(typed)
        page.get_by_role("button", name="Lanjut").click()
    expect(page.get_by_text("Tanpa nomor, barang disimpan sebagai draf dulu.")).to_be_visible()
    page.get_by_text("P-IRT 2063307010001-31").click()
    expect(page.get_by_text("Tanpa nomor, barang disimpan sebagai draf dulu.")).to_be_hidden()
    phone.must_be_usable()
    phone.keep("new-product-food")
    page.get_by_role("button", name="Tayangkan").click()
    expect(
        page.locator("[data-outcome]").filter(has_text="Keripik Talas sudah tayang. Terkirim")
    ).to_be_visible()


def test_without_scripts_it_is_one_plain_form(hers, browser, address):
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = Visit(context, address).sign_in()
    page.goto(f"{address}/ibu/produk/baru")
    page.locator("#gallery").set_input_files(a_file())
    for asked, typed in QUESTIONS:
        page.get_by_label(asked).fill(typed)
    page.get_by_role("button", name="Tayangkan").click()
    expect(page.get_by_text("Tas Rajut Daun sudah tayang.")).to_be_visible()
    context.close()
    assert (count(Listing), count(Movement), count(ListingPicture)) == (1, 1, 1)
