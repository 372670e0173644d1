"""A joint bazaar in Cilacap: Bu Nur and Bu Tri bring the same keripik, Bu Sri comes as a guest."""

import uuid
from datetime import timedelta
from types import SimpleNamespace

from cooperatives.bazaars import loads, planning, seats
from cooperatives.bazaars.planning import Plan
from cooperatives.goods import Portion
from cooperatives.rights import COORDINATE, KEEP, TREASURE
from core.actors import SYSTEM
from core.clock import today
from core.db import db
from sellers.rights import SELL
from tests.cooperatives.factories import (
    a_cooperative,
    a_home,
    a_listing,
    a_lot,
    a_place,
    a_seller,
    a_variant,
)
from tests.orders.factories import holder


def a_plan(**more):
    day = today() + timedelta(days=7)
    values = {"name": "Bazar Cilacap", "spot": "Alun-alun Cilacap", "starts_on": day}
    return Plan(**{**values, "ends_on": day + timedelta(days=1), "slots": 4, **more})


def a_bazaar(cooperative=None, **more):
    cooperative = cooperative or a_cooperative()
    return planning.plan(actor=SYSTEM, organisation_id=cooperative.id, wish=a_plan(**more))


def joins(bazaar, *sellers):
    """They ask and are taken."""
    for seller in sellers:
        seats.ask(actor=SYSTEM, bazaar_id=bazaar.id, seller_id=seller.id)
        seats.choose(actor=SYSTEM, bazaar_id=bazaar.id, seller_id=seller.id, why="Uji coba saja")


def sent(bazaar, seller, place, *goods, actor=SYSTEM):
    """A load of (lot, units) leaves."""
    load = loads.send(
        actor=actor,
        load_id=uuid.uuid4(),
        bazaar_id=bazaar.id,
        seller_id=seller.id,
        from_place_id=place.id,
        portions=[Portion(lot.id, units) for lot, units in goods],
    )
    db.session.expire_all()
    return load


def arrived(load, actor=SYSTEM, **missing):
    """It comes in, whole, or less by `missing` of its only lot."""
    lines = loads.lines_of(db.session, load.id)
    less = missing.get("less", 0)
    loads.take_in(
        actor=actor, load_id=load.id, arrived={line.lot_id: line.sent - less for line in lines}
    )
    db.session.expire_all()


def a_trip(**more):
    """Goods of three members are in the box: two of the host, one of a guest from far away."""
    host, guest = a_cooperative(), a_cooperative()
    shared = a_seller(host, kind="cooperative")
    nur, tri, sri = a_seller(host), a_seller(host), a_seller(guest)
    keripik = a_variant(a_listing(shared, name="Keripik Pisang"), price=12_000, weight_grams=200)
    gula = a_variant(a_listing(sri, name="Gula Semut"), price=20_000, weight_grams=500)
    kiosk = a_place("kiosk", host)
    home = a_home(seller=sri)
    lots = [
        a_lot(keripik, kiosk, 20, owner=nur, days=60),
        a_lot(keripik, kiosk, 20, owner=tri, days=90),
        a_lot(gula, home, 20),
    ]
    bazaar = a_bazaar(host, **more)
    planning.invite(actor=SYSTEM, bazaar_id=bazaar.id, organisation_id=guest.id, quota=1)
    planning.answer(actor=SYSTEM, bazaar_id=bazaar.id, organisation_id=guest.id, accepts=True)
    joins(bazaar, nur, tri, sri)
    for seller, place, lot in zip((nur, tri, sri), (kiosk, kiosk, home), lots, strict=True):
        arrived(sent(bazaar, seller, place, (lot, 10)))
    box = db.session.get(planning.Place, bazaar.place_id)
    return SimpleNamespace(
        host=host,
        guest=guest,
        nur=nur,
        tri=tri,
        sri=sri,
        keripik=keripik,
        gula=gula,
        shelf=kiosk,
        lots=lots,
        bazaar=bazaar,
        kiosk=box,  # Where the till of the tests sells.
        keeps=holder(KEEP, box.id),
        leads=holder(COORDINATE, host.id),
        guest_leads=holder(COORDINATE, guest.id),
        guest_counts=holder(TREASURE, guest.id),
        sells=holder(SELL, sri.id),
        device=uuid.uuid4(),
        count=iter(range(1, 10_000)),
    )


def a_stand():
    """A bazaar for which goods are ordered ahead: of two makers with goods at home one joins."""
    house = a_cooperative()
    joined, other = a_seller(house), a_seller(house)
    bazaar = a_bazaar(house)
    joins(bazaar, joined)
    opak = a_variant(a_listing(joined, name="Opak"), price=10_000)
    emping = a_variant(a_listing(other, name="Emping"), price=10_000)
    a_lot(emping, a_home(seller=other), 5)
    box, home = db.session.get(planning.Place, bazaar.place_id), a_home(seller=joined)
    return SimpleNamespace(
        bazaar=bazaar,
        box=box,
        maker=joined,
        home=home,
        opak=opak,
        emping=emping,
        lot=a_lot(opak, home, 5),
        cashier=holder(KEEP, box.id),
    )
