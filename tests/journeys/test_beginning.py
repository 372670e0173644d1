"""She makes an account, says what she dreams of, and asks a cooperative to take her in."""

import pytest
from playwright.sync_api import expect

from tests.cooperatives.factories import a_cooperative
from tests.factories import PIN

pytestmark = pytest.mark.browser


def test_from_a_new_account_to_the_first_step(phone):
    a_cooperative()
    page = phone.go("/daftar").page
    page.get_by_label("Nama lengkap").fill("Sumirah")
    page.get_by_label("Nama panggilan").fill("Bu Sum")
    page.get_by_label("Nomor HP").fill("0812 3456 7890")
    page.get_by_label("PIN baru, 6 angka").fill(PIN)
    page.get_by_label("Ulangi PIN").fill(PIN)
    page.get_by_role("button", name="Daftar").click()
    expect(page.get_by_role("heading", name="Apa impian Ibu?")).to_be_visible()
    phone.must_be_usable()
    phone.keep("begin-vision")
    page.get_by_text("Membangun usaha sendiri").click()
    page.get_by_role("button", name="Lanjut").click()
    expect(page.get_by_role("heading", name="Mau berjualan? Pilih koperasi")).to_be_visible()
    phone.must_be_usable()
    phone.keep("begin-cooperative")
    page.get_by_label("Nama toko").fill("Dapur Bu Sum")
    page.get_by_role("button", name="Minta bergabung").click()
    expect(page.get_by_text("Permintaan Ibu sudah sampai.")).to_be_visible()
    phone.must_be_usable()
    phone.keep("begin-step")
