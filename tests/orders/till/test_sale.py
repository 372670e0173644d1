"""A sale at a till: one order, whole, in the right woman's books, whatever records say."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from cooperatives import consignment, ledger
from cooperatives.accounts import Owner, Page
from cooperatives.consignment import DEFAULT_RATES
from cooperatives.days import drawer_account, qris_account
from cooperatives.models import Movement
from cooperatives.models.books import Kind
from core import clock
from core.actors import SYSTEM
from core.db import db
from core.errors import Conflict, NotFound
from core.tasks import Task
from orders import promises
from orders.models import Attempt, CounterLine, CounterSale, Order
from orders.till.said import MoneyDiffers, NoSale
from tests.cooperatives.factories import a_lot, a_variant, broken, level, promised, terms_with
from tests.factories import an_actor
from tests.orders.till.factories import (
    a_kiosk,
    line,
    lines_of,
    new_price,
    order_of,
    sell,
    send,
    told,
)

pytestmark = pytest.mark.service


@pytest.fixture
def shop(app, sound):
    return a_kiosk()


def maker_has(shop, seller):
    page = Page(Kind.MAKER, shop.cooperative.id, Owner(person_id=seller.person_id))
    return -ledger.balance(db.session(), page)


def money_of(shop):
    session = db.session()
    pages = (account(session, shop.kiosk.id) for account in (drawer_account, qris_account))
    return tuple(ledger.balance(session, page) for page in pages)


def test_a_cash_sale_is_paid_handed_over_and_earned_at_once(shop):
    sale = sell(shop, line(shop.kopi, 2), tendered=100_000)
    order = order_of(sale)
    assert (order.channel, order.state, order.method, order.total) == (
        "counter",
        "completed",
        "cash_counter",
        70_000,
    )
    assert level(shop.lots[2], shop.kiosk) == (8, 0, 0)
    assert money_of(shop) == (70_000, 0)
    assert maker_has(shop, shop.dwi) == 59_500  # Less 10 % for the kiosk and 5 % for all.
    assert (sale.cash, sale.tendered, sale.flags) == (70_000, 100_000, [])
    assert sale.keeper_id == shop.keeps.person_id


def test_money_in_two_ways_stands_in_both_places(shop):
    sale = sell(shop, line(shop.kopi), qris=15_000)
    assert money_of(shop) == (20_000, 15_000)
    assert order_of(sale).method == "split_counter"
    assert order_of(sell(shop, line(shop.kopi), qris=35_000)).method == "qris_counter"
    assert money_of(shop) == (20_000, 50_000)


def test_the_same_sale_sent_again_is_one_sale(shop):
    content = told(shop, line(shop.kopi))
    first, second = (send(shop, content, act_id=uuid.UUID(int=7)) for _ in range(2))
    assert first == second
    assert level(shop.lots[2], shop.kiosk) == (9, 0, 0)
    with pytest.raises(Conflict):
        send(shop, told(shop, line(shop.kopi)), act_id=uuid.UUID(int=7))


def test_whose_it_is_counts_even_beyond_what_is_on_record(shop):
    sale = sell(shop, line(shop.keripik, 12, owner=shop.tri))
    assert level(shop.lots[0], shop.kiosk) == (10, 0, 0)
    assert level(shop.lots[1], shop.kiosk) == (0, 0, 0)
    assert sale.flags == ["beyond"]
    assert maker_has(shop, shop.tri) == 122_400


def test_scanned_named_and_unnamed_jars_of_one_kind_go_side_by_side(shop):
    sale = sell(
        shop,
        line(shop.keripik, 2),
        line(shop.keripik, 1, lot=shop.lots[1]),
        line(shop.keripik, 9, owner=shop.nur),
    )
    assert [(each.quantity, each.lot_id) for each in lines_of(sale)] == [
        (1, shop.lots[0].id),
        (1, shop.lots[1].id),
        (1, shop.lots[1].id),
        (9, shop.lots[0].id),
    ]


def test_an_empty_shelf_on_record_sells_what_is_in_the_hand(shop):
    sell(shop, line(shop.kopi, 10))
    sale = sell(shop, line(shop.kopi))
    assert sale.flags == ["beyond"]
    assert level(shop.lots[2], shop.kiosk) == (0, 0, 0)
    task = db.session.scalars(select(Task).where(Task.kind == "till.look")).one()
    assert (task.subject_id, task.facts) == (
        shop.cooperative.id,
        {"number": order_of(sale).number},
    )


def test_what_was_promised_online_goes_and_the_answer_names_it(shop):
    promised(wishes=[(shop.kopi, 10)])
    _id, answer = send(shop, told(shop, line(shop.kopi)))
    assert answer["promised"] == ["Kopi Bowongso"]
    assert answer["sentence"].startswith("Kopi Bowongso sudah dipesan")
    assert answer["flags"] == ["promised"]


def test_a_lower_price_is_shared_by_all(shop):
    sale = sell(shop, line(shop.kopi, 2, price=33_000, discount=2_000))
    assert order_of(sale).total == 66_000
    assert maker_has(shop, shop.dwi) == 56_100
    priced = db.session.scalars(select(CounterLine)).one()
    assert (priced.listed_price, priced.discount) == (35_000, 2_000)
    assert sale.flags == []


def test_more_than_the_terms_allow_off_is_sold_and_shown(shop):
    assert sell(shop, line(shop.kopi, price=31_500, discount=3_500)).flags == []
    assert sell(shop, line(shop.kopi, price=31_499, discount=3_501)).flags == ["discount"]
    terms_with(shop.cooperative, discount_bp=0)
    later = a_lot(shop.kopi, shop.kiosk, 3)
    assert sell(shop, line(shop.kopi, price=34_999, discount=1, lot=later)).flags == ["discount"]
    assert sell(shop, line(shop.kopi, price=34_999, discount=1)).flags == []  # The lot's own terms.


def test_the_kiosk_bears_what_it_lets_off_where_the_terms_say_so(shop):
    terms_with(shop.cooperative, ("counter", "kiosk"), discount_payer="kiosk")
    lot = a_lot(shop.kopi, shop.kiosk, 3)
    sell(shop, line(shop.kopi, price=33_000, discount=2_000, lot=lot))
    assert maker_has(shop, shop.dwi) == 29_750  # 85 % of what stands on the label.


def test_the_printed_price_counts_after_the_listed_one_changed(shop):
    new_price(shop.kopi, 40_000)
    printed, listed = sell(shop, line(shop.kopi, price=35_000)), sell(shop, line(shop.kopi))
    odd = sell(shop, line(shop.kopi, price=38_000))
    assert [printed.flags, listed.flags, odd.flags] == [[], [], ["price"]]
    priced = db.session.scalars(select(CounterLine)).all()
    assert {(each.label_price, each.listed_price) for each in priced} == {(35_000, 40_000)}


def test_an_offline_sale_keeps_its_own_time(shop):
    at = clock.now() - timedelta(hours=7)
    sale = sell(shop, line(shop.kopi), at=at)
    moved = db.session.scalars(select(Movement).where(Movement.kind == "sale")).one()
    assert sale.sold_at == moved.device_at == order_of(sale).placed_at == at
    assert sale.posted_at > at
    assert (sale.flags, sale.is_late) == ([], False)


def test_a_clock_that_cannot_be_right_is_shown(shop):
    assert sell(shop, line(shop.kopi), at=clock.now() + timedelta(days=3)).flags == ["clock"]


def test_a_number_that_is_taken_does_not_stop_a_sale(shop):
    first = sell(shop, line(shop.kopi), number="K9-1")
    second = sell(shop, line(shop.kopi), number="K9-1")
    assert order_of(first).number == "K9-1"
    assert order_of(second).number.startswith("K-")
    assert second.flags == ["number"]


def test_a_place_the_terms_do_not_name_pays_the_maker_all(shop):
    rates = {("web", "kiosk"): DEFAULT_RATES["web", "kiosk"]}
    later = clock.today() + timedelta(days=60)
    consignment.write_terms(
        actor=SYSTEM, organisation_id=shop.cooperative.id, valid_from=later, rates=rates
    )
    with time_machine.travel(clock.now() + timedelta(days=61), tick=False):
        lot = a_lot(shop.kopi, shop.kiosk, 3)
        assert sell(shop, line(shop.kopi, lot=lot)).flags == ["terms"]
    assert maker_has(shop, shop.dwi) == 35_000


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": []},
        {"lines": "x"},
        {"lines": [5]},
        {"lines": [{"variant": 1, "quantity": 0, "price": 5}]},
        {"lines": [{"variant": 1, "quantity": True, "price": 5}]},
        {"lines": [{"variant": 1, "quantity": 1, "price": -5}]},
        {"lines": [{"variant": 1, "quantity": 1.5, "price": 5}]},
        {"place": None},
        {"device": 5},
        {"device": "K1"},
        {"number": "LMB-2611-0001"},
        {"code": "short"},
        {"language": "<id>"},
        {"tendered": "viel"},
    ],
)
def test_nonsense_is_no_sale(shop, changes):
    with pytest.raises(NoSale):
        send(shop, told(shop, line(shop.kopi)) | changes)


def test_money_that_does_not_fit_is_no_sale(shop):
    with pytest.raises(MoneyDiffers):
        send(shop, told(shop, line(shop.kopi), cash=34_999))


def test_only_who_keeps_the_place_sells_there(shop):
    with pytest.raises(NotFound):
        send(shop, told(shop, line(shop.kopi)), actor=an_actor())
    send(shop, told(shop, line(shop.kopi)), actor=shop.coordinates)
    with pytest.raises(NotFound):
        send(shop, told(shop, line(a_variant()), place=404_404))
    assert db.session.query(Order).count() == 1


def test_m21_sees_money_that_is_not_where_it_was_taken(shop):
    sale = sell(shop, line(shop.kopi), qris=5_000)
    sale.cash, sale.qris = 5_000, 30_000
    assert "M21" in broken(promises.ALL)
    db.session.rollback()
    sale = db.session.get(CounterSale, sale.order_id)
    sale.qris = 1
    assert "M21" in broken(promises.ALL)
    db.session.rollback()


def test_s11_sees_a_line_of_a_till_that_never_left(shop):
    sale = sell(shop, line(shop.kopi, 2))
    lines_of(sale)[0].given = 1
    assert "S11" in broken(promises.ALL)
    db.session.rollback()


def test_a_sale_has_one_attempt_that_the_keeper_saw(shop):
    sale = sell(shop, line(shop.kopi))
    attempt = db.session.scalars(select(Attempt)).one()
    assert (attempt.is_capture, attempt.noted_by) == (True, sale.keeper_id)
