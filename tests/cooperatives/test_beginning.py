"""From a new account to a seller: a vision, a cooperative, a coordinator's answer, a first step."""

import pytest
from sqlalchemy import select

from cooperatives import beginning
from cooperatives.models import Beginning, Membership
from cooperatives.rights import COORDINATE
from core import access
from core.actors import Actor
from core.db import db
from core.errors import NotFound
from core.tasks import Task
from sellers.models import Seller
from sellers.rights import SELL
from tests.cooperatives.factories import a_cooperative
from tests.crowd import tried_at_once
from tests.factories import PIN, a_person, give, send, sign_in, token_in

pytestmark = pytest.mark.service
UMI = "+6281299998888"


@pytest.fixture
def village(app):
    """A cooperative and its coordinator."""
    umi, cooperative = a_person("Umi", phone=UMI), a_cooperative()
    give(Actor(umi.id), COORDINATE, cooperative.id)
    return Actor(umi.id), cooperative


def asking(cooperative, name="Sumirah", **more):
    person = a_person(name, **more)
    beginning.ask_to_join(
        actor=Actor(person.id), cooperative_id=cooperative.id, store_name="Dapur Nur"
    )
    return person


def tasks_open():
    return db.session.scalars(select(Task.kind).where(Task.closed_at.is_(None))).all()


def test_from_a_new_account_to_a_shop(client, app, village):
    _umi, cooperative = village
    page = client.get("/daftar")
    answer = client.post(
        "/daftar",
        data={"csrf_token": token_in(page), "name": "Sumirah", "call_me": "Bu Sum",
              "phone": "0812 3456 7890", "pin": PIN, "again": PIN},
    )  # fmt: skip
    assert answer.location == "/mulai"
    assert send(client, "/mulai", vision="business").location == "/mulai/koperasi"
    wish = {"cooperative": cooperative.id, "store_name": "Dapur Nur"}
    assert send(client, "/mulai/koperasi", **wish).location == "/mulai/langkah"
    assert "Permintaan Ibu sudah sampai" in client.get("/mulai/langkah").text
    assert client.get("/ibu/produk/baru").status_code == 403

    desk = app.test_client()
    sign_in(desk, phone=UMI)
    assert "Bu Sum ingin bergabung" in desk.get("/koord").text
    person_id = db.session.scalar(select(Beginning.person_id))
    url = f"/koord/calon/{person_id}"
    page = desk.get(url).text
    assert "Membangun usaha sendiri" in page
    assert "0812-3456-7890" in page
    assert send(desk, url, jawab="terima").location == "/koord"
    assert desk.get(url).status_code == 404
    assert tasks_open() == []
    assert "Pasang barang pertama" in client.get("/mulai/langkah").text
    assert client.get("/ibu/produk/baru").status_code == 200
    assert "Anda diterima di koperasi" in client.get("/akun/pesan").text
    shop = db.session.scalar(select(Seller).where(Seller.person_id == person_id))
    assert (shop.store_name, shop.organisation_id) == ("Dapur Nur", cooperative.id)


def test_every_step_may_be_skipped(client):
    a_person()
    sign_in(client)
    assert "Lewati" in client.get("/mulai").text
    assert "Lewati" in client.get("/mulai/koperasi").text
    assert "Tidak perlu terburu-buru" in client.get("/mulai/langkah").text
    assert db.session.scalar(select(Beginning.person_id)) is None


def test_who_was_on_her_way_to_buy_is_not_held_up(client):
    page = client.get("/daftar?lanjut=/keranjang")
    answer = client.post(
        "/daftar?lanjut=/keranjang",
        data={"csrf_token": token_in(page), "name": "Joko", "call_me": "Pak Joko",
              "phone": "0812 3456 7890", "pin": PIN, "again": PIN},
    )  # fmt: skip
    assert answer.location == "/keranjang"


@pytest.mark.parametrize("vision", ["", "rich", "\x00", "earn,write"])
def test_a_vision_that_is_none_of_ours_is_asked_for_again(client, vision):
    a_person()
    sign_in(client)
    assert send(client, "/mulai", vision=vision).status_code == 200


@pytest.mark.parametrize("wish", [{}, {"cooperative": "0"}, {"cooperative": "x"}])
def test_a_cooperative_that_is_not_there_is_refused_in_words(client, village, wish):
    a_person()
    sign_in(client)
    page = send(client, "/mulai/koperasi", store_name="Dapur", **wish)
    assert page.status_code == 200
    assert 'value="Dapur"' in page.text
    assert tasks_open() == []


def test_not_now_is_told_kindly_and_she_may_ask_again(client, village):
    umi, cooperative = village
    person = asking(cooperative)
    beginning.decline(actor=umi, person_id=person.id)
    sign_in(client)
    assert "belum bisa menerima" in client.get("/mulai/langkah").text
    assert client.get("/ibu/produk/baru").status_code == 403
    beginning.ask_to_join(actor=Actor(person.id), cooperative_id=cooperative.id, store_name="Dapur")
    assert tasks_open() == [beginning.WANTS_TO_JOIN.name]
    assert db.session.scalar(select(Membership.id)) is None


def test_asking_another_cooperative_takes_the_first_wish_back(village):
    umi, cooperative = village
    person, other = asking(cooperative), a_cooperative()
    beginning.ask_to_join(actor=Actor(person.id), cooperative_id=other.id, store_name="Dapur")
    with pytest.raises(NotFound):
        beginning.take_in(actor=umi, person_id=person.id)
    assert db.session.scalars(select(Task.subject_id).where(Task.closed_at.is_(None))).all() == [
        other.id
    ]


def test_a_member_is_not_asked_for_twice(client, village):
    umi, cooperative = village
    person = asking(cooperative)
    beginning.take_in(actor=umi, person_id=person.id)
    with pytest.raises(beginning.AlreadyMember):
        beginning.ask_to_join(
            actor=Actor(person.id), cooperative_id=cooperative.id, store_name="Dapur"
        )


def test_only_her_coordinator_answers_and_nobody_answers_herself(village):
    umi, cooperative = village
    person = asking(cooperative)
    stranger = a_person("Lain", phone="+6281277776666")
    give(Actor(stranger.id), COORDINATE, a_cooperative().id)
    for actor in (Actor(stranger.id), Actor(person.id)):
        with pytest.raises(NotFound):
            beginning.take_in(actor=actor, person_id=person.id)
    beginning.ask_to_join(actor=umi, cooperative_id=cooperative.id, store_name="Toko Umi")
    with pytest.raises(NotFound):
        beginning.take_in(actor=umi, person_id=umi.person_id)


@pytest.mark.race
def test_two_coordinators_at_once_take_her_in_once(committed):
    first, second = a_person("Umi", phone=UMI), a_person("Ani", phone="+6281277776666")
    cooperative = a_cooperative()
    for one in (first, second):
        give(Actor(one.id), COORDINATE, cooperative.id)
    person_id = asking(cooperative).id
    actors = [Actor(first.id), Actor(second.id)] * 4
    deeds = [
        lambda actor=actor: beginning.take_in(actor=actor, person_id=person_id) for actor in actors
    ]
    answers = tried_at_once(committed, *deeds)
    assert answers.count(None) == 1
    assert all(isinstance(answer, NotFound) for answer in answers if answer is not None)
    assert len(db.session.scalars(select(Membership.id)).all()) == 1
    assert len(db.session.scalars(select(Seller.id)).all()) == 1
    assert SELL.name in access.rights_of(db.session(), Actor(person_id))
