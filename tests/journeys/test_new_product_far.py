"""Five questions on one bar of signal: cut at every step, the tab killed twice, and one product."""

import random
from contextlib import suppress
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Error, expect
from sqlalchemy import select

from cooperatives.models import Lot, Movement
from core import access
from core.actors import SYSTEM
from core.acts import Act
from core.album import Picture
from core.db import db
from sellers.models import Listing, ListingPicture
from sellers.rights import SELL
from sellers.settings import SellerSettings
from tests import weak_signal
from tests.factories import a_person
from tests.journeys.conftest import PHONE, Visit
from tests.journeys.test_new_product import QUESTIONS, count, hers, question
from tests.orders.factories import run_jobs
from tests.sellers.factories import a_photo_file

__all__ = ["hers"]
pytestmark = pytest.mark.browser
PATIENCE = 60_000


def a_real_photo(seed=3):
    """Not one colour, so that it takes its time on a thin line: some 40 KB when shrunk."""
    dice = random.Random(seed)
    grain = Image.frombytes("RGB", (120, 90), dice.randbytes(120 * 90 * 3))
    file = BytesIO()
    grain.resize((1600, 1200), Image.Resampling.BICUBIC).save(file, "JPEG")
    return {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


class Far(Visit):
    """A phone behind a thin line; its tab can be killed, and is opened again by hand."""

    def __init__(self, context, line):
        super().__init__(context, line.address)
        self.context, self.line = context, line
        self.page.set_default_timeout(PATIENCE)

    def kill(self):
        """The system takes the tab's memory away in the middle of whatever it does."""
        with suppress(Error):
            self.page.goto("chrome://crash", timeout=10_000)

    def again(self, path):
        old = self.page
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        old.close()
        return self.go(path).page


@pytest.fixture
def far(browser, address):
    port = int(address.rsplit(":", 1)[1])
    with weak_signal.before(port, seed=20261126) as line:
        context = browser.new_context(
            viewport=PHONE, has_touch=True, is_mobile=True, locale="id-ID"
        )
        expect.set_options(timeout=PATIENCE)
        yield Far(context, line)
        expect.set_options(timeout=20_000)
        context.close()


def onward(page):
    page.get_by_role("button", name="Lanjut").click()


PHOTOS = """
    () => import(document.querySelector("script[src*=new_product]").src.replace("new_product",
      "photo")).then(async (m) => (await m.list()).map((one) => one.state))
"""


def photo_is_sent(page):
    """Wait until no photo waits on the phone any more."""
    while (states := page.evaluate(PHOTOS)) and "kept" in states:
        page.wait_for_timeout(500)
    assert states in (["sent"], ["arrived"]), states


@pytest.mark.timeout(900)  # 30 kbit/s are what they are.
def test_cut_at_every_step_and_killed_twice_it_is_one_product_with_one_photo(hers, far, address):
    line, page = far.line, far.page
    far.address = address  # She signed in where the line was better; cookies know no port.
    far.sign_in()
    far.address = line.address
    far.go("/ibu/produk/baru")
    expect(question(page)).to_have_text("Foto barangnya")
    line.cut_after(6_000, weak_signal.UP)  # In the middle of the photo.
    page.locator("#camera").set_input_files(a_real_photo())
    onward(page)
    while line.is_on:
        page.wait_for_timeout(200)
    expect(question(page)).to_have_text(QUESTIONS[0][0])
    page.keyboard.type(QUESTIONS[0][1])
    onward(page)
    line.on()
    expect(question(page)).to_have_text(QUESTIONS[1][0])
    line.off()
    page.keyboard.type(QUESTIONS[1][1])
    expect(page.get_by_text("Jawaban Ibu tersimpan di HP.")).to_be_visible()
    page.wait_for_timeout(500)
    far.kill()
    line.on()
    page = far.again("/ibu/produk/baru")
    expect(page.get_by_label(QUESTIONS[1][0])).to_have_value(QUESTIONS[1][1])
    line.off()
    onward(page)
    for asked, typed in QUESTIONS[2:]:
        line.off()
        expect(question(page)).to_have_text(asked)
        page.keyboard.type(typed)
        onward(page)
        line.on()
    expect(question(page)).to_have_text("Periksa jawaban")
    line.off()
    page.get_by_role("button", name="Tayangkan").click()
    expect(question(page)).to_have_text("Barang tersimpan")
    expect(page.get_by_text("Tersimpan di HP").filter(visible=True).last).to_be_visible()
    far.keep("new-product-waiting")
    assert count(Listing) == 0
    far.kill()
    line.on()
    line.lose_answer(b"POST /kirim")
    page = far.again("/ibu/produk/baru")
    expect(question(page)).to_have_text("Foto barangnya")  # A new one may begin.
    expect(page.locator("[data-unsent]")).to_contain_text("Terkirim")
    photo_is_sent(page)
    run_jobs()
    counts = [count(table) for table in (Listing, Movement, Lot, Act, ListingPicture, Picture)]
    assert counts == [1, 1, 1, 1, 1, 1]
    listing, picture = db.session.scalar(select(Listing)), db.session.scalar(select(Picture))
    assert (listing.name, listing.state, picture.state) == ("Tas Rajut Daun", "live", "ready")
    assert max(picture.width, picture.height) <= 1_280


def fill_in(page, name="Tas Rajut"):
    """All questions answered, without a photo."""
    page.get_by_role("button", name="Tanpa foto dulu").click()
    for asked, typed in ((QUESTIONS[0][0], name), *QUESTIONS[1:]):
        page.get_by_label(asked).fill(typed)
        onward(page)


def test_what_the_house_refuses_later_is_told_and_can_be_mended(hers, committed, phone):
    page = phone.sign_in()
    phone.go("/ibu/produk/baru")
    fill_in(page)
    rules = committed.extensions["settings"]
    before, rules[SellerSettings] = rules[SellerSettings], SellerSettings(listings_max=0)
    page.get_by_role("button", name="Tayangkan").click()
    expect(page.get_by_text("Toko ini sudah punya terlalu banyak barang.")).to_be_visible()
    phone.keep("new-product-refused")
    rules[SellerSettings] = before
    phone.go("/akun/kiriman")
    expect(page.get_by_text("Toko ini sudah punya terlalu banyak barang.")).to_be_visible()
    phone.keep("new-product-sendings")
    page.get_by_role("link", name="Perbaiki").click()
    expect(question(page)).to_have_text("Periksa jawaban")
    expect(page.get_by_text("Toko ini sudah punya terlalu banyak barang.")).to_be_visible()
    phone.must_be_usable()
    phone.keep("new-product-mend")
    page.locator("#lihat").get_by_role("link", name="Ubah Nama").click()
    page.get_by_label(QUESTIONS[0][0]).fill("Tas Anyam")
    page.goto(f"{phone.address}/ibu/produk/baru#lihat")
    page.get_by_role("button", name="Tayangkan").click()
    expect(
        page.locator("[data-outcome]").filter(has_text="Tas Anyam sudah tayang. Terkirim")
    ).to_be_visible()
    assert count(Listing) == 1
    phone.go("/akun/kiriman")
    expect(page.get_by_text("Semua sudah terkirim.")).to_be_visible()


def test_another_woman_on_the_same_phone_sees_nothing_of_it(hers, phone):
    shop, _actor = hers
    page = phone.sign_in()
    phone.go("/ibu/produk/baru")
    page.get_by_role("button", name="Tanpa foto dulu").click()
    page.get_by_label(QUESTIONS[0][0]).fill("Rahasia dapur")
    page.wait_for_timeout(300)
    other = a_person("Tri", phone="+6281234567892")
    access.give(actor=SYSTEM, person_id=other.id, right=SELL, subject_id=shop.id)
    page.context.clear_cookies()
    phone.sign_in("0812-3456-7892")
    phone.go("/ibu/produk/baru")
    expect(question(page)).to_have_text("Foto barangnya")
    assert page.locator("#name").input_value() == ""


def test_a_picture_that_cannot_be_opened_is_told_at_once(hers, phone):
    page = phone.sign_in()
    phone.go("/ibu/produk/baru")
    page.locator("#gallery").set_input_files(
        {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    )
    expect(page.get_by_text("Foto ini tidak bisa dibuka. Pilih foto lain.").first).to_be_visible()
    page.locator("#gallery").set_input_files(
        {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": a_photo_file(900, 200)}
    )
    expect(page.get_by_text("Foto ini terlalu panjang.").first).to_be_visible()
    page.locator("#gallery").set_input_files(a_real_photo())
    expect(page.get_by_role("button", name="Lanjut")).to_be_visible()
    phone.must_be_usable()
