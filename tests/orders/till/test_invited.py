"""Whoever invited a buyer: her code at the till, her share out of the terms, given back with it."""

import pytest

from cooperatives import ledger
from cooperatives.accounts import Owner, Page
from cooperatives.models.books import Kind
from core import orgs
from core.db import db
from orders.till import undo
from sellers import inviters
from tests.cooperatives.factories import a_lot, terms_with
from tests.factories import an_actor
from tests.orders.till.factories import a_kiosk, line, lines_of, sell, send

pytestmark = pytest.mark.service


@pytest.fixture
def shop(app, sound):
    shop = a_kiosk()
    terms_with(shop.cooperative, affiliate_bp=300, affiliate_payer="cooperative")
    shop.lots = [
        a_lot(shop.kopi, shop.kiosk, 5),
        a_lot(shop.keripik, shop.kiosk, 5, owner=shop.nur),
    ]
    return shop


@pytest.fixture
def mira(app):
    return an_actor("Mira")


def has(mira):
    page = Page(Kind.AFFILIATE, orgs.operator_id(db.session()), Owner(person_id=mira.person_id))
    return -ledger.balance(db.session(), page)


def jars(shop):
    return line(shop.kopi, 2, lot=shop.lots[0]), line(shop.keripik, lot=shop.lots[1])


def test_her_code_brings_her_share_out_of_the_cooperatives_part(shop, mira):
    sale = sell(shop, *jars(shop), invite=inviters.my_code(actor=mira).lower())
    parts = [
        (each.affiliate_id, each.affiliate_part, each.cooperative_part, each.maker_part)
        for each in lines_of(sale)
    ]
    person = mira.person_id
    assert parts == [(person, 2_100, 1_400, 59_500), (person, 360, 240, 10_200)]
    assert (has(mira), sale.flags) == (2_460, [])


def test_a_sale_taken_back_takes_her_share_back(shop, mira):
    sale = sell(shop, *jars(shop), invite=inviters.my_code(actor=mira))
    send(shop, {"sale": str(sale.order_id), "why": "brought"}, kind=undo.ACT)
    assert has(mira) == 0


def test_without_a_word_nobody_is_paid_for_it(shop, mira):
    sale = sell(shop, *jars(shop))
    assert [each.affiliate_id for each in lines_of(sale)] == [None, None]


@pytest.mark.parametrize("said", ["MIRA00", "nobody", "KUCING99"])
def test_a_strange_code_stops_no_sale_and_is_shown(shop, said):
    assert sell(shop, *jars(shop), invite=said).flags == ["invite"]


def test_a_keeper_does_not_invite_and_a_maker_not_to_her_own(shop):
    keeper = inviters.my_code(actor=shop.keeps)
    assert sell(shop, *jars(shop), invite=keeper).flags == ["invite"]
    maker = type(shop.keeps)(shop.nur.person_id)
    sale = sell(shop, *jars(shop), invite=inviters.my_code(actor=maker))
    assert [each.affiliate_id for each in lines_of(sale)] == [shop.nur.person_id, None]
    assert sale.flags == []


def test_where_the_terms_name_no_share_there_is_none(shop, mira):
    terms_with(shop.cooperative)
    lot = a_lot(shop.kopi, shop.kiosk, 5)
    sale = sell(shop, line(shop.kopi, lot=lot), invite=inviters.my_code(actor=mira))
    assert [each.affiliate_id for each in lines_of(sale)] == [None]
    assert (has(mira), sale.flags) == (0, [])
