"""Adding a product and counting a price, through the pages as they are without scripts."""

from io import BytesIO
from uuid import uuid4

import pytest

from cooperatives.models import Movement
from core.db import db
from sellers import variants
from sellers.models import Listing, ListingPicture
from sellers.settings import SellerSettings
from tests.factories import a_person, send, sign_in, token_in
from tests.sellers.factories import a_category, a_permit, a_photo_file, a_shop

pytestmark = pytest.mark.service
PAGE = "/ibu/produk/baru"
GOOD = {"name": "Tas Rajut", "price": "165rb", "stock": "4", "weight": "4 ons", "category": ""}


@pytest.fixture(autouse=True)
def shelves(hers):
    a_category("kerajinan", is_food=False)
    a_category("keripik")


def add(client, **typed):
    data = {"act_id": str(uuid4()), **GOOD, **typed}
    return send(client, PAGE, **data)


def test_the_list_of_her_goods_leads_here(client):
    assert f'href="{PAGE}"' in client.get("/ibu/produk").text


def test_a_plain_form_puts_it_up(client):
    answer = add(client)
    (listing,) = db.session.query(Listing)
    assert answer.location == f"/ibu/produk/{listing.id}"
    assert listing.state == "live"
    assert "Tas Rajut sudah tayang." in client.get(answer.location).text


def test_a_double_press_is_one_product(client, own_storage):
    token = token_in(client.get(PAGE))
    for _ in range(2):
        photo = (BytesIO(a_photo_file()), "foto.jpg")
        data = {"csrf_token": token, "act_id": "6b0f3d52-5ad5-4a53-9f1e-6d3f0f6f3c11", **GOOD}
        assert client.post(PAGE, data={**data, "camera": photo}).status_code == 303
    counts = [db.session.query(table).count() for table in (Listing, Movement, ListingPicture)]
    assert counts == [1, 1, 1]


def test_a_file_that_is_no_photo_does_not_lose_the_product(client, own_storage):
    answer = add(client, gallery=(BytesIO(b"%PDF-1.7 not a photo"), "foto.jpg"))
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Tas Rajut sudah tayang." in page
    assert db.session.query(ListingPicture).count() == 0


def test_she_may_keep_it_as_a_draft(client):
    answer = add(client, draft="yes")
    assert answer.location.endswith("/periksa")
    assert "Tas Rajut tersimpan sebagai draf." in client.get(answer.location).text


def test_food_waits_for_its_number_in_words(client):
    answer = add(client, name="Keripik Talas")
    page = client.get(answer.location).text
    assert "Keripik Talas tersimpan sebagai draf. Nomor P-IRT atau BPOM belum ada." in page


def test_a_number_of_hers_is_offered_and_covers_it(client, hers):
    permit = a_permit(hers[0])
    assert "P-IRT 2063307010001-31" in client.get(PAGE).text
    add(client, name="Keripik Talas", paper=str(permit.id))
    assert db.session.query(Listing).one().state == "live"


def test_papers_of_others_are_not_offered(client):
    other, _stranger = a_shop("Opak Bu Tri", maker="Tri", phone="+6281234567891")
    theirs = a_permit(other)
    answer = add(client, name="Keripik Talas", paper=str(theirs.id))
    assert answer.status_code == 200
    assert db.session.query(Listing).count() == 0


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Isian ini belum diisi."),
        ({"price": "murah"}, "Tulis angkanya saja, contoh 15000."),
        ({"price": "50"}, "Tulis jumlah dari Rp\u00a0100"),
        ({"stock": "banyak"}, "Tulis angka bulat dari 0 sampai 10000."),
        ({"weight": "berat"}, "Tulis beratnya dalam gram, contoh 450, atau 1,5 kg."),
        ({"category": "999"}, "Pilih salah satu dari daftar."),
        ({"paper": "999"}, "Pilih dari daftar ini."),
        ({"cost": "mahal"}, "Tulis angkanya saja, contoh 15000."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, typed, sentence):
    answer = add(client, **typed)
    assert answer.status_code == 200
    assert sentence in answer.text
    if "name" not in typed:
        assert 'value="Tas Rajut"' in answer.text
    assert db.session.query(Listing).count() == 0


def test_a_rule_that_says_no_is_told_on_the_page(client, hers, app, monkeypatch):
    monkeypatch.setitem(app.extensions["settings"], SellerSettings, SellerSettings(listings_max=0))
    answer = add(client)
    assert answer.status_code == 200
    assert "Toko ini sudah punya terlalu banyak barang." in answer.text


def test_her_own_cost_is_kept_for_her(client):
    add(client, cost="90rb")
    (size,) = variants.list_of(db.session, db.session.query(Listing).one().id)
    assert size.production_cost == 90_000


def test_the_shop_of_another_is_not_there(client):
    other, _stranger = a_shop("Opak Bu Tri", maker="Tri", phone="+6281234567891")
    assert client.get(f"{PAGE}?toko={other.slug}").status_code == 404


def test_who_sells_nothing_is_not_let_in(app):
    a_shop("Opak Bu Tri", maker="Tri", phone="+6281234567891")
    a_person("Siti", phone="+6281234567892")
    stranger = app.test_client()
    sign_in(stranger, "0812-3456-7892")
    assert stranger.get(PAGE).status_code == 403


def test_the_calculator_tells_a_fair_price(client):
    page = send(
        client, "/ibu/hitung", ingredients="50rb", labour="40rb", pieces="10", gain="50"
    ).text
    for told in ("Rp\u00a015.000", "Rp\u00a09.000", "Rp\u00a013.950", "Rp\u00a04.950"):
        assert told in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"ingredients": "", "pieces": "1", "gain": "50"}, "Tulis paling sedikit satu biaya."),
        ({"ingredients": "5rb", "pieces": "0", "gain": "50"}, "Tulis angka bulat dari 1"),
        ({"ingredients": "x", "pieces": "1", "gain": "50"}, "Tulis angkanya saja"),
        ({"ingredients": "5rb", "pieces": "1", "gain": "900"}, "Pilih salah satu dari daftar."),
    ],
)
def test_odd_costs_are_answered_in_words(client, typed, sentence):
    assert sentence in send(client, "/ibu/hitung", **typed).text
