"""Who gets which jar: the pick, the hold, the cap, the guard."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from cooperatives import allocation, levels, stock
from cooperatives.allocation import BadQuantity, OutOfStock, Pick, TooManyHeld, Wish, pick
from cooperatives.levels import Standing
from cooperatives.models import Hold, Level
from core.errors import Busy
from tests.cooperatives.factories import (
    a_doc,
    a_home,
    a_lot,
    a_place,
    a_variant,
    confirm,
    counted,
    in_an_hour,
    level,
    limits,
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


def standing(n, variant=1, free=1, *, place=1, good_for=None, received=0):
    """A level as the pick sees it, free of any database."""
    return Standing(
        id=n,
        lot_id=n,
        place_id=place,
        variant_id=variant,
        on_hand=free,
        reserved=0,
        counter_kept=0,
        best_before=good_for and date(2026, 1, 1) + timedelta(days=good_for),
        received_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=received),
        owner_id=1,
        organisation_id=1,
        terms_id=1,
    )


def picked(wanted, *shelf):
    return [(taken.id, units) for taken, units in pick(wanted, shelf)]


def test_first_expired_goes_out_first():
    late, soon = standing(1, good_for=90), standing(2, good_for=30, received=5)
    assert picked({1: 1}, late, soon) == [(2, 1)]


def test_goods_without_a_date_go_last():
    assert picked({1: 1}, standing(1), standing(2, good_for=900, received=9)) == [(2, 1)]


def test_of_one_date_the_oldest_receipt_goes_first_then_the_lower_number():
    assert picked({1: 1}, standing(1, received=2), standing(2, received=1)) == [(2, 1)]
    assert picked({1: 1}, standing(4), standing(3)) == [(3, 1)]


def test_a_wish_is_met_from_several_lots():
    assert picked({1: 3}, standing(1, free=2), standing(2, free=4)) == [(1, 2), (2, 1)]


def test_of_one_date_the_place_that_can_serve_the_whole_cart_goes_first():
    shelf = [
        standing(1, 1, 5, place=1),
        standing(2, 1, 5, place=2, received=9),
        standing(3, 2, 5, place=2, received=9),
    ]
    assert picked({1: 2, 2: 2}, *shelf) == [(2, 2), (3, 2)]


def test_one_parcel_is_no_reason_to_let_older_goods_spoil():
    shelf = [standing(1, free=1, place=1, good_for=10), standing(2, free=9, place=2, good_for=40)]
    assert picked({1: 2}, *shelf) == [(1, 1), (2, 1)]


def test_what_is_short_is_told_for_each_variant():
    with pytest.raises(OutOfStock) as refused:
        picked({1: 3, 2: 1, 3: 5}, standing(1, 1, 2), standing(2, 2, 1))
    assert refused.value.left == {1: 2, 3: 0}


@pytest.mark.parametrize(
    ("left", "sentence"), [(2, "Stok tinggal 2, Anda minta 3."), (0, "Stok sudah habis.")]
)
def test_the_sentence_says_how_many_are_left(app, left, sentence):
    assert str(OutOfStock({7: left}, {7: 3}).sentence) == sentence


def test_a_promise_names_lot_place_owner_and_frozen_terms(session, variant, kiosk):
    lot = a_lot(variant, kiosk, 10)
    (found,) = promised(wishes=[(variant, 3)])
    assert found == Pick(
        variant.id, lot.id, kiosk.id, lot.owner_id, lot.organisation_id, lot.terms_id, 3
    )
    assert level(lot, kiosk) == (10, 3, 0)


def test_a_promise_is_written_down_until_its_time(session, variant, kiosk):
    a_lot(variant, kiosk, 10)
    until, doc = in_an_hour(), a_doc()
    promised(wishes=[(variant, 3)], until=until, doc=doc, buyer="Siti")
    hold = session.scalars(select(Hold)).one()
    assert (hold.state, hold.quantity, hold.until) == ("held", 3, until)
    assert (hold.doc_type, hold.doc_id, hold.buyer_key) == (doc.kind, doc.id, "Siti")


def test_lines_of_one_variant_are_one_wish(session, variant, kiosk):
    a_lot(variant, kiosk, 3)
    with pytest.raises(OutOfStock):
        promised(wishes=[(variant, 2), (variant, 2)])
    assert [found.quantity for found in promised(wishes=[(variant, 2), (variant, 1)])] == [3]


def test_a_cart_is_held_whole_or_not_at_all(session, kiosk):
    plenty, scarce = a_variant(), a_variant()
    lot = a_lot(plenty, kiosk, 9)
    a_lot(scarce, kiosk, 1)
    with pytest.raises(OutOfStock):
        promised(wishes=[(plenty, 1), (scarce, 2)])
    assert level(lot, kiosk) == (9, 0, 0)
    assert session.scalar(select(func.count()).select_from(Hold)) == 0


def test_only_the_asked_places_are_picked_from(session, variant, kiosk):
    home = a_home(seller=owner_of(variant))
    a_lot(variant, home, 5, days=3)
    there = a_lot(variant, kiosk, 5, days=90)
    (found,) = promised(wishes=[(variant, 1)], place_ids=[kiosk.id])
    assert found.lot_id == there.id
    with pytest.raises(OutOfStock):
        promised(wishes=[(variant, 6)], place_ids=[kiosk.id])


def test_what_the_till_keeps_is_not_promised(session, variant, kiosk):
    lot = a_lot(variant, kiosk, 5)
    found = session.scalars(select(Level).where(Level.lot_id == lot.id)).one()
    found.counter_kept = 4
    session.commit()
    with pytest.raises(OutOfStock) as refused:
        promised(wishes=[(variant, 2)])
    assert refused.value.left == {variant.id: 1}


def test_the_last_good_day_is_sold_and_the_day_after_is_not(session, variant, kiosk):
    a_lot(variant, kiosk, 5, best_before=date(2026, 11, 30))
    with time_machine.travel(datetime(2026, 11, 30, 16, 59, tzinfo=UTC)):  # 23.59 in Wonosobo
        assert stock.available(session, [variant.id]) == {variant.id: 5}
    with time_machine.travel(datetime(2026, 11, 30, 17, 0, tzinfo=UTC)):
        assert stock.available(session, [variant.id]) == {variant.id: 0}
        with pytest.raises(OutOfStock):
            promised(wishes=[(variant, 1)])


def test_a_page_and_a_sale_agree_on_what_is_left(session, variant, kiosk):
    a_lot(variant, kiosk, 5)
    a_lot(variant, a_place("bazaar"), 5)
    promised(wishes=[(variant, 2)])
    left = stock.available(session, [variant.id])[variant.id]
    assert left == 3
    with pytest.raises(OutOfStock):
        promised(wishes=[(variant, left + 1)])
    promised(wishes=[(variant, left)])


@pytest.mark.parametrize("units", [0, -1, 61, 1.0, True])
def test_a_wish_is_a_whole_number_within_limits(session, variant, kiosk, units):
    a_lot(variant, kiosk, 100)
    with pytest.raises(BadQuantity):
        promised(wishes=[(variant, units)])


def test_an_empty_cart_wishes_nothing(session):
    with pytest.raises(BadQuantity):
        promised(wishes=[])


def test_one_buyer_holds_only_so_much_unpaid(session, variant, kiosk, monkeypatch):
    limits(monkeypatch, hold_units_max=5)
    a_lot(variant, kiosk, 100)
    doc = a_doc()
    promised(wishes=[(variant, 4)], doc=doc)
    with pytest.raises(TooManyHeld):
        promised(wishes=[(variant, 2)])
    promised(wishes=[(variant, 2)], buyer="Yem")
    confirm(doc)
    promised(wishes=[(variant, 5)])


def test_a_cart_of_three_lines_costs_four_round_trips(session, kiosk):
    variants = [a_variant() for _ in range(3)]
    for variant in variants:
        a_lot(variant, kiosk)
    wishes = [Wish(variant.id, 2) for variant in variants]
    with counted() as statements:
        allocation.allocate(session, wishes, until=in_an_hour(), doc=a_doc(), buyer_key="Siti")
    assert len(statements) == 4, statements


def test_the_guard_refuses_what_the_pick_should_not_have_promised(session, variant, kiosk):
    lot = a_lot(variant, kiosk, 1)
    (seen,) = levels.lock(session, Level.lot_id == lot.id)
    promised(wishes=[(variant, 1)])
    seen.reserved += 1
    with pytest.raises(Busy):
        levels.write(session, [seen])
    assert level(lot, kiosk) == (1, 1, 0)


def test_the_guard_can_be_off_only_in_a_test_build(app, session, variant, kiosk):
    a_lot(variant, kiosk, 1)
    app.config["STOCK_GUARD_OFF"] = True
    try:
        with pytest.raises(AssertionError, match="STOCK_GUARD_OFF"):
            promised(wishes=[(variant, 1)])
        app.testing = True
        promised(wishes=[(variant, 1)])
    finally:
        app.testing = False
        del app.config["STOCK_GUARD_OFF"]


def test_nothing_is_promised_to_nobody(session, variant):
    with pytest.raises(AssertionError, match="somebody"):
        promised(wishes=[(variant, 1)], buyer="")
