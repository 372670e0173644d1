"""One phone, several women: locking, changing over, and what nobody else gets to see."""

import pytest
from sqlalchemy import select

from core import clock, shared_phone, signin
from core.db import db
from core.shared_phone import RememberedHere
from core.signin import SignIn
from tests.factories import PIN, a_person, send, sign_in, token_in

pytestmark = pytest.mark.service
OTHER_PIN = "830417"


def come_in(client, phone="0812-3456-7890", pin=PIN, **more):
    page = client.get("/masuk?siapa=lain")
    data = {"csrf_token": token_in(page), "phone": phone, "pin": pin, **more}
    return client.post("/masuk", data=data)


def lock(client):
    return send(client, "/kunci", page="/akun")


def tap(client, page, name):
    """The address behind a name on the page."""
    import re

    found = re.search(rf'href="([^"]+)">(?:<svg.*?</svg>)?{name}</a>', page.text)
    assert found, page.text
    return found[1].replace("&amp;", "&")


def test_one_tap_locks_and_her_pin_opens_the_same_sign_in_again(client):
    a_person()
    come_in(client)
    opened = db.session.scalar(select(SignIn))
    assert lock(client).location == "/siapa"
    assert client.get("/akun").location.startswith("/masuk")
    page = client.get("/siapa")
    assert "Sumirah" not in page.text  # She has not wished to be shown here.
    assert 'name="person"' not in page.text
    where = tap(client, page, "Buka kunci")
    assert "belum cocok" in send(client, where, pin=OTHER_PIN).text
    assert client.get("/akun").status_code == 303
    assert send(client, where, pin=PIN).status_code == 303
    assert "Sumirah" in client.get("/akun").text
    db.session.refresh(opened)
    assert (opened.locked_at, opened.revoked_at) == (None, None)


def test_nothing_is_done_while_locked(client):
    """Neither by a page that was open before, nor by what its scripts still send."""
    a_person()
    come_in(client)
    token = token_in(client.get("/akun"))
    lock(client)
    for url in ("/akun/pin", "/akun/data/hapus", "/akun/ingat", "/kirim"):
        answer = client.post(url, data={"csrf_token": token, "pin": PIN})
        assert answer.status_code in (303, 401, 403), url
        assert "/masuk" in (answer.location or "/masuk")
    assert db.session.scalar(select(RememberedHere)) is None


def test_two_taps_change_over_and_the_first_sign_in_ends(client):
    first = a_person()
    a_person("Wagiyem", phone="+6281299998888", pin=OTHER_PIN)
    come_in(client, phone="0812-9999-8888", pin=OTHER_PIN, remember="y")
    lock(client)
    come_in(client, remember="y")
    lock(client)
    page = client.get("/siapa")
    assert page.text.index("Bu Sumirah") < page.text.index("Bu Wagiyem")  # The last one first.
    where = tap(client, page, "Bu Wagiyem")
    assert "belum cocok" in send(client, where, pin=PIN).text
    assert send(client, where, pin=OTHER_PIN).status_code == 303
    assert "Bu Wagiyem" in client.get("/akun").text
    left = db.session.scalars(select(SignIn).where(SignIn.person_id == first.id)).all()
    assert all(one.revoked_at for one in left)


def test_who_comes_next_gets_neither_basket_nor_cookie_of_the_one_before(client):
    a_person()
    a_person("Wagiyem", phone="+6281299998888", pin=OTHER_PIN)
    come_in(client)
    with client.session_transaction() as cookie:
        cookie["basket"] = [[1, 2]]
        before = cookie["sign_in"]
    lock(client)
    come_in(client, phone="0812-9999-8888", pin=OTHER_PIN)
    with client.session_transaction() as cookie:
        assert "basket" not in cookie
        assert cookie["sign_in"] != before


def test_names_are_shown_only_on_the_phone_that_was_asked_to(client, app):
    a_person()
    come_in(client, remember="y")
    lock(client)
    assert "Bu Sumirah" in client.get("/siapa").text
    row = db.session.scalar(select(RememberedHere))
    other = app.test_client()
    assert other.get(f"/siapa?ibu={row.id}").location == "/masuk?siapa=lain"
    other.set_cookie("hp", "x" * 43)
    assert other.get(f"/siapa?ibu={row.id}").location == "/masuk?siapa=lain"


def test_she_may_be_forgotten_and_remembered_from_her_account(client):
    a_person()
    come_in(client)
    send(client, "/akun/ingat", page="/akun")
    assert "Jangan tampilkan saya" in client.get("/akun").text
    send(client, "/akun/lupakan", page="/akun")
    assert db.session.scalar(select(RememberedHere)) is None
    lock(client)
    assert "Bu Sumirah" not in client.get("/siapa").text


def test_strangers_elsewhere_cannot_lock_her_out_of_her_own_phone(client, app):
    a_person()
    come_in(client, remember="y")
    lock(client)
    stranger = app.test_client()
    for _ in range(6):
        sign_in(stranger, pin=OTHER_PIN)
    where = tap(client, client.get("/siapa"), "Bu Sumirah")
    assert send(client, where, pin=PIN).status_code == 303


def test_on_the_phone_itself_the_sixth_guess_is_stopped(client):
    a_person()
    come_in(client, remember="y")
    lock(client)
    where = tap(client, client.get("/siapa"), "Bu Sumirah")
    for _ in range(5):
        send(client, where, pin=OTHER_PIN)
    assert send(client, where, pin=PIN).status_code == 429


def test_a_locked_sign_in_can_be_ended_from_elsewhere_and_by_leaving(client, app):
    person = a_person()
    come_in(client)
    lock(client)
    other = app.test_client()
    come_in(other)
    row = signin.list_sign_ins(db.session(), person.id)[-1]
    send(other, f"/akun/perangkat/{row.id}/keluar", page="/akun")
    assert client.get("/siapa").location == "/masuk?siapa=lain"
    come_in(client)
    lock(client)
    with client.session_transaction() as cookie:
        token = cookie["sign_in"]
    send(client, "/keluar", page=tap(client, client.get("/siapa"), "Buka kunci"))
    assert signin.living(db.session(), token, 90) is None


def test_a_phone_forgets_whom_it_has_not_seen_for_long(client):
    a_person()
    come_in(client, remember="y")
    row = db.session.scalar(select(RememberedHere))
    row.last_at = clock.now() - shared_phone.KEPT
    db.session.commit()
    lock(client)
    assert "Bu Sumirah" not in client.get("/siapa").text
    other = a_person("Wagiyem", phone="+6281299998888")
    shared_phone.remember(actor=signin.Actor(other.id), device="d")
    assert db.session.scalars(select(RememberedHere.person_id)).all() == [other.id]
