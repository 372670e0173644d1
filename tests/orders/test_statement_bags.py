"""Cash that a keeper carried to the bank meets its line on the statement, once and by another."""

import pytest

from cooperatives import ledger
from cooperatives.days import drawers
from cooperatives.days.bags import SameHands
from cooperatives.models import Bag
from cooperatives.rights import KEEP
from core import access, orgs
from core.actors import SYSTEM
from core.db import db
from orders import money_pages, promises, statement_bags, statement_matching, statements
from orders.matching import Fit
from orders.statement_matching import NotForThat
from orders.views.statements import _proposed
from tests.cooperatives.days import factories as days
from tests.cooperatives.factories import broken
from tests.orders.bank_factories import a_line
from tests.orders.factories import a_market

pytestmark = pytest.mark.service


@pytest.fixture
def market(app):
    return a_market()


@pytest.fixture
def bag_id(market):
    """Rp 150.000 on its way from a kiosk to the bank."""
    kiosk = days.a_kiosk()
    days.sold(kiosk=kiosk, amount=200_000)
    return days.packed(kiosk, 150_000)


def told(line, actor):
    return _proposed(statements.list_lines(db.session(), actor))[line.id]


def test_a_line_of_just_this_sum_is_the_bag_and_confirms_it(market, bag_id):
    first = market.treasurers[0]
    line = a_line(amount=150_000, actor=first, text="SETORAN TUNAI")
    assert (told(line, first).fit, told(line, first).bag_id) == (Fit.BAG, bag_id)
    statement_bags.match_bag(actor=first, line_id=line.id)
    bag = db.session.get(Bag, bag_id)
    assert (bag.received, bag.confirmed_by) == (150_000, first.person_id)
    house = orgs.operator_id(db.session())
    assert ledger.balance(db.session(), money_pages.bank(house)) == 150_000
    assert broken([promises.LINES_BOOKED]) == set()
    again = a_line(amount=150_000, actor=first, text="SETORAN TUNAI LAGI")
    with pytest.raises(NotForThat):
        statement_bags.match_bag(actor=first, line_id=again.id)


def test_another_sum_and_a_choice_of_two_are_left_to_a_person(market, bag_id):
    first = market.treasurers[0]
    line = a_line(amount=149_000, actor=first, text="SETORAN TUNAI")
    assert told(line, first).fit is Fit.UNKNOWN
    other = days.a_kiosk()
    days.sold(kiosk=other, amount=200_000)
    days.packed(other, 150_000)
    both = a_line(amount=150_000, actor=first, text="SETORAN TUNAI")
    assert told(both, first).fit is Fit.UNKNOWN


def test_who_carried_it_does_not_confirm_it(market):
    kiosk = days.a_kiosk()
    days.sold(kiosk=kiosk, amount=200_000)
    carrier = market.treasurers[0]
    access.give(actor=SYSTEM, person_id=carrier.person_id, right=KEEP, subject_id=kiosk.id)
    days.packed(kiosk, 150_000, actor=carrier)
    line = a_line(amount=150_000, actor=carrier, text="SETORAN TUNAI")
    with pytest.raises(SameHands):
        statement_bags.match_bag(actor=carrier, line_id=line.id)
    assert ledger.balance(db.session(), drawers.bank(kiosk.organisation_id)) == 0
    assert statement_matching.proposals(db.session(), [line])[line.id].fit is Fit.UNKNOWN
