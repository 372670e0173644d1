"""Two phones, one shelf: presses that meet each other, and an order that comes between."""

import random
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app import create_app
from cooperatives import home_stock, promises_stock
from cooperatives.allocation import OutOfStock
from cooperatives.models import Level, Movement
from core import acts
from core.db import db
from core.errors import Busy
from tests.conftest import environ
from tests.cooperatives.factories import a_doc, broken, promised
from tests.cooperatives.test_home_stock import content_of, handle, hers, pressed
from tests.crowd import tried_at_once

pytestmark = [pytest.mark.service, pytest.mark.race]


@pytest.fixture
def town(own_database):
    """An app with room for a crowd, on a database of its own."""
    app = create_app(environ(own_database, LUMBUNG_THREADS="12"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def on_hand(variant):
    db.session.expire_all()
    sums = select(func.sum(Level.on_hand), func.sum(Level.reserved))
    return db.session.execute(sums.where(Level.variant_id == variant.id)).one()


def test_two_phones_press_minus_at_once(town):
    variant, maker = hers()
    for _ in range(10):
        pressed(variant, maker, 2)
        answers = tried_at_once(town, *[lambda: pressed(variant, maker, -1, "sold")] * 2)
        assert sorted(answer["left"] for answer in answers) == [0, 1]
    assert broken(promises_stock.ALL) == set()


def test_one_form_sent_by_two_phones_counts_once(town):
    variant, maker = hers()
    once = partial(acts.carry_out, actor=maker, act_id=uuid4(), kind=home_stock.ACT)
    answers = tried_at_once(town, *[lambda: once(content=content_of(variant, 3))] * 6)
    assert [answer["left"] for answer in answers] == [3] * 6
    assert on_hand(variant)[0] == 3


def test_a_minus_while_an_order_is_placed(town):
    """Either she was first and the buyer is told, or the buyer was and it becomes a shortfall."""
    variant, maker = hers()
    seen = set()
    for _ in range(12):
        pressed(variant, maker, 1)

        def order():
            return promised(wishes=[(variant, 1)], doc=a_doc(), buyer=str(uuid4()))

        deeds = [order, lambda: pressed(variant, maker, -1, "broken")]
        random.shuffle(deeds)
        answers = tried_at_once(town, *deeds)
        seen |= {type(answer) for answer in answers}
        assert on_hand(variant) == (0, 0)
    assert seen <= {list, dict, OutOfStock}
    assert broken(promises_stock.ALL) == set()


def test_two_hundred_presses_twice_in_parallel_in_any_order(town):
    variant, maker = hers()
    chance = random.Random(7)
    presses = [(uuid4(), chance.choice([-3, -2, -1, 1, 2, 3, 4])) for _ in range(180)]
    taken_back = chance.sample(range(180), 20)
    sent = [(act_id, content_of(variant, by)) for act_id, by in presses]
    sent += [(uuid4(), {"undoes": str(presses[number][0])}) for number in taken_back]
    queue = sent * 2
    chance.shuffle(queue)

    def phone(number):
        waiting = queue[number::8]
        while waiting:
            act_id, content = waiting.pop(0)
            try:
                handle(actor=maker, act_id=act_id, at=None, content=content)
            except Busy:  # Its first press has not come yet, or somebody else is at it.
                waiting.append((act_id, content))
        return "done"

    answers = tried_at_once(town, *[lambda n=n: phone(n) for n in range(8)])
    assert answers == ["done"] * 8
    net = sum(by for number, (_id, by) in enumerate(presses) if number not in taken_back)
    assert int(on_hand(variant)[0]) == max(0, net)
    counted = select(func.count(Movement.id)).where(Movement.kind == "reversal")
    assert db.session.scalar(counted) >= len(taken_back)
    assert broken(promises_stock.ALL) == set()
