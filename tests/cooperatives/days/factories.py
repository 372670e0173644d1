"""A kiosk with two keepers and a treasurer, and money that comes over its counter."""

import itertools
from types import SimpleNamespace
from uuid import uuid4

from cooperatives import ledger, payouts, postings
from cooperatives.accounts import own
from cooperatives.days import (
    bags,
    books_of,
    closing,
    drawer_account,
    drawers,
    figures,
    qris_account,
)
from cooperatives.days.pieces import Counted
from cooperatives.models import Place, TradingDay
from cooperatives.models.books import Kind
from cooperatives.postings import Sale
from cooperatives.rights import COORDINATE, KEEP, TREASURE
from core import access, clock, orgs
from core.actors import SYSTEM, Actor
from core.db import db, in_transaction
from tests.cooperatives.books_factories import (
    a_treasurer,
    account_of,
    closed,
    earned_sale,
    parties,
    somebody,
)
from tests.cooperatives.factories import a_cooperative, a_place

numbers = itertools.count(1)


def holding(right, subject_id):
    actor = Actor(somebody())
    access.give(actor=SYSTEM, person_id=actor.person_id, right=right, subject_id=subject_id)
    return actor


def a_kiosk(cooperative=None):
    cooperative = cooperative or a_cooperative()
    kiosk = a_place("kiosk", cooperative)
    return SimpleNamespace(
        id=kiosk.id,
        slug=kiosk.slug,
        organisation_id=cooperative.id,
        keeper=holding(KEEP, kiosk.id),
        other=holding(KEEP, kiosk.id),
        coordinator=holding(COORDINATE, cooperative.id),
        treasurer=holding(TREASURE, cooperative.id),
    )


@in_transaction(retries=3)
def sold(db, *, kiosk, amount, way="cash", at=None, pause=lambda: None):
    """A sale over the counter as the till writes it; answers with its posting."""
    at = at or clock.now()
    posting = books_of(db, kiosk.id, at)
    page = drawer_account if way == "cash" else qris_account
    pause()
    postings.captured(
        db,
        actor=SYSTEM,
        sale=Sale(orgs.operator_id(db), f"counter-{next(numbers)}"),
        attempt_id=uuid4(),
        money=page(db, kiosk.id),
        amount=amount,
        happened_at=at,
    )
    return posting


def open_day(kiosk):
    db.session.expire_all()
    query = db.session.query(TradingDay).filter_by(place_id=kiosk.id)
    return query.order_by(TradingDay.number.desc()).first()


def close(kiosk, cash, qris=0, *, leave=None, actor=None, act_id=None, day=None, **more):
    """Close the open day; `cash` and `qris` are what was counted, or whole counts."""
    day = day or open_day(kiosk)
    counts = {
        "cash": cash if isinstance(cash, Counted) else counted(kiosk, cash, **more),
        "qris": qris if isinstance(qris, Counted) else counted(kiosk, qris, "qris", **more),
    }
    return closing.close(
        actor=actor or kiosk.keeper,
        act_id=act_id or uuid4(),
        day_id=day.id,
        counts=counts,
        leave=counts["cash"].amount if leave is None else leave,
    )


def counted(kiosk, amount, way="cash", reason="", words=""):
    """What was counted, by somebody whose page is fresh."""
    return Counted(amount, expected(kiosk, way), reason, words)


def expected(kiosk, way="cash"):
    place = db.session.get(Place, kiosk.id)
    return figures.of_day(db.session(), open_day(kiosk), desk(place)).of(way).stands


def desk(place):
    return drawers.seen(db.session(), place)


def in_drawer(kiosk):
    return ledger.balance(db.session(), drawer_account(db.session(), kiosk.id))


def odd(kiosk):
    return ledger.balance(db.session(), own(Kind.OVER_SHORT, kiosk.organisation_id, kiosk.slug))


def in_bank(kiosk):
    return ledger.balance(db.session(), drawers.bank(kiosk.organisation_id))


def owes(kiosk, actor):
    place = db.session.get(Place, kiosk.id)
    return ledger.balance(db.session(), drawers.carried(place, actor.person_id))


def packed(kiosk, amount, *, actor=None):
    return bags.pack(actor=actor or kiosk.keeper, act_id=uuid4(), place_id=kiosk.id, amount=amount)


def a_payout(kiosk):
    """A maker's 33,480 that two people have agreed to pay out of the drawer of a kiosk."""
    sharing = parties(cooperative_id=kiosk.organisation_id)
    treasurer, second = (a_treasurer(kiosk.organisation_id) for _ in range(2))
    earned_sale((sharing, 36_000))
    owed = closed(sharing, treasurer)
    source_id = account_of(drawer_account(db.session(), kiosk.id))
    payout = payouts.prepare(actor=treasurer, settlement_id=owed.id, source_id=source_id)
    payouts.approve(actor=second, payout_id=payout.id)
    return SimpleNamespace(kiosk=kiosk, payout=payout, sharing=sharing, treasurer=treasurer)
