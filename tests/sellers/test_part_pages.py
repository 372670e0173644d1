"""Sizes and photos of a product, through the pages."""

from io import BytesIO
from uuid import uuid4

import pytest

from sellers import awaited, photos, variants
from tests.factories import send, token_in
from tests.sellers.factories import a_draft, a_live_listing, a_photo_file, a_shop, a_size

pytestmark = pytest.mark.service
GOOD = {"price": "18rb", "unit": "bungkus", "weight_grams": "450"}


def test_a_size_is_added(client, hers, session):
    shop, _ = hers
    made = a_draft(shop, size=None)
    url = f"/ibu/produk/{made.id}/varian"
    assert "Harga belum diisi" in client.get(url).text
    answer = send(
        client, url, **GOOD,
        name="400 g", net_weight_grams="400 g", box="24 x 16 x 6", production_cost="10.500",
    )  # fmt: skip
    assert (answer.status_code, answer.location) == (303, url)
    (size,) = variants.list_of(session, made.id)
    assert variants.size_of(size) == variants.Size(
        price=18_000, weight_grams=450, name="400 g", net_weight_grams=400,
        length_cm=24, width_cm=16, height_cm=6, production_cost=10_500,
    )  # fmt: skip
    assert "Rp\u00a07.500" in client.get(url).text


def test_what_was_typed_stays_beside_its_error(client, hers, session):
    shop, _ = hers
    made = a_draft(shop, size=None)
    page = send(
        client, f"/ibu/produk/{made.id}/varian",
        price="murah", unit="karung", weight_grams="berat", box="besar", name="Pedas",
    )  # fmt: skip
    assert page.status_code == 200
    for words in (
        'value="murah"',
        'value="berat"',
        'value="besar"',
        'value="Pedas"',
        "Pilih dari daftar ini.",
    ):
        assert words in page.text
    assert variants.list_of(session, made.id) == []


def test_a_size_is_changed_with_what_it_had(client, hers, session):
    shop, actor = hers
    made = a_live_listing(shop)
    size = variants.add(
        actor=actor, listing_id=made.id,
        size=a_size(name="<b>", unit="kilo", length_cm=1, width_cm=2, height_cm=3),
    )  # fmt: skip
    url = f"/ibu/produk/varian/{size.id}"
    page = client.get(url).text
    for words in ('value="14.000"', 'value="250"', 'value="1 x 2 x 3"', "&lt;b&gt;", "kilo"):
        assert words in page
    answer = send(client, url, **GOOD | {"unit": "kilo", "weight_grams": "1,5 kg"})
    assert answer.location == f"/ibu/produk/{made.id}/varian"
    session.refresh(size)
    assert (size.price, size.weight_grams, size.unit, size.length_cm) == (
        18_000,
        1500,
        "kilo",
        None,
    )
    assert send(client, url, **GOOD | {"price": "0"}).status_code == 200


def test_a_size_is_put_away_and_sold_again(client, hers, session):
    shop, actor = hers
    made = a_live_listing(shop)
    first = variants.list_of(session, made.id)[0]
    url = f"/ibu/produk/varian/{first.id}"
    send(client, f"{url}/arsip", page=url)
    assert "Barang yang tayang perlu satu harga" in client.get(url).text
    variants.add(actor=actor, listing_id=made.id, size=a_size())
    send(client, f"{url}/arsip", page=url)
    session.refresh(first)
    assert first.archived_at is not None
    assert "Tidak dijual lagi" in client.get(f"/ibu/produk/{made.id}/varian").text
    send(client, f"{url}/kembali", page=url)
    session.refresh(first)
    assert first.archived_at is None


def test_one_size_too_many_is_told(client, hers, session):
    shop, actor = hers
    made = a_draft(shop)
    for _ in range(11):
        variants.add(actor=actor, listing_id=made.id, size=a_size())
    page = send(client, f"/ibu/produk/{made.id}/varian", **GOOD)
    assert "Ukuran barang ini sudah terlalu banyak" in page.text


def test_the_sizes_of_others_are_not_there(client, hers, session):
    other, _ = a_shop("Opak", maker="Wagi", phone="+6281234567891")
    size = variants.list_of(session, a_draft(other).id)[0]
    token = token_in(client.get("/ibu/toko"))
    for target in (size.id, 0, 2**63, 10**40):
        assert client.get(f"/ibu/produk/varian/{target}").status_code == 404
        for part in ("", "/arsip", "/kembali"):
            answer = client.post(
                f"/ibu/produk/varian/{target}{part}", data={"csrf_token": token, **GOOD}
            )
            assert answer.status_code == 404
    session.refresh(size)
    assert (size.price, size.archived_at) == (14_000, None)


def a_file(name="foto.jpg", **more):
    return (BytesIO(a_photo_file(**more)), name)


def test_a_photo_is_sent_moved_described_and_taken_away(client, hers, session, own_storage):
    shop, _ = hers
    made = a_draft(shop)
    url = f"/ibu/produk/{made.id}/foto"
    for alt in ("Depan", "Belakang", ""):
        assert send(client, url, photo=a_file(), alt=alt).location == url
    rows = photos.list_of(session, made.id)
    assert [row.alt for row in rows] == ["Depan", "Belakang", "Keripik Pisang"]
    assert "Sedang dirapikan" in client.get(url).text
    first, second, third = (row.id for row in rows)
    send(client, f"{url}/{third}/depan", page=url)
    send(client, f"{url}/{first}/turun", page=url)
    send(client, f"{url}/{second}/naik", page=url)
    assert [row.id for row in photos.list_of(session, made.id)] == [second, third, first]
    send(client, f"{url}/{third}/keterangan", page=url, alt="Piring <b>penuh</b>")
    assert "Piring &lt;b&gt;penuh&lt;/b&gt;" in client.get(url).text
    send(client, f"{url}/{second}/hapus", page=url)
    assert [row.id for row in photos.list_of(session, made.id)] == [third, first]


def test_a_full_product_takes_no_more_photos(client, hers, session, own_storage):
    shop, actor = hers
    made = a_draft(shop)
    for _ in range(9):
        photos.attach(actor=actor, listing_id=made.id, content=a_photo_file())
    url = f"/ibu/produk/{made.id}/foto"
    assert "Hapus satu bila ingin menambah" in client.get(url).text
    page = send(client, url, photo=a_file())
    assert page.status_code == 200
    assert len(photos.list_of(session, made.id)) == 9


@pytest.mark.parametrize(
    "photo",
    [None, "teks", (BytesIO(b""), "kosong.jpg"), (BytesIO(b"MZ" * 99), "x.jpg"),
     (BytesIO(b"<svg xmlns='x'/>"), "x.svg"), (BytesIO(a_photo_file(90, 90)), "kecil.jpg"),
     (BytesIO(b"\x89PNG\r\n\x1a\n" + b"\0" * 999), "rusak.png"),
     (BytesIO(a_photo_file()[:500]), "potong.jpg")],
    ids=range(8),
)  # fmt: skip
def test_what_is_no_photo_is_told_beside_its_box(client, hers, session, photo):
    shop, _ = hers
    made = a_draft(shop)
    url = f"/ibu/produk/{made.id}/foto"
    data = {"alt": "Masih ada"} | ({"photo": photo} if photo else {})
    page = send(client, url, **data)
    assert page.status_code == 200
    assert 'class="field field--wrong"' in page.text
    assert "Masih ada" in page.text
    assert photos.list_of(session, made.id) == []


def test_too_long_words_about_a_photo_are_refused_in_words(client, hers, session, own_storage):
    shop, actor = hers
    made = a_draft(shop)
    picture = photos.attach(actor=actor, listing_id=made.id, content=a_photo_file())
    url = f"/ibu/produk/{made.id}/foto"
    send(client, f"{url}/{picture.id}/keterangan", page=url, alt="x" * 300)
    assert "Terlalu panjang" in client.get(url).text
    assert [row.alt for row in photos.list_of(session, made.id)] == ["Keripik Pisang"]


def test_a_photo_that_is_still_on_her_phone_is_shown_and_given_up(
    client, hers, session, own_storage
):
    shop, actor = hers
    made, photo_id = a_draft(shop), uuid4()
    awaited.expect(actor=actor, listing_id=made.id, photo_id=photo_id)
    url = f"/ibu/produk/{made.id}/foto"
    page = client.get(url)
    assert "Masih di HP yang memotret. Buka halaman ini di HP itu." in page.text
    assert str(photo_id) in page.text
    assert send(client, f"{url}/{photo_id}/batal", page=url).location == url
    assert awaited.waiting_of(session, made.id) == []
    assert send(client, f"{url}/{photo_id}/batal", page=url).location == url


def test_the_photos_of_others_are_not_there(client, hers, session, own_storage):
    shop, _ = hers
    other, stranger = a_shop("Opak", maker="Wagi", phone="+6281234567891")
    own, foreign = a_draft(shop), a_draft(other)
    picture = photos.attach(actor=stranger, listing_id=foreign.id, content=a_photo_file())
    token = token_in(client.get("/ibu/toko"))
    for product in (own.id, foreign.id, 2**63):
        for part in ("depan", "naik", "turun", "hapus", "keterangan"):
            for target in (picture.id, 10**40):
                answer = client.post(
                    f"/ibu/produk/{product}/foto/{target}/{part}",
                    data={"csrf_token": token, "alt": "x"},
                )
                assert answer.status_code == 404, (product, part)
    assert [row.alt for row in photos.list_of(session, foreign.id)] == ["Keripik Pisang"]


HOSTILE = [
    "\x00",
    "😀" * 3000,
    "<script>alert(1)</script>",
    "-1",
    "1e99",
    "9" * 50,
    "\u202e",
    "%(x)s",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_in_every_box_breaks_nothing(client, hers, session, text):
    shop, _ = hers
    made = a_draft(shop)
    url = f"/ibu/produk/{made.id}/varian"
    for box in (
        "price",
        "unit",
        "name",
        "net_weight_grams",
        "weight_grams",
        "box",
        "production_cost",
    ):
        page = send(client, url, **GOOD | {box: text})
        assert page.status_code in (200, 303), box
        assert "<script>alert" not in client.get(url).text
