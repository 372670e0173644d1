"""Two coordinators at once: on one order, and on two orders for the same hands."""

from functools import partial

import pytest

from app import create_app
from cooperatives.big_orders import asking, promises
from cooperatives.big_orders.planning import TooMuch
from cooperatives.models import BigOrder, BigShare
from core.actors import SYSTEM
from core.db import db
from tests.conftest import environ
from tests.cooperatives.big_orders.factories import (
    a_big_order,
    a_group,
    answered,
    asked,
    proposed,
    shares,
)
from tests.cooperatives.factories import broken
from tests.crowd import tried_at_once

pytestmark = [pytest.mark.service, pytest.mark.race]


@pytest.fixture
def town(own_database):
    """An app with room for a crowd, on a database of its own."""
    app = create_app(environ(own_database, LUMBUNG_THREADS="6"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_two_orders_never_ask_for_more_than_she_can_make(town):
    for _again in range(5):
        group = a_group((70, 70))
        both = [proposed(a_big_order(group, 50), group).id for _order in range(2)]
        deeds = [partial(asking.ask, actor=SYSTEM, order_id=one, hours=5) for one in both]
        answers = tried_at_once(town, *deeds)
        assert sorted(isinstance(one, TooMuch) for one in answers) == [False, True], answers
    assert broken(promises.ALL) == set()


def test_one_order_is_asked_and_sealed_once(town):
    group = a_group((70, 70), (70, 70))
    order_id = proposed(a_big_order(group, 100), group).id
    ask = partial(asking.ask, actor=SYSTEM, order_id=order_id, hours=5)
    answers = tried_at_once(town, ask, ask)
    assert sum(isinstance(one, BigOrder) for one in answers) == 1
    order = db.session.get(BigOrder, order_id)
    assert order.round == 1
    answered(order, 50, 50)
    seal = partial(asking.seal, actor=SYSTEM, order_id=order_id)
    answers = tried_at_once(town, seal, seal)
    assert sum(isinstance(one, BigOrder) for one in answers) == 1
    assert broken(promises.ALL) == set()


def test_her_answer_and_the_end_of_the_round_meet(town):
    order = asked(a_group((70, 70)), 50)
    (share,) = shares(order)
    order_id, share_id = order.id, share.id
    tried_at_once(
        town,
        partial(asking.answer, actor=SYSTEM, share_id=share_id, units=50),
        partial(asking.answer, actor=SYSTEM, share_id=share_id, units=20),
        partial(asking.seal, actor=SYSTEM, order_id=order_id, gap_is_told=True),
    )
    assert db.session.get(BigShare, share_id).agreed in (20, 50)
    assert broken(promises.ALL) == set()
