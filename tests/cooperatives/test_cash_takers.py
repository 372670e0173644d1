"""Who may take her cash: named by herself, ended with one tap, and she is told each time."""

from functools import partial

import pytest
from sqlalchemy import select

from cooperatives import cash_takers, payouts, promises_pay_ways
from cooperatives.accounts import own
from cooperatives.cash_takers import Herself, NotAllowed
from cooperatives.models import CashTaker, Payout
from cooperatives.models.books import Kind
from cooperatives.settling import handing
from core import files
from core.actors import Actor
from core.db import db
from core.errors import Forbidden, NotFound
from core.notices import Notice
from tests.cooperatives.books_factories import (
    a_treasurer,
    account_of,
    closed,
    earned_sale,
    parties,
    somebody,
)
from tests.cooperatives.factories import broken

pytestmark = pytest.mark.service
INK = b"\xff\xd8\xff\xe0ink"


class World:
    """A maker with 33,480 rupiah in cash that two people have agreed to, and her neighbour."""

    def __init__(self):
        sharing = parties()
        self.her = Actor(sharing.maker.person_id)
        self.neighbour = somebody()
        self.treasurer, second = (a_treasurer(sharing.cooperative_id) for _ in range(2))
        earned_sale((sharing, 36_000))
        payout = payouts.prepare(
            actor=self.treasurer,
            settlement_id=closed(sharing, self.treasurer).id,
            source_id=account_of(own(Kind.CASH, sharing.cooperative_id)),
        )
        payouts.approve(actor=second, payout_id=payout.id)
        self.payout_id = payout.id
        self.paid_to = partial(
            handing.hand_over, actor=self.treasurer, payout_id=payout.id, signed=files.store(INK)
        )

    def edge(self):
        (found,) = cash_takers.list_of(db.session(), self.her.person_id)
        return found


@pytest.fixture
def world(session):
    return World()


def test_whom_she_named_takes_it_and_she_is_told(world, session):
    with pytest.raises(NotAllowed):
        world.paid_to(taken_by=world.neighbour)
    for _ in range(2):
        cash_takers.allow(actor=world.her, taker_id=world.neighbour)
    assert world.edge().taker_id == world.neighbour
    assert world.paid_to(taken_by=world.neighbour)
    assert session.get(Payout, world.payout_id).taken_by == world.neighbour
    told = session.scalars(
        select(Notice.event_key).where(Notice.person_id == world.her.person_id)
    ).all()
    assert f"payout_taken:{world.payout_id}" in told
    assert broken(promises_pay_ways.ALL) == set()
    session.query(CashTaker).delete()
    assert broken(promises_pay_ways.ALL) == {"T9"}


def test_what_she_ended_counts_no_more_and_her_money_stays(world, session):
    cash_takers.allow(actor=world.her, taker_id=world.neighbour)
    edge_id = world.edge().id
    with pytest.raises(NotFound):
        cash_takers.end(actor=Actor(world.neighbour), edge_id=edge_id)
    for _ in range(2):
        cash_takers.end(actor=world.her, edge_id=edge_id)
    with pytest.raises(NotAllowed):
        world.paid_to(taken_by=world.neighbour)
    assert session.get(Payout, world.payout_id).state == "approved"
    cash_takers.allow(actor=world.her, taker_id=world.neighbour)  # She may think again.
    assert world.edge().id != edge_id


def test_it_is_she_who_says_so_and_not_whom_she_is_helped_by(world):
    with pytest.raises(Forbidden):
        cash_takers.allow(
            actor=Actor(world.neighbour, world.her.person_id), taker_id=world.neighbour
        )
    with pytest.raises(Herself):
        cash_takers.allow(actor=world.her, taker_id=world.her.person_id)
    cash_takers.allow(actor=Actor(world.neighbour), taker_id=world.her.person_id)
    with pytest.raises(NotAllowed):  # What another allows says nothing of her money.
        world.paid_to(taken_by=world.neighbour)
