"""Builders for stock: who sells, what, where it stands, and how much of it there is."""

import itertools
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
from flask import current_app

from cooperatives import allocation, consignment, goods, holds, members, places, shortfalls
from cooperatives.consignment import DEFAULT_RATES
from cooperatives.counter import sell_at_counter
from cooperatives.handover import consume
from cooperatives.holds import Doc
from cooperatives.lots import Goods
from cooperatives.models import Level, Lot
from cooperatives.settings import CooperativeSettings
from core import clock, doctor
from core.actors import SYSTEM
from core.db import db, in_transaction
from core.doctor import Mark
from core.people import Person
from sellers.models import Category, Listing, Seller, Variant

numbers = itertools.count(1)

# What orders do inside their own commands, as commands of their own.
sell = in_transaction()(sell_at_counter)
hand_over = in_transaction()(consume)
confirm = in_transaction()(holds.confirm)
release = in_transaction()(holds.release)
prolong = in_transaction()(holds.prolong)
mend = in_transaction()(shortfalls.mend)


def limits(monkeypatch, **changes):
    """Let the app run under other limits than the defaults, for one test."""
    known = current_app.extensions["settings"]
    monkeypatch.setitem(known, CooperativeSettings, CooperativeSettings(**changes))


def a_doc(kind="order"):
    return Doc(kind, f"{kind}-{next(numbers)}")


def saved(row):
    db.session.add(row)
    db.session.commit()
    return row


def a_cooperative(slug=None):
    """A cooperative with its first terms, in force since its founding."""
    slug = slug or f"koperasi-{next(numbers)}"
    founding = members.Founding(slug=slug, name=slug.title(), short_name=slug.title())
    return members.found(actor=SYSTEM, founding=founding)


def terms_with(cooperative, *ways, **changes):
    """Its next terms, in force at once: some or all rates changed. Older lots keep theirs."""
    rates = {
        way: replace(rate, **changes) if way in (ways or DEFAULT_RATES) else rate
        for way, rate in DEFAULT_RATES.items()
    }
    return consignment.write_terms(
        actor=SYSTEM, organisation_id=cooperative.id, valid_from=clock.today(), rates=rates
    )


def a_maker(n):
    """A person without a PIN: hashing one takes longer than a whole test of stock."""
    return saved(Person(name=f"Penjual {n}", call_me=f"Bu Penjual {n}"))


def a_seller(cooperative=None, *, kind="home", **more):
    n = next(numbers)
    person_id = a_maker(n).id if kind == "home" else None
    values = {"slug": f"toko-{n}", "kind": kind, "person_id": person_id, "store_name": f"Toko {n}"}
    organisation_id = (cooperative or a_cooperative()).id
    return saved(Seller(organisation_id=organisation_id, **{**values, **more}))


def a_listing(seller=None, **more):
    n = next(numbers)
    category = saved(Category(slug=f"rak-{n}", name=f"Rak {n}"))
    values = {"slug": f"keripik-{n}", "name": f"Keripik {n}", "state": "live"}
    seller_id = (seller or a_seller()).id
    values = {"category_id": category.id, **values}
    return saved(Listing(seller_id=seller_id, **{**values, **more}))


def a_variant(listing=None, *, price=15_000, **more):
    values = {"sku": f"SKU-{next(numbers)}", "price": price, "weight_grams": 250}
    return saved(Variant(listing_id=(listing or a_listing()).id, **{**values, **more}))


def a_place(kind="kiosk", cooperative=None, slug=None):
    slug = slug or f"{kind}-{next(numbers)}"
    organisation_id = (cooperative or a_cooperative()).id
    return places.open_place(
        actor=SYSTEM, kind=kind, organisation_id=organisation_id, slug=slug, name=slug.title()
    )


@in_transaction()
def a_home(db, *, seller):
    return places.home_of(db, seller.id)


def owner_of(variant):
    listing = db.session.get(Listing, variant.listing_id)
    return db.session.get(Seller, listing.seller_id)


def a_lot(variant, place, units=10, *, best_before=None, days=None, owner=None, batch=""):
    """Units come in; `days` says how many days from today they stay good."""
    if days is not None:
        best_before = clock.today() + timedelta(days=days)
    (movement,) = goods.receive_goods(
        actor=SYSTEM,
        doc=a_doc("handover"),
        owner_id=(owner or owner_of(variant)).id,
        place_id=place.id,
        goods=[Goods(variant.id, units, best_before, batch)],
    )
    return db.session.get(Lot, movement.lot_id)


def in_an_hour():
    return clock.now() + timedelta(hours=1)


@in_transaction()
def promised(db, *, wishes, doc=None, buyer="Siti", until=None, place_ids=None):
    """Hold goods for a buyer, as a checkout does; `wishes` are (variant, units)."""
    return allocation.allocate(
        db,
        [allocation.Wish(variant.id, units) for variant, units in wishes],
        until=until or in_an_hour(),
        doc=doc or a_doc(),
        buyer_key=buyer,
        place_ids=place_ids,
    )


def level(lot, place):
    """On hand, reserved, kept: (0, 0, 0) where the lot never stood."""
    db.session.expire_all()
    found = db.session.query(Level).filter_by(lot_id=lot.id, place_id=place.id).one_or_none()
    return (found.on_hand, found.reserved, found.counter_kept) if found else (0, 0, 0)


BEGINNING = Mark(0, datetime(2000, 1, 1, tzinfo=UTC))


def broken(promises):
    """Ids of the promises that do not hold now; who looks at what is new only finds them too."""
    db.session.flush()
    return found_by(db.session(), promises)


def found_by(session, promises, always=("M22", "M23", "M24")):
    """What the doctor finds, ids alone. All that tests write is new since the beginning of time."""
    known = {promise.id: promise for promise in promises}
    found = {one.invariant.id for one in doctor.examine_on(session, known)}
    lately = {one.invariant.id for one in doctor.examine_on(session, known, mark=BEGINNING)}
    assert lately == found - set(always), lately ^ found
    return found


@contextmanager
def counted():
    """The statements sent to the database meanwhile."""
    sent = []

    class Counting(psycopg.Cursor):
        def execute(self, query, *args, **kwargs):
            sent.append(query)
            return super().execute(query, *args, **kwargs)

        def executemany(self, query, *args, **kwargs):
            sent.append(query)
            return super().executemany(query, *args, **kwargs)

    driver = db.session.connection().connection.driver_connection
    usual, driver.cursor_factory = driver.cursor_factory, Counting
    try:
        yield sent
    finally:
        driver.cursor_factory = usual
