"""Things of the matrix that stand under her money."""

import uuid

from sqlalchemy import func, select

from cooperatives import cash_book, jars, pay_ways, payouts
from cooperatives.accounts import Owner
from cooperatives.models import Account, Journal, Payee
from core import acts
from core.actors import Actor
from core.db import db
from tests.cooperatives.books_factories import (
    a_treasurer,
    closed,
    earned_sale,
    parties,
    sent_payout,
    somebody,
)
from tests.cooperatives.factories import saved


def things(*makers):
    """What each of three makers has under her money, by kind."""
    people = [maker.person_id for maker in makers]
    return {
        "journals": [a_line_for(person_id) for person_id in people],
        "settlements": [a_settlement_of(person_id) for person_id in people],
        "purses": [a_purse_of(person_id) for person_id in people],
        # Last, for no payout begins while a change waits.
        "pay_ways": [a_change_by(person_id) for person_id in people],
    }


def a_line_for(person_id):
    """A line in the notebook of a maker."""
    earned_sale((parties(Owner(person_id=person_id)), 10_000))
    return {"journal_id": db.session.scalar(select(func.max(Journal.id)))}


def a_settlement_of(person_id):
    """What her cooperative has added up for her."""
    sharing = parties(Owner(person_id=person_id))
    earned_sale((sharing, 10_000))
    return {"settlement_id": closed(sharing, a_treasurer(sharing.cooperative_id)).id}


def a_change_by(person_id):
    """She has just asked to be paid to an account."""
    target = pay_ways.Target("bri", "012345678901", "Nur")
    return {"pay_way_id": pay_ways.change(actor=Actor(person_id), target=target).id}


def an_account(cooperative):
    payee = saved(Payee(person_id=somebody()))
    account = Account(organisation_id=cooperative.id, kind="savings", payee_id=payee.id)
    return {"account_id": saved(account).id}


def a_purse_of(person_id):
    """A line in her cash book, and a payout that her jars wait for."""
    actor, act_id = Actor(person_id), uuid.uuid4()
    content = {"press": "home_out", "amount": "5000", "note": "beras"}
    acts.carry_out(actor=actor, act_id=act_id, kind=cash_book.ACT, content=content)
    jars.plan(actor=actor, parts={"home": 50, "business": 30, "savings": 20})
    return {"note_id": act_id, "payout_id": a_payout_to(person_id).id}


def a_payout_to(person_id, gross=10_000):
    """What a maker earned is paid to her."""
    sharing = parties(Owner(person_id=person_id))
    earned_sale((sharing, gross))
    first, second = (a_treasurer(sharing.cooperative_id) for _ in range(2))
    payout = sent_payout(closed(sharing, first), first, second)
    return payouts.confirm(actor=first, payout_id=payout.id)
