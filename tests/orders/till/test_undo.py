"""Taking back a sale: the mirror image in goods and money, once, and on its own day only."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.db import db
from core.errors import Busy, NotFound
from core.tasks import Task
from orders import receipt
from orders.models import CounterSale, Refund
from orders.till.undo import DayIsOver, NoReason
from tests.cooperatives.factories import level
from tests.factories import an_actor
from tests.orders.factories import balances
from tests.orders.till.factories import a_kiosk, line, lines_of, order_of, sell, send

pytestmark = pytest.mark.service


@pytest.fixture
def shop(app, sound):
    return a_kiosk()


def undo(shop, sale_id, why="brought", **more):
    return send(shop, {"sale": str(sale_id), "why": why}, kind="till.undo", **more)


@pytest.mark.parametrize("qris", [0, 10_000, 35_000])
def test_everything_goes_back_to_where_it_came_from(shop, qris):
    sale = sell(shop, line(shop.kopi), qris=qris)
    _id, answer = undo(shop, sale.order_id)
    assert answer["sentence"] == f"{order_of(sale).number} dibatalkan."
    assert level(shop.lots[2], shop.kiosk) == (10, 0, 0)
    assert balances() == {}
    assert [each.given for each in lines_of(sale)] == [0]
    refund = db.session.scalars(select(Refund)).one()
    assert (refund.amount, refund.state, refund.reason) == (35_000, "done", "undone")
    seen = receipt.of_order(db.session(), order_of(sale))
    assert [(back.amount, back.is_surplus) for back in seen.returns] == [(35_000, False)]


def test_undoing_again_changes_nothing(shop):
    sale = sell(shop, line(shop.kopi))
    undo(shop, sale.order_id)
    undo(shop, sale.order_id, why="unpaid")
    assert db.session.get(CounterSale, sale.order_id).undone_why == "brought"
    assert level(shop.lots[2], shop.kiosk) == (10, 0, 0)


def test_what_was_only_mistyped_was_never_there(shop):
    sell(shop, line(shop.kopi, 10))
    typed, brought = sell(shop, line(shop.kopi)), sell(shop, line(shop.kopi))
    undo(shop, typed.order_id, why="mistyped")
    assert level(shop.lots[2], shop.kiosk) == (0, 0, 0)
    undo(shop, brought.order_id)
    assert level(shop.lots[2], shop.kiosk) == (1, 0, 0)
    asked = db.session.scalars(select(Task).where(Task.kind == "till.look")).all()
    assert all(task.closed_at for task in asked)


def test_a_sale_of_yesterday_stands(shop):
    sale = sell(shop, line(shop.kopi), at=clock.now() - timedelta(days=1))
    with pytest.raises(DayIsOver):
        undo(shop, sale.order_id)
    undo(shop, sale.order_id, at=sale.sold_at)  # Undone without signal, on that very day.


def test_an_undo_that_comes_before_its_sale_comes_again(shop):
    with pytest.raises(Busy):
        undo(shop, uuid.uuid4())


@pytest.mark.parametrize("why", ["", "x", None, ["brought"]])
def test_a_reason_is_needed(shop, why):
    sale = sell(shop, line(shop.kopi))
    with pytest.raises(NoReason):
        undo(shop, sale.order_id, why=why)


def test_nobody_else_undoes_a_sale(shop):
    sale = sell(shop, line(shop.kopi))
    with pytest.raises(NotFound):
        undo(shop, sale.order_id, actor=an_actor())
