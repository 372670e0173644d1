"""How much there is: what a page shows, whose it is, and what it costs to ask."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cooperatives import stock
from cooperatives.models import Lot
from core import clock
from sellers.models import Listing
from tests.cooperatives.factories import (
    a_cooperative,
    a_listing,
    a_lot,
    a_place,
    a_seller,
    a_variant,
    counted,
    owner_of,
    promised,
)

pytestmark = pytest.mark.service


@pytest.fixture
def variant(session):
    return a_variant()


@pytest.fixture
def kiosk(session):
    return a_place("kiosk")


@pytest.fixture
def lot(variant, kiosk):
    """Ten jars at the kiosk."""
    return a_lot(variant, kiosk, 10)


def test_a_shelf_says_what_stands_on_it_and_whose_it_is(session, kiosk):
    first, second = (a_variant(a_listing(name=name)) for name in ("Abon", "Keripik"))
    a_lot(first, kiosk, 3, days=9)
    a_lot(first, kiosk, 2, days=5)
    a_lot(second, kiosk, 1)
    a_lot(second, a_place(), 50)
    promised(wishes=[(first, 4)])
    shelf = stock.at_place(session, kiosk.id)
    assert [(line.name, line.free, line.owner_name) for line in shelf] == [
        ("Abon", 1, owner_of(first).store_name),
        ("Keripik", 1, owner_of(second).store_name),
    ]


def test_one_listing_of_two_owners_stands_on_a_shelf_twice(session, kiosk):
    ours = a_cooperative()
    shared = a_variant(a_listing(a_seller(ours, kind="cooperative")))
    owners = [a_seller(ours), a_seller(ours)]
    for owner in owners:
        a_lot(shared, kiosk, 2, owner=owner)
    assert [(n.owner_id, n.free) for n in stock.at_place(session, kiosk.id)] == [
        (owners[0].id, 2),
        (owners[1].id, 2),
    ]


def test_what_is_hidden_old_or_put_away_is_not_shown_on_a_shelf(session, kiosk):
    hidden = a_variant(a_listing(hidden_reason="izin habis"))
    draft = a_variant(a_listing(state="draft"))
    put_away = a_variant(archived_at=clock.now())
    for variant in (hidden, draft, put_away):
        a_lot(variant, kiosk)
    session.get(Lot, a_lot(a_variant(), kiosk).id).best_before = clock.today() - timedelta(days=1)
    session.commit()
    assert stock.at_place(session, kiosk.id) == []


def test_a_shelf_and_a_list_page_cost_one_query_each(session, kiosk):
    variants = [a_variant() for _ in range(4)]
    for variant in variants:
        a_lot(variant, kiosk)
    with counted() as statements:
        stock.at_place(session, kiosk.id)
        stock.available(session, [variant.id for variant in variants])
    assert len(statements) == 2


def test_a_list_page_joins_what_is_free(session, variant, kiosk, lot):
    free = stock.TOTALS.subquery()
    query = select(Listing.id, free.c.free).join(
        free, free.c.variant_id == variant.id, isouter=True
    )
    assert session.execute(query.where(Listing.id == variant.listing_id), stock.asked()).all() == [
        (variant.listing_id, 10)
    ]
