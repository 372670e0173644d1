"""The basket's page: filled, counted, emptied, priced early, and kept through signing in."""

import pytest

from cooperatives.settings import CooperativeSettings
from core.db import db
from sellers.models import Listing, Variant
from tests.cooperatives.factories import counted
from tests.factories import a_person, sign_in
from tests.orders.factories import a_market
from tests.shop.buying import fill, post

pytestmark = pytest.mark.service
HOSTILE = ["0", "-1", "1.5", "1" + "0" * 30, "sepuluh", "", "٣"]


@pytest.fixture
def market(app):
    return a_market()


def kept(client):
    with client.session_transaction() as session:
        return session.get("basket", [])


def test_an_empty_basket_has_one_next_step(client):
    text = client.get("/keranjang").text
    assert "Keranjang masih kosong" in text
    assert 'href="/cari"' in text


def test_goods_of_two_makers_are_grouped_and_their_parcels_told(client, market):
    fill(client, (market.tiwul, 2), (market.batik, 1))
    text = client.get("/keranjang").text
    assert f"<h2>{market.maker.store_name}</h2>" in text
    assert f"<h2>{market.weaver.store_name}</h2>" in text
    assert "2 paket" in text
    assert f"dari {market.kiosk.name}, {market.weaver.store_name}." in text
    assert "Belum termasuk ongkir" in text


def test_a_district_tells_the_whole_price_and_is_remembered(client, market):
    fill(client, (market.batik, 1))
    assert "Ongkir termurah" in client.get("/keranjang?ke=Kel.+Pedurungan,+Semarang").text
    again = client.get("/keranjang").text
    assert "Pedurungan, Kota Semarang, Jawa Tengah" in again
    assert "Ongkir termurah" in again


def test_an_unclear_district_is_a_choice_of_links(client, market):
    fill(client, (market.batik, 1))
    text = client.get("/keranjang?ke=semarang").text
    assert "/keranjang?ke=337401" in text
    assert "Ongkir termurah" not in text
    assert "belum ketemu" in client.get("/keranjang?ke=xyzxyz").text


def test_the_price_is_that_of_now(client, market):
    fill(client, (market.batik, 1))
    db.session.get(Variant, market.batik.id).price = 190_000
    db.session.commit()
    assert "190.000" in client.get("/keranjang").text


def test_a_number_in_the_header_counts_the_goods_without_a_query(client, market):
    fill(client, (market.tiwul, 2), (market.batik, 1))
    client.get("/masuk")
    with counted() as sent:
        text = client.get("/masuk").text
    assert '<b class="drop">3<' in text
    assert sent == []


def test_the_basket_survives_signing_in_and_not_signing_out(client, market):
    a_person(phone="+6281299998888")
    fill(client, (market.tiwul, 2))
    sign_in(client, phone="081299998888")
    assert kept(client) == [[market.tiwul.id, 2]]
    post(client, "/keluar", page="/keranjang")
    assert kept(client) == []


def test_the_cookie_holds_ids_and_quantities_only(client, market):
    fill(client, (market.tiwul, 2))
    client.get("/keranjang?ke=Kertek,+Wonosobo")
    with client.session_transaction() as session:
        known = {name: session[name] for name in session if name not in ("csrf_token", "_flashes")}
    assert known == {"basket": [[market.tiwul.id, 2]], "to": "330708", "_permanent": True}


def test_one_more_one_less_and_out(client, market):
    fill(client, (market.tiwul, 2))
    page = f"/keranjang/{market.tiwul.id}"
    post(client, page, quantity="2", step="1")
    assert kept(client) == [[market.tiwul.id, 3]]
    post(client, page, quantity="7")
    assert kept(client) == [[market.tiwul.id, 7]]
    for _press in range(2):
        assert post(client, f"{page}/keluarkan").status_code == 303
    assert kept(client) == []


@pytest.mark.parametrize("typed", HOSTILE)
def test_a_wrong_quantity_changes_nothing_and_stays_with_its_sentence(client, market, typed):
    fill(client, (market.tiwul, 2))
    answer = post(client, f"/keranjang/{market.tiwul.id}", quantity=typed)
    assert answer.status_code == 422
    assert "Jumlahnya dari 1 sampai 60." in answer.text
    assert f'value="{typed[:12]}"' in answer.text or not typed
    assert kept(client) == [[market.tiwul.id, 2]]


@pytest.mark.parametrize("typed", HOSTILE)
def test_a_wrong_quantity_does_not_come_in(client, market, typed):
    sent = {"variant": market.tiwul.id, "quantity": typed}
    answer = post(client, "/keranjang/tambah", **sent)
    assert answer.status_code == 422
    assert "Belum masuk keranjang" in answer.text
    assert kept(client) == []


@pytest.mark.parametrize("variant", ["", "0", "-1", "x", "9" * 30, "999999", "²"])
def test_what_does_not_exist_is_not_found(client, market, variant):
    assert post(client, "/keranjang/tambah", variant=variant, quantity=1).status_code == 404


def test_what_is_not_in_the_basket_cannot_be_counted(client, market):
    assert post(client, f"/keranjang/{market.tiwul.id}", quantity=1).status_code == 404


def test_too_few_are_offered_with_one_button(client, market):
    fill(client, (market.tiwul, 25))
    text = client.get("/keranjang").text
    assert "Stok tinggal 20." in text
    assert "Ambil 20 dulu" in text
    assert "Betulkan dulu" in text
    post(client, f"/keranjang/{market.tiwul.id}", quantity="20")
    assert "Lanjut ke alamat" in client.get("/keranjang").text


def test_hidden_goods_say_so_and_can_only_be_taken_out(client, market):
    fill(client, (market.tiwul, 1))
    db.session.get(Listing, market.tiwul.listing_id).hidden_reason = "klaim"
    db.session.commit()
    text = client.get("/keranjang").text
    assert "Barang ini tidak dijual lagi." in text
    assert "Tidak ada yang bisa dipesan sekarang" in text


def test_a_lowered_limit_is_told_and_is_no_dead_end(client, market):
    fill(client, (market.tiwul, 5), (market.batik, 1))
    known = client.application.extensions["settings"]
    known[CooperativeSettings] = CooperativeSettings(hold_units_max=4)
    assert "Jumlahnya dari 1 sampai 4." in client.get("/keranjang").text
    post(client, f"/keranjang/{market.tiwul.id}/keluarkan")
    assert "Lanjut ke alamat" in client.get("/keranjang").text
