"""Opening a payment at Midtrans: what is asked, and every way in which that can fail."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.errors import RemoteError
from orders.gateways import midtrans_bill
from orders.gateways.midtrans_calls import Refused
from orders.gateways.midtrans_channels import CHANNELS, fitting
from orders.gateways.words import Item, KeyTaken, Presented
from tests.orders.gateways.conftest import invoice

pytestmark = pytest.mark.service


def test_it_is_closed_without_a_key(midtrans, gateway_settings):
    assert midtrans.is_open()
    gateway_settings(midtrans_server_key="")
    assert not midtrans.is_open()


def test_a_page_is_opened_for_the_attempt(midtrans, theirs):
    asked = invoice()
    started = midtrans.start(asked)
    page = theirs.book.pages[started.gateway_id]
    assert (page.order_id, page.amount, page.finish) == (asked.key, 92_000, asked.return_url)
    assert started.pay_url == f"{theirs.world.own_url}/snap/v2/vtweb/{page.token}"
    assert abs(page.expires_at - asked.expires_at) <= timedelta(minutes=1)


def test_asked_again_it_is_the_same_page(midtrans, theirs):
    asked = invoice()
    assert midtrans.start(asked) == midtrans.start(asked)
    assert len(theirs.book.pages) == 1


def test_a_lost_answer_asked_again_gives_the_page_that_was_opened(midtrans, theirs, switches):
    asked = invoice()
    switches.set(lose_answer=1)
    with pytest.raises(RemoteError):
        midtrans.start(asked)
    (token,) = theirs.book.pages
    assert midtrans.start(asked).gateway_id == token


def test_after_five_minutes_the_key_is_taken(midtrans, switches):
    asked = invoice()
    switches.set(lose_answer=1)
    with time_machine.travel(clock.now(), tick=False) as now:
        with pytest.raises(RemoteError):
            midtrans.start(asked)
        now.shift(timedelta(minutes=6))
        with pytest.raises(KeyTaken):
            midtrans.start(asked)


@pytest.mark.parametrize("fault", ["fail_5xx", "lose_answer"])
def test_a_broken_gateway_is_a_remote_error_and_no_clear_no(midtrans, switches, fault):
    switches.set(**{fault: 1})
    with pytest.raises(RemoteError) as caught:
        midtrans.start(invoice())
    assert type(caught.value) is RemoteError


def test_a_wrong_key_is_refused(midtrans, gateway_settings):
    gateway_settings(midtrans_server_key="SB-Mid-server-wrong")
    with pytest.raises(Refused) as caught:
        midtrans.start(invoice())
    assert caught.value.code == "401"
    assert "SB-Mid" not in str(caught.value)


@pytest.mark.parametrize("key", ["ORD#1/x", "ORD 1?a=b", "", "x" * 51, "../status"])
def test_a_key_that_would_change_the_address_never_leaves_us(midtrans, theirs, key):
    for deed in (midtrans.start, midtrans.read, midtrans.cancel):
        with pytest.raises(AssertionError):
            deed(invoice(key=key))
    assert not theirs.book.pages


def test_money_of_another_country_is_not_for_midtrans(midtrans):
    with pytest.raises(AssertionError):
        midtrans.start(invoice(presented=Presented(600, "USD")))


def asked_for(**changes):
    return midtrans_bill.request(invoice(**changes), clock.now())


def test_the_rows_add_up_and_the_card_is_secure():
    wanted = asked_for()
    assert [row["price"] for row in wanted["item_details"]] == [78_000, 14_000]
    assert wanted["credit_card"] == {"secure": True}
    assert set(wanted["expiry"]) == {"start_time", "unit", "duration"}


def test_a_discount_is_a_row_below_zero():
    items = (Item("Tiwul", 20_000, 5), Item("Potongan", -8_000))
    rows = asked_for(items=items)["item_details"]
    assert sum(row["price"] * row["quantity"] for row in rows) == 92_000
    assert rows[1]["price"] == -8_000


def test_rows_that_do_not_add_up_are_our_bug():
    with pytest.raises(AssertionError):
        asked_for(items=(Item("Tiwul", 1),))


def test_a_bill_without_rows_is_one_row():
    assert asked_for(items=())["item_details"] == [
        {"name": "LB-7KQ2M", "price": 92_000, "quantity": 1}
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Tiwul|Instan", "Tiwul/Instan"),
        ("x" * 80, "x" * 50),
        ("dua\nbaris\t ", "dua baris"),
        ("\u202e\x00", "Barang"),
        ("", "Barang"),
    ],
)
def test_names_fit_what_tills_can_read(name, shown):
    rows = asked_for(items=(Item(name, 92_000),))["item_details"]
    assert rows[0]["name"] == shown


def test_a_very_long_bill_is_merged_and_still_adds_up():
    items = tuple(Item(f"Keripik nomor {n} · é" * 2, 1_000 + n, 2) for n in range(400))
    amount = sum(item.price * item.quantity for item in items)
    wanted = asked_for(items=items, amount=amount)
    assert len(json.dumps(wanted)) <= 16_000
    rows = wanted["item_details"]
    assert sum(row["price"] * row["quantity"] for row in rows) == amount
    assert rows[-1]["name"] == f"dan {400 - len(rows) + 1} baris lain"


PRICES = st.lists(
    st.tuples(st.integers(0, 9_000_000), st.integers(1, 60)), min_size=1, max_size=300
)


@given(PRICES, st.integers(0, 90))
def test_whatever_is_bought_adds_up_within_the_limits(prices, percent):
    items = [Item("Barang " * 9, price, count) for price, count in prices]
    goods = sum(item.price * item.quantity for item in items)
    if discount := goods * percent // 100:
        items.append(Item("Potongan", -discount))
    amount = goods - discount
    if not 0 < amount <= 999_999_999:
        return
    wanted = asked_for(items=tuple(items), amount=amount)
    rows = wanted["item_details"]
    assert sum(row["price"] * row["quantity"] for row in rows) == amount
    assert all(isinstance(row["price"], int) and row["quantity"] >= 1 for row in rows)
    assert len(json.dumps(wanted)) <= 16_000


@pytest.mark.parametrize(("left", "minutes"), [(60, 60), (1, 5), (-10, 5), (60 * 24 * 30, 10_080)])
def test_a_page_lives_as_long_as_the_goods_are_held(left, minutes):
    now = clock.now()
    asked = invoice(expires_at=now + timedelta(minutes=left, seconds=5))
    assert midtrans_bill.minutes_left(asked, now) == minutes


def test_times_are_told_by_jakartas_clock():
    wanted = midtrans_bill.request(invoice(), clock.now().replace(hour=3, minute=4, second=5))
    assert wanted["expiry"]["start_time"].endswith(" 10:04:05 +0700")


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.code)
def test_a_channel_is_hidden_outside_its_range(channel):
    assert channel.code in fitting(channel.method, channel.least)
    assert channel.code in fitting(channel.method, channel.most)
    assert channel.code not in fitting(channel.method, channel.least - 1)
    assert channel.code not in fitting(channel.method, channel.most + 1)


def test_no_amount_leaves_a_method_without_any_channel():
    for method in ("qris", "va"):
        for amount in (1, 9_999, 10_000_001, 20_000_001, 999_999_999):
            assert fitting(method, amount)


def test_an_amount_for_no_channel_is_not_asked_for():
    with pytest.raises(AssertionError):
        asked_for(amount=10**9, items=())


def test_the_key_for_idempotence_is_short_enough_to_be_heeded():
    assert max(len(f"{word}:{uuid4()}") for word in ("snap", "refund")) <= 46
