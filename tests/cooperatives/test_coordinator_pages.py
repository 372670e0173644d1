"""A member who forgot her PIN gets a code from her own coordinator, face to face."""

import re

import pytest

from cooperatives import members
from cooperatives.rights import COORDINATE
from core import clock, signin
from core.actors import SYSTEM, Actor
from core.db import db
from tests.cooperatives.factories import a_cooperative
from tests.factories import PIN, a_person, give, sign_in, token_in

pytestmark = pytest.mark.service
UMI, NEW_PIN = "081299998888", "830417"


@pytest.fixture
def village(app):
    """A cooperative, its coordinator Umi, and its member Sumirah."""
    cooperative = a_cooperative()
    umi, member = a_person("Umi", phone="+6281299998888"), a_person("Sumirah")
    give(Actor(umi.id), COORDINATE, cooperative.id)
    for person in (umi, member):
        members.join(
            actor=SYSTEM,
            cooperative_id=cooperative.id,
            person_id=person.id,
            joined_on=clock.today(),
        )
    return umi, member


def forgot(client):
    page = client.get("/pin-lupa")
    client.post("/pin-lupa", data={"csrf_token": token_in(page), "phone": "081234567890"})
    for person in signin.list_with_phone(db.session(), "+6281234567890"):
        members.pin_forgotten.run(person_id=person.id)


def code_on(client, url):
    answer = client.post(url, data={"csrf_token": token_in(client.get(url))})
    found = re.search(r'<p class="price">(\d{4}) (\d{4})</p>', answer.text)
    return "".join(found.groups()) if found else None


def test_from_the_forgotten_pin_to_a_new_one(app, client, village):
    _umi, member = village
    forgot(client)
    desk = app.test_client()
    sign_in(desk, phone=UMI)
    assert "Bu Sumirah lupa PIN" in desk.get("/koord").text
    code = code_on(desk, f"/koord/pin/{member.id}")
    assert "Bu Sumirah lupa PIN" not in desk.get("/koord").text
    page = client.get("/pin-baru")
    answer = client.post(
        "/pin-baru",
        data={"csrf_token": token_in(page), "phone": "081234567890", "code": code, "pin": NEW_PIN},
    )
    assert answer.status_code == 303
    assert client.get("/akun").status_code == 200


def test_strangers_and_other_coordinators_help_nobody(app, client, village):
    _umi, member = village
    other = a_person("Lain", phone="+6281277776666")
    give(Actor(other.id), COORDINATE, a_cooperative().id)
    sign_in(client, phone="081277776666")
    assert client.get(f"/koord/pin/{member.id}").status_code == 404
    guest = app.test_client()
    sign_in(guest, pin=PIN)
    assert guest.get("/koord").status_code == 403


def test_nobody_makes_a_code_for_herself(client, village):
    umi, _member = village
    sign_in(client, phone=UMI)
    assert client.get(f"/koord/pin/{umi.id}").status_code == 404
