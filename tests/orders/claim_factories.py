"""Builders for claims: parcels that came, problems with them, and days that pass."""

import uuid
from datetime import timedelta

import time_machine

from cooperatives.rights import COORDINATE
from core import clock
from core.actors import GUEST
from core.db import db
from core.rights import OPERATE
from orders import claims, earning, fulfilment, handover, parcels, transfers
from orders.claims import Told
from orders.models import Claim, ClaimLine
from tests.orders.factories import attempt_of, holder, order, parcels_of, run_jobs


def came(market, *wishes, by=None, **more):
    """A paid order whose first parcel has reached the buyer."""
    placed = order(*wishes, **more)
    attempt = attempt_of(placed)
    if placed.method == "transfer":
        transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    run_jobs()
    for parcel in parcels_of(placed):
        place = parcels.Place
        who = by or handler_of(market, db.session.get(place, parcel.place_id))
        fulfilment.accept(actor=who, parcel_id=parcel.id)
        is_cash = placed.method == "cash_pickup"
        handover.hand_over(actor=who, parcel_id=parcel.id, cash_taken=is_cash)
        if parcel.way == "ship":
            handover.deliver(actor=who, parcel_id=parcel.id)
    db.session.expire_all()
    return placed, parcels_of(placed)[0]


def handler_of(market, place):
    if place.kind == "kiosk":
        return market.keeps
    return market.sells if place.id == market.homes[0].id else market.weaves


def lines_of(parcel):
    return parcels.goods(db.session(), parcel.id)


def told(parcel, pieces=1, *, trouble="spoilt", wish="money", words="Berjamur"):
    """The first line of a parcel is claimed; `pieces` may also be a dictionary by line."""
    if isinstance(pieces, int):
        pieces = {lines_of(parcel)[0].id: pieces}
    return Told(parcel.id, pieces, trouble, wish, words)


def a_claim(parcel, pieces=1, *, actor=GUEST, claim_id=None, **more):
    claim_id = claims.open_claim(
        actor=actor,
        claim_id=claim_id or uuid.uuid4(),
        order_id=parcel.order_id,
        told=told(parcel, pieces, **more),
    )
    db.session.expire_all()
    return db.session.get(Claim, claim_id)


def fresh(claim):
    db.session.expire_all()
    return db.session.get(Claim, claim.id)


def rows_of(claim):
    db.session.expire_all()
    query = db.session.query(ClaimLine).filter_by(claim_id=claim.id)
    return query.order_by(ClaimLine.line_id).all()


def a_coordinator(market):
    return holder(COORDINATE, market.cooperative.id)


def an_operator(market):
    return holder(OPERATE, market.house)


def earn_everything(days=10):
    """The quiet days pass."""
    with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
        earning.earn_due.run()
    db.session.expire_all()
