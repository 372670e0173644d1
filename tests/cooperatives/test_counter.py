"""The till never refuses: which lots it takes, and what it books where none were."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cooperatives import places, promises_stock
from cooperatives.allocation import BadQuantity, Pick
from cooperatives.counter import Scan
from cooperatives.models import Lot, Movement
from cooperatives.rights import KEEP
from core import clock
from core.actors import SYSTEM
from core.errors import NotFound
from sellers.models import Seller
from tests.cooperatives.factories import (
    a_cooperative,
    a_doc,
    a_home,
    a_listing,
    a_lot,
    a_place,
    a_seller,
    a_variant,
    broken,
    level,
    owner_of,
    promised,
    sell,
)
from tests.factories import an_actor, give

pytestmark = pytest.mark.service


@pytest.fixture
def variant(session):
    return a_variant()


@pytest.fixture
def kiosk(session):
    return a_place("kiosk")


def at_till(kiosk, *lines, **more):
    values = {"actor": SYSTEM, "doc": a_doc("till"), "place_id": kiosk.id}
    return sell(lines=[Scan(*line) for line in lines], **{**values, **more})


def test_a_till_sale_leaves_at_once_and_names_its_lots(session, variant, kiosk):
    lot = a_lot(variant, kiosk, 10)
    keeper = an_actor()
    give(keeper, KEEP, kiosk.id)
    assert at_till(kiosk, (variant.id, 2), actor=keeper) == [
        Pick(variant.id, lot.id, kiosk.id, lot.owner_id, lot.organisation_id, lot.terms_id, 2)
    ]
    assert level(lot, kiosk) == (8, 0, 0)
    sale = session.scalars(select(Movement).where(Movement.kind == "sale")).one()
    assert (sale.actor_id, sale.is_flagged) == (keeper.person_id, False)


def test_the_till_sells_in_turn(session, variant, kiosk):
    late, soon = a_lot(variant, kiosk, 2, days=90), a_lot(variant, kiosk, 2, days=9)
    at_till(kiosk, (variant.id, 3))
    assert (level(soon, kiosk), level(late, kiosk)) == ((0, 0, 0), (1, 0, 0))


def test_a_scanned_label_wins_over_the_turn(session, variant, kiosk):
    late, soon = a_lot(variant, kiosk, 2, days=90), a_lot(variant, kiosk, 2, days=9)
    picks = at_till(kiosk, (variant.id, 1, late.id), (variant.id, 2))
    assert {pick.lot_id: pick.quantity for pick in picks} == {late.id: 1, soon.id: 2}


def test_a_scanned_lot_gives_what_was_scanned_however_little_is_on_record(session, variant, kiosk):
    little, plenty = a_lot(variant, kiosk, 1), a_lot(variant, kiosk, 50)
    at_till(kiosk, (variant.id, 3, little.id))
    assert (level(little, kiosk), level(plenty, kiosk)) == ((0, 0, 0), (50, 0, 0))


def test_a_label_of_other_goods_is_no_label(session, variant, kiosk):
    lot, other = a_lot(variant, kiosk, 5), a_lot(a_variant(), kiosk, 5)
    at_till(kiosk, (variant.id, 1, other.id), (variant.id, 1, 404_404))
    assert (level(lot, kiosk), level(other, kiosk)) == ((3, 0, 0), (5, 0, 0))


def test_the_same_sale_sent_twice_is_sold_once(session, variant, kiosk):
    lot, doc = a_lot(variant, kiosk, 10), a_doc("till")
    assert at_till(kiosk, (variant.id, 2), doc=doc) == at_till(kiosk, (variant.id, 2), doc=doc)
    assert level(lot, kiosk) == (8, 0, 0)


def test_free_goods_are_sold_before_promised_ones(session, variant, kiosk):
    soon, late = a_lot(variant, kiosk, 3, days=9), a_lot(variant, kiosk, 3, days=90)
    promised(wishes=[(variant, 3)])
    at_till(kiosk, (variant.id, 3))
    assert (level(soon, kiosk), level(late, kiosk)) == ((3, 3, 0), (0, 0, 0))


def test_what_was_not_even_there_is_booked_in_flagged(session, variant, kiosk):
    lot = a_lot(variant, kiosk, 2)
    at_till(kiosk, (variant.id, 5))
    assert level(lot, kiosk) == (0, 0, 0)
    extra = session.scalars(select(Movement).where(Movement.kind == "count")).one()
    assert (extra.lot_id, extra.quantity, extra.is_flagged) == (lot.id, 3, True)
    assert extra.from_place_id == places.virtual(session, "adjustment")
    assert broken(promises_stock.ALL) == set()


def test_a_jar_without_a_lot_belongs_to_the_newest_lot_that_stood_there(session, variant, kiosk):
    a_lot(variant, kiosk, 1)
    here = a_lot(variant, kiosk, 1)
    a_lot(variant, a_place(), 9)
    at_till(kiosk, (variant.id, 2))
    (found,) = at_till(kiosk, (variant.id, 1))
    assert found.lot_id == here.id


def test_a_jar_without_a_lot_here_belongs_to_its_owners_newest_lot(session, kiosk):
    ours = a_cooperative()
    selling = a_seller(ours, kind="cooperative")
    shared, elsewhere = a_variant(a_listing(selling)), a_place()
    hers = a_lot(shared, elsewhere, 5)
    a_lot(shared, elsewhere, 5, owner=a_seller(ours))
    (found,) = at_till(kiosk, (shared.id, 1))
    assert found.lot_id == hers.id
    assert level(hers, elsewhere) == (5, 0, 0)


def test_a_jar_that_never_had_any_lot_gets_one(session, variant, kiosk):
    (found,) = at_till(kiosk, (variant.id, 1))
    assert session.get(Lot, found.lot_id).owner_id == owner_of(variant).id
    assert broken(promises_stock.ALL) == set()


def test_a_sale_of_old_goods_stands_and_is_flagged(session, variant, kiosk):
    lot = a_lot(variant, kiosk, 2)
    lot.best_before = clock.today() - timedelta(days=1)
    session.commit()
    at_till(kiosk, (variant.id, 1))
    sale = session.scalars(select(Movement).where(Movement.kind == "sale")).one()
    assert sale.is_flagged
    assert broken(promises_stock.ALL) == set()


def test_good_lots_are_sold_before_old_ones(session, variant, kiosk):
    old, good = a_lot(variant, kiosk, 2, days=3), a_lot(variant, kiosk, 2)
    old.best_before = clock.today() - timedelta(days=1)
    session.commit()
    at_till(kiosk, (variant.id, 2))
    assert (level(old, kiosk)[0], level(good, kiosk)[0]) == (2, 0)


def test_an_offline_sale_counts_by_the_day_it_happened(session, variant, kiosk):
    lot = a_lot(variant, kiosk, 2)
    lot.best_before = clock.today() - timedelta(days=1)
    session.commit()
    happened = clock.now() - timedelta(days=2)
    at_till(kiosk, (variant.id, 1), device_at=happened)
    sale = session.scalars(select(Movement).where(Movement.kind == "sale")).one()
    assert (sale.device_at, sale.is_flagged) == (happened, False)
    assert sale.posted_at > happened


def test_a_sale_from_a_phone_with_a_wrong_clock_is_flagged(session, variant, kiosk):
    a_lot(variant, kiosk, 2)
    at_till(kiosk, (variant.id, 1), device_at=clock.now() + timedelta(days=300))
    sale = session.scalars(select(Movement).where(Movement.kind == "sale")).one()
    assert sale.is_flagged
    assert sale.device_at <= sale.posted_at


@pytest.mark.parametrize("units", [0, -1, 10_001, 1.5, True])
def test_nonsense_is_not_a_sale(session, variant, kiosk, units):
    with pytest.raises(BadQuantity):
        at_till(kiosk, (variant.id, units))


def test_a_variant_that_never_was_is_not_sold(session, kiosk):
    with pytest.raises(NotFound):
        at_till(kiosk, (404_404, 1))


def test_a_stranger_sells_nothing(session, variant, kiosk):
    with pytest.raises(NotFound):
        at_till(kiosk, (variant.id, 1), actor=an_actor())


def test_a_maker_sells_her_own_goods_at_her_door_and_no_others(session, variant, kiosk):
    seller = owner_of(variant)
    home = a_home(seller=session.get(Seller, seller.id))
    lot = a_lot(variant, home, 3)
    at_till(home, (variant.id, 1))
    assert level(lot, home) == (2, 0, 0)
    with pytest.raises(places.NotThatHome):
        at_till(home, (a_variant().id, 1))
