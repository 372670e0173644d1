"""One product, sent by a page, a worker in the background and another phone at one moment."""

from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app import create_app
from cooperatives import new_product, promises_stock
from cooperatives.models import Lot, Movement
from core import acts
from core.acts import Act
from core.db import db
from sellers.models import Listing, Variant
from tests.conftest import environ
from tests.cooperatives.factories import a_cooperative, broken
from tests.crowd import tried_at_once
from tests.sellers.factories import a_category, a_shop

pytestmark = [pytest.mark.service, pytest.mark.race]


@pytest.fixture
def town(own_database):
    """An app with room for a crowd, on a database of its own."""
    app = create_app(environ(own_database, LUMBUNG_THREADS="12"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_sent_six_times_at_once_it_is_one_product(town):
    shop, actor = a_shop(organisation=a_cooperative())
    a_category("kerajinan", is_food=False)
    content = {"shop": shop.id, "name": "Tas", "price": "5rb", "stock": "4", "weight": "1 kg"}
    for number in range(1, 4):
        once = partial(acts.carry_out, actor=actor, act_id=uuid4(), kind=new_product.KIND)
        answers = tried_at_once(town, *[lambda once=once: once(content=content)] * 6)
        assert len({answer["listing"] for answer in answers}) == 1
        counts = [
            db.session.scalar(select(func.count()).select_from(table))
            for table in (Listing, Variant, Lot, Movement, Act)
        ]
        assert counts == [number] * 5
    assert broken(promises_stock.ALL) == set()
