"""The desk where reports meet the books: uploads refused kindly, differences closed by two."""

import io

import pytest

from tests.cooperatives.factories import a_cooperative
from tests.factories import a_person, send, sign_in, token_in
from tests.orders.reports.writing import (
    line,
    lines,
    m_paid,
    m_row,
    midtrans,
    paid,
    s_row,
    stripe,
    upload,
)
from tests.orders.test_treasurer_pages import RINI, WATI, treasurer

pytestmark = pytest.mark.service
DESK = "/kas/cocokkan"


@pytest.fixture
def rini(app, shop):
    """A browser in which the operator's first treasurer is signed in."""
    return browser(app, treasurer("Rini", RINI, shop.house), RINI)


@pytest.fixture
def wati(app, shop):
    return browser(app, treasurer("Wati", WATI, shop.house), WATI)


def browser(app, actor, phone):
    found = app.test_client()
    found.actor = actor
    sign_in(found, phone=phone)
    return found


def give(browser, content, name="laporan.csv"):
    data = {"csrf_token": token_in(browser.get(DESK)), "file": (io.BytesIO(content), name)}
    return browser.post(DESK, data=data, content_type="multipart/form-data")


def test_an_empty_desk_names_one_next_step(rini):
    text = rini.get(DESK).text
    assert "Belum ada laporan" in text
    assert 'href="/kas/pembayaran"' in text
    assert f'href="{DESK}"' in rini.get("/kas").text


def test_an_upload_leads_to_its_report(shop, gateway, rini):
    attempt = paid(shop, gateway)
    answer = give(rini, midtrans(m_paid(attempt, 400)))
    assert answer.status_code == 303
    page = rini.get(answer.location).text
    assert attempt.gateway_key in page
    assert "Semua beres" in page
    assert attempt.gateway_key in rini.get(f"{DESK}?q={attempt.gateway_key}").text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Pilih berkas CSV"),
        (b"Nama;Umur\nSiti;30\n", "Judul kolomnya tidak dikenal"),
        (b"PK\x03\x04....", "Berkas Excel ini tidak bisa dibaca"),
        (b"%PDF-1.7", "Simpan dulu sebagai CSV atau Excel (.xlsx)"),
        (midtrans(), "Tidak ada baris yang bisa dipakai"),
        (midtrans({**m_row("settlement", 1), "Amount": "x"}), "Jumlah uangnya tidak terbaca"),
        (midtrans(m_row("pending", 5_000)), "Tidak ada baris yang bisa dipakai"),
    ],
)
def test_what_is_no_report_is_refused_beside_its_box(rini, content, says):
    answer = give(rini, content)
    assert answer.status_code == 200
    assert says in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert lines() == []


def test_no_file_and_text_in_its_place_get_a_sentence(rini):
    for data in ({}, {"file": "hanya teks"}):
        assert "Pilih berkas CSV" in send(rini, DESK, **data).text


def test_rows_that_cannot_be_read_are_named(shop, gateway, rini):
    attempt = paid(shop, gateway)
    rows = (m_paid(attempt), {**m_row("settlement", 1), "Fee": "satu"}, m_row("hadiah", 1))
    page = rini.get(give(rini, midtrans(*rows)).location).text
    assert "2 baris tidak terbaca" in page
    assert "Jenis barisnya belum kami kenal: hadiah." in page


def test_a_difference_goes_from_one_treasurer_to_the_other(shop, rini, wati):
    upload(shop, midtrans(m_row("adjustment", -700, theirs="adj-1")))
    page = f"{DESK}/selisih/{line().id}"
    assert "adj-1" in rini.get("/kas").text
    wrong = send(rini, page, reason="", money="follows")
    assert wrong.status_code == 200
    assert "Ada isian yang perlu dibetulkan" in wrong.text
    said = {"reason": "Biaya bulanan", "money": "follows"}
    assert send(rini, page, **said).location == page
    assert "Ibu sudah mencatatnya" in rini.get(page).text
    own = send(rini, f"{page}/setuju", page)
    assert "Orang kedua harus orang lain." in own.text
    assert "Kata Bu Rini: Biaya bulanan" in wati.get(page).text
    assert send(wati, f"{page}/setuju", page).location == page
    assert "Ditutup Bu Wati" in rini.get(page).text
    assert "Langkah ini tidak bisa lagi." in send(wati, f"{page}/kembalikan", "/pesanan").text
    assert "Langkah ini tidak bisa lagi." in send(rini, page, "/pesanan", **said).text
    assert "adj-1" not in rini.get("/kas").text


def test_foreign_money_without_rupiah_keeps_what_was_typed(shop, rini):
    upload(shop, stripe(s_row("other_adjustment", "-1.50", theirs="txn_9")))
    page = f"{DESK}/selisih/{line(kind='adjustment').id}"
    answer = send(rini, page, reason="Denda dari Stripe", money="follows")
    assert "Tulis jumlahnya dalam rupiah." in answer.text
    assert "Denda dari Stripe" in answer.text
    assert send(rini, page, reason="Denda", money="follows", rupiah="18000").status_code == 303
    assert line(kind="adjustment").said == 18_000


@pytest.mark.parametrize("typed", ["0", "-5", "banyak", "9" * 30, "\x00"])
def test_what_is_no_amount_gets_a_sentence(shop, rini, typed):
    upload(shop, stripe(s_row("other_adjustment", "-1.50")))
    page = f"{DESK}/selisih/{line(kind='adjustment').id}"
    answer = send(rini, page, reason="Denda dari Stripe", money="follows", rupiah=typed)
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.text


def test_odd_choices_and_numbers_are_no_accident(shop, rini):
    upload(shop, midtrans(m_row("adjustment", -700)))
    page = f"{DESK}/selisih/{line().id}"
    assert "Pilih salah satu." in send(rini, page, reason="Biaya baru", money="lain").text
    for address in (f"{DESK}/selisih/999999", f"{DESK}/laporan/999999", f"{DESK}/laporan/0"):
        assert rini.get(address).status_code == 404
    report = line().report_id
    for after in ("x", "-1", "9" * 30):
        assert rini.get(f"{DESK}/laporan/{report}?sesudah={after}").status_code == 200
    assert rini.get(f"{DESK}?q=%00%25").status_code == 200


def test_others_see_nothing_of_it(app, shop):
    upload(shop, midtrans(m_row("adjustment", -700)))
    hers = browser(app, treasurer("Lestari", "081311114444", a_cooperative().id), "081311114444")
    a_person("Sri", phone="+6281311115555")
    stranger = browser(app, None, "081311115555")
    for page in (DESK, f"{DESK}/selisih/{line().id}", f"{DESK}/laporan/{line().report_id}"):
        assert hers.get(page).status_code == 404
        assert stranger.get(page).status_code == 403
    assert f'href="{DESK}"' not in hers.get("/kas").text
