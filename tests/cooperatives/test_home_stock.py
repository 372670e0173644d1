"""Her plus and minus: every press counts once, in whatever order, and nothing is ever refused."""

import random
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cooperatives import home_shelf, home_stock, promises_stock
from cooperatives.goods import BadGoods
from cooperatives.models import Lot, Movement, Shortfall
from core import access, acts, clock
from core.actors import SYSTEM, Actor
from core.db import db, in_transaction
from core.errors import Busy, Conflict, NotFound
from sellers.rights import SELL
from tests.cooperatives.factories import (
    a_home,
    a_listing,
    a_lot,
    a_maker,
    a_seller,
    a_variant,
    broken,
    level,
    numbers,
    owner_of,
    promised,
)

pytestmark = pytest.mark.service
handle = in_transaction(retries=3)(home_stock.handle)


def hers(**more):
    """A size of a maker's product, and she herself."""
    variant = a_variant(a_listing(a_seller(), **more))
    maker = Actor(a_maker(next(numbers)).id)
    access.give(
        actor=SYSTEM, person_id=maker.person_id, right=SELL, subject_id=owner_of(variant).id
    )
    return variant, maker


def content_of(variant, by, why="sold"):
    """A press as its form says it."""
    press = "more" if by > 0 else why
    return {"variant": str(variant.id), "press": press, "quantity": str(abs(by))}


def pressed(variant, actor, by, why="sold", *, act_id=None, at=None):
    content = content_of(variant, by, why)
    return handle(actor=actor, act_id=act_id or uuid4(), at=at, content=content)


def undone(actor, act_id):
    return handle(actor=actor, act_id=uuid4(), at=None, content={"undoes": str(act_id)})


def left(variant):
    return home_shelf.of_listings(db.session(), [variant.listing_id])[variant.listing_id][0].left


def test_the_answer_is_in_words(session):
    variant, maker = hers()
    pressed(variant, maker, 5)
    answer = pressed(variant, maker, -3, "sold")
    assert answer["left"] == 2
    assert answer["sentence"] == "Stok tinggal 2."
    assert pressed(variant, maker, -2, "broken")["sentence"] == "Stok habis."
    assert broken(promises_stock.ALL) == set()


def test_a_press_sent_twice_counts_once(session):
    variant, maker = hers()
    act_id = uuid4()
    assert pressed(variant, maker, 4, act_id=act_id)["left"] == 4
    assert pressed(variant, maker, 4, act_id=act_id)["left"] == 4
    once = partial(acts.carry_out, actor=maker, act_id=uuid4(), kind=home_stock.ACT)
    first = once(content=content_of(variant, -1))
    assert once(content=content_of(variant, -1)) == first
    with pytest.raises(Conflict):
        once(content=content_of(variant, -2))
    assert left(variant) == 3


def test_goods_of_one_day_are_one_lot_and_keep_as_long_as_she_says(session):
    variant, maker = hers(shelf_life_days=30)
    yesterday = clock.now() - timedelta(days=1)
    pressed(variant, maker, 2, at=yesterday)
    pressed(variant, maker, 2)
    pressed(variant, maker, 3)
    lots = list(session.scalars(select(Lot).where(Lot.variant_id == variant.id).order_by(Lot.id)))
    assert [level(lot, a_home(seller=owner_of(variant)))[0] for lot in lots] == [2, 5]
    assert [lot.best_before for lot in lots] == [
        clock.today() + timedelta(days=29),
        clock.today() + timedelta(days=30),
    ]


def test_a_minus_takes_what_expires_first(session):
    variant, maker = hers()
    home = a_home(seller=owner_of(variant))
    old, new = a_lot(variant, home, 3, days=5), a_lot(variant, home, 3, days=50)
    pressed(variant, maker, -4, "used")
    assert (level(old, home)[0], level(new, home)[0]) == (0, 2)


def test_what_she_says_is_kept_with_its_reason(session):
    variant, maker = hers()
    pressed(variant, maker, 9)
    for why in home_stock.WHY_LESS:
        pressed(variant, maker, -1, why)
    moved = session.execute(select(Movement.kind, Movement.reason).order_by(Movement.id)).all()
    assert moved == [
        ("receive", "made"),
        ("sale", "sold"),
        ("waste", "broken"),
        ("waste", "used"),
        ("waste", "miscount"),
    ]  # fmt: skip
    assert broken(promises_stock.ALL) == set()


def test_a_minus_that_eats_promised_goods_is_stored_and_is_a_shortfall(session):
    variant, maker = hers()
    home = a_home(seller=owner_of(variant))
    a_lot(variant, home, 3)
    promised(wishes=[(variant, 2)])
    answer = pressed(variant, maker, -2, "broken")
    assert answer["sentence"] == "Stok tinggal 1. 1 sudah dipesan pembeli."
    assert [one.quantity for one in session.scalars(select(Shortfall))] == [1]
    assert broken(promises_stock.ALL) == set()


def test_a_minus_before_its_plus_ends_the_same(session):
    variant, maker = hers()
    answer = pressed(variant, maker, -3, "sold")
    assert answer["sentence"] == "Stok habis. 3 belum tercatat masuk."
    assert pressed(variant, maker, 5)["sentence"] == "Stok tinggal 2."
    assert broken(promises_stock.ALL) == set()


def test_a_press_is_taken_back_once(session):
    variant, maker = hers()
    pressed(variant, maker, 6)
    act_id = uuid4()
    pressed(variant, maker, -4, "sold", act_id=act_id)
    assert undone(maker, act_id)["left"] == 6
    assert undone(maker, act_id)["left"] == 6
    kinds = list(session.scalars(select(Movement.kind).order_by(Movement.id)))
    assert kinds == ["receive", "sale", "reversal"]
    assert broken(promises_stock.ALL) == set()


def test_an_undo_waits_for_what_it_undoes(session):
    variant, maker = hers()
    act_id = uuid4()
    with pytest.raises(Busy):
        undone(maker, act_id)
    pressed(variant, maker, 3, act_id=act_id)
    assert undone(maker, act_id)["left"] == 0


def test_a_plus_taken_back_after_its_goods_have_gone_leaves_a_gap(session):
    variant, maker = hers()
    act_id = uuid4()
    pressed(variant, maker, 3, act_id=act_id)
    pressed(variant, maker, -2, "sold")
    assert undone(maker, act_id)["gap"] == 2
    assert pressed(variant, maker, 2)["gap"] == 0
    assert left(variant) == 0
    assert broken(promises_stock.ALL) == set()


def test_others_goods_are_not_there(session):
    variant, maker = hers()
    _, stranger = hers()
    act_id = uuid4()
    pressed(variant, maker, 3, act_id=act_id)
    with pytest.raises(NotFound):
        pressed(variant, stranger, 1)
    with pytest.raises(NotFound):
        undone(stranger, act_id)
    assert left(variant) == 3


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"variant": "1"},
        {"variant": "1", "press": "more", "quantity": "-1"},
        {"variant": "1", "press": "more", "quantity": 1.5},
        {"variant": "1", "press": "more", "quantity": "0"},
        {"variant": "1", "press": "more", "quantity": "10001"},
        {"variant": "1", "press": "more", "quantity": ["1"]},
        {"variant": "1", "press": "fun"},
        {"variant": "1", "press": ["more"]},
        {"variant": "9" * 30, "press": "more"},
        {"variant": None, "press": "more"},
        {"undoes": "x"},
        {"undoes": ["x"]},
    ],
)
def test_a_strange_press_is_refused_with_a_sentence(session, content):
    with pytest.raises(BadGoods):
        handle(actor=Actor(1), act_id=uuid4(), at=None, content=content)


def _replay(variant, maker, sent, order):
    """Send acts in an order, some twice; an undo that is too early comes again at the end."""
    waiting = list(order)
    while waiting:
        number = waiting.pop(0)
        act_id, by, undoes = sent[number]
        content = content_of(variant, by)
        if undoes is not None:
            content = {"undoes": str(sent[undoes][0])}
        try:
            handle(actor=maker, act_id=act_id, at=None, content=content)
        except Busy:
            waiting.append(number)


pieces = st.integers(-6, 6).filter(bool)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    presses=st.lists(pieces, min_size=1, max_size=10),
    undoes=st.sets(st.integers(0, 9), max_size=3),
    seed=st.integers(0, 10**6),
)
def test_in_whatever_order_and_however_often_the_end_is_the_same(session, presses, undoes, seed):
    variant, maker = hers()
    sent = [(uuid4(), by, None) for by in presses]
    undone_ones = sorted(number for number in undoes if number < len(presses))
    sent += [(uuid4(), 0, number) for number in undone_ones]
    order = [*range(len(sent)), *range(len(sent))]
    random.Random(seed).shuffle(order)
    _replay(variant, maker, sent, order)
    net = sum(by for number, by in enumerate(presses) if number not in undone_ones)
    at_home = handle(
        actor=maker, act_id=sent[0][0], at=None, content=content_of(variant, presses[0])
    )
    assert (at_home["left"], at_home["gap"]) == (max(0, net), max(0, -net))
    assert broken(promises_stock.ALL) == set()
