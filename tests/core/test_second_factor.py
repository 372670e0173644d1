"""Asking once more who it is: what counts, for how long, and where it leads."""

from datetime import timedelta
from itertools import product

import pytest
import time_machine

from core import clock, signin
from core.actors import Actor
from core.db import db
from core.people import Person
from core.second_factor import FRESH, Ask, Strength, Ways, has_shown_pin, judge
from core.signin import Proof, Proofs
from tests.factories import PIN, a_person, send, sign_in

NOW = clock.now()
YOUNG, OLD = NOW - timedelta(minutes=9), NOW - FRESH
MOMENTS = (None, OLD, YOUNG)
BOTH = (False, True)


@pytest.mark.parametrize(
    ("pin", "code", "passkey", "trusted", "has_code", "has_passkey"),
    list(product(MOMENTS, MOMENTS, MOMENTS, (None, NOW, NOW + FRESH), BOTH, BOTH)),
)
def test_every_mix_of_proofs_is_judged(pin, code, passkey, trusted, has_code, has_passkey):
    found = judge(Proofs(pin, code, passkey, trusted), Ways(has_code, has_passkey), NOW)
    pin_counts = pin is YOUNG and trusted in (None, NOW)
    if passkey is YOUNG or (pin_counts and code is YOUNG):
        assert found is Strength.TWO
    elif pin_counts and not has_code and not has_passkey:
        assert found is Strength.PIN
    else:
        assert found is Strength.NONE


@pytest.mark.parametrize(("pin", "code", "passkey"), list(product(MOMENTS, repeat=3)))
def test_private_pages_open_by_pin_or_passkey_and_never_by_code(pin, code, passkey):
    assert has_shown_pin(Proofs(pin, code, passkey), NOW) is (YOUNG in (pin, passkey))


@pytest.fixture
def asking(app, monkeypatch):
    """Her notices, as if they were a page that asks once more."""

    def ask(what):
        monkeypatch.setattr(app.view_functions["notices.index"], "asks", what, raising=False)

    return ask


@pytest.mark.service
@pytest.mark.parametrize("what", list(Ask))
def test_after_ten_minutes_the_pin_is_asked_and_leads_back(client, asking, what):
    asking(what)
    a_person()
    with time_machine.travel(clock.now(), tick=False) as time:
        sign_in(client)
        assert client.get("/akun/pesan").status_code == 200
        time.shift(FRESH)
        away = client.get("/akun/pesan?halaman=1")
        assert away.status_code == 303
        assert away.location == f"/akun/pastikan?lanjut=/akun/pesan?halaman%3D1&hal={what}"
        assert "PIN belum cocok" in send(client, away.location, pin="830417").text
        assert client.get("/akun/pesan").status_code == 303
        assert send(client, away.location, pin=PIN).location == "/akun/pesan?halaman=1"
        assert client.get("/akun/pesan").status_code == 200


@pytest.mark.service
def test_a_new_pin_that_is_not_yet_trusted_opens_no_page_with_money(client, asking):
    person = a_person()
    sign_in(client)
    db.session.get(Person, person.id).pin_trusted_from = clock.now() + timedelta(hours=1)
    db.session.commit()
    asking(Ask.PIN)
    assert client.get("/akun/pesan").status_code == 200
    asking(Ask.FACTOR)
    away = client.get("/akun/pesan")
    assert "Halaman uang terbuka lagi mulai" in client.get(away.location).text
    assert client.get("/akun/pesan").status_code == 303


@pytest.mark.service
@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", ""]
)
def test_it_never_leads_to_another_house(client, target):
    a_person()
    sign_in(client)
    answer = client.get("/akun/pastikan", query_string={"lanjut": target})
    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.service
def test_all_pages_that_ask_for_her_pin_share_one_count_of_tries(client):
    a_person()
    with time_machine.travel(clock.now(), tick=False) as time:
        sign_in(client)
        time.shift(FRESH)
        for _ in range(3):
            send(client, "/akun/pastikan", pin="830417")
        for _ in range(2):
            send(client, "/akun/pin", old="830417", pin="640182")
        assert send(client, "/akun/pastikan", pin=PIN).status_code == 429
        assert send(client, "/akun/data/hapus", pin=PIN).status_code == 429
        assert client.get("/akun").status_code == 200


@pytest.mark.service
def test_nobody_proves_herself_on_the_device_of_somebody_else(client):
    a_person()
    sign_in(client)
    stranger = Actor(a_person("Lain", phone="+6281299998888").id)
    hers = db.session.query(signin.SignIn).one()
    with pytest.raises(signin.NotFound):
        signin.prove(actor=stranger, sign_in_id=hers.id, proof=Proof.PASSKEY)
    assert hers.passkey_at is None


@pytest.mark.service
def test_a_copy_of_her_data_asks_for_her_pin(client):
    a_person()
    with time_machine.travel(clock.now(), tick=False) as time:
        sign_in(client)
        assert client.get("/akun/data/salinan.json").status_code == 200
        time.shift(FRESH)
        assert client.get("/akun/data/salinan.json").location.startswith("/akun/pastikan")
