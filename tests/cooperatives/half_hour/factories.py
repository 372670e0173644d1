"""A cooperative with its coordinator, and one planted line of each topic."""

import uuid
from datetime import timedelta
from types import SimpleNamespace

from sqlalchemy import update

from cooperatives import members
from cooperatives.half_hour import lines
from cooperatives.half_hour.lines import Asked
from cooperatives.models import Bag, BringOffer, DrawerCount, Settlement, StockCount, TradingDay
from cooperatives.rights import COORDINATE, KEEP
from core import clock
from core.actors import SYSTEM, Actor
from core.db import db
from core.people import Person
from sellers.models import Permit
from tests.cooperatives.books_factories import (
    a_treasurer,
    closed,
    owed_without_an_order,
    parties,
)
from tests.cooperatives.factories import (
    a_cooperative,
    a_listing,
    a_lot,
    a_place,
    a_seller,
    a_variant,
    saved,
)
from tests.cooperatives.receiving.factories import an_offered
from tests.cooperatives.shelf.factories import a_shipment, arrived
from tests.factories import give


def a_village():
    """A kiosk with its keeper, a maker who is a member, and the coordinator."""
    cooperative = a_cooperative()
    kiosk = a_place("kiosk", cooperative)
    shop = a_seller(cooperative)
    names = ("Umi", "Harti")
    umi, harti = (Actor(saved(Person(name=name, call_me=f"Bu {name}")).id) for name in names)
    give(umi, COORDINATE, cooperative.id)
    give(harti, KEEP, kiosk.id)
    return SimpleNamespace(
        id=cooperative.id,
        cooperative=cooperative,
        kiosk=kiosk,
        shop=shop,
        variant=a_variant(a_listing(shop)),
        umi=umi,
        keeper=harti,
    )


def found(topic, village, thing=""):
    """The lines of one topic in her half hour."""
    asked = Asked(frozenset({village.id}), thing=thing)
    return lines.TOPICS[topic].find(db.session(), asked)


def joins(village, person_id, days=40):
    """She has been a member for some days."""
    members.join(
        actor=SYSTEM,
        cooperative_id=village.id,
        person_id=person_id,
        joined_on=clock.today() - timedelta(days=days),
    )


def ago(**span):
    return clock.now() - timedelta(**span)


def a_day_of(village):
    return saved(TradingDay(place_id=village.kiosk.id, number=1))


def expiring(village):
    return a_lot(village.variant, village.kiosk, 4, days=2)


def an_old_offer(village):
    offer_id = an_offered(village.kiosk, village.shop, village.variant)
    db.session.get(BringOffer, offer_id).created_at = ago(hours=30)
    db.session.commit()


def a_count_left_open(village):
    row = {"place_id": village.kiosk.id, "cut_by": "all", "opened_by": village.keeper.person_id}
    saved(StockCount(id=uuid.uuid4(), opened_at=ago(days=2), **row))


def a_short_box(village):
    lot = a_lot(village.variant, village.kiosk, 8)
    box = a_place("bazaar", village.cooperative)
    shipment = a_shipment(village.kiosk, box, lot, 5)
    arrived(shipment, lot, actor=SYSTEM, datang=3, hilang=2)


def a_short_drawer(village):
    row = {"day_id": a_day_of(village).id, "way": "cash", "why": "close", "reason": "change"}
    by = village.keeper.person_id
    saved(DrawerCount(id=uuid.uuid4(), expected=50_000, counted=48_000, counted_by=by, **row))


def a_silent_member(village):
    joins(village, village.shop.person_id)


def an_ending_permit(village):
    until = clock.today() + timedelta(days=100)
    saved(Permit(seller_id=village.shop.id, kind="nib", number="1234567890123", valid_until=until))


def _owed(village):
    sharing = parties(cooperative_id=village.id)
    owed_without_an_order(sharing, 9_300)
    return sharing


def an_unpaid_settlement(village):
    owed = closed(_owed(village), a_treasurer(village.id))
    long_ago = clock.today() - timedelta(days=12)
    db.session.execute(
        update(Settlement).values(closed_on=long_ago).where(Settlement.id == owed.id)
    )
    db.session.commit()


def a_slow_bag(village):
    row = {"place_id": village.kiosk.id, "day_id": a_day_of(village).id, "amount": 90_000}
    by = village.keeper.person_id
    saved(Bag(id=uuid.uuid4(), carried_by=by, packed_at=ago(days=4), **row))


def a_member_on_paper(village):
    """She has no phone, and her settlement was closed: a statement waits to be printed."""
    sharing = _owed(village)
    joins(village, sharing.maker.person_id, days=1)
    closed(sharing, a_treasurer(village.id))
    return sharing.maker.person_id


PLANTED = {
    "expiry": expiring,
    "offer": an_old_offer,
    "count": a_count_left_open,
    "short": a_short_box,
    "drawer": a_short_drawer,
    "silent": a_silent_member,
    "permit": an_ending_permit,
    "unpaid": an_unpaid_settlement,
    "bag": a_slow_bag,
    "paper": a_member_on_paper,
}
