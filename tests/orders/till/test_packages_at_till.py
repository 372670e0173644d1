"""Packages of several makers sold at a till: whole, at agreed prices, each maker paid for hers."""

import pytest

from cooperatives.packages import offers
from core.db import db
from orders.till import bundles, catalogue, said
from sellers.rights import SELL
from tests.orders.factories import holder
from tests.orders.till.factories import a_kiosk, line, lines_of, sell

pytestmark = pytest.mark.service


@pytest.fixture
def shop(app, sound):
    return a_kiosk()


@pytest.fixture
def package(shop):
    """Two bags of the cooperative's keripik and one coffee, agreed to by both shops."""
    found = offers.propose(
        actor=shop.coordinates,
        organisation_id=shop.cooperative.id,
        name="Oleh-oleh",
        story="",
        price=53_000,
        units={shop.keripik.id: 2, shop.kopi.id: 1},
    )
    for part in bundles.known(db.session(), [named(found)])[found.id].content:
        seller = part.part.seller_id
        offers.answer(
            actor=holder(SELL, seller), package_id=found.id, seller_id=seller, agrees=True
        )
    return found


def named(package):
    return said.SaidLine(1, 1, 1, package_id=package.id)


def lines(shop, package, times=1):
    content = bundles.known(db.session(), [named(package)])[package.id].content
    prices = {each.part.variant_id: each.part.piece_price for each in content}
    return [
        line(shop.keripik, 2 * times, price=prices[shop.keripik.id], package=package.id),
        line(shop.kopi, times, price=prices[shop.kopi.id], package=package.id),
    ]


def test_a_till_offers_what_all_agreed_to_until_one_withdraws(shop, package):
    (offered,) = catalogue.of_place(db.session(), shop.kiosk)["packages"]
    assert (offered["name"], offered["price"]) == ("Oleh-oleh", 53_000)
    assert sum(part["units"] * part["price"] for part in offered["parts"]) == 53_000
    withdraw(shop, package)
    assert catalogue.of_place(db.session(), shop.kiosk)["packages"] == []


def test_a_package_pays_each_maker_for_hers_and_needs_no_look(shop, package):
    sale = sell(shop, *lines(shop, package, times=2))
    assert (sale.cash, sale.flags) == (106_000, [])
    sold = lines_of(sale)
    assert {each.package_id for each in sold} == {package.id}
    assert {each.seller_id for each in sold} == {shop.nur.id, shop.dwi.id}
    assert sum(each.total for each in sold) == 106_000


def test_a_package_beside_its_own_goods_keeps_the_prices_apart(shop, package):
    sale = sell(shop, *lines(shop, package), line(shop.keripik))
    assert sale.flags == []
    assert [each.package_id for each in lines_of(sale)] == [package.id, package.id, None]


def withdraw(shop, package):
    seller = shop.dwi.id
    offers.answer(actor=holder(SELL, seller), package_id=package.id, seller_id=seller, agrees=False)


def broken(shop, package, how):
    told = lines(shop, package)
    match how:
        case "a piece is missing":
            told[0]["quantity"] = 1
        case "a part is missing":
            told.pop()
        case "another price":
            told[1]["price"] -= 1
        case "no package":
            told = [each | {"package": 404_404} for each in told]
        case "ended":
            offers.end(actor=shop.coordinates, package_id=package.id)
        case "withdrawn":
            withdraw(shop, package)
    return told


@pytest.mark.parametrize(
    "how",
    [
        "a piece is missing",
        "a part is missing",
        "another price",
        "no package",
        "ended",
        "withdrawn",
    ],
)
def test_a_package_that_is_none_is_sold_and_shown(shop, package, how):
    assert "package" in sell(shop, *broken(shop, package, how)).flags
