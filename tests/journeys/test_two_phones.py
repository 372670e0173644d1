"""She begins a product on one phone and goes on at the same step on her other one."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from cooperatives.models import ProductDraft
from core.db import db
from sellers.models import Listing, ListingPicture
from tests.journeys.conftest import PHONE, Visit
from tests.journeys.test_new_product import (
    QUESTIONS,
    a_file,
    count,
    hers,
    question,
)
from tests.orders.factories import run_jobs

__all__ = ["hers"]
pytestmark = pytest.mark.browser
NEW = "/ibu/produk/baru"


@pytest.fixture
def other(browser, address):
    """Her other phone, in another browser."""
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="id-ID")
    visit = Visit(context, address)
    yield visit
    context.close()
    assert visit.astray == []


def answer(page, asked, typed):
    expect(question(page)).to_have_text(asked)
    page.get_by_label(asked).fill(typed)
    page.get_by_role("button", name="Lanjut").click()


def kept(page):
    """Wait for the answer to a draft that is being kept."""
    return page.expect_response(lambda told: "/draf" in told.url and told.request.method == "POST")


def test_the_other_phone_goes_on_at_the_same_step_with_the_photo(hers, phone, other):
    page = phone.sign_in()
    phone.go(NEW)
    page.locator("#gallery").set_input_files(a_file())
    expect(page.get_by_text("Foto terkirim").first).to_be_visible()
    run_jobs()
    page.get_by_role("button", name="Lanjut").click()
    answer(page, *QUESTIONS[0])
    with kept(page):
        answer(page, *QUESTIONS[1])
    expect(question(page)).to_have_text(QUESTIONS[2][0])

    there = other.sign_in()
    other.go(NEW)
    expect(question(there)).to_have_text(QUESTIONS[2][0])
    expect(there.get_by_text("Jawaban dari HP lain sudah masuk.")).to_be_visible()
    assert there.get_by_label(QUESTIONS[0][0]).input_value() == QUESTIONS[0][1]
    other.must_be_usable()
    other.keep("two-phones-step")
    answer(there, *QUESTIONS[2])
    answer(there, *QUESTIONS[3])
    expect(question(there)).to_have_text("Periksa jawaban")
    photo = there.locator("#lihat [data-preview]")
    expect(photo).to_be_visible()
    assert photo.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    other.must_be_usable()
    other.keep("two-phones-look")
    there.get_by_role("button", name="Tayangkan").click()
    expect(
        there.locator("[data-outcome]").filter(has_text="Tas Rajut Daun sudah tayang. Terkirim")
    ).to_be_visible()
    run_jobs()
    assert [count(table) for table in (Listing, ListingPicture, ProductDraft)] == [1, 1, 0]

    phone.go(NEW)
    expect(page.get_by_text("Barang tadi sudah dikirim dari HP lain.")).to_be_visible()
    expect(question(page)).to_have_text("Foto barangnya")
    assert page.locator("#name").input_value() == ""
    phone.must_be_usable()
    phone.keep("two-phones-over")


def test_without_signal_it_is_kept_here_and_told_when_there_is_one(hers, phone):
    page = phone.sign_in()
    phone.go(NEW)
    page.get_by_role("button", name="Tanpa foto dulu").click()
    page.context.set_offline(True)
    answer(page, *QUESTIONS[0])
    page.wait_for_timeout(2_500)
    with kept(page):
        page.context.set_offline(False)
    db.session.rollback()
    draft = db.session.scalar(select(ProductDraft))
    assert draft.answers["name"][1] == QUESTIONS[0][1]
    assert draft.answers["step"][1] == "harga"


def test_what_was_sent_off_does_not_run_into_the_next_product(hers, phone):
    page = phone.sign_in()
    phone.go(NEW)
    page.get_by_role("button", name="Tanpa foto dulu").click()
    answer(page, *QUESTIONS[0])
    page.context.route("**/kirim", lambda route: route.abort())  # Only the outbox is silent.
    for asked, typed in QUESTIONS[1:]:
        answer(page, asked, typed)
    with kept(page):
        expect(question(page)).to_have_text("Periksa jawaban")
    page.get_by_role("button", name="Tayangkan").click()
    expect(question(page)).to_have_text("Barang tersimpan")
    phone.go(NEW)
    expect(question(page)).to_have_text("Foto barangnya")
    page.get_by_role("button", name="Tanpa foto dulu").click()
    with kept(page):
        page.get_by_label(QUESTIONS[0][0]).fill("Opak")
    db.session.rollback()
    draft = db.session.scalar(select(ProductDraft))
    assert draft.answers["name"][1] == "Opak"
    assert "weight" not in draft.answers
    assert page.locator("#weight").input_value() == ""
