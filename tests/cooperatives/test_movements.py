"""Every step of goods is written once for ever, with people and times; its mirror mends it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from cooperatives import goods, movements, promises_stock
from cooperatives.counter import Scan
from cooperatives.goods import Portion
from cooperatives.lots import Goods
from cooperatives.models import Hold, Lot, Movement
from cooperatives.movements import Cause, Move, NotReversible, NotSoMany
from cooperatives.rights import KEEP
from core import access, audit, clock
from core.actors import SYSTEM, Actor
from core.errors import Conflict, NotFound
from tests.cooperatives.factories import (
    a_doc,
    a_lot,
    a_place,
    a_variant,
    broken,
    hand_over,
    level,
    owner_of,
    promised,
    sell,
)
from tests.factories import an_actor

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


def test_a_movement_names_who_did_it_and_for_whom(session, variant, kiosk):
    keeper, owner = an_actor(), owner_of(variant)
    actor = Actor(keeper.person_id, on_behalf_of=owner.person_id)
    access.give(
        actor=SYSTEM,
        person_id=keeper.person_id,
        right=KEEP,
        subject_id=kiosk.id,
        on_behalf_of=owner.person_id,
    )
    (movement,) = receive(variant, kiosk, Goods(variant.id, 5), actor=actor)
    assert (movement.actor_id, movement.on_behalf_of) == (keeper.person_id, owner.person_id)
    deed = session.scalars(select(audit.Audit).order_by(audit.Audit.id.desc())).first()
    assert (deed.action, deed.actor_id, deed.on_behalf_of, deed.facts) == (
        "stock.receive", keeper.person_id, owner.person_id, {"units": 5},
    )  # fmt: skip


def test_a_line_that_a_rival_posted_first_is_a_conflict(session, variant, kiosk, lot):
    move = Move("transfer", lot.id, kiosk.id, a_place().id, 1)
    cause = Cause.of(SYSTEM, a_doc())
    movements.record(session, cause, [move])
    with pytest.raises(Conflict):
        movements.record(session, cause, [move])


def test_a_long_reason_is_cut_and_not_an_error(session, kiosk, lot):
    (movement,) = goods.write_off(
        actor=SYSTEM,
        doc=a_doc(),
        place_id=kiosk.id,
        portions=[Portion(lot.id, 1)],
        reason="x" * 999,
    )
    assert len(movement.reason) == 200


def reverse(movement, **more):
    values = {"actor": SYSTEM, "movement_id": movement.id, "reason": "salah tulis"}
    return movements.reverse(**{**values, **more})


def test_a_mistake_is_mended_by_its_mirror_image(session, variant, kiosk):
    (movement,) = receive(variant, kiosk, Goods(variant.id, 5))
    mirror = reverse(movement)
    assert (mirror.from_place_id, mirror.to_place_id) == (kiosk.id, movement.from_place_id)
    assert (mirror.quantity, mirror.reverses_id, mirror.reason) == (5, movement.id, "salah tulis")
    assert level(session.get(Lot, movement.lot_id), kiosk) == (0, 0, 0)


def test_a_mistake_is_mended_once_and_a_mending_never(session, variant, kiosk):
    (movement,) = receive(variant, kiosk, Goods(variant.id, 5))
    mirror = reverse(movement)
    for second in (movement, mirror):
        with pytest.raises(NotReversible):
            reverse(second)


def test_what_is_promised_cannot_be_reversed_away(session, variant, kiosk):
    (movement,) = receive(variant, kiosk, Goods(variant.id, 5))
    promised(wishes=[(variant, 1)])
    with pytest.raises(NotSoMany):
        reverse(movement)


def test_only_who_tends_the_place_reverses(session, variant, kiosk):
    (movement,) = receive(variant, kiosk, Goods(variant.id, 5))
    with pytest.raises(NotFound):
        reverse(movement, actor=an_actor())


def test_a_handover_that_did_not_happen_is_promised_again(session, variant, kiosk, lot):
    doc = a_doc()
    promised(wishes=[(variant, 4)], doc=doc)
    (sale,) = hand_over(actor=SYSTEM, doc=doc)
    reverse(sale)
    assert level(lot, kiosk) == (10, 4, 0)
    states = select(Hold.state, Hold.reason).order_by(Hold.id)
    assert session.execute(states).all() == [("released", "reversed"), ("allocated", "")]
    assert broken(promises_stock.ALL) == set()
    hand_over(actor=SYSTEM, doc=doc)
    assert level(lot, kiosk) == (6, 0, 0)


def test_a_till_sale_reversed_is_simply_back(session, variant, kiosk, lot):
    sell(actor=SYSTEM, place_id=kiosk.id, lines=[Scan(variant.id, 2)], doc=a_doc())
    reverse(session.scalars(select(Movement).where(Movement.kind == "sale")).one())
    assert level(lot, kiosk) == (10, 0, 0)


def test_the_past_is_not_rewritten(session, lot):
    for change in ("update movement set quantity = 1", "delete from movement"):
        with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
            session.execute(text(change))


@pytest.mark.parametrize(
    ("off", "likely", "is_flagged"),
    [
        (timedelta(hours=-3), timedelta(hours=-3), False),
        (timedelta(minutes=4), timedelta(minutes=4), False),
        (timedelta(minutes=6), timedelta(0), True),
        (timedelta(days=-29), timedelta(days=-29), False),
        (timedelta(days=-31), timedelta(days=-30), True),
    ],
)
def test_a_phones_clock_is_believed_within_reason(off, likely, is_flagged):
    before = clock.now()
    cause = Cause.of(SYSTEM, a_doc(), before + off)
    assert abs(cause.device_at - (before + likely)) < timedelta(seconds=5)
    assert cause.is_flagged is is_flagged
