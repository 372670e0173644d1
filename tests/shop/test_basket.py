"""The basket's rules: quantities, limits, what is short, and what it would cost."""

import pytest

from cooperatives.allocation import BadQuantity, Wish
from core.db import db
from core.errors import NotFound
from core.regions import NoSuchDistrict
from sellers.models import Listing, Seller
from shop import basket, districts
from shop.basket import BasketFull
from tests.cooperatives.factories import a_listing, a_lot, a_variant, counted
from tests.orders.factories import SEMARANG, a_market, rules

pytestmark = pytest.mark.service
HOSTILE = ["0", "-1", "1.5", "1" + "0" * 30, "sepuluh", "", "²", "1e3", "61", "None"]


@pytest.fixture
def market(app):
    return a_market()


def look(*wishes, **more):
    return basket.look(db.session(), [Wish(v.id, n) for v, n in wishes], **more)


@pytest.mark.parametrize("typed", HOSTILE)
def test_a_quantity_is_a_whole_number_within_its_limit(app, typed):
    with pytest.raises(BadQuantity):
        basket.units(typed)


@pytest.mark.parametrize(("step", "after"), [("1", 6), ("-1", 4), ("0", 5), ("", 5), ("7", 5)])
def test_a_press_counts_one_up_or_down(app, step, after):
    assert basket.units(" 5 ", step) == after


def test_a_basket_is_one_order_and_no_larger(app):
    rules(lines_max=2)
    two = basket.put(basket.put((), 1, 30), 2, 30)
    with pytest.raises(BasketFull):
        basket.put(two, 1, 31)
    with pytest.raises(BasketFull):
        basket.put(basket.put(basket.put((), 1, 1), 2, 1), 3, 1)
    assert basket.put(two, 1, 5) == (Wish(1, 5), Wish(2, 30))


def test_more_of_the_same_is_one_line(market):
    once = basket.add(db.session(), (), market.tiwul.id, 2)
    assert basket.add(db.session(), once, market.tiwul.id, 3) == (Wish(market.tiwul.id, 5),)


def test_what_is_not_on_sale_does_not_come_in(market):
    db.session.get(Listing, market.tiwul.listing_id).hidden_reason = "klaim"
    db.session.commit()
    for variant_id in (market.tiwul.id, 999_999):
        with pytest.raises(NotFound):
            basket.add(db.session(), (), variant_id, 1)


def test_parcels_and_fees_are_those_of_the_order(market):
    seen = look((market.tiwul, 2), (market.batik, 1), district_code=SEMARANG)
    assert seen.is_whole
    assert [b.place_id for b in seen.bill.bundles] == [market.kiosk.id, market.homes[1].id]
    assert seen.bill.goods_total == 221_000
    assert all(b.fee > 0 for b in seen.bill.bundles)


def test_without_a_district_there_are_parcels_and_no_fees(market):
    seen = look((market.batik, 1))
    assert seen.bill.total == 185_000
    assert seen.bill.bundles[0].place_name == market.weaver.store_name


def test_what_is_short_says_how_many_are_left_and_the_bill_covers_those(market):
    seen = look((market.tiwul, 25), (market.batik, 1))
    assert [item.left for item in seen.items] == [20, None]
    assert str(seen.items[0].problem) == "Stok tinggal 20."
    assert dict(seen.to_be_had) == {market.tiwul.id: 20, market.batik.id: 1}
    assert not seen.is_whole


def test_a_rest_is_told_instead_of_an_empty_shelf(market):
    db.session.get(Seller, market.weaver.id).resting = True
    db.session.commit()
    (item,) = look((market.batik, 1)).items
    assert str(item.problem) == "Penjual sedang libur."


def test_what_was_taken_off_the_shop_is_told_and_not_counted(market):
    db.session.get(Listing, market.batik.listing_id).state = "archived"
    db.session.commit()
    seen = look((market.batik, 1), (market.tiwul, 1))
    assert str(seen.items[0].problem) == "Barang ini tidak dijual lagi."
    assert dict(seen.to_be_had) == {market.tiwul.id: 1}


def test_an_empty_basket_costs_nothing(market):
    seen = look()
    assert (seen.items, seen.bill.total, seen.is_whole) == ([], 0, False)


def test_a_district_nobody_goes_to_is_trouble_in_words(market):
    seen = look((market.batik, 1), district_code="999999")
    assert "Belum ada kurir" in str(seen.trouble)
    assert seen.bill.goods_total == 185_000


def test_a_home_is_no_place_to_fetch_goods(market):
    seen = look((market.batik, 1), kiosk_id=market.homes[1].id)
    assert "tidak bisa diambil" in str(seen.trouble.sentence)


def test_a_look_takes_few_queries_however_much_is_in_it(market):
    more = a_variant(a_listing(market.maker))
    a_lot(more, market.kiosk)
    db.session.commit()
    look((market.batik, 1))
    with counted() as one:
        look((market.batik, 1))
    with counted() as two:
        look((market.batik, 1), (market.tiwul, 2))
    with counted() as three:
        look((market.batik, 1), (market.tiwul, 2), (more, 3))
    assert len(one) + 1 == len(two) == len(three) <= 6  # Two goods may be a package.


@pytest.mark.parametrize(
    "text",
    [
        "Kel. Pedurungan, Semarang",
        "pedurungan semarang",
        "Kel. Pedurungan Kidul, Kec. Pedurungan, Semarang 50192",
        "Desa Pedurungan, Kota Semarang, Jateng",
        "337406",
    ],
)
def test_a_district_is_understood_as_people_write_it(text):
    assert districts.resolve(text).label == "Pedurungan, Kota Semarang, Jawa Tengah"


@pytest.mark.parametrize("text", ["Pedurungan Kidul, Semarang", "pedurngan semarang"])
def test_a_guess_is_offered_and_not_taken(app, text):
    with pytest.raises(NoSuchDistrict) as unclear:
        districts.resolve(text)
    assert [one.code for one in unclear.value.choices] == ["337406"]


@pytest.mark.parametrize("text", ["", ",", "kec", "xyzxyz", "Kel. , 50123"])
def test_what_means_nothing_offers_nothing(app, text):
    with pytest.raises(NoSuchDistrict) as unclear:
        districts.resolve(text)
    assert unclear.value.choices == ()
