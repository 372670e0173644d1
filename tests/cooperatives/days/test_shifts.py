"""A drawer that changes hands, and cash that is carried to the bank."""

from uuid import uuid4

import pytest

from cooperatives.days import bags, shifts
from cooperatives.days.bags import SEE_BAG, NotInDrawer, SameHands
from cooperatives.days.closing import FiguresChanged
from cooperatives.days.promises import ALL
from cooperatives.days.shifts import NotOffered, OwnHands, StillOffered
from cooperatives.days.watching import UNCLOSED, ask_to_close
from cooperatives.models import Bag, DrawerCount, TradingDay
from cooperatives.rights import TREASURE
from core import access, clock, tasks
from core.actors import SYSTEM
from core.errors import NotFound
from core.tasks import Task
from tests.cooperatives.days.factories import (
    a_kiosk,
    close,
    counted,
    in_bank,
    in_drawer,
    odd,
    open_day,
    owes,
    packed,
    sold,
)
from tests.cooperatives.factories import broken

pytestmark = pytest.mark.service


@pytest.fixture
def kiosk(app):
    found = a_kiosk()
    sold(kiosk=found, amount=100_000)
    return found


def offered(kiosk, amount=100_000, reason="", *, actor=None):
    return shifts.offer(
        actor=actor or kiosk.keeper,
        act_id=uuid4(),
        place_id=kiosk.id,
        counted=counted(kiosk, amount, reason=reason),
    )


def test_a_drawer_is_given_and_taken_by_two_and_the_difference_is_the_givers(kiosk, session):
    count_id = offered(kiosk, 95_000, "change")
    assert odd(kiosk) == 5_000
    shifts.take(actor=kiosk.other, count_id=count_id)
    shifts.take(actor=kiosk.other, count_id=count_id)
    made = session.get(DrawerCount, count_id)
    assert (made.counted_by, made.taken_by) == (kiosk.keeper.person_id, kiosk.other.person_id)
    close(kiosk, 95_000, actor=kiosk.other)
    assert odd(kiosk) == 5_000
    assert broken(ALL) == set()


def test_nobody_takes_her_own_drawer_nor_one_of_another_kiosk(kiosk):
    count_id = offered(kiosk)
    with pytest.raises(OwnHands):
        shifts.take(actor=kiosk.keeper, count_id=count_id)
    with pytest.raises(NotFound):
        shifts.take(actor=a_kiosk().keeper, count_id=count_id)


def test_a_drawer_is_offered_once_at_a_time_and_counted_anew_if_refused(kiosk, session):
    count_id = offered(kiosk)
    with pytest.raises(StillOffered):
        offered(kiosk, actor=kiosk.other)
    shifts.give_back(actor=kiosk.other, count_id=count_id, why="kurang lima ribu")
    with pytest.raises(NotOffered):
        shifts.take(actor=kiosk.other, count_id=count_id)
    shifts.take(actor=kiosk.other, count_id=offered(kiosk, 95_000, "change"))
    assert odd(kiosk) == 5_000
    assert broken(ALL) == set()


def test_an_offer_ends_with_the_day(kiosk):
    count_id = offered(kiosk)
    close(kiosk, 100_000)
    with pytest.raises(NotOffered):
        shifts.take(actor=kiosk.other, count_id=count_id)


def test_an_offer_by_old_figures_is_refused(kiosk):
    old = counted(kiosk, 100_000)
    sold(kiosk=kiosk, amount=1_000)
    with pytest.raises(FiguresChanged):
        shifts.offer(actor=kiosk.keeper, act_id=uuid4(), place_id=kiosk.id, counted=old)


def test_who_carries_a_bag_owes_it_until_the_treasurer_has_seen_it(kiosk, session):
    bag_id = packed(kiosk, 60_000)
    assert (in_drawer(kiosk), owes(kiosk, kiosk.keeper), in_bank(kiosk)) == (40_000, 60_000, 0)
    assert tasks.is_open(session, SEE_BAG, doc=("bag", bag_id))
    bags.bring(actor=kiosk.keeper, bag_id=bag_id)
    bags.confirm(actor=kiosk.treasurer, bag_id=bag_id, received=60_000)
    bags.confirm(actor=kiosk.treasurer, bag_id=bag_id, received=1)  # Said twice, the first counts.
    assert (owes(kiosk, kiosk.keeper), in_bank(kiosk), odd(kiosk)) == (0, 60_000, 0)
    assert not tasks.is_open(session, SEE_BAG, doc=("bag", bag_id))
    assert broken(ALL) == set()


def test_what_a_bag_lacks_is_booked_as_that(kiosk):
    bag_id = packed(kiosk, 60_000)
    bags.confirm(actor=kiosk.treasurer, bag_id=bag_id, received=55_000)
    assert (owes(kiosk, kiosk.keeper), in_bank(kiosk), odd(kiosk)) == (0, 55_000, 5_000)
    assert broken(ALL) == set()


def test_nobody_confirms_her_own_bag_nor_one_of_another_house(kiosk):
    access.give(
        actor=SYSTEM,
        person_id=kiosk.keeper.person_id,
        right=TREASURE,
        subject_id=kiosk.organisation_id,
    )
    bag_id = packed(kiosk, 60_000)
    with pytest.raises(SameHands):
        bags.confirm(actor=kiosk.keeper, bag_id=bag_id, received=60_000)
    with pytest.raises(NotFound):
        bags.confirm(actor=a_kiosk().treasurer, bag_id=bag_id, received=60_000)
    with pytest.raises(NotFound):
        bags.bring(actor=kiosk.other, bag_id=bag_id)


def test_a_bag_holds_no_more_than_the_drawer(kiosk, session):
    for amount in (0, 100_001):
        with pytest.raises(NotInDrawer):
            packed(kiosk, amount)
    assert session.query(Bag).count() == 0


def test_bags_are_listed_for_who_keeps_the_books_and_for_nobody_else(kiosk, session):
    packed(kiosk, 60_000)
    assert [bag.amount for bag in bags.list_unseen(session, kiosk.treasurer)] == [60_000]
    assert bags.list_unseen(session, a_kiosk().treasurer) == []
    assert [bag.amount for bag in bags.list_of(session, kiosk.id)] == [60_000]


def test_a_day_that_nobody_closed_is_told_to_the_coordinator_once(kiosk, session):
    day = open_day(kiosk)
    assert ask_to_close(actor=SYSTEM) == []
    session.query(TradingDay).update({"day": clock.today().replace(year=2025)})
    session.commit()
    assert ask_to_close(actor=SYSTEM) == ask_to_close(actor=SYSTEM) == [day.id]
    (task,) = tasks.list_for(session, kiosk.coordinator)
    assert task.kind == UNCLOSED.name
    close(kiosk, 100_000)
    assert session.query(Task).filter_by(kind=UNCLOSED.name, closed_at=None).count() == 0
