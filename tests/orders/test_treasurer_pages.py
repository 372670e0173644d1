"""The treasurer's pages about orders: transfers by what she saw, refunds by two people."""

import pytest
from sqlalchemy import select

from cooperatives.rights import TREASURE
from core.db import db
from core.tasks import Task
from orders import endings, transfers
from orders.models import Refund
from tests.cooperatives.factories import a_cooperative
from tests.factories import a_person, send, sign_in
from tests.factories import give as give_right
from tests.orders.factories import a_market, attempt_of, order, rules, run_jobs

pytestmark = pytest.mark.service
RINI, WATI = "081311112222", "081311113333"
PHONE_OF_BUYER = "0812-3456-7890"


@pytest.fixture
def market(app):
    return a_market()


def treasurer(name, phone, organisation_id):
    from core.actors import Actor

    actor = Actor(a_person(name, phone="+62" + phone[1:]).id)
    give_right(actor, TREASURE, organisation_id)
    return actor


@pytest.fixture
def rini(app, market):
    """A browser in which the operator's first treasurer is signed in."""
    browser = app.test_client()
    browser.actor = treasurer("Rini", RINI, market.house)
    sign_in(browser, phone=RINI)
    return browser


@pytest.fixture
def wati(app, market):
    browser = app.test_client()
    browser.actor = treasurer("Wati", WATI, market.house)
    sign_in(browser, phone=WATI)
    return browser


def open_tasks(kind):
    query = select(Task).where(Task.kind == kind, Task.closed_at.is_(None))
    return list(db.session.scalars(query))


def see(browser, attempt, amount):
    return send(browser, f"/kas/transfer/{attempt.id}", amount=amount)


def test_a_new_order_by_transfer_asks_the_treasurers(market, rini):
    placed = order((market.tiwul, 2))
    attempt = attempt_of(placed)
    (task,) = open_tasks("transfer.see")
    assert (task.subject_id, task.due_at) == (market.house, attempt.expires_at)
    home = rini.get("/kas").text
    assert placed.number in home
    assert f'href="/kas/transfer/{attempt.id}"' in home
    listed = rini.get("/kas/transfer").text
    assert attempt.gateway_key in listed
    assert "Foto bukti saja belum cukup" in listed


def test_what_she_saw_is_in_the_books(market, rini):
    placed = order((market.tiwul, 2))
    attempt = attempt_of(placed)
    answer = see(rini, attempt, f"{attempt.amount:,}".replace(",", "."))
    assert (answer.status_code, answer.location) == (303, "/kas/transfer")
    db.session.refresh(placed)
    assert placed.state == "paid"
    assert open_tasks("transfer.see") == []
    assert attempt.gateway_key not in rini.get("/kas/transfer").text
    assert "sudah ada di buku" in rini.get(f"/kas/transfer/{attempt.id}").text


def test_another_amount_is_said_beside_the_box_and_kept(market, rini):
    attempt = attempt_of(order((market.tiwul, 2)))
    page = see(rini, attempt, "1.234").text
    assert "Jumlah uang tidak sama dengan tagihan." in page
    assert 'value="1.234"' in page
    assert len(open_tasks("transfer.see")) == 1


def test_who_is_certain_of_another_amount_notes_it(market, rini):
    placed = order((market.batik, 1))
    attempt = attempt_of(placed)
    page = f"/kas/transfer/{attempt.id}"
    assert "Memang segini yang masuk" not in rini.get(page).text
    assert "Memang segini yang masuk" in see(rini, attempt, 150_000).text
    answer = send(rini, page, amount=150_000, certain="yes")
    assert answer.status_code == 303
    assert "Sudah masuk Rp\xa0150.000, kurang" in rini.get(page).text
    assert [task.facts["amount"] for task in open_tasks("transfer.see")] == [
        f"Rp\xa0{attempt.amount - 150_000:,}".replace(",", ".")
    ]


@pytest.mark.parametrize("typed", ["", "banyak", "0", "-5", "9" * 30, "\x00"])
def test_what_is_no_amount_gets_a_sentence(market, rini, typed):
    attempt = attempt_of(order((market.tiwul, 2)))
    answer = see(rini, attempt, typed)
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.text


def test_a_large_transfer_is_seen_by_two(market, rini, wati):
    rules(second_person_rupiah=100_000)
    placed = order((market.batik, 1))
    attempt = attempt_of(placed)
    page = f"/kas/transfer/{attempt.id}"
    assert see(rini, attempt, attempt.amount).location == page
    assert open_tasks("transfer.see") == []
    assert len(open_tasks("transfer.see_too")) == 1
    assert "Sudah dilihat Ibu" in rini.get(page).text
    again = send(rini, page, page="/pesanan", amount=attempt.amount)
    assert "Orang kedua harus orang lain." in again.text
    assert "Sudah dilihat Bu Rini" in wati.get(page).text
    assert "Dilihat Bu Rini" in wati.get("/kas/transfer").text
    assert see(wati, attempt, attempt.amount).location == "/kas/transfer"
    db.session.refresh(placed)
    assert placed.state == "paid"
    assert open_tasks("transfer.see_too") == []


def test_who_said_it_first_stays_written(market, rini, wati):
    rules(second_person_rupiah=100_000)
    attempt = attempt_of(order((market.batik, 1)))
    ask = {"attempt_id": attempt.id, "amount": attempt.amount}
    transfers.confirm(actor=rini.actor, **ask)
    transfers.confirm(actor=wati.actor, **ask)
    assert transfers.confirm(actor=market.treasurers[0], **ask)
    db.session.refresh(attempt)
    assert (attempt.noted_by, attempt.confirmed_by) == (rini.actor.person_id, wati.actor.person_id)


def test_one_finds_a_transfer_by_amount_and_by_reference(market, rini):
    first, second = order((market.tiwul, 1)), order((market.batik, 1))
    wanted, other = attempt_of(first), attempt_of(second)
    dotted = f"Rp {wanted.amount:,}".replace(",", ".")
    for typed in (str(wanted.amount), dotted, wanted.gateway_key, first.number.lower()):
        page = rini.get("/kas/transfer", query_string={"q": typed}).text
        assert wanted.gateway_key in page
        assert f"/kas/transfer/{other.id}" not in page
    for typed in ("%", "tidak ada", "9" * 60, "\x00"):
        page = rini.get("/kas/transfer", query_string={"q": typed})
        assert page.status_code == 200
    assert "Tidak ketemu" in rini.get("/kas/transfer?q=%25").text


def test_a_late_transfer_is_no_task_but_can_be_found(market, rini):
    placed = order((market.tiwul, 1))
    attempt = attempt_of(placed)
    endings.cancel(actor=rini.actor, order_id=placed.id)
    assert open_tasks("transfer.see") == []
    assert attempt.gateway_key not in rini.get("/kas/transfer").text
    assert attempt.gateway_key in rini.get(f"/kas/transfer?q={attempt.gateway_key}").text
    assert "Waktu bayar sudah habis" in rini.get(f"/kas/transfer/{attempt.id}").text
    assert see(rini, attempt, attempt.amount).status_code == 303
    assert len(open_tasks("refund.send")) == 1  # The goods are gone: it goes back by itself.


def test_a_large_one_seen_once_stays_on_the_list_when_its_time_is_up(market, rini):
    rules(second_person_rupiah=100_000)
    placed = order((market.batik, 1))
    attempt = attempt_of(placed)
    see(rini, attempt, attempt.amount)
    endings.cancel(actor=rini.actor, order_id=placed.id)
    assert attempt.gateway_key in rini.get("/kas/transfer").text
    assert len(open_tasks("transfer.see_too")) == 1


def test_another_way_to_pay_ends_the_search(market):
    placed = order((market.tiwul, 1), pickup=market.kiosk)
    assert len(open_tasks("transfer.see")) == 1
    endings.change_method(actor=market.sells, order_id=placed.id, method_code="cash_pickup")
    assert open_tasks("transfer.see") == []


def a_refund(market, actor):
    placed = order((market.batik, 1))
    attempt = attempt_of(placed)
    transfers.confirm(actor=actor, attempt_id=attempt.id, amount=attempt.amount)
    run_jobs()
    endings.cancel(actor=market.sells, order_id=placed.id)
    return placed, db.session.scalars(select(Refund)).one()


def test_a_refund_goes_by_two(market, rini, wati):
    placed, refund = a_refund(market, rini.actor)
    page = f"/kas/kembali/{refund.id}"
    assert len(open_tasks("refund.send")) == 1
    assert placed.number in rini.get("/kas").text
    assert "Pembeli membatalkan pesanan." in rini.get("/kas/kembali").text
    assert "Kirim kabar lewat WhatsApp" in rini.get(page).text
    assert "Kirim kabar lewat WhatsApp" in rini.get(page).text
    assert send(rini, f"{page}/kirim", page).location == page
    assert (len(open_tasks("refund.send")), len(open_tasks("refund.see_leave"))) == (0, 1)
    assert "Dikirim oleh Ibu" in rini.get(page).text
    assert "Dikirim oleh Bu Rini" in wati.get(page).text
    assert send(wati, f"{page}/keluar", page).location == "/kas/kembali"
    assert open_tasks("refund.see_leave") == []
    assert "Sudah kembali ke pembeli" in rini.get(page).text
    assert placed.number not in rini.get("/kas/kembali").text


def test_who_sent_it_does_not_see_it_leave(market, rini):
    _placed, refund = a_refund(market, rini.actor)
    page = f"/kas/kembali/{refund.id}"
    send(rini, f"{page}/kirim", page)
    refused = send(rini, f"{page}/keluar", "/pesanan")
    assert refused.status_code == 200
    assert "Orang kedua harus orang lain." in refused.text
    db.session.refresh(refund)
    assert refund.state == "sent"


def test_a_refund_sent_twice_is_said_in_words(market, rini, wati):
    _placed, refund = a_refund(market, rini.actor)
    page = f"/kas/kembali/{refund.id}"
    send(rini, f"{page}/kirim", page)
    assert "Langkah ini tidak bisa lagi." in send(wati, f"{page}/kirim", page).text


def test_the_buyer_is_named_on_the_page_of_her_open_refund_only(market, rini, wati):
    _placed, refund = a_refund(market, rini.actor)
    page = f"/kas/kembali/{refund.id}"
    assert PHONE_OF_BUYER in rini.get(page).text
    assert "belum mengisi rekening" in rini.get(page).text
    for listed in ("/kas", "/kas/kembali", "/kas/transfer"):
        text = rini.get(listed).text
        assert PHONE_OF_BUYER not in text
        assert "Joko" not in text
    send(rini, f"{page}/kirim", page)
    send(wati, f"{page}/keluar", page)
    assert PHONE_OF_BUYER not in rini.get(page).text


def test_a_cooperatives_treasurer_and_strangers_see_nothing_of_it(app, market, rini):
    placed, refund = a_refund(market, rini.actor)
    attempt = attempt_of(placed)
    pages = (
        "/kas/transfer",
        f"/kas/transfer/{attempt.id}",
        "/kas/kembali",
        f"/kas/kembali/{refund.id}",
    )
    treasurer("Lestari", "081311114444", a_cooperative().id)
    hers = app.test_client()
    sign_in(hers, phone="081311114444")
    for page in pages:
        assert hers.get(page).status_code == 404
    home = hers.get("/kas").text
    assert 'href="/kas/transfer"' not in home
    assert placed.number not in home
    assert send(hers, f"/kas/kembali/{refund.id}/kirim", "/pesanan").status_code == 404
    a_person("Sri", phone="+6281311115555")
    stranger = app.test_client()
    sign_in(stranger, phone="081311115555")
    for page in pages:
        assert stranger.get(page).status_code == 403


def test_what_is_not_there_is_not_found(market, rini):
    nothing = "00000000-0000-4000-8000-000000000000"
    for page in (f"/kas/transfer/{nothing}", f"/kas/kembali/{nothing}", "/kas/transfer/12"):
        assert rini.get(page).status_code == 404


def test_empty_lists_name_one_next_step(market, rini):
    assert "Tidak ada transfer yang ditunggu" in rini.get("/kas/transfer").text
    assert "Tidak ada yang perlu dikirim." in rini.get("/kas/kembali").text
    assert "Tidak ada yang menunggu." in rini.get("/kas").text
