"""Things of the matrix that stand under her money."""

from sqlalchemy import func, select

from cooperatives import pay_ways
from cooperatives.accounts import Owner
from cooperatives.models import Account, Journal, Payee
from core.actors import Actor
from core.db import db
from tests.cooperatives.books_factories import earned_sale, parties, somebody
from tests.cooperatives.factories import saved


def a_line_for(person_id, cooperative):
    """A line in the notebook of a maker."""
    earned_sale((parties(Owner(person_id=person_id), cooperative.id), 10_000))
    return {"journal_id": db.session.scalar(select(func.max(Journal.id)))}


def a_change_by(person_id):
    """She has just asked to be paid to an account."""
    target = pay_ways.Target("bri", "012345678901", "Nur")
    return {"pay_way_id": pay_ways.change(actor=Actor(person_id), target=target).id}


def an_account(cooperative):
    payee = saved(Payee(person_id=somebody()))
    account = Account(organisation_id=cooperative.id, kind="savings", payee_id=payee.id)
    return {"account_id": saved(account).id}
