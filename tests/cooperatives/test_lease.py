"""The counter lease: one till per place, and what it keeps from the web."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from cooperatives import lease, promises_stock, stock
from cooperatives.allocation import OutOfStock
from cooperatives.counter import Scan
from cooperatives.lease import LeaseLost, TillTaken, share_out
from cooperatives.levels import Standing
from cooperatives.models import Place
from cooperatives.rights import KEEP
from core import clock
from core.actors import SYSTEM
from core.errors import NotFound
from tests.cooperatives.factories import (
    a_doc,
    a_lot,
    a_place,
    a_variant,
    broken,
    level,
    promised,
    sell,
)
from tests.factories import an_actor, give

TODAY = date(2026, 11, 22)


def shelf(*lots):
    """Levels of (variant, on hand, reserved, good for days or None)."""
    return [
        Standing(
            id=n,
            lot_id=n,
            place_id=1,
            variant_id=variant,
            on_hand=on_hand,
            reserved=reserved,
            counter_kept=0,
            best_before=None if days is None else TODAY + timedelta(days=days),
            received_at=datetime(2026, 1, 1, tzinfo=UTC),
            owner_id=1,
            organisation_id=1,
            terms_id=1,
        )
        for n, (variant, on_hand, reserved, days) in enumerate(lots, 1)
    ]


def kept(*lots, kept_bp=7000):
    standings = shelf(*lots)
    share_out(standings, kept_bp, TODAY)
    return [standing.counter_kept for standing in standings]


@pytest.mark.parametrize(
    ("free", "online"), [(0, 0), (1, 0), (3, 0), (4, 1), (6, 1), (7, 2), (9, 2), (10, 3), (100, 30)]
)
def test_thirty_percent_rounded_down_stays_online(free, online):
    assert kept((1, free, 0, None)) == [free - online]


def test_what_is_promised_is_neither_kept_nor_shared_out():
    assert kept((1, 14, 4, None)) == [7]


def test_lots_of_one_variant_are_shared_out_together():
    assert kept(*[(1, 1, 0, n) for n in range(10)]) == [1] * 7 + [0] * 3


def test_the_till_keeps_the_lots_whose_turn_comes_first():
    assert kept((1, 5, 0, 90), (1, 5, 0, 30)) == [2, 5]


def test_variants_are_shared_out_each_for_itself():
    assert kept((1, 3, 0, None), (2, 10, 0, None)) == [3, 7]


def test_goods_past_their_date_offer_the_web_nothing():
    assert kept((1, 10, 0, -1), (1, 10, 0, 5)) == [10, 7]


def test_a_place_may_keep_all_or_nothing():
    assert kept((1, 9, 0, None), kept_bp=10_000) == [9]
    assert kept((1, 9, 0, None), kept_bp=0) == [0]


lots = st.tuples(
    st.integers(1, 3), st.integers(0, 30), st.integers(0, 30), st.none() | st.integers(-2, 9)
).map(lambda lot: (lot[0], lot[1], min(lot[1], lot[2]), lot[3]))


@given(st.lists(lots, max_size=8), st.integers(0, 10_000))
def test_whatever_stands_there_the_rule_holds_for_each_variant(stands, kept_bp):
    standings = shelf(*stands)
    share_out(standings, kept_bp, TODAY)
    assert all(0 <= s.counter_kept <= s.unpromised for s in standings)
    for variant in {s.variant_id for s in standings}:
        good = [s for s in standings if s.variant_id == variant and not s.is_past(TODAY)]
        free = sum(s.unpromised for s in good)
        assert sum(s.free for s in good) == free * (10_000 - kept_bp) // 10_000


@pytest.fixture
def phone():
    return uuid4()


@pytest.fixture
def till(session):
    """A kiosk with ten jars, its keeper, and the variant."""
    kiosk, keeper, variant = a_place("kiosk"), an_actor(), a_variant()
    give(keeper, KEEP, kiosk.id)
    lot = a_lot(variant, kiosk, 10)
    return Till(kiosk, keeper, variant, lot)


class Till:
    def __init__(self, kiosk, keeper, variant, lot):
        self.kiosk, self.keeper, self.variant, self.lot = kiosk, keeper, variant, lot

    def __getattr__(self, name):
        """take, beat, leave: by this keeper at this kiosk."""
        deed = getattr(lease, name)

        def do(device, actor=None):
            who = actor or self.keeper
            return deed(actor=who, place_id=self.kiosk.id, device_id=device)

        return do

    @property
    def level(self):
        return level(self.lot, self.kiosk)


@pytest.mark.service
def test_while_a_till_is_open_goods_are_kept_for_it(session, till, phone):
    till.take(phone)
    assert till.level == (10, 0, 7)
    assert stock.available(session, [till.variant.id]) == {till.variant.id: 3}
    with pytest.raises(OutOfStock):
        promised(wishes=[(till.variant, 4)])


@pytest.mark.service
def test_visitors_see_the_kept_goods_on_the_shelf(session, till, phone):
    till.take(phone)
    assert [line.free for line in stock.at_place(session, till.kiosk.id)] == [10]


@pytest.mark.service
def test_a_closed_till_keeps_nothing(session, till, phone):
    till.take(phone)
    till.leave(phone)
    assert till.level == (10, 0, 0)
    assert broken(promises_stock.ALL) == set()


@pytest.mark.service
def test_a_second_device_is_refused_until_the_first_leaves(session, till, phone):
    till.take(phone)
    with pytest.raises(TillTaken):
        till.take(uuid4())
    till.leave(uuid4())  # Not hers to close.
    with pytest.raises(TillTaken):
        till.take(uuid4())
    till.leave(phone)
    till.take(uuid4())


@pytest.mark.service
def test_a_silent_tills_lease_may_be_taken(session, till, phone):
    till.take(phone)
    with time_machine.travel(clock.now() + timedelta(minutes=29)), pytest.raises(TillTaken):
        till.take(uuid4())
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        till.take(uuid4())
        with pytest.raises(LeaseLost):
            till.beat(phone)


@pytest.mark.service
def test_the_same_device_may_open_again(session, till, phone):
    till.take(phone)
    till.take(phone)
    assert till.level == (10, 0, 7)


@pytest.mark.service
def test_each_heartbeat_shares_out_anew_and_prolongs(session, till, phone):
    first = till.take(phone).until
    promised(wishes=[(till.variant, 3)])
    assert stock.available(session, [till.variant.id]) == {till.variant.id: 0}
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        assert till.beat(phone).until > first
    assert till.level == (10, 3, 5)


@pytest.mark.service
def test_a_till_that_was_never_opened_has_no_heartbeat(session, till, phone):
    with pytest.raises(LeaseLost):
        till.beat(phone)


@pytest.mark.service
def test_what_a_silent_till_kept_goes_back_online(session, till, phone):
    till.take(phone)
    assert lease.end_overdue(actor=SYSTEM) == []
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        assert lease.end_overdue(actor=SYSTEM) == [till.kiosk.id]
    assert till.level == (10, 0, 0)
    assert broken(promises_stock.ALL) == set()


@pytest.mark.service
def test_the_job_ends_silent_tills(session, till, phone):
    till.take(phone)
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        lease.end_silent_tills.run()
    assert till.level == (10, 0, 0)


@pytest.mark.service
def test_only_who_keeps_the_place_opens_its_till(session, till, phone):
    with pytest.raises(NotFound):
        till.take(phone, actor=an_actor("Yem"))


@pytest.mark.service
def test_a_till_sells_what_is_kept_for_it_first(session, till, phone):
    till.take(phone)
    lines = [Scan(till.variant.id, 2)]
    sell(actor=till.keeper, place_id=till.kiosk.id, lines=lines, doc=a_doc())
    assert till.level == (8, 0, 5)
    assert stock.available(session, [till.variant.id]) == {till.variant.id: 3}


@pytest.mark.service
def test_another_share_may_be_agreed_for_a_place(session, till, phone):
    session.get(Place, till.kiosk.id).kept_bp = 5000
    session.commit()
    till.take(phone)
    assert till.level == (10, 0, 5)
