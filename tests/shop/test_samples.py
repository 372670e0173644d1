"""A small pack to try is bought like everything else: marked, few at a time, never the price."""

import pytest

from core import clock
from core.db import db
from orders.models import Line, Order
from orders.samples import TooManySamples
from sellers import publishing, variants
from sellers.models import Listing
from sellers.variants import LastVariant, Size
from shop.product import find_product
from tests.cooperatives.factories import a_lot, a_variant
from tests.orders.factories import a_market, order, rules
from tests.sellers.factories import a_live_listing, a_shop, a_size
from tests.shop.buying import check, fill, post, press

pytestmark = pytest.mark.service


@pytest.fixture
def market(app):
    built = a_market()
    listing = db.session.get(Listing, built.tiwul.listing_id)
    listing.published_at = clock.now()
    db.session.commit()
    built.listing = listing
    built.sample = a_variant(
        listing, price=6_000, weight_grams=100, name="Contoh kecil", is_sample=True
    )
    a_lot(built.sample, built.homes[0], 2)
    a_lot(built.sample, built.kiosk, 2)
    return built


def test_it_is_a_choice_of_its_own_and_marked(client, market):
    page = client.get(f"/p/{market.listing.slug}").text
    assert f'value="{market.sample.id}"' in page
    assert "contoh, paling banyak 2 setiap pesanan" in page


def test_it_is_never_the_price_of_the_product(client, market):
    found = find_product(db.session(), market.listing.slug).product()
    assert (found.price_from, found.has_several_prices) == (18_000, False)
    assert [size.is_sample for size in found.sizes] == [False, True]
    assert found.first.id == market.tiwul.id
    card = client.get("/kategori").text
    assert "18.000" in card
    assert "6.000" not in card


def test_a_buyer_orders_it_as_everything_else(client, market):
    fill(client, (market.sample, 2), (market.tiwul, 1))
    press(client, check(client, (market.sample, 2), (market.tiwul, 1)))
    placed = db.session.query(Order).one()
    names = {line.name: line.quantity for line in db.session.query(Line) if line.variant_id}
    assert names == {"Tiwul Instan Contoh kecil": 2, "Tiwul Instan": 1}
    assert placed.goods_total == 2 * 6_000 + 18_000


def test_more_than_a_few_are_refused_in_the_basket_and_at_the_desk(client, market):
    fill(client, (market.sample, 3))
    assert "Contoh kecil paling banyak 2 setiap pesanan." in client.get("/keranjang").text
    assert client.get("/beli").location == "/keranjang"
    with pytest.raises(TooManySamples):  # They would come from two places.
        order((market.sample, 3))
    assert not db.session.query(Order).count()


def test_how_many_is_a_setting(market):
    rules(samples_max=3)
    assert order((market.sample, 3)).goods_total == 18_000


def test_a_basket_filled_before_the_limit_fell_is_told_at_the_check(client, market):
    fill(client, (market.sample, 2))
    second = check(client, (market.sample, 2))
    rules(samples_max=1)
    answer = press(client, second)
    assert answer.status_code == 409
    assert "paling banyak 1 setiap pesanan" in answer.text
    assert not db.session.query(Order).count()


def test_a_product_lives_by_a_full_size(session):
    shop, actor = a_shop()
    listing = a_live_listing(shop, "Keripik Pisang")
    (full,) = variants.list_of(session, listing.id)
    sample = variants.add(
        actor=actor,
        listing_id=listing.id,
        size=Size(price=5_000, weight_grams=60, is_sample=True),
    )
    assert sample.name == "Contoh kecil"
    with pytest.raises(LastVariant):
        variants.archive(actor=actor, variant_id=full.id)
    with pytest.raises(LastVariant):
        variants.edit(actor=actor, variant_id=full.id, size=a_size(is_sample=True))
    variants.archive(actor=actor, variant_id=sample.id)


def test_a_sample_alone_is_no_price(session):
    shop, _actor = a_shop()
    listing = a_live_listing(shop, "Keripik Pisang")
    (full,) = variants.list_of(session, listing.id)
    full.is_sample = True
    session.commit()
    assert "no_variant" in {gap.code for gap in publishing.check(session, listing)}


def test_she_ticks_it_on_the_page_of_sizes(client, session):
    from tests.factories import sign_in

    shop, _actor = a_shop()
    listing = a_live_listing(shop, "Keripik Pisang")
    sign_in(client)
    where = f"/ibu/produk/{listing.id}/varian"
    answer = post(
        client, where, page=where, price="5rb", unit="bungkus", weight_grams="60", is_sample="y"
    )
    assert answer.status_code == 303
    assert "Contoh kecil" in client.get(where).text
    (full, _sample) = variants.list_of(session, listing.id)
    refused = post(
        client, f"/ibu/produk/varian/{full.id}", page=where,
        price="15rb", unit="bungkus", weight_grams="250", is_sample="y",
    )  # fmt: skip
    assert "perlu satu harga" in refused.text
