"""Two phones receive one shipment: what was sent comes once, whoever presses first."""

from functools import partial

import pytest

from app import create_app
from cooperatives.places import transit_of
from cooperatives.promises_stock import ALL
from cooperatives.receiving.asked import WrongBoxes
from core.db import db
from tests.conftest import environ
from tests.cooperatives.factories import a_lot, a_place, a_variant, broken, level
from tests.cooperatives.shelf.factories import a_shipment, arrived
from tests.crowd import tried_at_once

pytestmark = [pytest.mark.service, pytest.mark.race]
ROUNDS = 5


@pytest.fixture
def town(own_database):
    app = create_app(environ(own_database, LUMBUNG_THREADS="16"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_what_was_sent_comes_once(town):
    kiosk, box = a_place("kiosk"), a_place("bazaar")
    lot = a_lot(a_variant(), kiosk, 4 * ROUNDS)
    for number in range(1, ROUNDS + 1):
        shipment = a_shipment(kiosk, box, lot, 4)
        whole = partial(arrived, shipment, lot, datang=4)
        parts = partial(arrived, shipment, lot, datang=1, hilang=1)
        answers = tried_at_once(town, whole, whole, parts)
        assert {type(one) for one in answers if isinstance(one, Exception)} == {WrongBoxes}
        db.session.expire_all()
        transit = transit_of(db.session(), kiosk.organisation_id)
        stand = [level(lot, place)[0] for place in (kiosk, transit, box)]
        lost = 4 * ROUNDS - sum(stand)
        assert stand[0] == 4 * (ROUNDS - number)
        assert stand[2] + stand[1] + lost == 4 * number
        if stand[1]:  # The one who told of a part was first: the rest is still on its way.
            arrived(shipment, lot, datang=2)
    assert broken(ALL) == set()
