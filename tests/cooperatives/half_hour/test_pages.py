"""The pages of the half hour: a coordinator works through them, others find nothing there."""

import pytest

from cooperatives.rights import COORDINATE
from core.actors import Actor
from core.db import db
from core.people import Person
from tests.cooperatives.factories import a_cooperative
from tests.cooperatives.half_hour.factories import (
    a_member_on_paper,
    a_short_drawer,
    a_silent_member,
    a_village,
    expiring,
    found,
)
from tests.factories import a_person, give, send, sign_in, token_in

pytestmark = pytest.mark.service
PHONE = "+6281299998888"


@pytest.fixture
def village(client):
    """Her cooperative, and she signed in."""
    made = a_village()
    made.umi = Actor(a_person("Umi", phone=PHONE).id)
    give(made.umi, COORDINATE, made.id)
    sign_in(client, phone=PHONE)
    return made


def test_she_calls_notes_and_the_line_is_gone(client, village):
    a_silent_member(village)
    person = db.session.get(Person, village.shop.person_id)
    person.phone = "+6281277776666"
    db.session.commit()
    desk = client.get("/koord").text
    page = f"/koord/urusan/silent/{person.id}"
    assert f'href="{page}"' in desk
    shown = client.get(page).text
    assert 'href="tel:+6281277776666"' in shown
    long = send(client, page, words="x" * 201)
    assert long.status_code == 200
    assert "x" * 201 in long.text
    assert send(client, page, words="Sakit, minggu depan jualan lagi").status_code == 303
    assert client.get(page).status_code == 404
    assert page not in client.get("/koord").text


def test_what_is_not_hers_is_not_there(client, village):
    other = a_village()
    a_short_drawer(other)
    (line,) = found("drawer", other)
    here = f"/koord/urusan/drawer/{line.thing}"
    assert client.get(here).status_code == 404
    answer = client.post(here, data={"csrf_token": token_in(client.get("/akun"))})
    assert answer.status_code == 404
    assert other.kiosk.name not in client.get("/koord").text
    assert other.kiosk.name not in client.get("/koord/urusan/drawer").text
    assert client.get(f"/koord/adil?kelompok={other.id}").status_code == 404
    for nothing in ("/koord/urusan/x/1", "/koord/urusan/x", "/koord/urusan/count/1"):
        assert client.get(nothing).status_code == 404


def test_a_line_tells_which_goods_and_whom_to_call(client, village):
    expiring(village)
    page = client.get(f"/koord/urusan/expiry/{village.kiosk.id}").text
    assert village.shop.store_name in page
    assert "4 barang" in page
    assert "Harti" in page


def test_one_press_prints_all_papers_and_one_says_they_are_handed_out(client, village):
    person_id = a_member_on_paper(village)
    shown = client.get("/koord/tanpa-hp").text
    assert db.session.get(Person, person_id).name in shown
    printed = client.get("/koord/tanpa-hp/kertas.pdf")
    assert printed.data.count(b"/Type /Page\n") == 2  # Her letter and her statement.
    there = {"page": "/koord/tanpa-hp", "anggota": f"{village.id}-{person_id}"}
    stranger = a_member_on_paper(a_village())
    alone = client.get(f"/koord/tanpa-hp/kertas.pdf?anggota={stranger}")
    assert alone.status_code == 404
    url = "/koord/tanpa-hp/dibagikan"
    for wrong in ("", "x-1", f"{village.id}-{stranger}", "9" * 40):
        assert send(client, url, **{**there, "anggota": wrong}).status_code == 404
    assert found("paper", village)
    assert send(client, url, **there).status_code == 303
    assert found("paper", village) == []
    assert client.get("/koord/tanpa-hp/kertas.pdf").status_code == 200


def test_fairness_of_a_cooperative_that_sold_nothing_yet(client, village):
    assert "Belum ada penjualan" in client.get("/koord/adil").text
    assert client.get(f"/koord/adil/{village.shop.person_id}").status_code == 404
    assert client.get(f"/koord/adil?kelompok={a_cooperative().id}").status_code == 404
