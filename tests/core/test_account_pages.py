"""Signing in, registering, leaving, and finding the way back after a forgotten PIN."""

import pytest

from core import limits, recovery, signin
from core.actors import Actor
from core.db import db
from tests.factories import PIN, a_person, sign_in, token_in

pytestmark = pytest.mark.service
OTHER_PIN = "830417"


def post(client, url, **data):
    return client.post(url, data={"csrf_token": token_in(client.get(url)), **data})


def test_any_spelling_of_her_number_lets_her_in(client):
    a_person()
    assert sign_in(client, phone="62 812.3456.7890").status_code == 303
    assert "Bu Sumirah" in client.get("/akun").text


def test_a_wrong_pin_and_an_unknown_number_get_the_same_answer(client):
    a_person()
    wrong, unknown = sign_in(client, pin=OTHER_PIN), sign_in(client, phone="081211112222")
    for page in (wrong, unknown):
        assert page.status_code == 200
        assert "Nomor HP atau PIN belum cocok" in page.text


def test_the_sixth_wrong_pin_is_stopped_also_when_it_is_right(client):
    a_person()
    for _ in range(5):
        sign_in(client, pin=OTHER_PIN)
    assert sign_in(client, pin=PIN).status_code == 429


def test_a_family_on_one_number_and_pin_is_asked_who_it_is(client):
    a_person("Sumirah")
    other = a_person("Wagiyem")
    page = sign_in(client)
    assert "Bu Sumirah" in page.text
    assert "Bu Wagiyem" in page.text
    client.post(
        "/masuk",
        data={"csrf_token": token_in(page), "phone": "081234567890", "pin": PIN, "who": other.id},
    )
    assert "Wagiyem" in client.get("/akun").text


def test_registering_needs_one_word_and_comes_in(client):
    answer = post(
        client,
        "/daftar",
        name="Sumirah",
        call_me="Bu Sum",
        phone="0812 3456 7890",
        pin=PIN,
        again=PIN,
    )
    assert answer.status_code == 303
    assert "Selamat datang, Bu Sum" in client.get("/akun").text


def test_bad_input_keeps_what_was_typed(client):
    page = post(client, "/daftar", name="Sumirah", call_me="", phone="12", pin="111111", again="1")
    assert page.status_code == 200
    assert 'value="Sumirah"' in page.text
    assert 'value="12"' in page.text


def test_without_a_token_nothing_happens(client):
    answer = client.post("/daftar", data={"name": "X", "call_me": "X", "phone": "081234567890"})
    assert answer.status_code == 400
    assert signin.list_with_phone(db.session(), "+6281234567890") == []


def test_a_foreign_site_cannot_post(client):
    page = client.get("/daftar")
    answer = client.post(
        "/daftar", data={"csrf_token": token_in(page)}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 400


def test_a_device_that_was_ended_is_out_at_once(client, app):
    person = a_person()
    sign_in(client)
    other = app.test_client()
    sign_in(other)
    first, second = signin.list_sign_ins(db.session(), person.id)
    page = client.get("/akun")
    for row in (first, second):
        if f"/akun/perangkat/{row.id}/keluar" in page.text:
            client.post(f"/akun/perangkat/{row.id}/keluar", data={"csrf_token": token_in(page)})
            break
    assert {client.get("/akun").status_code, other.get("/akun").status_code} == {200, 303}


def test_nobody_ends_the_sign_in_of_somebody_else(client):
    stranger = a_person("Lain", phone="+6281299998888")
    signin.open_sign_in(actor=Actor(stranger.id), device="x")
    theirs = signin.list_sign_ins(db.session(), stranger.id)[0]
    a_person()
    sign_in(client)
    page = client.get("/akun")
    answer = client.post(f"/akun/perangkat/{theirs.id}/keluar", data={"csrf_token": token_in(page)})
    assert answer.status_code == 404
    assert signin.list_sign_ins(db.session(), stranger.id) == [theirs]


def test_a_new_pin_ends_the_other_devices(client, app):
    a_person()
    sign_in(client)
    other = app.test_client()
    sign_in(other)
    assert post(client, "/akun/pin", old=PIN, pin=OTHER_PIN).status_code == 303
    assert client.get("/akun").status_code == 200
    assert other.get("/akun").status_code == 303


def test_the_old_pin_must_be_right(client):
    a_person()
    sign_in(client)
    assert "belum cocok" in post(client, "/akun/pin", old=OTHER_PIN, pin="640182").text


def test_signing_out_ends_the_sign_in_itself(client):
    person = a_person()
    sign_in(client)
    client.post("/keluar", data={"csrf_token": token_in(client.get("/akun"))})
    assert client.get("/akun").status_code == 303
    assert signin.list_sign_ins(db.session(), person.id) == []


def test_a_reset_code_works_once(client):
    person, coordinator = a_person(), a_person("Umi", phone="+6281299998888")
    code = recovery.issue_reset(actor=Actor(coordinator.id), person_id=person.id)
    fields = {"phone": "081234567890", "code": code, "pin": OTHER_PIN}
    assert post(client, "/pin-baru", **fields).status_code == 303
    client.post("/keluar", data={"csrf_token": token_in(client.get("/akun"))})
    assert "tidak berlaku" in post(client, "/pin-baru", **fields).text
    limits.forget(key="pin:+6281234567890")
    assert sign_in(client, pin=OTHER_PIN).status_code == 303


def test_asking_for_help_says_the_same_for_every_number(client):
    a_person()
    known, unknown = (
        post(client, "/pin-lupa", phone="081234567890"),
        post(client, "/pin-lupa", phone="081211112222"),
    )
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)


def test_after_signing_in_she_goes_only_to_pages_of_this_house(client):
    a_person()
    page = client.get("/masuk")
    answer = client.post(
        "/masuk?lanjut=//evil.example/",
        data={"csrf_token": token_in(page), "phone": "081234567890", "pin": PIN},
    )
    assert answer.location == "/"
