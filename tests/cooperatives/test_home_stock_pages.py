"""Her − and + through the page, without scripts."""

import re
from uuid import uuid4

import pytest

from sellers import variants
from tests.factories import send
from tests.sellers.factories import a_draft, a_live_listing, a_size

pytestmark = pytest.mark.service


def test_the_list_has_big_buttons_and_a_press_answers_in_words(client, hers):
    shop, _ = hers
    a_live_listing(shop, "Keripik Pisang")
    page = client.get("/ibu/produk").text
    assert page.count('class="stock"') == 1
    assert "Habis" in page
    for press, quantity, said in (
        ("more", "12", "Stok tinggal 12."),
        ("sold", "", "Stok tinggal 11."),
        ("broken", "2", "Stok tinggal 9."),
    ):
        answer = _press(client, press, quantity)
        assert answer.status_code == 303
        assert re.search(r"/ibu/produk#ukuran-\d+$", answer.location)
        assert said in client.get("/ibu/produk").text
    assert "−2 Rusak" in client.get("/ibu/produk").text


def _press(client, press, quantity="", **more):
    page = client.get("/ibu/produk").text
    form = re.search(r'<form class="stock".*?</form>', page, re.DOTALL)[0]
    typed = {name: _value(form, name) for name in ("act_id", "variant")}
    typed |= {"press": press, "quantity": quantity, **more}
    return send(client, "/ibu/stok", page="/ibu/produk", **typed)


def _value(form, name):
    return re.search(f'name="{name}"\\s+value="([^"]*)"', form)[1]


def test_the_last_press_can_be_taken_back(client, hers):
    shop, _ = hers
    a_live_listing(shop, "Keripik Pisang")
    _press(client, "more", "5")
    _press(client, "sold")
    page = client.get("/ibu/produk").text
    form = re.search(r'<form class="stock-last".*?</form>', page, re.DOTALL)[0]
    assert "−1 Dijual sendiri" in form
    typed = {name: _value(form, name) for name in ("act_id", "variant", "undoes")}
    send(client, "/ibu/stok", page="/ibu/produk", **typed)
    page = client.get("/ibu/produk").text
    assert "Dibatalkan. Stok tinggal 5." in page
    assert 'class="stock-last"' not in page


def test_the_same_form_sent_twice_counts_once(client, hers):
    shop, _ = hers
    a_live_listing(shop, "Keripik Pisang")
    act_id = str(uuid4())
    for _ in range(2):
        _press(client, "more", "5", act_id=act_id)
    assert "Stok tinggal 5." in client.get("/ibu/produk").text
    _press(client, "more", "6", act_id=act_id)
    assert "sudah pernah dikirim dengan isi lain" in client.get("/ibu/produk").text


@pytest.mark.parametrize(
    "typed",
    [
        {"quantity": "-1"},
        {"quantity": "1.5"},
        {"quantity": "9" * 30},
        {"quantity": "99999"},
        {"press": "fun"},
        {"act_id": "x"},
        {"variant": "9" * 30},
        {"variant": ""},
    ],
)
def test_what_cannot_be_meant_is_said_calmly(client, hers, typed):
    shop, _ = hers
    a_live_listing(shop, "Keripik Pisang")
    answer = _press(client, **{"press": "more", **typed})
    assert answer.status_code == 303
    assert "notice--warning" in client.get("/ibu/produk").text


def test_each_size_has_its_own_and_a_product_without_price_has_none(client, hers):
    shop, actor = hers
    listing = a_live_listing(shop, "Keripik Pisang")
    variants.add(actor=actor, listing_id=listing.id, size=a_size(name="Besar"))
    a_draft(shop, "Opak", size=None)
    page = client.get("/ibu/produk").text
    assert page.count('class="stock"') == 2
    assert "Besar" in page


def test_a_strangers_size_is_not_there(client, hers):
    shop, _ = hers
    a_live_listing(shop, "Keripik Pisang")
    assert _press(client, "more", variant="999999").status_code == 404
    strange = {"act_id": str(uuid4()), "undoes": str(uuid4()), "variant": ""}
    send(client, "/ibu/stok", page="/ibu/produk", **strange)
    assert "Coba lagi sebentar" in client.get("/ibu/produk").text
