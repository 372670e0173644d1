"""What must leave the shelf is asked of its keeper at night, once, until it is gone."""

from datetime import timedelta

import pytest

from cooperatives.rights import KEEP
from cooperatives.shelf import pulling
from core import clock, tasks
from tests.cooperatives.factories import a_lot, a_place, a_variant
from tests.cooperatives.shelf.factories import thrown_away
from tests.factories import an_actor, give

pytestmark = pytest.mark.service


def test_the_keeper_is_asked_until_the_goods_are_gone(session):
    kiosk, other = a_place("kiosk"), a_place("kiosk")
    keeper = an_actor()
    give(keeper, KEEP, kiosk.id)
    give(keeper, KEEP, other.id)
    soon = clock.today() + timedelta(days=14)  # The days of terms that say nothing.
    lot = a_lot(a_variant(), kiosk, 1, best_before=soon)
    a_lot(a_variant(), kiosk, 1, best_before=soon + timedelta(days=1))
    for _night in range(2):
        pulling.ask_to_pull.run()
        (task,) = tasks.list_for(session, keeper, KEEP)
        assert "Turunkan 1 macam barang" in task.sentence
        assert task.link.endswith("urut=tarik")
    thrown_away(kiosk, lot)
    pulling.ask_to_pull.run()
    assert tasks.list_for(session, keeper, KEEP) == []
