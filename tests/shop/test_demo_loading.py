"""Loading the demo world: whole or not at all, resumed, and never where people live."""

import psycopg
import pytest
from sqlalchemy import func, select

from cooperatives.goods import BadGoods
from cooperatives.settings import CooperativeSettings
from core.db import db
from core.people import Person
from orders.models import Order, Parcel
from shop.demo import world
from shop.demo.cast import act_id
from tests.conftest import server_url
from tests.factories import a_person

pytestmark = pytest.mark.service


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def first_parcels():
    query = select(Parcel.state).where(Parcel.order_id == act_id("order", "LMB-2611-0001"))
    return set(db.session.scalars(query))


def test_a_load_that_stops_is_undone_or_resumed(committed):
    known = committed.extensions["settings"]
    usual = known[CooperativeSettings]
    known[CooperativeSettings] = CooperativeSettings(goods_lines_max=1)
    with pytest.raises(BadGoods):  # Bu Sumirah brings three kinds of goods: half-way.
        world.load()
    assert count(Person) == 0
    known[CooperativeSettings] = usual
    assert world._move_in() is True  # As if it was killed before anybody answered an order.
    assert first_parcels() == {"to_accept"}
    answer = committed.test_cli_runner().invoke(args=["demo"])
    assert "loaded" in answer.output
    assert first_parcels() == {"delivered"}
    again = committed.test_cli_runner().invoke(args=["demo"])
    assert "nothing was changed" in again.output


def test_an_open_writer_on_the_same_server_does_not_stop_it(committed):
    """It holds the cut of settlements back, so nobody's money can be added up meanwhile."""
    with psycopg.connect(server_url("postgres").replace("+psycopg", "")) as other:
        other.execute("select pg_current_xact_id()")
        assert world._move_in() is True
        assert "loaded" in committed.test_cli_runner().invoke(args=["demo"]).output


def test_where_somebody_lives_nothing_is_loaded(app):
    a_person()
    assert world.load() is False
    assert (count(Person), count(Order)) == (1, 0)
