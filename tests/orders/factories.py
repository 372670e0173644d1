"""Builders for orders: a small market with two makers and a kiosk, and buyers who order there."""

import json
import uuid
from types import SimpleNamespace

from flask import current_app
from sqlalchemy import select, text

from cooperatives.allocation import Wish
from cooperatives.models import Entry, Place
from cooperatives.rights import KEEP, TREASURE
from core import access, doctor, orgs
from core.actors import GUEST, SYSTEM, Actor
from core.db import db
from orders import checkout, rates
from orders.checkout import Checkout, Receiver, TotalChanged
from orders.models import Attempt, Order, Parcel
from orders.settings import OrderSettings
from sellers.rights import SELL
from tests.cooperatives.factories import (
    a_cooperative,
    a_home,
    a_listing,
    a_lot,
    a_maker,
    a_place,
    a_seller,
    a_variant,
)

KERTEK, SEMARANG = "330708", "337401"
RECEIVER = Receiver(
    name="Joko",
    phone="+6281234567890",
    street="Jl. Contoh 7",
    rt_rw="05/02",
    district_code=SEMARANG,
    district_label="Semarang",
    landmark="pagar hijau",
)


def rules(**changes):
    """Let this app run under other order settings than the defaults."""
    current_app.extensions["settings"][OrderSettings] = OrderSettings(**changes)


def findings():
    """What the doctor finds in this test's own transaction, which no other connection sees."""
    db.session.expire_all()
    found = doctor.examine_on(db.session(), current_app.extensions["doctor"])
    return [(one.invariant.id, one.rows) for one in found]


def holder(right, subject_id):
    """Somebody with a right."""
    person = a_maker(uuid.uuid4().hex[:6])
    access.give(actor=SYSTEM, person_id=person.id, right=right, subject_id=subject_id)
    return Actor(person.id)


def a_market(units=10):
    """Tiwul of one maker at home and in the kiosk, batik of another at home."""
    rates.load_sample_rates(actor=SYSTEM)
    cooperative = a_cooperative()
    maker, weaver = (a_seller(cooperative, district_code=KERTEK) for _ in range(2))
    tiwul = a_variant(a_listing(maker, name="Tiwul Instan"), price=18_000, weight_grams=450)
    batik = a_variant(a_listing(weaver, name="Batik Carica"), price=185_000, weight_grams=320)
    kiosk = a_place("kiosk", cooperative)
    kiosk.is_pickup, kiosk.district_code = True, KERTEK
    db.session.commit()
    homes = [a_home(seller=maker), a_home(seller=weaver)]
    lots = [
        a_lot(tiwul, homes[0], units, days=200),
        a_lot(tiwul, kiosk, units, days=100),
        a_lot(batik, homes[1], units),
    ]
    house = orgs.operator(db.session()).id
    return SimpleNamespace(
        cooperative=cooperative,
        maker=maker,
        weaver=weaver,
        tiwul=tiwul,
        batik=batik,
        kiosk=kiosk,
        homes=homes,
        lots=lots,
        house=house,
        sells=holder(SELL, maker.id),
        weaves=holder(SELL, weaver.id),
        keeps=holder(KEEP, kiosk.id),
        treasurers=[holder(TREASURE, house) for _ in range(2)],
    )


def asked(*wishes, method="transfer", pickup=None, order_id=None, total=None, **more):
    """A checkout as the form hands it over; the total is filled in where none is given."""
    return Checkout(
        order_id=order_id or uuid.uuid4(),
        wishes=tuple(Wish(variant.id, units) for variant, units in wishes),
        receiver=RECEIVER,
        method_code=method,
        total_seen=total or 0,
        pickup_place_id=pickup.id if pickup else None,
        **more,
    )


def order(*wishes, actor=GUEST, **more):
    """Place an order, agreeing to whatever it costs."""
    first = asked(*wishes, **more)
    try:
        placed = checkout.place_order(actor=actor, asked=first)
    except TotalChanged as changed:
        agreed = Checkout(**{**_fields(first), "total_seen": changed.total})
        placed = checkout.place_order(actor=actor, asked=agreed)
    db.session.expire_all()
    return db.session.get(Order, placed.order_id)


def _fields(wanted):
    return {name: getattr(wanted, name) for name in wanted.__slots__}


def attempt_of(order):
    """The newest attempt of an order."""
    query = select(Attempt).where(Attempt.order_id == order.id).order_by(Attempt.number.desc())
    return db.session.scalars(query.limit(1)).one()


def parcels_of(order):
    query = select(Parcel).where(Parcel.order_id == order.id).order_by(Parcel.position)
    return list(db.session.scalars(query))


def place_of(parcel):
    return db.session.get(Place, parcel.place_id)


def run_jobs():
    """Do every waiting job of this test's own transaction, in order, until none is left."""
    from core.jobs import JOBS

    while True:
        row = db.session.execute(
            text(
                "select id, task_name, args from procrastinate_jobs where status = 'todo'"
                " order by id limit 1"
            )
        ).first()
        if row is None:
            return
        db.session.execute(text("delete from procrastinate_jobs where id = :id"), {"id": row.id})
        db.session.commit()
        args = row.args if isinstance(row.args, dict) else json.loads(row.args)
        JOBS[row.task_name].run(**args)
        db.session.expire_all()


def balances():
    """What stands on each kind of page, summed; the whole is always zero."""
    from cooperatives.models import Account

    rows = db.session.execute(
        select(Account.kind, text("sum(entry.amount)::bigint"))
        .join(Entry, Entry.account_id == Account.id)
        .group_by(Account.kind)
    )
    return {kind: total for kind, total in rows if total}
