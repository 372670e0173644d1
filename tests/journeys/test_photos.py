"""She photographs a product with her phone: shrunk, kept, sent in pieces, and there once."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from core.album import Picture
from core.arrivals import Arrival, ArrivalPiece
from core.db import db
from core.jobs import JOBS
from sellers import photos
from sellers.models import ExpectedPhoto
from tests.core.hostile import SECRET, telling_exif
from tests.core.test_uploads import jobs_waiting
from tests.sellers.factories import a_draft, a_photo_file, a_shop

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_storage")]
TAP_MIN = 48
SMALL_TARGETS = """
    (least) => [...document.querySelectorAll("main :is(a, button, input:not([type=hidden]))")]
      .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < least)
      .map((one) => one.outerHTML.slice(0, 90))"""


def from_a_camera():
    """12 million pixels, lying on their side, red where the top is, and telling where she lives."""
    image = Image.effect_noise((1000, 750), 60).resize((4000, 3000)).convert("RGB")
    image.paste("red", (0, 0, 2000, 3000))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=92, exif=telling_exif())
    return {"name": "IMG_0001.JPG", "mimeType": "image/jpeg", "buffer": file.getvalue()}


@pytest.fixture
def product(committed):
    shop, _actor = a_shop()
    return a_draft(shop)


def signed_in(visit, product, number="0812-3456-7890"):
    visit.sign_in(number)
    return visit.go(f"/ibu/produk/{product.id}/foto").page


def pick(page, *files):
    page.locator("[data-photo-form] input[type=file]").set_input_files(list(files))


def worked(*names):
    """The worker does what waits: each job that came from a phone, in its turn."""
    for name in names or ("core.keep_arrival", "sellers.attach_photo", "core.redraw_picture"):
        db.session.rollback()
        for facts in jobs_waiting(db.session, name):
            JOBS[name].run(**facts)
        db.session.rollback()


def words(page):
    return page.locator("#awaited [data-words]")


def shown(product):
    db.session.rollback()
    return photos.list_of(db.session(), product.id)


def count(model):
    db.session.rollback()
    return db.session.query(model).count()


def test_a_large_photo_becomes_small_and_tells_nothing(phone, product):
    page = signed_in(phone, product)
    camera = from_a_camera()
    assert SECRET in camera["buffer"]
    pick(page, camera)
    expect(words(page)).to_contain_text("Terkirim")
    phone.keep("photo-sent")
    arrival = db.session.query(Arrival).one()
    pieces = db.session.query(ArrivalPiece).order_by(ArrivalPiece.start).all()
    sent = b"".join(piece.content for piece in pieces)
    assert arrival.state == "whole"
    assert len(sent) == arrival.bytes <= 150_000
    assert max(len(piece.content) for piece in pieces) <= 16_384
    with Image.open(io.BytesIO(sent)) as image:
        assert image.format == "WEBP"
        assert image.size == (960, 1280)
        assert dict(image.getexif()) == {}
        red, _, blue = image.convert("RGB").getpixel((480, 200))
    assert red > 200 > 60 > blue
    assert SECRET not in sent
    worked()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#photos").get_by_text("Foto depan", exact=True)).to_be_visible()
    expect(page.locator("#awaited")).to_be_hidden()
    (row,) = shown(product)
    assert (row.state, row.width, row.height, row.alt) == ("ready", 960, 1280, product.name)
    phone.must_be_usable()
    phone.keep("photo-arrived")


def kept_bytes(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_no_stored_byte_tells_where_she_lives_even_of_a_phone_that_shrinks_nothing(
    phone, product, tmp_path
):
    """Without scripts the form sends what the camera made: it goes once it is drawn clean."""
    page = signed_in(phone, product)
    page.evaluate("""() => {
        for (const part of document.querySelectorAll("[data-plain]")) part.hidden = false;
        const box = document.querySelector("[data-photo-form] input[type=file]");
        box.replaceWith(box.cloneNode());
    }""")
    pick(page, from_a_camera())
    page.get_by_role("button", name="Kirim foto").click()
    page.wait_for_load_state()
    worked("core.redraw_picture")
    assert [row.state for row in shown(product)] == ["ready"]
    assert kept_bytes(tmp_path)
    assert [path for path in kept_bytes(tmp_path) if SECRET in path.read_bytes()] == []


# Held inside the page: with a service worker in charge Chromium may send a
# request past Playwright's own routes. A function that is left at the end Playwright would call.
HOLD = """const real = window.fetch;
let passed = 0;
window.fetch = (address, options) => {
  if (options?.method !== "%s") return real(address, options);
  if (passed++ < %d) return real(address, options);
  window.held = true;
  return %s;
};
void 0"""
FOR_EVER, CUT = "new Promise(() => {})", "Promise.reject(new TypeError('cut'))"


def test_a_killed_tab_sends_the_rest_when_she_opens_the_page_again(phone, product):
    page = signed_in(phone, product)
    for killed in range(2):
        hold = HOLD % ("PATCH", 2, FOR_EVER)
        if killed:
            page.add_init_script(hold)
            page.goto(f"{phone.address}/ibu/produk/{product.id}/foto")
        else:
            page.evaluate(hold)
            pick(page, from_a_camera())
        while not page.evaluate("window.held"):
            page.wait_for_timeout(50)
        expect(words(page)).to_contain_text("Tersimpan di HP")
        page.close()
        phone.page = page = phone.page.context.new_page()
    assert db.session.query(Arrival).one().state == "coming"
    page.goto(f"{phone.address}/ibu/produk/{product.id}/foto")
    expect(words(page)).to_contain_text("Terkirim")
    worked()
    worked()
    assert (count(Arrival), count(ExpectedPhoto), count(Picture)) == (1, 1, 1)
    assert [row.state for row in shown(product)] == ["ready"]


def test_without_signal_it_says_that_it_waits_and_goes_on_by_itself(phone, product):
    page = signed_in(phone, product)
    page.context.set_offline(True)
    pick(page, from_a_camera(), from_a_camera())
    expect(words(page).first).to_contain_text("Tersimpan di HP · menunggu sinyal")
    expect(words(page)).to_have_count(2)
    phone.keep("photo-waits")
    page.context.set_offline(False)
    expect(words(page).nth(0)).to_contain_text("Terkirim")
    expect(words(page).nth(1)).to_contain_text("Terkirim")
    phone.errors.clear()  # The browser itself complains of the lines that were cut.
    phone.must_be_usable()
    worked()
    first, second = shown(product)
    order = [
        row.photo_id for row in db.session.query(ExpectedPhoto).order_by(ExpectedPhoto.position)
    ]
    ids = {row.photo_id: row.picture_id for row in db.session.query(ExpectedPhoto)}
    assert [first.id, second.id] == [ids[one] for one in order]


def test_another_page_sends_what_waits(phone, product):
    page = signed_in(phone, product)
    page.context.set_offline(True)
    pick(page, from_a_camera())
    expect(words(page)).to_contain_text("menunggu sinyal")
    page.context.set_offline(False)
    page.goto(f"{phone.address}/ibu/produk")
    for _ in range(400):
        if count(Arrival) and db.session.query(Arrival).one().state == "whole":
            break
        page.wait_for_timeout(50)
    assert db.session.query(Arrival).one().state == "whole"


def test_another_user_of_the_phone_neither_sees_nor_sends_it(phone, product):
    other, _ = a_shop("Opak", maker="Wagi", phone="+6281234567891")
    hers = a_draft(other)
    page = signed_in(phone, product)
    page.context.set_offline(True)
    pick(page, from_a_camera())
    expect(words(page)).to_contain_text("menunggu sinyal")
    page.context.clear_cookies()
    page.context.set_offline(False)
    page = signed_in(phone, hers, "0812-3456-7891")
    page.wait_for_timeout(1_000)
    expect(words(page)).to_have_count(0)
    assert (count(Arrival), count(ExpectedPhoto)) == (0, 0)
    page.context.clear_cookies()
    page = signed_in(phone, product)
    expect(words(page)).to_contain_text("Terkirim")


def test_what_is_no_photo_is_told_at_once(phone, product):
    page = signed_in(phone, product)
    error = page.locator("[data-photo-error]")
    heic = b"\0\0\0\x18ftypheic" + bytes(200)
    for name, content, sentence in (
        ("a.jpg", b"no photo at all", "tidak bisa dibuka sebagai foto"),
        ("a.heic", heic, "Pilih Paling Kompatibel"),
        ("a.png", a_photo_file(100, 100, kind="PNG"), "terlalu kecil"),
        ("a.png", a_photo_file(2000, 300, kind="PNG"), "terlalu panjang"),
    ):
        pick(page, {"name": name, "mimeType": "image/png", "buffer": content})
        expect(error).to_contain_text(sentence)
    phone.errors.clear()
    phone.must_be_usable()
    phone.keep("photo-refused")
    assert count(Arrival) == 0


def test_she_takes_a_photo_back_before_it_is_sent(phone, product):
    page = signed_in(phone, product)
    page.evaluate(HOLD % ("POST", 0, CUT))
    pick(page, from_a_camera())
    expect(words(page)).to_contain_text("menunggu sinyal")
    page.get_by_role("button", name="Tidak jadi").click()
    expect(page.get_by_text("Foto itu tidak ditunggu lagi.")).to_be_visible()
    expect(words(page)).to_have_count(0)
    page.reload()
    page.wait_for_timeout(500)
    assert (count(Arrival), shown(product)) == (0, [])


def test_a_refused_photo_says_why_on_her_phone(phone, product):
    page = signed_in(phone, product)
    pick(page, from_a_camera())
    expect(words(page)).to_contain_text("Terkirim")
    piece = db.session.query(ArrivalPiece).order_by(ArrivalPiece.start).first()
    arrival = db.session.query(Arrival).one()
    piece.content, arrival.sha256 = b"<svg xmlns='x'/>" + piece.content[16:], ""
    db.session.commit()
    worked("core.keep_arrival")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(words(page)).to_contain_text("Gambar SVG tidak bisa dipakai")
    phone.must_be_usable()


def test_every_button_can_be_hit_with_a_thumb(phone, product):
    page = signed_in(phone, product)
    page.context.set_offline(True)
    pick(page, from_a_camera())
    expect(words(page)).to_contain_text("menunggu sinyal")
    low = page.evaluate(SMALL_TARGETS, TAP_MIN)
    assert low == []
    page.context.set_offline(False)


def test_on_a_desk_it_is_usable_too(desk, product):
    page = signed_in(desk, product)
    pick(page, from_a_camera())
    expect(words(page)).to_contain_text("Terkirim")
    desk.must_be_usable()
    desk.keep("photo-desk")
