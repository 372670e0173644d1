"""What she read can be seen again without signal, with its photos; nobody else sees them."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from cooperatives.rights import KEEP
from core.actors import SYSTEM
from core.db import db
from core.jobs import JOBS
from orders import fulfilment
from sellers import photos
from tests import weak_signal
from tests.core.test_uploads import jobs_waiting
from tests.factories import an_actor, give
from tests.journeys.conftest import PHONE, Visit
from tests.journeys.test_without_signal import AWAKE
from tests.orders.factories import RECEIVER, a_market, order, parcels_of
from tests.sellers.factories import a_draft, a_photo_file, a_shop
from tests.shop import serving

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_storage")]
KEPT = """async (kind) => {
  const found = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith(kind)) continue;
    for (const request of await (await caches.open(name)).keys()) found.push(request.url);
  }
  return found;
}"""
TEXTS = """async () => {
  let all = "";
  for (const name of await caches.keys()) {
    if (!name.startsWith("pages-")) continue;
    for (const kept of await (await caches.open(name)).matchAll()) all += await kept.text();
  }
  return all;
}"""
SEEN = "(image) => image.complete && image.naturalWidth"


@pytest.fixture
def line(address):
    port = urlsplit(address).port
    with weak_signal.before(port, seed=5, delay=0, bits=1e9, late=0) as found:
        yield found


@pytest.fixture
def hers(browser, line):
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="id-ID")
    yield Visit(context, line.address)
    context.close()


def signed_in(visit, number="0812-3456-7890"):
    visit.sign_in(number)
    serving.wait_until(lambda: visit.page.evaluate(AWAKE))


def a_product_with_a_photo(shop, actor):
    product = a_draft(shop)
    photos.attach(actor=actor, listing_id=product.id, content=a_photo_file())
    for facts in jobs_waiting(db.session, "core.redraw_picture"):
        JOBS["core.redraw_picture"].run(**facts)
    db.session.rollback()
    return product


def kept(visit, kind):
    return visit.page.evaluate(KEPT, kind)


def width_seen(visit):
    """How many pixels wide the first photo came, once it is there."""
    image = visit.page.locator("main img.photo").first
    image.scroll_into_view_if_needed()
    serving.wait_until(lambda: image.evaluate(SEEN))
    return image.evaluate("(image) => image.naturalWidth")


def test_her_goods_are_seen_with_their_photos(line, hers):
    product = a_product_with_a_photo(*a_shop())
    signed_in(hers)
    hers.go("/ibu/produk")
    serving.wait_until(lambda: len(kept(hers, "photos-")) == 1)
    hers.go(f"/ibu/produk/{product.id}")
    hers.go("/ibu/titip")
    serving.wait_until(lambda: any("/titip" in one for one in kept(hers, "pages-")))
    line.off()
    for path in ("/ibu/produk", f"/ibu/produk/{product.id}"):
        hers.go(path)
        expect(hers.page.locator("[data-kept-at]")).to_contain_text("Simpanan")
        expect(
            hers.page.locator("main").get_by_text(product.name).locator("visible=true").first
        ).to_be_visible()
        assert width_seen(hers) == 320
        hers.keep(f"kept-with-photo-{path.count('/')}")
    hers.go("/ibu/titip")
    expect(hers.page.get_by_role("heading", name="Barang titipan", exact=True)).to_be_visible()
    hers.errors.clear()  # The browser itself complains of the line.
    hers.must_be_usable()
    (address,) = kept(hers, "photos-")
    assert address.endswith("/320.avif")


def test_whoever_comes_next_finds_none_of_her_photos(line, hers):
    a_product_with_a_photo(*a_shop())
    a_shop("Opak", maker="Wagi", phone="+6281234567891")
    signed_in(hers)
    hers.go("/ibu/produk")
    serving.wait_until(lambda: kept(hers, "photos-"))
    hers.page.context.clear_cookies()  # Another one signs in without her having left.
    signed_in(hers, "0812-3456-7891")
    hers.go("/ibu/produk")
    serving.wait_until(lambda: not kept(hers, "photos-"))
    hers.page.context.clear_cookies()
    signed_in(hers)
    hers.go("/ibu/produk")
    serving.wait_until(lambda: kept(hers, "photos-"))
    hers.go("/akun")
    hers.page.get_by_role("button", name="Keluar", exact=True).click()
    serving.wait_until(lambda: not kept(hers, "photos-") and not kept(hers, "pages-"))


def test_a_photo_that_is_too_heavy_is_not_kept(line, hers):
    """The bound is on bytes, too; the page itself stays readable."""
    product = a_product_with_a_photo(*a_shop())
    hers.page.context.route("**/320.avif", lambda asked: asked.fulfill(body=b"x" * 60_001))
    signed_in(hers)
    hers.go("/ibu/produk")
    serving.wait_until(lambda: kept(hers, "pages-"))
    hers.page.wait_for_timeout(500)
    assert kept(hers, "photos-") == []
    line.off()
    hers.go("/ibu/produk")
    expect(
        hers.page.locator("main").get_by_text(product.name).locator("visible=true").first
    ).to_be_visible()


def test_a_keeper_reads_what_waits_at_her_kiosk_and_no_buyer_stays_on_her_phone(line, hers):
    market = a_market()
    give(an_actor(), KEEP, market.kiosk.id)
    (parcel,) = parcels_of(order((market.tiwul, 2), pickup=market.kiosk, method="cash_pickup"))
    fulfilment.accept(actor=SYSTEM, parcel_id=parcel.id)
    signed_in(hers)
    one = f"/kios-kerja/paket/{parcel.id}"
    for path in ("/kios-kerja", "/kios-kerja/paket", one):
        hers.go(path)
    expect(hers.page.get_by_text(RECEIVER.name).first).to_be_visible()
    line.off()
    hers.go("/kios-kerja")
    expect(hers.page.get_by_role("heading", name="Kios hari ini")).to_be_visible()
    hers.go("/kios-kerja/paket")
    expect(hers.page.get_by_role("link", name="LMB-")).to_be_visible()
    hers.go(one)
    expect(hers.page.get_by_text("tampil bila ada sinyal").last).to_be_visible()
    hers.keep("kept-kiosk-parcel")
    hers.errors.clear()
    hers.must_be_usable()
    texts = hers.page.evaluate(TEXTS)
    for secret in (RECEIVER.name, RECEIVER.phone, RECEIVER.phone[3:], RECEIVER.street):
        assert secret not in texts
