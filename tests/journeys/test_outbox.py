"""Her phone keeps what she does until the house has it, tells her so, and gives it to nobody."""

import json

import pytest
from playwright.sync_api import expect

from core import acts
from core.acts import HANDLERS
from core.errors import DomainError
from core.rights import OPERATE
from tests.factories import a_person, an_organisation, give

pytestmark = pytest.mark.browser
FORM = """
    (kind) => {
      const form = document.createElement("form");
      form.method = "post";
      form.dataset.act = kind;
      form.dataset.label = "Ubah stok keripik";
      form.innerHTML = `<input type="hidden" name="act_id" value="x">
        <label>Jumlah <input name="n" value="3"></label><button class="button">Simpan</button>`;
      document.querySelector("main").append(form);
    }"""


class Deeds(list):
    """What the house did, as its handler saw it."""

    def __call__(self, db, *, actor, act_id, at, content):
        if content.get("n") == "99":
            raise DomainError("Stok tinggal 2.")
        self.append((actor.person_id, content.get("n")))
        return {}


@pytest.fixture
def deeds():
    found = Deeds()
    acts.handles("test.deed")(found)
    yield found
    HANDLERS.pop("test.deed")


def a_worker(name="Sumirah", phone="+6281234567890"):
    person = a_person(name, phone=phone)
    house = an_organisation(f"house-{person.id}", "operator")
    give(type("A", (), {"person_id": person.id})(), OPERATE, house.id)
    return person


def sign_in(phone, number="081234567890"):
    phone.sign_in(number, at="/masuk?lanjut=/akun")


def fill(page, n="3"):
    page.evaluate(FORM, "test.deed")
    page.get_by_label("Jumlah").fill(n)
    page.get_by_role("button", name="Simpan", exact=True).click()


def test_a_form_is_sent_and_says_so(phone, deeds):
    person = a_worker()
    sign_in(phone)
    fill(phone.page)
    expect(phone.page.locator("form output")).to_contain_text("Terkirim")
    expect(phone.page.locator("[data-unsent]")).to_contain_text("Terkirim")
    assert deeds == [(person.id, "3")]
    phone.must_be_usable()


def test_without_signal_it_waits_and_is_sent_once_when_there_is_one(phone, deeds):
    person = a_worker()
    sign_in(phone)
    phone.page.context.set_offline(True)
    fill(phone.page)
    bar = phone.page.locator("[data-unsent]")
    expect(bar).to_contain_text("1 belum terkirim")
    expect(bar).to_contain_text("Tersimpan di HP · menunggu sinyal")
    expect(phone.page.locator("form output")).to_contain_text("menunggu sinyal")
    phone.keep("outbox-waits")
    phone.page.context.set_offline(False)
    expect(bar).to_contain_text("Terkirim")
    phone.go("/akun")
    assert deeds == [(person.id, "3")]


def test_what_was_refused_stays_until_she_decides(phone, deeds):
    a_worker()
    sign_in(phone)
    fill(phone.page, "99")
    expect(phone.page.locator("form output")).to_contain_text("Stok tinggal 2.")
    phone.errors.clear()
    bar = phone.page.locator("[data-unsent]")
    expect(bar).to_contain_text("Ada yang perlu Ibu lihat.")
    bar.get_by_role("link").click()
    expect(phone.page.get_by_role("heading", name="Ubah stok keripik")).to_be_visible()
    expect(phone.page.locator("li [data-said]")).to_have_text("Stok tinggal 2.")
    phone.keep("outbox-refused")
    phone.must_be_usable()
    phone.page.get_by_role("button", name="Coba lagi").click()
    phone.page.wait_for_load_state("networkidle")
    expect(phone.page.locator("li [data-said]")).to_have_text("Stok tinggal 2.")
    phone.page.get_by_role("button", name="Hapus", exact=True).click()
    phone.keep("outbox-sure")
    phone.must_be_usable()
    phone.page.get_by_role("button", name="Ya, hapus").click()
    expect(phone.page.get_by_text("Semua sudah terkirim.")).to_be_visible()
    assert deeds == []


def test_a_corrected_form_takes_the_place_of_the_refused_one(phone, deeds):
    person = a_worker()
    sign_in(phone)
    fill(phone.page, "99")
    expect(phone.page.locator("form output")).to_contain_text("Stok tinggal 2.")
    phone.page.wait_for_timeout(800)
    phone.page.get_by_label("Jumlah").fill("2")
    phone.page.get_by_role("button", name="Simpan", exact=True).click()
    expect(phone.page.locator("[data-unsent]")).to_contain_text("Terkirim")
    assert deeds == [(person.id, "2")]


def test_another_user_of_the_phone_neither_sees_nor_sends_it(phone, deeds):
    sumirah = a_worker()
    a_worker("Umi", "+6281234567891")
    sign_in(phone)
    phone.page.context.set_offline(True)
    fill(phone.page)
    expect(phone.page.locator("[data-unsent]")).to_contain_text("1 belum terkirim")
    phone.page.context.clear_cookies()
    phone.page.context.set_offline(False)
    expect(phone.page.locator("[data-unsent]")).to_contain_text("masuk dulu")
    sign_in(phone, "081234567891")
    phone.go("/akun/kiriman")
    expect(phone.page.get_by_text("Semua sudah terkirim.")).to_be_visible()
    expect(phone.page.locator("[data-unsent]")).to_be_hidden()
    assert deeds == []
    phone.page.context.clear_cookies()
    sign_in(phone)
    expect(phone.page.locator("[data-unsent]")).to_contain_text("Terkirim")
    assert deeds == [(sumirah.id, "3")]


def test_a_file_takes_it_to_another_phone_of_hers(phone, desk, deeds, tmp_path):
    person = a_worker()
    sign_in(phone)
    phone.page.context.set_offline(True)
    fill(phone.page)
    expect(phone.page.locator("[data-unsent]")).to_contain_text("1 belum terkirim")
    told = phone.page.evaluate(
        "import(document.querySelector('script[src*=unsent]').src.replace('unsent', 'outbox'))"
        ".then((outbox) => outbox.exported())"
    )
    assert json.loads(told)["person"] == person.id
    file = tmp_path / "kiriman.json"
    file.write_text(told)
    sign_in(desk)
    desk.go("/akun/kiriman")
    desk.page.get_by_text("Pindah HP atau HP rusak?").click()
    desk.page.get_by_label("Ambil dari berkas").set_input_files(file)
    expect(desk.page.get_by_text("1 kiriman diambil dari berkas.")).to_be_visible()
    expect(desk.page.locator("li [data-said]")).to_contain_text("Terkirim")
    desk.keep("outbox-file")
    desk.must_be_usable()
    assert deeds == [(person.id, "3")]
    phone.page.context.set_offline(False)
    expect(phone.page.locator("[data-unsent]")).to_contain_text("Terkirim")
    assert deeds == [(person.id, "3")]


def test_a_file_of_somebody_else_is_not_taken(phone, deeds, tmp_path):
    person = a_worker()
    sign_in(phone)
    file = tmp_path / "kiriman.json"
    for told in ({"lumbung": "outbox", "person": person.id + 1, "acts": []}, [], "x"):
        file.write_text(json.dumps(told))
        phone.go("/akun/kiriman")
        phone.page.get_by_text("Pindah HP atau HP rusak?").click()
        phone.page.get_by_label("Ambil dari berkas").set_input_files(file)
        expect(phone.page.get_by_text("Berkas ini bukan kiriman milik Ibu.")).to_be_visible()


def test_what_the_browser_threw_away_comes_back_and_is_told(phone, deeds):
    person = a_worker()
    sign_in(phone)
    phone.page.context.set_offline(True)
    fill(phone.page)
    expect(phone.page.locator("[data-unsent]")).to_contain_text("1 belum terkirim")
    phone.page.evaluate(
        "(name) => new Promise((done) => { indexedDB.deleteDatabase(name).onsuccess = done; })",
        f"lumbung-{person.id}",
    )
    phone.page.context.set_offline(False)
    phone.go("/akun")
    expect(phone.page.get_by_text("sudah kami kembalikan")).to_be_visible()
    expect(phone.page.locator("[data-unsent]")).to_contain_text("Terkirim")
    assert deeds == [(person.id, "3")]


def test_a_full_phone_says_so_and_keeps_what_she_typed(phone, deeds):
    a_worker()
    sign_in(phone)
    session = phone.page.context.new_cdp_session(phone.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": phone.address, "quotaSize": 1})
    fill(phone.page, "4")
    expect(phone.page.locator("form output")).to_contain_text("Memori HP penuh")
    expect(phone.page.get_by_label("Jumlah")).to_have_value("4")
    assert deeds == []


def test_two_tabs_send_it_once(phone, deeds):
    person = a_worker()
    sign_in(phone)
    other = phone.page.context.new_page()
    other.goto(phone.address + "/akun")
    phone.page.context.set_offline(True)
    fill(phone.page)
    expect(other.locator("[data-unsent]")).to_contain_text("1 belum terkirim")
    phone.page.context.set_offline(False)
    for tab in (other, phone.page):
        expect(tab.locator("[data-unsent]")).to_contain_text("Terkirim")
    assert deeds == [(person.id, "3")]


def test_an_app_that_is_too_old_is_told_and_keeps_the_draft(phone, deeds):
    a_worker()
    sign_in(phone)
    phone.page.evaluate(FORM, "test.deed")
    phone.page.evaluate("document.querySelector('form[data-act]').dataset.version = 7")
    phone.page.get_by_role("button", name="Simpan", exact=True).click()
    expect(phone.page.locator("form output")).to_contain_text("Aplikasi di HP ini sudah lama")
    phone.go("/akun/kiriman")
    expect(phone.page.get_by_text("perlu aplikasi baru")).to_be_visible()
    assert deeds == []
