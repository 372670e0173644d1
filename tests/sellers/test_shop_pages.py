"""Her shop and its rest, through the pages."""

from datetime import time
from functools import partial
from io import BytesIO

import pytest

from core import album, clock, outbox
from core.notices import Recipient
from core.people import Person
from sellers import photos, shops
from sellers.rights import SELL
from tests.factories import a_person, give, send, sign_in
from tests.sellers.factories import a_photo_file, a_shop

pytestmark = pytest.mark.service


def test_strangers_are_sent_to_the_door(client):
    for url in ("/ibu/toko", "/ibu/libur", "/ibu/produk", "/ibu/izin"):
        answer = client.get(url)
        assert (answer.status_code, "/masuk" in answer.location) == (303, True)


def test_who_sells_nothing_is_told_so(client):
    a_person()
    sign_in(client)
    for url in ("/ibu/toko", "/ibu/libur", "/ibu/produk", "/ibu/izin"):
        assert client.get(url).status_code == 403


def test_the_shop_is_shown_as_buyers_see_it(client, hers, session):
    shop, actor = hers
    shops.edit_profile(
        actor=actor,
        seller_id=shop.id,
        changes={"story": "<b>Cerita</b>", "returned_from": ["TW"], "district_code": "330706"},
    )
    page = client.get("/ibu/toko").text
    assert "&lt;b&gt;Cerita&lt;/b&gt;" in page
    assert "<b>Cerita</b>" not in page
    assert "Tidak tampil" in page
    assert "0812" not in page.split("<main")[1]


def test_the_profile_is_saved_and_the_page_comes_back(client, hers, session):
    shop, _ = hers
    answer = send(
        client,
        "/ibu/toko",
        store_name="Dapur Nur",
        call_me="Bu Nur",
        mission="Renyah untuk semua",
        story="Baris satu\r\nBaris dua",
        difference="Digoreng kecil-kecil",
        story_en="A story",
        district_code="Leksono, Wonosobo",
        languages=["id", "jv"],
        returned_from=["TW"],
        away_from_year="2011",
        away_until_year="2016",
        language_gained="Mandarin",
        shows_return="y",
    )
    assert (answer.status_code, answer.location) == (303, "/ibu/toko")
    session.refresh(shop)
    assert (shop.store_name, shop.story, shop.languages) == (
        "Dapur Nur", "Baris satu\nBaris dua", ["id", "jv"],
    )  # fmt: skip
    assert (shop.district_code, shop.returned_from, shop.shows_return) == ("330705", ["TW"], True)
    assert "sudah diperbarui" in client.get("/ibu/toko").text


def test_what_was_typed_stays_beside_its_error(client, hers, session):
    shop, _ = hers
    page = send(
        client, "/ibu/toko", store_name="", mission="Niat baru", away_from_year="lama",
        district_code="Entah di mana",
    )  # fmt: skip
    assert page.status_code == 200
    for words in ("Niat baru", "lama", "Entah di mana", "Kecamatan ini belum ketemu"):
        assert words in page.text
    session.refresh(shop)
    assert (shop.store_name, shop.mission) == ("Keripik Bu Nur", "")


def test_a_claim_is_told_beside_its_box(client, hers, session):
    shop, _ = hers
    page = send(client, "/ibu/toko", store_name="Nur", difference="Obat <i>diabetes</i>")
    assert "Kalimat “obat” tidak boleh ditulis pada makanan" in page.text
    assert "Obat &lt;i&gt;diabetes&lt;/i&gt;" in page.text
    page = send(
        client, "/ibu/toko", store_name="Nur", away_from_year="2016", away_until_year="2011"
    )
    assert "Tahun pulang harus sama atau sesudah" in page.text
    session.refresh(shop)
    assert (shop.store_name, shop.difference) == ("Keripik Bu Nur", "")


def test_a_shop_photo_is_sent_and_shown_when_ready(client, hers, session, own_storage):
    shop, _ = hers
    answer = send(
        client, "/ibu/toko", store_name="Nur", photo=(BytesIO(a_photo_file()), "toko.jpg")
    )
    assert answer.status_code == 303
    assert "Foto sedang dirapikan" in client.get("/ibu/toko").text
    session.refresh(shop)
    album.redraw.run(picture_id=shop.picture_id)
    session.expire_all()
    found = photos.shop_picture(session, shop)
    assert found.key_base.removeprefix("public/") in client.get("/ibu/toko").text


@pytest.mark.parametrize("content", [b"MZ" * 99, b"<svg xmlns='x'/>", b"\xff\xd8\xff"])
def test_what_is_no_photo_is_told_beside_its_box(client, hers, session, content):
    shop, _ = hers
    page = send(client, "/ibu/toko", store_name="Nur", photo=(BytesIO(content), "foto.jpg"))
    assert page.status_code == 200
    assert 'class="field field--wrong"' in page.text
    session.refresh(shop)
    assert shop.picture_id is None


def test_a_photo_that_is_too_heavy_is_refused_in_words(client, hers):
    page = client.post("/ibu/toko", environ_overrides={"CONTENT_LENGTH": "10000000"})
    assert page.status_code == 413
    assert "Kiriman terlalu besar" in page.text


def test_she_rests_and_comes_back(client, hers, session):
    shop, _ = hers
    day = clock.today().replace(year=clock.today().year + 1)
    answer = send(client, "/ibu/libur", until=day.isoformat(), note="Panen dulu")
    assert (answer.status_code, answer.location) == (303, "/ibu/libur")
    session.refresh(shop)
    assert (shop.resting, shop.resting_until, shop.rest_note) == (True, day, "Panen dulu")
    page = client.get("/ibu/libur").text
    assert "istirahat sampai" in page
    assert "Pesan Ibu: Panen dulu" in page
    assert "sedang istirahat" in client.get("/ibu/toko").text
    send(client, "/ibu/libur/buka", page="/ibu/libur")
    session.refresh(shop)
    assert shop.resting is False


def test_a_rest_without_an_end_is_fine_and_one_in_the_past_is_not(client, hers, session):
    shop, _ = hers
    page = send(client, "/ibu/libur", until="2020-01-01", note="Lama")
    assert "Tanggal libur sudah lewat" in page.text
    assert "Lama" in page.text
    assert send(client, "/ibu/libur", until="besok").status_code == 200
    session.refresh(shop)
    assert shop.resting is False
    assert send(client, "/ibu/libur").status_code == 303
    session.refresh(shop)
    assert (shop.resting, shop.resting_until) == (True, None)


def test_the_hour_for_orders_is_kept_apart_from_the_rest(client, hers, session):
    shop, _ = hers
    assert send(client, "/ibu/libur/jam", page="/ibu/libur", cutoff="10.30").status_code == 303
    session.refresh(shop)
    assert (shop.cutoff, shop.resting) == (time(10, 30), False)
    page = send(client, "/ibu/libur/jam", page="/ibu/libur", cutoff="siang")
    assert "Tulis jam seperti 10.00." in page.text
    assert 'value="siang"' in page.text
    assert send(client, "/ibu/libur/jam", page="/ibu/libur", cutoff="").status_code == 303
    session.refresh(shop)
    assert shop.cutoff is None


def test_who_has_several_shops_chooses_one(client, hers, session):
    shop, actor = hers
    helped, _ = a_shop("Opak Mbah Wagi", maker="Wagi", phone="+6281234567891")
    a_shop("Toko Orang Lain", maker="Parti", phone="+6281234567892")
    give(actor, SELL, helped.id)
    page = client.get("/ibu/toko").text
    assert "Opak Mbah Wagi" in page
    assert "Toko Orang Lain" not in page
    answer = send(client, "/ibu/libur?toko=opak-mbah-wagi", note="Sakit")
    assert answer.location == "/ibu/libur?toko=opak-mbah-wagi"
    session.expire_all()
    assert (shop.resting, helped.resting) == (False, True)
    for slug in ("toko-orang-lain", "%00", "../x", "x" * 300):
        assert client.get(f"/ibu/toko?toko={slug}").status_code == 404


def test_every_change_asks_for_the_token(client, hers, session):
    shop, _ = hers
    for url in ("/ibu/toko", "/ibu/libur", "/ibu/libur/buka", "/ibu/libur/jam"):
        assert client.post(url, data={"store_name": "Dicuri"}).status_code == 400
    session.refresh(shop)
    assert (shop.store_name, shop.resting) == ("Keripik Bu Nur", False)


def test_quiet_hours_are_hers_and_messages_keep_to_them(client, hers, session):
    _, actor = hers
    quiet = partial(send, client, "/ibu/libur/tenang", page="/ibu/libur")
    assert quiet(begin="21.30", end="05.00").status_code == 303
    person = session.get(Person, actor.person_id)
    assert (person.quiet_from, person.quiet_until) == (time(21, 30), time(5))
    reach = outbox.reach(session, Recipient(actor.person_id))
    assert reach.quiet == (time(21, 30), time(5))
    assert "Isi jam mulai dan jam selesai" in quiet(begin="21.30", end="").text
    assert "Tulis jam seperti 10.00." in quiet(begin="21.30", end="malam").text
    assert quiet(begin="7.00", end="7.00").status_code == 200
    assert quiet(begin="", end="").status_code == 303
    session.refresh(person)
    assert person.quiet_from is None
