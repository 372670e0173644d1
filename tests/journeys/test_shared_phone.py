"""Two women and one phone: lock, change over, and nothing of the other is left."""

import pytest
from playwright.sync_api import expect

from tests.factories import PIN, a_person

pytestmark = pytest.mark.browser
OTHER_PIN = "830417"
TICK = "HP ini dipakai bergantian: tampilkan panggilan saya"


def come_in(visit, number, pin):
    visit.page.get_by_text(TICK).click()
    visit.sign_in(number, pin, at=None)


def is_big(locator):
    box = locator.bounding_box()
    return box["height"] >= 48 and box["width"] >= 48


def test_two_women_change_over_in_two_taps(phone):
    a_person()
    a_person("Wagiyem", phone="+6281299998888", pin=OTHER_PIN)
    page = phone.go("/masuk").page
    come_in(phone, "0812-9999-8888", OTHER_PIN)
    phone.go("/akun")
    phone.keep("account")
    lock = page.get_by_role("button", name="Kunci", exact=True)
    assert is_big(lock)
    phone.must_be_usable()
    lock.click()
    phone.must_be_usable()
    page.get_by_role("link", name="Orang lain").click()
    come_in(phone, "0812-3456-7890", PIN)
    phone.go("/akun")
    expect(page.locator("main").get_by_text("Bu Sumirah")).to_be_visible()
    page.get_by_role("button", name="Kunci", exact=True).click()  # One tap …
    other = page.get_by_role("link", name="Bu Wagiyem")
    expect(page.get_by_role("heading", name="Siapa Ibu?")).to_be_visible()
    assert is_big(other)
    phone.must_be_usable()
    phone.keep("who-here")
    other.click()  # … and two.
    phone.must_be_usable()
    phone.keep("who-here-pin")
    page.get_by_label("PIN Anda").fill(OTHER_PIN)
    page.get_by_role("button", name="Buka", exact=True).click()
    phone.go("/akun")
    expect(page.locator("main").get_by_text("Bu Wagiyem")).to_be_visible()
    assert "Sumirah" not in page.content()


def test_the_lock_stands_on_the_wide_page_too(desk):
    a_person()
    page = desk.go("/masuk").page
    come_in(desk, "0812-3456-7890", PIN)
    desk.go("/akun")
    desk.must_be_usable()
    desk.keep("account-desk")
    page.get_by_role("button", name="Kunci", exact=True).click()
    expect(page.get_by_role("link", name="Bu Sumirah")).to_be_visible()
    desk.must_be_usable()
