"""Products as search engines read them."""

import json

import pytest

from core.db import reading
from shop import structured
from shop.product import find_product
from tests.cooperatives.factories import a_variant
from tests.shop.factories import goods
from tests.shop.showing import a_showcase

URL = "https://lumbung.example/p/tiwul-instan"


def data_of(slug, **more):
    with reading() as db:
        product = find_product(db, slug).product()
    told = {"name": "Tiwul", "description": "Siap seduh.", "url": URL}
    told["shop_url"] = "https://lumbung.example/toko/tiwul"
    return structured.product_data(product, **{**told, **more})


@pytest.mark.service
def test_each_size_is_an_offer_in_rupiah_with_its_seller(session):
    made = a_showcase()
    offers = data_of("tiwul-instan")["offers"]
    assert offers["@type"] == "AggregateOffer"
    assert (offers["lowPrice"], offers["highPrice"]) == ("18000", "34000")
    assert (offers["offerCount"], offers["priceCurrency"]) == (2, "IDR")
    assert [one["sku"] for one in offers["offers"]] == [made.small.sku, made.large.sku]
    for offer in offers["offers"]:
        assert offer["priceCurrency"] == "IDR"
        assert offer["availability"] == structured.IN_STOCK
        assert offer["seller"]["name"] == "Tiwul Bu Sumirah"
        assert offer["url"] == URL


@pytest.mark.service
def test_one_size_is_one_offer(session):
    listing = goods(units=3)
    offer = data_of(listing.slug)["offers"]
    assert offer["@type"] == "Offer"
    assert offer["price"] == "15000"
    assert offer["availability"] == structured.IN_STOCK


@pytest.mark.service
def test_what_is_gone_is_out_of_stock_size_by_size(session):
    listing = goods(units=3)
    a_variant(listing, price=30_000, position=1)
    offers = data_of(listing.slug)["offers"]
    assert offers["availability"] == structured.IN_STOCK
    assert [one["availability"] for one in offers["offers"]] == [
        structured.IN_STOCK,
        structured.OUT_OF_STOCK,
    ]
    assert data_of(goods().slug)["offers"]["availability"] == structured.OUT_OF_STOCK


@pytest.mark.service
def test_addresses_are_absolute_and_nothing_empty_is_told(session):
    a_showcase()
    data = data_of("tiwul-instan")
    assert data["image"][0] == f"https://lumbung.example/media/photo/{'a' * 24}/share.jpg"
    bare = data_of(goods().slug, description="")
    assert "image" not in bare
    assert bare["description"] == "Tiwul"
    assert "name" not in bare["offers"]


def test_no_word_can_end_the_script():
    evil = {"name": "</script><!-- & \u2028 \u2029 'é'"}
    text = structured.script_text(evil)
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == evil
