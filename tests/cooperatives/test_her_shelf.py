"""She sees what stands on the shelf and what was sold today; asking again costs next to nothing."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from cooperatives.counter import Scan
from cooperatives.her_shelf import Figures, now
from cooperatives.models import Movement
from cooperatives.movements import reverse
from core.actors import SYSTEM
from core.db import db
from tests.cooperatives.factories import (
    a_cooperative,
    a_doc,
    a_home,
    a_listing,
    a_lot,
    a_place,
    a_variant,
    sell,
)
from tests.factories import sign_in
from tests.sellers.factories import a_shop

pytestmark = pytest.mark.service


@pytest.fixture
def shelf(app):
    """Ten jars of hers in a kiosk, beside a neighbour's, and five more at her home."""
    cooperative = a_cooperative()
    shop, nur = a_shop(organisation=cooperative)
    other, tri = a_shop(
        "Keripik Bu Tri", maker="Tri", phone="+6281234567891", organisation=cooperative
    )
    kiosk = a_place(cooperative=cooperative)
    sizes = [a_variant(a_listing(one)) for one in (shop, other)]
    for size in sizes:
        a_lot(size, kiosk, 10)
    a_lot(sizes[0], a_home(seller=shop), 5)
    return SimpleNamespace(shop=shop, nur=nur, tri=tri, kiosk=kiosk, sizes=sizes)


def sold(shelf, size=0, units=1):
    return sell(actor=SYSTEM, place_id=shelf.kiosk.id, doc=a_doc("order"),
                lines=[Scan(shelf.sizes[size].id, units)])  # fmt: skip


def seen(shelf):
    found = now(db.session(), shelf.nur, shelf.shop.id)
    return found.shelf, found.sold


def test_a_sale_is_seen_and_one_that_is_undone_is_not(shelf):
    assert seen(shelf) == (10, 0)
    sold(shelf, units=3)
    assert seen(shelf) == (7, 3)
    sale = db.session.scalars(select(Movement.id).where(Movement.kind == "sale")).one()
    reverse(actor=SYSTEM, movement_id=sale, reason="salah tekan")
    assert seen(shelf) == (10, 0)


def test_a_neighbours_sale_and_shop_are_not_hers(shelf):
    sold(shelf, size=1)
    assert seen(shelf) == (10, 0)
    assert now(db.session(), shelf.tri, shelf.shop.id) == Figures(0, 0, {})


def test_a_phone_that_asks_again_gets_nothing_until_something_is_sold(app, shelf):
    browser = app.test_client()
    sign_in(browser)
    first = browser.get("/ibu/titip/angka")
    assert (first.json["shelf"], first.json["sold"]) == (10, 0)
    asked = {"If-None-Match": first.headers["ETag"]}
    again = browser.get("/ibu/titip/angka", headers=asked)
    assert (again.status_code, again.data) == (304, b"")
    sold(shelf)
    after = browser.get("/ibu/titip/angka", headers=asked)
    assert (after.json["shelf"], after.json["sold"]) == (9, 1)
    assert list(after.json["left"].values()) == [9]


def test_her_money_stands_behind_her_pin(app, shelf, monkeypatch):
    browser = app.test_client()
    sign_in(browser)
    page = browser.get("/ibu/titip").text
    assert 'data-figure="sold">0</b>' in page
    assert "private" in browser.get("/ibu/titip/angka").headers["Cache-Control"]
    monkeypatch.setattr("core.second_factor.FRESH", timedelta())  # Ten minutes later.
    assert browser.get("/ibu/titip/angka").json["due"] == ""
