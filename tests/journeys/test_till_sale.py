"""One sale at a till: few taps and seconds, and its receipt on paper, in a code, as a text."""

import base64
import json
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from cooperatives.packages import offers, shown
from core.db import db
from sellers.rights import SELL
from tests.journeys.tilling import a_kept_kiosk, open_till, sales, tap
from tests.orders.factories import holder
from tests.orders.till.factories import lines_of, order_of

pytestmark = pytest.mark.browser
TAPS_MAX, SECONDS_MAX = 4, 15


@pytest.fixture
def shop(committed):
    return a_kept_kiosk()


def read_by_zxing(page, picture):
    """What the reader of the till's own camera makes of a drawing."""
    files = page.locator("[data-till]").get_attribute("data-files")
    return page.evaluate(
        """async ([picture, files]) => {
          const script = document.createElement("script");
          script.src = files.reader;
          await new Promise((done) => { script.onload = done; document.head.append(script); });
          const { prepareZXingModule, readBarcodes } = globalThis.ZXingWASM;
          await prepareZXingModule({ overrides: { locateFile: () => files.wasm } });
          const bytes = Uint8Array.from(atob(picture), (sign) => sign.charCodeAt(0));
          return (await readBarcodes(new Blob([bytes]), {})).map((found) => found.text);
        }""",
        [base64.b64encode(picture).decode(), json.loads(files)],
    )


def test_one_jar_in_four_taps_and_fifteen_seconds_with_its_receipt(shop, phone):
    phone.sign_in()
    page = open_till(phone)
    phone.keep("till")
    phone.must_be_usable()
    page.evaluate("globalThis.taps = 0; addEventListener('click', () => { taps += 1; }, true)")
    begun = time.monotonic()
    tap(page, "Kopi Bowongso")
    page.get_by_role("button", name="Bayar").click()
    page.get_by_role("button", name="50 ribu").click()
    page.get_by_role("button", name="Catat penjualan").click()
    expect(page.get_by_text("Uang kembali Rp 15.000")).to_be_visible()
    seconds, taps = time.monotonic() - begun, page.evaluate("globalThis.taps")
    print(f"a sale: {taps} taps, {seconds:.1f} s")
    assert taps <= TAPS_MAX
    assert seconds <= SECONDS_MAX
    phone.keep("till-done")
    phone.must_be_usable()
    _read_the_receipt(page, phone)
    page.get_by_role("button", name="Penjualan baru").click()
    page.get_by_text("Penjualan hari ini di HP ini").click()
    expect(page.locator("[data-today]")).to_contain_text("Terkirim")
    phone.keep("till-today")
    phone.must_be_usable()
    (sale,) = sales()
    assert (sale.cash, sale.tendered) == (35_000, 50_000)
    assert order_of(sale).number.endswith("-1")


def _read_the_receipt(page, phone):
    page.evaluate("globalThis.printed = 0; globalThis.print = () => { printed += 1; }; 0")
    paper = page.locator("[data-paper]")
    for width in ("80", "58"):
        page.get_by_role("button", name=f"Cetak {width} mm").click()
        expect(paper).to_have_attribute("data-width", width)
        page.emulate_media(media="print")
        expect(page.get_by_role("button", name="Bayar")).to_be_hidden()
        assert paper.bounding_box()["width"] <= int(width) * 96 / 25.4
        page.emulate_media(media="screen")
    for words in ("Kopi Bowongso", "1 × Rp 35.000", "Kembali", "Rp 15.000", "Terima kasih"):
        expect(paper).to_contain_text(words)
    assert page.evaluate("globalThis.printed") == 2
    page.get_by_role("button", name="Nota di HP").click()
    code = page.locator("[data-code] svg")
    expect(code).to_be_visible()
    page.wait_for_load_state()
    phone.keep("till-qr")
    whatsapp = page.locator("[data-whatsapp]").get_attribute("href")
    text = parse_qs(urlsplit(whatsapp).query)["text"][0]
    assert "1 × Kopi Bowongso: Rp 35.000" in text.replace("\u00a0", " ")
    link = text.splitlines()[-1]
    assert "/pesanan/" in link
    assert read_by_zxing(page, code.screenshot()) == [link]


def test_a_package_is_one_tap_and_asks_only_whose_it_is(shop, phone):
    _a_package(shop)
    phone.sign_in()
    page = open_till(phone)
    tap(page, "Oleh-oleh Wonosobo")
    page.get_by_role("button", name=shop.tri.store_name).click()
    expect(page.locator("[data-total]")).to_have_text("Rp 53.000")
    page.get_by_role("button", name="1 barang").click()
    expect(page.get_by_role("dialog")).to_contain_text(
        f"{shop.tri.store_name}, {shop.dwi.store_name}"
    )
    phone.keep("till-package")
    phone.must_be_usable()
    page.get_by_role("dialog").get_by_role("button", name="Bayar").click()
    page.get_by_role("button", name="Uang pas").click()
    page.get_by_role("button", name="Catat penjualan").click()
    page.get_by_role("button", name="Penjualan baru").click()
    expect(page.locator("[data-unsent]")).to_contain_text("Terkirim")
    (sale,) = sales()
    assert (sale.cash, sale.flags) == (53_000, [])
    assert {each.seller_id for each in lines_of(sale)} == {shop.tri.id, shop.dwi.id}


def _a_package(shop):
    package = offers.propose(
        actor=shop.coordinates,
        organisation_id=shop.cooperative.id,
        name="Oleh-oleh Wonosobo",
        story="",
        price=53_000,
        units={shop.keripik.id: 2, shop.kopi.id: 1},
    )
    (found,) = shown.list_by_id(db.session(), [package.id])
    for seller_id in {each.part.seller_id for each in found.content}:
        offers.answer(
            actor=holder(SELL, seller_id), package_id=package.id, seller_id=seller_id, agrees=True
        )
