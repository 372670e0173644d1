"""Guides on a maker's pages: their steps, their voices, somebody to ask, and what is counted."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from cooperatives import whom_to_ask
from cooperatives.rights import COORDINATE
from core import access, clock, guides
from core.actors import Actor
from core.album import storage
from core.audit import Audit
from core.db import db
from core.files import Attachment
from core.guides import USED, VOICE_BYTES_MAX, NotAVoice
from core.people import Person
from core.tasks import Task
from sellers.rights import STOCK
from tests.cooperatives.factories import a_cooperative, counted
from tests.factories import a_person, give, send, sign_in, token_in
from tests.sellers.factories import a_shop

pytestmark = pytest.mark.service
NUR, UMI, RINI = "081234567890", "081299998888", "081311112222"
OGG = b"OggS" + bytes(2000)
M4A = b"\x00\x00\x00\x1cftypM4A " + bytes(500)


@pytest.fixture
def village(app, own_storage):
    """Bu Nur with her shop, and Umi, who coordinates her cooperative."""
    app.extensions["guides"].read_at = -guides.KEPT_SECONDS
    shop, nur = a_shop(organisation=a_cooperative())
    umi = a_person("Umi", phone="+6281299998888")
    give(Actor(umi.id), COORDINATE, shop.organisation_id)
    yield shop, nur, umi
    app.extensions["guides"].read_at = -guides.KEPT_SECONDS


def used(guide, mode):
    return USED.labels(guide, mode)._value.get()


def bring(client, content, guide="barang", name="suara.ogg"):
    page = client.get("/koord/panduan")
    return client.post(
        "/koord/panduan",
        data={"csrf_token": token_in(page), "guide": guide, "voice": (content, name)},
    )


def as_file(content):
    return io.BytesIO(content)


def test_every_page_of_hers_shows_its_guide_in_the_same_place(client, village):
    sign_in(client, phone=NUR)
    for path, title in (
        ("/ibu", "Hari ini"),
        ("/ibu/produk", "Barang Ibu"),
        ("/ibu/pesanan", "Pesanan untuk Ibu"),
        ("/ibu/izin", "Izin usaha"),
        ("/ibu/libur", "Libur dan jam kerja"),
        ("/ibu/bantuan", "Bantuan"),
    ):
        page = client.get(path).text
        main = page[page.index('<main class="wrap"') :]
        assert main.index("<h1") < main.index("Panduan halaman ini") < main.index("</main>"), path
        assert '<a href="#panduan">' in page
        assert f"<b>{title}</b>" in main
        assert "<audio" not in main


def test_pages_of_others_show_none(client, village):
    assert "Panduan halaman ini" not in client.get("/").text
    sign_in(client, phone=UMI)
    assert "Panduan halaman ini" not in client.get("/akun").text


def test_a_voice_is_brought_heard_and_replaced(app, client, village):
    desk = app.test_client()
    sign_in(desk, phone=UMI)
    assert bring(desk, as_file(OGG)).status_code == 303
    first = db.session.scalars(select(Attachment)).one()
    first_key = first.key
    sign_in(client, phone=NUR)
    assert f"/ibu/bantuan/barang/suara?v={first.id}" in client.get("/ibu/produk").text
    before = used("barang", "voice")
    answer = client.get("/ibu/bantuan/barang/suara")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, OGG, "audio/ogg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    part = client.get("/ibu/bantuan/barang/suara", headers={"Range": "bytes=4-9"})
    assert (part.status_code, part.data) == (206, OGG[4:10])
    assert used("barang", "voice") == before + 1  # A piece is no new hearing.

    assert bring(desk, as_file(M4A), name="rekaman.m4a").status_code == 303
    second = db.session.scalars(select(Attachment)).one()
    assert client.get("/ibu/bantuan/barang/suara").data == M4A
    assert not storage().exists(first_key)
    assert storage().exists(second.key)


def test_a_voice_is_taken_away(app, client, village):
    sign_in(client, phone=UMI)
    bring(client, as_file(OGG))
    send(client, "/koord/panduan/hapus", page="/koord/panduan", guide="barang")
    assert db.session.scalars(select(Attachment)).all() == []
    assert "<audio" not in client.get("/koord/panduan").text
    assert client.get("/ibu/bantuan/barang/suara").status_code == 404


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "kosong.ogg"),
        (b"<script>alert(1)</script>", "suara.ogg"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "suara.mp3"),
        (b"%PDF-1.7", "suara.m4a"),
    ],
)
def test_what_is_no_voice_is_refused_beside_its_box(client, village, content, name):
    sign_in(client, phone=UMI)
    answer = bring(client, as_file(content), name=name)
    assert answer.status_code == 200
    assert "Ini bukan rekaman suara." in answer.text
    assert db.session.scalars(select(Attachment)).all() == []


def test_a_voice_has_its_size(village):
    umi = Actor(village[2].id)
    with pytest.raises(NotAVoice):
        guides.keep_voice(actor=umi, name="barang", content=OGG + bytes(VOICE_BYTES_MAX))
    longest = OGG + bytes(VOICE_BYTES_MAX - len(OGG))
    guides.keep_voice(actor=umi, name="barang", content=longest)
    assert db.session.scalars(select(Attachment)).one().bytes == VOICE_BYTES_MAX


def test_an_unknown_guide_is_refused(client, village):
    sign_in(client, phone=UMI)
    assert "Pilih salah satu panduan." in bring(client, as_file(OGG), guide="../rahasia").text
    assert client.get("/ibu/bantuan/nix/suara").status_code == 404
    assert client.get("/ibu/bantuan/nix/baca").status_code == 404
    assert client.get("/ibu/bantuan/nix/tanya").status_code == 404


def test_a_maker_brings_no_voice(client, village):
    sign_in(client, phone=NUR)
    assert client.get("/koord/panduan").status_code == 403


def test_she_asks_her_coordinator_and_no_page_has_the_number(client, village):
    sign_in(client, phone=NUR)
    page = client.get("/ibu/bantuan")
    assert "Bu Umi siap membantu." in page.text
    assert "81299998888" not in page.text + client.get("/ibu/produk").text
    before = used("barang", "person")
    answer = client.get("/ibu/bantuan/barang/tanya")
    assert answer.status_code == 303
    assert answer.location.startswith("https://wa.me/6281299998888?text=Halo%20Bu%20Umi")
    assert used("barang", "person") == before + 1
    row = db.session.scalars(select(Audit).where(Audit.action == "helper.reached")).one()
    assert (row.actor_id, row.object_id) == (village[1].person_id, str(village[2].id))


def test_her_own_helper_comes_first_as_long_as_she_may_help(app, village):
    shop, nur, umi = village
    helper = a_person("Rini", phone="+6281311112222")
    grant = access.give(
        actor=nur,
        person_id=helper.id,
        right=STOCK,
        subject_id=shop.id,
        until=clock.now() + timedelta(days=9),
        on_behalf_of=nur.person_id,
    )
    assert whom_to_ask.find(db.session(), nur).id == helper.id
    helping = Actor(helper.id, nur.person_id)
    assert whom_to_ask.find(db.session(), helping).id == umi.id
    access.revoke(actor=nur, grant_id=grant.id)
    assert whom_to_ask.find(db.session(), nur).id == umi.id


def test_where_nobody_has_whatsapp_she_can_ask_another_way(client, village):
    shop, _nur, umi = village
    db.session.get(Person, umi.id).channel = "paper"
    db.session.commit()
    sign_in(client, phone=NUR)
    assert client.get("/ibu/bantuan/barang/tanya").location == "/ibu/bantuan"
    page = client.get("/ibu/bantuan")
    assert "Belum ada yang bisa ditanya lewat WhatsApp." in page.text
    send(client, "/ibu/bantuan/minta", page="/ibu/bantuan")
    task = db.session.scalars(select(Task).where(Task.kind == "help.asked")).one()
    assert (task.right_name, task.subject_id) == (COORDINATE.name, shop.organisation_id)


def test_a_stranger_has_nobody_to_ask_and_no_coordinator_of_others(client, village):
    a_person("Joko", phone="+6281355556666")
    sign_in(client, phone="081355556666")
    page = client.get("/ibu/bantuan").text
    assert "Belum ada penolong" in page
    assert "/ibu/bantuan/minta" not in page
    assert client.get("/ibu/bantuan/barang/tanya").location == "/ibu/bantuan"


def test_opening_and_reading_are_counted(client, village):
    sign_in(client, phone=NUR)
    opened, read = used("barang", "guide"), used("barang", "document")
    assert send(client, "/ibu/bantuan/barang/dibuka", page="/ibu/produk").status_code == 204
    answer = client.get("/ibu/bantuan/barang/baca")
    assert (answer.status_code, answer.location) == (303, "/bantuan#stok")
    assert used("barang", "guide") == opened + 1
    assert used("barang", "document") == read + 1


def test_a_guide_costs_its_page_no_question(client, village):
    sign_in(client, phone=NUR)
    assert "<audio" not in client.get("/ibu/produk").text
    with counted() as sent:
        assert "Panduan halaman ini" in client.get("/ibu/produk").text
    assert sent
    assert not [query for query in sent if "attachment" in str(query)]


def test_of_two_recordings_the_later_stays(app, village):
    umi = Actor(village[2].id)
    guides.keep_voice(actor=umi, name="barang", content=OGG)
    guides.keep_voice(actor=umi, name="barang", content=M4A)
    kept = db.session.scalars(select(Attachment)).one()
    guides._forget(actor=umi, name="barang", before=kept.created_at - timedelta(seconds=1))
    assert db.session.scalars(select(Attachment)).one().id == kept.id
    assert guides.voices() == {"barang": kept.id}
