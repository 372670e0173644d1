"""Goods come in, are carried, go back, spoil, are tasted, counted and brought back."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cooperatives import consignment, goods, places
from cooperatives.counter import Scan
from cooperatives.goods import Portion
from cooperatives.lots import Goods, NotHers
from cooperatives.models import Lot, Movement, Terms
from cooperatives.movements import NotSoMany
from cooperatives.rights import KEEP
from core import clock
from core.actors import SYSTEM
from core.db import db
from core.errors import NotFound
from tests.cooperatives.factories import (
    a_cooperative,
    a_doc,
    a_home,
    a_listing,
    a_lot,
    a_place,
    a_seller,
    a_variant,
    level,
    limits,
    owner_of,
    promised,
    saved,
    sell,
)
from tests.factories import an_actor, an_organisation, give

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


def receive(variant, place, *lines, **more):
    values = {"actor": SYSTEM, "doc": a_doc(), "owner_id": owner_of(variant).id}
    return goods.receive_goods(place_id=place.id, goods=lines, **{**values, **more})


def written():
    return db.session.scalar(select(func.count()).select_from(Movement))


def test_goods_come_in_as_a_lot_with_a_movement_from_their_owner(session, variant, kiosk):
    day = clock.today() + timedelta(days=90)
    (movement,) = receive(variant, kiosk, Goods(variant.id, 24, day, "B-7"))
    lot = session.get(Lot, movement.lot_id)
    owner = owner_of(variant)
    assert (lot.owner_id, lot.organisation_id) == (owner.id, owner.organisation_id)
    assert (lot.batch, lot.best_before) == ("B-7", day)
    assert movement.from_place_id == places.virtual(session, "consignor")
    assert (movement.kind, movement.to_place_id, movement.quantity) == ("receive", kiosk.id, 24)
    assert level(lot, kiosk) == (24, 0, 0)


def test_a_lot_keeps_the_terms_it_came_in_under(session, variant, kiosk, lot):
    first = lot.terms_id
    saved(Terms(organisation_id=lot.organisation_id, version=2, valid_from=clock.today()))
    assert a_lot(variant, kiosk).terms_id != first
    assert session.get(Lot, lot.id).terms_id == first


def test_an_organisation_without_terms_takes_nothing_in(session, kiosk):
    variant = a_variant(a_listing(a_seller(an_organisation())))
    with pytest.raises(consignment.NoTerms):
        a_lot(variant, kiosk)


def test_a_stranger_brings_nothing_in(session, variant, kiosk):
    with pytest.raises(NotFound):
        receive(variant, kiosk, Goods(variant.id, 5), actor=an_actor())
    assert written() == 0


def test_the_same_paper_comes_in_once(session, variant, kiosk):
    doc = a_doc()
    lines = [Goods(variant.id, 5), Goods(variant.id, 7)]
    first = receive(variant, kiosk, *lines, doc=doc)
    again = receive(variant, kiosk, *lines, doc=doc)
    assert [m.id for m in again] == [m.id for m in first]
    assert sum(level(session.get(Lot, m.lot_id), kiosk)[0] for m in first) == 12


def test_one_takes_in_her_own_goods_only(session, variant, kiosk):
    with pytest.raises(NotHers):
        receive(variant, kiosk, Goods(variant.id, 1), owner_id=a_seller().id)


def test_members_serve_the_listing_of_their_selling_cooperative(session, kiosk):
    ours = a_cooperative()
    shared = a_variant(a_listing(a_seller(ours, kind="cooperative")))
    assert a_lot(shared, kiosk, owner=a_seller(ours)).variant_id == shared.id
    with pytest.raises(NotHers):
        a_lot(shared, kiosk, owner=a_seller())


def test_a_home_takes_only_its_own_goods(session, variant):
    with pytest.raises(places.NotThatHome):
        a_lot(variant, a_home(seller=a_seller()))


def test_goods_past_their_date_are_not_taken_in(session, variant, kiosk):
    a_lot(variant, kiosk, days=0)
    with pytest.raises(goods.PastItsDate):
        a_lot(variant, kiosk, days=-1)


@pytest.mark.parametrize("units", [0, -3, 10_001, 2.5, True, "4"])
def test_units_are_whole_and_within_limits(session, variant, kiosk, units):
    with pytest.raises(goods.BadGoods):
        a_lot(variant, kiosk, units)


def test_a_paper_has_at_least_one_line_and_not_too_many(session, variant, kiosk, monkeypatch):
    limits(monkeypatch, goods_lines_max=2)
    for lines in ([], [Goods(variant.id, 1)] * 3):
        with pytest.raises(goods.BadGoods):
            receive(variant, kiosk, *lines)


def test_a_batch_longer_than_its_column_is_refused(session, variant, kiosk):
    with pytest.raises(goods.BadGoods):
        a_lot(variant, kiosk, batch="x" * 41)


def test_a_closed_place_takes_nothing_in_but_lets_goods_go(session, variant, kiosk, lot):
    places.close_place(actor=SYSTEM, place_id=kiosk.id)
    with pytest.raises(goods.PlaceClosed):
        a_lot(variant, kiosk)
    move(lot, kiosk, a_place(), 10)


def move(lot, source, target, units, **more):
    values = {"actor": SYSTEM, "doc": a_doc(), "portions": [Portion(lot.id, units)]}
    return goods.transfer_goods(
        from_place_id=source.id, to_place_id=target.id, **{**values, **more}
    )


def test_carrying_changes_two_places_and_no_sum(session, kiosk, lot):
    box = a_place("bazaar")
    move(lot, kiosk, box, 4)
    assert (level(lot, kiosk), level(lot, box)) == ((6, 0, 0), (4, 0, 0))


def test_promised_goods_are_not_carried_away(session, variant, kiosk, lot):
    promised(wishes=[(variant, 7)])
    with pytest.raises(NotSoMany) as refused:
        move(lot, kiosk, a_place(), 4)
    assert refused.value.left == 3
    assert str(refused.value.sentence) == "Yang bisa diambil tinggal 3."
    move(lot, kiosk, a_place(), 3)


def test_one_paper_cannot_take_a_lot_twice_over(session, kiosk, lot):
    portions = [Portion(lot.id, 6), Portion(lot.id, 6)]
    with pytest.raises(NotSoMany):
        move(lot, kiosk, a_place(), 0, portions=portions)


def test_goods_go_somewhere_else(session, kiosk, lot):
    with pytest.raises(goods.SamePlace):
        move(lot, kiosk, kiosk, 1)


def test_nothing_is_carried_from_where_the_lot_never_stood(session, lot):
    with pytest.raises(NotFound):
        move(lot, a_place(), a_place(), 1)


def test_nothing_is_carried_out_of_thin_air(session, kiosk, lot):
    with pytest.raises(NotFound):
        goods.transfer_goods(
            actor=SYSTEM,
            doc=a_doc(),
            from_place_id=places.virtual(session, "consignor"),
            to_place_id=kiosk.id,
            portions=[Portion(lot.id, 1)],
        )


def test_another_sellers_goods_are_not_carried_into_a_home(session, kiosk, lot):
    with pytest.raises(places.NotThatHome):
        move(lot, kiosk, a_home(seller=a_seller()), 1)


def test_a_maker_sends_and_a_keeper_takes_in_by_way_of_transit(session, variant, kiosk):
    keeper, seller = an_actor(), owner_of(variant)
    give(keeper, KEEP, kiosk.id)
    home, way = a_home(seller=seller), places.transit_of(session, seller.organisation_id)
    lot = a_lot(variant, home, 5)
    with pytest.raises(NotFound):
        move(lot, home, kiosk, 5, actor=keeper)
    move(lot, home, way, 5)
    move(lot, way, kiosk, 5, actor=keeper)
    assert level(lot, kiosk) == (5, 0, 0)


def test_goods_go_back_to_their_owner(session, kiosk, lot):
    portions = [Portion(lot.id, 3)]
    (movement,) = goods.return_to_owner(
        actor=SYSTEM, doc=a_doc(), place_id=kiosk.id, portions=portions
    )
    assert movement.to_place_id == places.virtual(session, "consignor")
    assert level(lot, kiosk) == (7, 0, 0)


def test_a_taste_is_a_sample(session, kiosk, lot):
    portions = [Portion(lot.id, 1)]
    (movement,) = goods.give_samples(
        actor=SYSTEM, doc=a_doc(), place_id=kiosk.id, portions=portions, reason="bazar"
    )
    assert (movement.kind, movement.reason) == ("sample", "bazar")
    assert level(lot, kiosk) == (9, 0, 0)


def count(lot, place, difference, **more):
    values = {"actor": SYSTEM, "doc": a_doc("count"), "place_id": place.id}
    return goods.correct_after_count(
        differences=[Portion(lot.id, difference)], **{**values, **more}
    )


def test_a_count_finds_too_many_or_too_few(session, kiosk, lot):
    (more,) = count(lot, kiosk, 2)
    assert more.from_place_id == places.virtual(session, "adjustment")
    (fewer,) = count(lot, kiosk, -5)
    assert fewer.to_place_id == places.virtual(session, "shrinkage")
    assert level(lot, kiosk) == (7, 0, 0)


def test_a_count_cannot_find_less_than_nothing(session, kiosk, lot):
    with pytest.raises(NotSoMany):
        count(lot, kiosk, -11)


def test_the_same_count_counts_once(session, kiosk, lot):
    doc = a_doc("count")
    count(lot, kiosk, -2, doc=doc)
    count(lot, kiosk, -2, doc=doc)
    assert level(lot, kiosk) == (8, 0, 0)


def test_what_buyers_bring_back_stands_on_the_shelf_again(session, kiosk, lot):
    sell(actor=SYSTEM, place_id=kiosk.id, lines=[Scan(lot.variant_id, 2)], doc=a_doc())
    take_back(lot, kiosk, 1)
    assert level(lot, kiosk) == (9, 0, 0)


def test_no_more_comes_back_than_buyers_have(session, kiosk, lot):
    sell(actor=SYSTEM, place_id=kiosk.id, lines=[Scan(lot.variant_id, 2)], doc=a_doc())
    with pytest.raises(NotSoMany) as refused:
        take_back(lot, kiosk, 3)
    assert refused.value.left == 2
    assert level(lot, kiosk) == (8, 0, 0)


def take_back(lot, place, units):
    return goods.take_back(
        actor=SYSTEM,
        doc=a_doc("return"),
        place_id=place.id,
        portions=[Portion(lot.id, units)],
        reason="pecah",
    )
