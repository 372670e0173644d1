"""Passkeys: questions are answered once, only by the phone that was asked, and never by rubbish.

The true answers come from Chromium in tests/journeys/test_passkeys.py; here it is about all others.
"""

import json

import pytest
import time_machine

from core import clock, passkeys, second_factor
from core.actors import GUEST, Actor
from core.db import db
from core.errors import NotFound
from core.passkeys import ADD, USE, EnoughPasskeys, NotThisPasskey, Passkey, PasskeyChallenge
from core.settings import CoreSettings
from tests.core.postbox import change
from tests.crowd import tried_at_once
from tests.factories import a_person, send, sign_in, token_in

pytestmark = pytest.mark.service
RUBBISH = [
    "", "x", "null", "[]", "{}", '{"id": 1}', '{"id": "AA", "rawId": "AA", "type": "public-key"}',
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {
        "clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AA",
        "attestationObject": "oA", "userHandle": "AA"}}),
    "[" * 3_000, "\u0000", "é" * 100,
]  # fmt: skip


def a_key(person, credential_id=b"1", **more):
    row = {"public_key": b"k", "sign_count": 3, "name": "HP", "trusted_from": clock.now()} | more
    return passkeys._keep(actor=Actor(person.id), row={"credential_id": credential_id, **row})


@pytest.mark.parametrize("credential", RUBBISH)
def test_rubbish_is_refused_in_words(client, credential):
    a_person()
    token = token_in(client.get("/masuk"))
    asked = client.post("/masuk/kunci/tantangan", headers={"X-CSRFToken": token})
    assert asked.get_json()["userVerification"] == "required"
    answer = client.post("/masuk/kunci", data={"csrf_token": token, "credential": credential})
    assert answer.location.startswith("/masuk")
    assert "Kunci HP belum cocok" in client.get("/masuk").text
    sign_in(client)
    token = token_in(client.get("/akun"))
    asked = client.post("/akun/kunci/baru/tantangan", headers={"X-CSRFToken": token})
    assert asked.get_json()["authenticatorSelection"]["residentKey"] == "required"
    if credential.strip("\0"):
        send(client, "/akun/kunci/baru", credential=credential)
        assert "Kunci HP belum cocok" in client.get("/akun/kunci").text
    assert db.session.query(Passkey).count() == 0


def test_a_question_is_taken_once_in_time_and_for_its_purpose(app):
    with time_machine.travel(clock.now(), tick=False) as time:
        token, _options = passkeys.ask_to_use(actor=GUEST)
        with pytest.raises(NotThisPasskey):
            passkeys._take(actor=GUEST, token=token, purpose=ADD)
        assert passkeys._take(actor=GUEST, token=token, purpose=USE)
        with pytest.raises(NotThisPasskey):
            passkeys._take(actor=GUEST, token=token, purpose=USE)
        late, _options = passkeys.ask_to_use(actor=GUEST)
        time.shift(passkeys.MINUTES * 60)
        with pytest.raises(NotThisPasskey):
            passkeys._take(actor=GUEST, token=late, purpose=USE)
        time.shift(1)
        passkeys.ask_to_use(actor=GUEST)
        assert db.session.query(PasskeyChallenge).count() == 1  # Old ones are swept.


@pytest.mark.race
def test_twenty_answers_at_once_are_one(committed):
    token, _options = passkeys.ask_to_use(actor=GUEST)
    answers = tried_at_once(
        committed, *[lambda: passkeys._take(actor=GUEST, token=token, purpose=USE)] * 20
    )
    assert sum(isinstance(answer, bytes) for answer in answers) == 1


def test_a_counter_that_does_not_grow_is_a_copy_of_the_key(app):
    key = a_key(a_person())
    actor = Actor(key.person_id)
    passkeys._note_use(actor=actor, passkey_id=key.id, count=4)
    for count in (4, 3, 0):
        with pytest.raises(NotThisPasskey):
            passkeys._note_use(actor=actor, passkey_id=key.id, count=count)
    never_counts = a_key(a_person("Wagiyem"), b"2", sign_count=0)
    for _ in range(2):
        passkeys._note_use(actor=actor, passkey_id=never_counts.id, count=0)


def test_nobody_keeps_more_than_ten_nor_the_key_of_another(app):
    person, other = a_person(), a_person("Lain", phone="+6281299998888")
    for n in range(passkeys.MOST):
        a_key(person, bytes([n]))
    with pytest.raises(EnoughPasskeys):
        a_key(person, b"more")
    with pytest.raises(NotThisPasskey):
        a_key(other, bytes([0]))


def test_only_her_own_keys_are_renamed_and_removed(app):
    key = a_key(a_person())
    stranger = Actor(a_person("Lain", phone="+6281299998888").id)
    for deed in (
        lambda: passkeys.rename(actor=stranger, passkey_id=key.id, name="x"),
        lambda: passkeys.remove(actor=stranger, passkey_id=key.id),
    ):
        with pytest.raises(NotFound):
            deed()
    assert db.session.get(Passkey, key.id).name == "HP"


def test_a_key_counts_as_a_way_only_once_it_is_trusted(app):
    person = a_person()
    with time_machine.travel(clock.now(), tick=False) as time:
        a_key(person, trusted_from=clock.now() + second_factor.FRESH)
        assert not second_factor.ways_of(db.session(), person.id).passkey
        time.shift(second_factor.FRESH)
        assert second_factor.ways_of(db.session(), person.id).passkey


def test_she_is_told_of_every_key_that_comes_or_goes(client):
    person = a_person()
    key = a_key(person)
    passkeys.remove(actor=Actor(person.id), passkey_id=key.id)
    sign_in(client)
    page = client.get("/akun/pesan").text
    assert "Kunci HP baru" in page
    assert "Kunci HP dihapus" in page


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        ("https://pasar.example", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("http://pasar.example", False),
    ],
)
def test_browsers_allow_passkeys_over_https_and_at_home(app, address, is_open):
    change(CoreSettings, public_url=address)
    assert passkeys.is_open() is is_open
