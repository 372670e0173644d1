"""The till's camera: a label held before it names the lot, though the browser reads no codes."""

import io

import pytest
import segno
from PIL import Image, ImageDraw
from playwright.sync_api import expect, sync_playwright
from reportlab.graphics.barcode.code128 import Code128

from cooperatives import lot_codes
from cooperatives.rights import KEEP
from tests.factories import an_actor, give
from tests.journeys.conftest import FLAGS, PHONE, Visit, chromium
from tests.orders.till.factories import a_kiosk

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(committed):
    shop = a_kiosk()
    give(an_actor(), KEEP, shop.kiosk.id)
    return shop


def qr(code):
    drawn = io.BytesIO()
    segno.make_qr(code, error="m").save(drawn, kind="png", scale=9, border=4)
    return Image.open(drawn).convert("RGB")


def code_128(code):
    bars = Code128(code)
    for step in (bars.validate, bars.encode, bars.decompose):
        step()
    widths = [(sign.isupper(), 3 * (ord(sign.upper()) - ord("@"))) for sign in bars.decomposed]
    picture = Image.new("RGB", (sum(width for _dark, width in widths) + 60, 160), "white")
    pen, at = ImageDraw.Draw(picture), 30
    for is_dark, width in widths:
        if is_dark:
            pen.rectangle((at, 10, at + width - 1, 150), fill="black")
        at += width
    return picture


def film(path, label):
    """A camera that sees a label on a table: the same picture again and again."""
    table = Image.new("RGB", (640, 480), "#B9AE98")
    table.paste(label, ((640 - label.width) // 2, (480 - label.height) // 2))
    frame = io.BytesIO()
    table.save(frame, "JPEG", quality=92)
    path.write_bytes(frame.getvalue() * 30)


def find_while_counting(visit, lot):
    """The same label before the camera of a count leads to the box of its lot."""
    page = visit.go("/kios-kerja/hitung").page
    page.get_by_role("button", name="Mulai hitung").click()
    page.get_by_role("button", name="Pindai").click()
    expect(page.locator(f"#lot-{lot.id} input[inputmode=numeric]")).to_be_focused(timeout=60_000)
    visit.keep("count-camera")
    visit.must_be_usable()


@pytest.mark.parametrize("draw", [qr, code_128])
def test_a_label_before_the_camera_names_its_maker(shop, address, tmp_path, draw):
    if chromium() is None:
        pytest.skip("Chromium is missing")
    film(tmp_path / "label.mjpeg", draw(lot_codes.code_of(shop.lots[1].id)))
    camera = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={tmp_path / 'label.mjpeg'}",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, *camera])
        context = browser.new_context(viewport=PHONE, locale="id-ID", permissions=["camera"])
        visit = Visit(context, address)
        page = visit.sign_in()
        visit.go("/kios-kerja/kasir")
        expect(page.locator("[data-till]")).to_have_attribute("data-kept", "yes", timeout=60_000)
        context.set_offline(True)  # The reader of codes is on the phone already.
        page.get_by_role("button", name="Pindai").click()
        expect(page.locator("[data-said]")).to_contain_text(shop.tri.store_name, timeout=60_000)
        visit.keep(f"till-camera-{draw.__name__}")
        page.get_by_role("button", name="Tutup kamera").click()
        expect(page.locator("[data-pieces]")).to_have_text("1 barang")
        if draw is qr:
            context.set_offline(False)
            find_while_counting(visit, shop.lots[1])
        browser.close()
