"""Her phone's own lock opens the account: added, used to come in and before money, and removed."""

import pytest
from playwright.sync_api import expect

from core import clock, signin
from core.db import db
from core.passkeys import Passkey
from core.second_factor import FRESH
from core.settings import CoreSettings
from tests.core.postbox import change
from tests.factories import a_person

pytestmark = pytest.mark.browser


@pytest.fixture
def lock(phone, committed):
    """The finger reader of that phone, which always knows her; `verify` lets her be a stranger."""
    change(CoreSettings, public_url=phone.address)
    session = phone.page.context.new_cdp_session(phone.page)
    session.send("WebAuthn.enable")
    made = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    identity = {"authenticatorId": made["authenticatorId"]}

    class Lock:
        def verify(self, is_she):
            session.send("WebAuthn.setUserVerified", {**identity, "isUserVerified": is_she})

        def keys(self):
            return session.send("WebAuthn.getCredentials", identity)["credentials"]

    return Lock()


def sign_out(phone):
    phone.go("/akun").page.get_by_role("button", name="Keluar", exact=True).click()
    phone.page.wait_for_load_state()


def test_her_finger_opens_the_account_and_the_page_with_money(phone, lock, committed, monkeypatch):
    a_person()
    phone.sign_in()
    page = phone.go("/akun/kunci").page
    expect(page.get_by_text("Belum ada kunci HP")).to_be_visible()
    phone.must_be_usable()
    page.get_by_role("link", name="Pasang di HP ini").click()
    phone.must_be_usable()
    phone.keep("passkey-add")
    page.get_by_role("button", name="Pasang sekarang").click()
    expect(page.get_by_text("Kunci HP terpasang")).to_be_visible()
    page.get_by_text("Ubah nama atau hapus").click()
    phone.must_be_usable()
    phone.keep("passkey-list")
    page.get_by_label("Nama kunci").fill("HP 2 biru")
    page.get_by_role("button", name="Simpan nama").click()
    expect(page.get_by_text("HP 2 biru", exact=True)).to_be_visible()
    assert len(lock.keys()) == 1

    sign_out(phone)
    page = phone.go("/masuk?lanjut=/akun/kunci").page
    phone.must_be_usable()
    phone.keep("sign-in")
    page.get_by_role("button", name="Masuk dengan sidik jari atau kunci layar").click()
    page.wait_for_url(phone.address + "/akun/kunci")
    db.session.rollback()
    opened = db.session.query(signin.SignIn).order_by(signin.SignIn.id.desc()).first()
    # Added with her PIN alone: it counts for no more than that yet.
    assert (opened.pin_at is None, opened.passkey_at is None) == (False, True)
    key = db.session.query(Passkey).one()
    key.trusted_from = clock.now()
    opened.pin_at = clock.now() - FRESH
    db.session.commit()

    page.goto(phone.address + "/akun/kunci/baru")
    assert "/akun/pastikan" in page.url
    phone.must_be_usable()
    phone.keep("confirm-passkey")
    page.get_by_role("button", name="Pakai sidik jari atau kunci layar").click()
    page.wait_for_url(phone.address + "/akun/kunci/baru")
    db.session.rollback()
    db.session.refresh(opened)
    assert opened.passkey_at is not None
    assert key.last_used_at is not None

    page.goto(phone.address + "/akun/kunci")
    page.get_by_text("Ubah nama atau hapus").click()
    page.get_by_role("button", name="Hapus kunci ini").click()
    expect(page.get_by_text("Belum ada kunci HP")).to_be_visible()
    sign_out(phone)
    page = phone.go("/masuk").page
    page.get_by_role("button", name="Masuk dengan sidik jari atau kunci layar").click()
    expect(page.get_by_text("Kunci HP belum cocok")).to_be_visible()


def test_a_strangers_finger_opens_nothing_and_she_is_told_kindly(phone, lock, committed):
    a_person()
    phone.sign_in()
    page = phone.go("/akun/kunci/baru").page
    lock.verify(False)
    page.get_by_role("button", name="Pasang sekarang").click()
    expect(page.get_by_text("Kunci HP tidak terpakai")).to_be_visible()
    phone.must_be_usable()
    assert lock.keys() == []
