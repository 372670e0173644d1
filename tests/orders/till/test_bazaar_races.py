"""A bazaar is closed while tills that were out of reach send in their sales, with real commits.

Each sale is wholly in the closing or wholly late. One test takes the guard out and sees a sale that
had happened before the closing and is missing in it.
"""

from functools import partial
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from app import create_app
from cooperatives import promises_books, promises_stock
from cooperatives.bazaars import closing
from cooperatives.bazaars.promises import ALL
from cooperatives.models import BazaarLine, BazaarShare
from cooperatives.rights import KEEP
from core.actors import SYSTEM
from core.db import db
from orders.models import CounterSale
from tests.conftest import environ
from tests.cooperatives.bazaars.factories import a_bazaar, joins
from tests.cooperatives.factories import (
    a_cooperative,
    a_listing,
    a_lot,
    a_place,
    a_seller,
    a_variant,
    broken,
)
from tests.crowd import tried_at_once
from tests.orders.factories import holder
from tests.orders.till.factories import line, send, told

pytestmark = [pytest.mark.service, pytest.mark.race]

ROUNDS, GOODS, PRICE = 3, 4, 12_000


@pytest.fixture
def town(own_database):
    app = create_app(environ(own_database, LUMBUNG_THREADS="8"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def a_stand():
    """A member joined, and what her tills sold never stood in the box by the record."""
    house = a_cooperative()
    seller, bazaar = a_seller(house), a_bazaar(house, shared_by="sales", slots=2)
    joins(bazaar, seller)
    kiosk = a_place("kiosk", house)
    goods = [a_variant(a_listing(seller), price=PRICE) for _ in range(GOODS)]
    for variant in goods:
        a_lot(variant, kiosk, 5)
    return SimpleNamespace(
        bazaar_id=bazaar.id,
        kiosk=SimpleNamespace(id=bazaar.place_id),
        goods=[SimpleNamespace(id=one.id, price=PRICE) for one in goods],
        keeps=holder(KEEP, bazaar.place_id),
        device="6a1f6f3e-8f0c-4a4e-9a52-4f6d0b0d1a11",
        count=iter(range(1, 1_000)),
    )


def race(town, stand):
    """Every sale comes in while the bazaar is closed; what the closing froze, in rupiah."""
    sales = [partial(send, stand, told(stand, line(variant))) for variant in stand.goods]
    close = partial(closing.close, actor=SYSTEM, bazaar_id=stand.bazaar_id)
    answers = tried_at_once(town, close, *sales)
    assert [one for one in answers if isinstance(one, Exception)] == []
    lines = select(func.sum(BazaarLine.sold) * PRICE, func.sum(BazaarLine.gross))
    goods, money = db.session.execute(lines.where(BazaarLine.bazaar_id == stand.bazaar_id)).one()
    weight = select(BazaarShare.weight).where(BazaarShare.bazaar_id == stand.bazaar_id)
    frozen = {goods or 0, money or 0, db.session.scalars(weight).one()}
    db.session.rollback()
    return frozen


def test_a_sale_that_races_the_closing_is_in_it_or_late(town):
    for number in range(1, ROUNDS + 1):
        assert len(race(town, a_stand())) == 1
        assert db.session.query(CounterSale).count() == number * GOODS
    assert broken([*ALL, *promises_stock.ALL, *promises_books.ALL]) == set()


def test_without_the_guard_a_sale_is_in_no_closing_and_not_late(town):
    town.testing = True
    town.config["BAZAAR_GUARD_OFF"] = True
    met = any(race(town, a_stand()) and broken(ALL) == {"Z2"} for _ in range(ROUNDS * 8))
    assert met, "the guard is out, and the two never met"
