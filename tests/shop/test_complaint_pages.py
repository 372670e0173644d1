"""Complaints through the pages: by a guest, by somebody signed in, and by the operator."""

import re

import pytest
from sqlalchemy import select

from core import orgs
from core.db import db
from core.rights import OPERATE
from shop.models import Complaint, ComplaintContact, ComplaintMessage
from shop.settings import ShopSettings
from tests.factories import a_person, an_actor, give, sign_in, token_in

pytestmark = pytest.mark.service

GOOD = {
    "topic": "goods",
    "story": "Bungkus sobek.\nIsinya tumpah.",
    "wish": "Diganti",
    "order_number": "lmb-2611-0001",
    "name": "Joko",
    "phone": "0812-3456-7890",
    "email": "joko@contoh.id",
}


def act_in(page):
    return re.search(r'name="act_id"[^>]*value="([^"]+)"', page.text)[1]


def send(client, url, **data):
    page = client.get(url)
    known = {"csrf_token": token_in(page), "act_id": act_in(page)}
    return client.post(url, data={**known, **data})


def complain(client, **changes):
    answer = send(client, "/aduan", **{**GOOD, **changes})
    assert answer.status_code == 303, answer.text
    return answer.location


def only_ticket():
    return db.session.scalars(select(Complaint)).one()


@pytest.fixture
def operator(session, client):
    actor = an_actor("Ratna")
    give(actor, OPERATE, orgs.operator(session).id)
    sign_in(client)
    return actor


def test_a_guest_writes_a_ticket_and_lands_on_its_page(client, session):
    address = complain(client)
    page = client.get(address)
    assert only_ticket().number in page.text
    assert "Menunggu jawaban kami" in page.text
    assert "paling lambat" in page.text
    assert "<p>Isinya tumpah.</p>" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    contact = session.get(ComplaintContact, only_ticket().id)
    assert (contact.phone, only_ticket().order_number) == ("+6281234567890", "LMB-2611-0001")


def test_the_ticket_page_shows_no_contact(client):
    main = client.get(complain(client)).text.split("<main")[1]
    for secret in ("Joko", "3456", "contoh.id"):
        assert secret not in main


def test_a_ticket_needs_only_a_topic_and_a_story(client):
    page = client.get(complain(client, wish="", order_number="", name="", phone="", email=""))
    assert "Jawaban hanya ada di sini" in page.text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("topic", "weather", "Pilih salah satu"),
        ("topic", "", "Pilih salah satu"),
        ("story", "  ", "belum diisi"),
        ("story", "x" * 2001, "Terlalu panjang"),
        ("order_number", "123", "LMB-2611-0001"),
        ("name", "12345", "Tulis nama dengan huruf"),
        ("phone", "abc", "HP"),
        ("email", "joko@", "nama@contoh.id"),
        ("email", "a@b.id\r\nBcc: x@y.id", "nama@contoh.id"),
        ("email", "a" * 250 + "@b.id", "Terlalu panjang"),
    ],
)
def test_a_wrong_box_says_so_and_keeps_what_was_typed(client, field, typed, said):
    answer = send(client, "/aduan", **{**GOOD, field: typed})
    assert answer.status_code == 200
    assert "perlu dibetulkan" in answer.text
    assert said in answer.text
    if field != "story":
        assert "Isinya tumpah." in answer.text
    assert db.session.scalars(select(Complaint)).all() == []


@pytest.mark.parametrize("name", GOOD)
def test_hostile_values_never_break_the_page(client, name):
    for bad in ("\x00", "\ud800".encode("utf-8", "surrogatepass"), "'; drop table x", "<b>" * 3):
        answer = send(client, "/aduan", **{**GOOD, name: bad})
        assert answer.status_code in (200, 303)
        assert "<b><b><b>" not in answer.text


def test_a_double_click_is_one_ticket(client):
    page = client.get("/aduan")
    data = {"csrf_token": token_in(page), "act_id": act_in(page), **GOOD}
    first, second = (client.post("/aduan", data=data) for _ in range(2))
    assert first.location == second.location
    assert only_ticket()


def test_changed_words_on_an_old_page_are_asked_about_and_then_taken(client):
    page = client.get("/aduan")
    data = {"csrf_token": token_in(page), "act_id": act_in(page), **GOOD}
    client.post("/aduan", data=data)
    asked = client.post("/aduan", data={**data, "story": "Cerita lain"})
    assert asked.status_code == 409
    assert "Kiriman sebelumnya sudah kami terima" in asked.text
    assert "Cerita lain" in asked.text
    again = {**data, "story": "Cerita lain", "act_id": act_in(asked)}
    assert client.post("/aduan", data=again).status_code == 303
    assert len(db.session.scalars(select(Complaint)).all()) == 2


def test_one_address_cannot_flood_us_and_loses_no_word(app, client):
    app.extensions["settings"][ShopSettings] = ShopSettings(complaint_tries=1, complaint_words=1)
    address = complain(client)
    refused = send(client, "/aduan", **GOOD)
    assert refused.status_code == 429
    assert "Isinya tumpah." in refused.text
    assert send(client, address, words="Satu").status_code == 303
    refused = send(client, address, words="Dua")
    assert (refused.status_code, "Dua" in refused.text) == (429, True)
    assert len(db.session.scalars(select(ComplaintMessage)).all()) == 2


def test_links_fill_in_topic_and_order(client):
    page = client.get("/aduan?tentang=data&pesanan=LMB-2611-0007").text
    assert re.search(r'<input checked[^>]*value="data"', page)
    assert "LMB-2611-0007" in page
    for odd in ("tentang=weather", "pesanan=%00%22%3E", "pesanan=" + "x" * 5000):
        assert client.get(f"/aduan?{odd}").status_code == 200


def test_an_unknown_link_is_not_found(client):
    for code in ("x", "%00", "A" * 300):
        assert client.get(f"/aduan/{code}").status_code == 404


def test_who_is_signed_in_sees_her_tickets(client):
    a_person()
    sign_in(client)
    address = complain(client)
    assert address in client.get("/aduan").text
    stranger = client.application.test_client()
    assert address not in stranger.get("/aduan").text


def test_the_desk_is_for_operators(client):
    complain(client)
    addresses = ("/kelola/aduan", f"/kelola/aduan/{only_ticket().id}")
    for address in (*addresses, f"{addresses[1]}/hapus-kontak"):
        assert "/masuk" in client.get(address).location
    a_person()
    sign_in(client)
    for address in (*addresses, f"{addresses[1]}/hapus-kontak"):
        assert client.get(address).status_code == 403


def test_the_empty_desk_has_a_next_step(client, operator):
    page = client.get("/kelola/aduan").text
    assert "Belum ada aduan" in page
    assert 'href="/aduan"' in page
    assert "Tidak ada yang cocok" in client.get("/kelola/aduan?q=zzz&hal=99").text
    assert client.get("/kelola/aduan?q=%00&hal=-1").status_code == 200


def test_the_operator_answers_closes_and_the_complainer_opens_again(client, operator):
    guest = client.application.test_client()
    address = complain(guest)
    ticket = f"/kelola/aduan/{only_ticket().id}"
    assert ticket in client.get("/kelola/aduan").text
    assert "Joko" in client.get(ticket).text
    assert send(client, ticket, words="Mana fotonya?").status_code == 303
    assert "Sudah kami jawab" in guest.get(address).text
    assert "Mana fotonya?" in guest.get(address).text
    send(client, ticket, words="Sudah kami ganti.", is_last="y")
    assert "Aduan ini ditutup" in guest.get(address).text
    assert "sudah ditutup" in client.get(ticket).text
    send(guest, address, words="Belum sampai")
    assert "Menunggu jawaban kami" in guest.get(address).text
    assert "Belum sampai" in client.get(ticket).text


def test_an_empty_answer_is_refused_beside_its_box(client, operator):
    complain(client)
    answer = send(client, f"/kelola/aduan/{only_ticket().id}", words=" ")
    assert (answer.status_code, "belum diisi" in answer.text) == (200, True)


def test_the_operator_reaches_the_complainer_and_forgets_her(client, operator, session):
    complain(client)
    ticket = f"/kelola/aduan/{only_ticket().id}"
    page = client.get(ticket).text
    link = re.search(r'href="(https://wa.me/[^"]+)"', page)[1]
    assert only_ticket().number in link
    assert only_ticket().code not in page
    asked = client.get(f"{ticket}/hapus-kontak")
    client.post(f"{ticket}/hapus-kontak", data={"csrf_token": token_in(asked)})
    page = client.get(ticket).text
    assert "Data kontak dihapus" in page
    assert "Joko" not in page


def test_a_ticket_that_is_not_there_is_not_found(client, operator):
    for address in ("/kelola/aduan/999", "/kelola/aduan/9223372036854775807", "/kelola/aduan/1x"):
        assert client.get(address).status_code == 404


def test_operators_find_the_desk_in_their_menu_and_others_do_not(client, operator, app):
    assert 'href="/kelola/aduan"' in client.get("/bantuan").text
    other = app.test_client()
    a_person("Siti", phone="+6281234567899")
    sign_in(other, phone="081234567899")
    assert 'href="/kelola/aduan"' not in other.get("/bantuan").text
