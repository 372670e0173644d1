"""The statement's pages: a file is brought, lines are matched or closed, and mistakes get words."""

import io

import pytest

from cooperatives import payouts
from core.db import db
from orders import statement_outgoing
from orders.models import BankLine, Order
from tests.cooperatives.books_factories import (
    a_treasurer,
    account_of,
    bank,
    closed,
    earned_sale,
    parties,
)
from tests.cooperatives.factories import a_cooperative
from tests.factories import send, sign_in, token_in
from tests.orders.bank_factories import a_file, a_line, lines_of
from tests.orders.factories import a_market, attempt_of, order, rules
from tests.orders.test_treasurer_pages import RINI, WATI, treasurer

pytestmark = pytest.mark.service
PAGE = "/kas/mutasi"


@pytest.fixture
def market(app):
    made = a_market()
    rules(second_person_rupiah=10_000_000)
    return made


def browser_of(app, name, phone, market):
    browser = app.test_client()
    browser.actor = treasurer(name, phone, market.house)
    sign_in(browser, phone=phone)
    return browser


@pytest.fixture
def rini(app, market):
    return browser_of(app, "Rini", RINI, market)


def bring(browser, content, layout="", name="mutasi.csv"):
    data = {
        "csrf_token": token_in(browser.get(PAGE)),
        "layout": layout,
        "file": (io.BytesIO(content), name),
    }
    return browser.post(PAGE, data=data, content_type="multipart/form-data")


def test_a_file_is_brought_and_all_that_fits_is_booked_by_one_press(market, rini):
    placed = order((market.tiwul, 1))
    answer = bring(rini, a_file((attempt_of(placed).amount, "TRSF"), (1_000, "BUNGA")))
    assert (answer.status_code, answer.location) == (303, PAGE)
    page = rini.get(PAGE).text
    assert "2 baris dibaca, 2 di antaranya baru." in page
    assert placed.number in page
    assert "Catat 1 baris yang cocok tepat" in page
    assert send(rini, f"{PAGE}/cocok-semua", PAGE).location == PAGE
    db.session.expire_all()
    assert db.session.get(Order, placed.id).state == "paid"
    page = rini.get(PAGE).text
    assert placed.number not in page
    assert "BUNGA" in page
    assert "Sudah cocok" in rini.get(f"{PAGE}?semua=ya").text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Pilih berkas CSV dari bank."),
        (b"PK\x03\x04", "Berkas Excel ini tidak bisa dibaca"),
        (b"a,b\n1,2\n", "Judul kolomnya tidak dikenal."),
        (b"\x00" * 50, "Berkas ini"),
    ],
)
def test_what_is_no_statement_gets_a_sentence_beside_the_file(market, rini, content, words):
    page = bring(rini, content)
    assert page.status_code == 200
    assert words in page.text


def test_text_in_place_of_a_file_gets_a_sentence(market, rini):
    assert "Pilih berkas CSV dari bank." in send(rini, PAGE, file="x", layout="").text
    assert "Pilih salah satu dari daftar." in bring(rini, a_file((1, "x")), layout="bank").text


def test_what_could_not_be_read_is_listed_with_its_line(market, rini):
    bring(rini, a_file((1_000, "x")) + b"99/99/2026;y;5;\n")
    page = rini.get(PAGE).text
    assert "1 baris tidak terbaca" in page
    assert "Baris 5: Tanggal ini tidak ada di kalender." in page


def test_a_line_is_matched_with_an_order_that_she_names(market, rini):
    placed = order((market.batik, 1))
    line = a_line(amount=50_000, actor=rini.actor)
    page = f"{PAGE}/{line.id}"
    assert "Nomor pesanan" in rini.get(page).text
    answer = send(rini, f"{page}/cocok", page, number=placed.number.lower())
    assert answer.location == PAGE
    assert "Sudah masuk Rp\xa050.000" in rini.get(f"/pesanan/{placed.code}").text
    assert "Sudah cocok" in rini.get(page).text


@pytest.mark.parametrize("number", ["", "LMB-2611-9999", "x" * 50, "\x00"])
def test_a_number_that_leads_nowhere_is_said_beside_the_box(market, rini, number):
    line = a_line(amount=50_000, actor=rini.actor)
    page = f"{PAGE}/{line.id}"
    answer = send(rini, f"{page}/cocok", page, number=number)
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.text


def test_what_is_proposed_is_noted_by_one_button(market, rini):
    placed = order((market.tiwul, 1))
    line = a_line(amount=placed.total + 9_000, actor=rini.actor, text=f"bayar {placed.number}")
    page = f"{PAGE}/{line.id}"
    text = rini.get(page).text
    assert f"Sepertinya untuk {placed.number}" in text
    assert "kelebihannya dikembalikan" in text
    assert send(rini, f"{page}/cocok", page).location == PAGE
    db.session.expire_all()
    assert db.session.get(Order, placed.id).state == "paid"
    assert "Langkah ini tidak bisa lagi." in _followed(rini, send(rini, f"{page}/cocok", PAGE))


def _followed(browser, answer):
    return browser.get(answer.location).text


def test_nothing_proposed_is_nothing_to_note(market, rini):
    line = a_line(amount=50_000, actor=rini.actor)
    page = f"{PAGE}/{line.id}"
    assert "Baris ini tidak cocok" in _followed(rini, send(rini, f"{page}/cocok", page))


def test_a_large_one_waits_for_the_other_treasurer(app, market, rini):
    rules(second_person_rupiah=100_000)
    wati = browser_of(app, "Wati", WATI, market)
    placed = order((market.batik, 1))
    line = a_line(amount=attempt_of(placed).amount, actor=rini.actor)
    page = f"{PAGE}/{line.id}"
    assert send(rini, f"{page}/cocok", page).location == page
    assert "Sudah dilihat Ibu" in rini.get(page).text
    assert "Ya, catat" not in rini.get(page).text
    assert "Sudah dilihat bendahara lain" in wati.get(page).text
    assert send(wati, f"{page}/cocok", page).location == PAGE
    db.session.expire_all()
    assert db.session.get(Order, placed.id).state == "paid"


def test_a_line_is_closed_with_a_reason_and_opened_again(market, rini):
    line = a_line(amount=777, actor=rini.actor)
    page = f"{PAGE}/{line.id}"
    assert 'aria-invalid="true"' in send(rini, f"{page}/tutup", page, reason="").text
    assert send(rini, f"{page}/tutup", page, reason="bunga bank").location == PAGE
    assert "bunga bank" in rini.get(page).text
    assert send(rini, f"{page}/buka", page).location == page
    assert "Tutup dengan alasan ini" in rini.get(page).text


def test_a_payout_that_was_sent_is_seen_leaving(market):
    sharing = parties()
    earned_sale((sharing, 100_000))
    coop = sharing.cooperative_id
    first, second = a_treasurer(coop, market.house), a_treasurer(coop, market.house)
    owed_now = closed(sharing, first)
    made = payouts.prepare(actor=first, settlement_id=owed_now.id, source_id=account_of(bank()))
    payouts.approve(actor=second, payout_id=made.id)
    payouts.send(actor=first, payout_id=made.id, reference_no="TRX-9")
    line = a_line(amount=-owed_now.total, actor=first, text="TRF TRX9 BRI")
    statement_outgoing.match_outgoing(actor=first, line_id=line.id)
    db.session.expire_all()
    assert (made.state, line.payout_id) == ("paid", made.id)


def test_a_formula_in_the_text_is_shown_and_never_run(market, rini):
    a_line(amount=777, actor=rini.actor, text="=HYPERLINK(1)<script>alert(1)</script>")
    page = rini.get(PAGE).text
    assert "<script>alert" not in page
    assert "=HYPERLINK(1)&lt;script&gt;" in page


def test_an_empty_statement_names_one_next_step(market, rini):
    assert "Tidak ada baris yang menunggu" in rini.get(PAGE).text
    assert "Belum ada baris yang selesai" in rini.get(f"{PAGE}?semua=ya").text


def test_others_see_nothing_of_it(app, market, rini):
    line = a_line(amount=777, actor=rini.actor)
    other = app.test_client()
    treasurer("Lestari", "081311114444", a_cooperative().id)
    sign_in(other, phone="081311114444")
    for page in (PAGE, f"{PAGE}/{line.id}"):
        assert other.get(page).status_code == 404
    for deed in ("cocok", "tutup", "buka"):
        assert send(other, f"{PAGE}/{line.id}/{deed}", "/pesanan").status_code == 404
    assert send(other, f"{PAGE}/cocok-semua", "/pesanan").status_code == 404
    assert [found.state for found in lines_of()] == ["open"]
    assert db.session.query(BankLine).count() == 1
