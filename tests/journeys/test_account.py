"""She makes an account on her phone, sees her devices, leaves, and comes back."""

import pytest
from playwright.sync_api import expect

from tests.factories import PIN

pytestmark = pytest.mark.browser


def test_from_nothing_to_an_account_and_back(phone):
    page = phone.go("/daftar").page
    phone.must_be_usable()
    page.get_by_label("Nama lengkap").fill("Sumirah")
    page.get_by_label("Nama panggilan").fill("Bu Sum")
    page.get_by_label("Nomor HP").fill("0812 3456 7890")
    page.get_by_label("PIN baru, 6 angka").fill(PIN)
    page.get_by_label("Ulangi PIN").fill("111222")
    page.get_by_role("button", name="Daftar").click()
    expect(page.get_by_text("PIN kedua belum sama.").first).to_be_visible()
    assert page.get_by_label("Nama lengkap").input_value() == "Sumirah"
    phone.must_be_usable()

    page.get_by_label("PIN baru, 6 angka").fill(PIN)
    page.get_by_label("Ulangi PIN").fill(PIN)
    page.get_by_role("button", name="Daftar").click()
    page.goto(phone.address + "/akun")
    expect(page.get_by_text("perangkat ini", exact=True)).to_be_visible()
    phone.must_be_usable()

    page.get_by_role("button", name="Keluar", exact=True).click()
    page.goto(phone.address + "/akun")
    assert page.url.startswith(phone.address + "/masuk")
    phone.must_be_usable()
    phone.sign_in("+62 812-3456-7890", at=None)
    expect(page.get_by_role("heading", name="Akun saya")).to_be_visible()


@pytest.mark.parametrize("path", ["/masuk", "/daftar", "/pin-lupa", "/pin-baru", "/bahasa", "/nix"])
def test_the_way_in_is_usable_on_a_desk(desk, path):
    desk.go(path)
    desk.errors.clear()  # The browser itself complains about the status of an unknown page.
    desk.must_be_usable()
