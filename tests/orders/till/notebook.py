"""A careful keeper's notebook: what tills have rung up, and what must then stand in the house.

Everything here is worked out from the notebook, the order lines and the movements themselves, never
from the sums that the house keeps.
"""

import uuid
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import event, func, select

from cooperatives import ledger
from cooperatives.accounts import Owner, Page
from cooperatives.consignment import DEFAULT_RATES
from cooperatives.days import drawer_account, qris_account
from cooperatives.models import Entry, Journal, Level, Movement, Place
from cooperatives.models.books import Kind
from cooperatives.models.stock import REAL_KINDS
from cooperatives.sharing import split_line
from core.db import db
from orders.models import Line, Order, Parcel
from tests.cooperatives.books_factories import account_of


class Died(Exception):
    """The server, while it wrote."""


@contextmanager
def dying():
    """The next thing that is to be kept is not: the server dies before."""

    def die(_session):
        raise Died

    event.listen(db.session, "before_commit", die)
    try:
        yield
    finally:
        event.remove(db.session, "before_commit", die)
        db.session.rollback()
        db.session.expire_all()


@dataclass
class RungUp:
    """A sale as the notebook knows it."""

    place: str
    content: dict
    owners: Counter  # owner id, or None where the rule picks: units
    undo: uuid.UUID | None = None
    why: str = ""
    is_told: bool = False
    is_undone: bool = False

    @property
    def counts(self):
        """Whether its money is in the drawer."""
        return self.is_told and not self.is_undone

    def must_stand(self, act):
        """Once it is told: once, whole, in the name of whoever brought the goods."""
        lines = db.session.query(Line).filter_by(order_id=act).all()
        if not self.is_told:
            assert lines == []
            return
        ((owner, units),) = self.owners.items()
        assert sum(line.quantity for line in lines) == units
        assert owner is None or {line.seller_id for line in lines} == {owner}
        assert sum(line.given for line in lines) == (0 if self.is_undone else units)


@dataclass
class Phone:
    """A till without signal, and what waits on it."""

    device: uuid.UUID = field(default_factory=uuid.uuid4)
    number: int = 0
    waiting: list = field(default_factory=list)  # act ids, oldest first


def must_hold_what_was_paid(place, sales):
    """Drawer and QRIS of a place have the money of its sales, and no other."""
    for account, way in ((drawer_account, "cash"), (qris_account, "qris")):
        page = account(db.session(), place.id)
        kept = sum(sale.content[way] for sale in sales if sale.counts)
        assert ledger.balance(db.session(), page) == kept


def must_have_what_they_earned(cooperative, sellers):
    """By the terms, line by line, of what buyers took; less what was paid out."""
    earned = Counter()
    query = (
        select(Line, Order.channel, Place.kind)
        .join(Parcel, Parcel.id == Line.parcel_id)
        .join(Order, Order.id == Line.order_id)
        .join(Place, Place.id == Parcel.place_id)
        .where(Parcel.earned_at.is_not(None))
    )
    for sold, channel, kind in db.session.execute(query):
        rate = DEFAULT_RATES[channel, kind]
        earned[sold.seller_id] += split_line(sold.price * sold.given, rate).maker
    for seller in sellers:
        page = Page(Kind.MAKER, cooperative.id, Owner(person_id=seller.person_id))
        stands = -ledger.balance(db.session(), page)
        assert stands + _paid_out(page) == earned[seller.id]


def _paid_out(page):
    query = (
        select(func.coalesce(func.sum(Entry.amount), 0))
        .join(Journal, Journal.id == Entry.journal_id)
        .where(Entry.account_id == account_of(page))
        .where(Journal.kind.in_(("payout", "payout_return")))
    )
    return int(db.session.scalar(query))


def must_be_conserved():
    """Of every lot as much stands at real places as movements brought there."""
    real = set(db.session.scalars(select(Place.id).where(Place.kind.in_(REAL_KINDS))))
    brought, stands = Counter(), Counter()
    for moved in db.session.query(Movement):
        into = (moved.to_place_id in real) - (moved.from_place_id in real)
        brought[moved.lot_id] += moved.quantity * into
    for level in db.session.query(Level):
        stands[level.lot_id] += level.on_hand
    assert +brought == +stands
