"""Builders for a till: a kiosk where two members bring the same keripik, and its sales."""

import itertools
import uuid
from types import SimpleNamespace

from cooperatives.rights import COORDINATE, KEEP, TREASURE
from core import acts
from core.clock import now
from core.db import db, in_transaction
from orders.models import CounterSale, Line, Order, PlaceQris
from orders.till import qris
from sellers import prices
from tests.cooperatives.factories import (
    a_cooperative,
    a_listing,
    a_lot,
    a_place,
    a_seller,
    a_variant,
)
from tests.orders.factories import holder


def a_kiosk(units=10):
    """One kiosk; Bu Nur and Bu Tri sell the cooperative's keripik there, Bu Dwi her own kopi."""
    cooperative = a_cooperative()
    shared = a_seller(cooperative, kind="cooperative")
    nur, tri, dwi = (a_seller(cooperative) for _ in range(3))
    keripik = a_variant(a_listing(shared, name="Keripik Pisang"), price=12_000, weight_grams=200)
    kopi = a_variant(a_listing(dwi, name="Kopi Bowongso"), price=35_000, weight_grams=250)
    kiosk = a_place("kiosk", cooperative)
    lots = [
        a_lot(keripik, kiosk, units, owner=nur, days=30),
        a_lot(keripik, kiosk, units, owner=tri, days=60),
        a_lot(kopi, kiosk, units),
    ]
    return SimpleNamespace(
        cooperative=cooperative,
        kiosk=kiosk,
        nur=nur,
        tri=tri,
        dwi=dwi,
        keripik=keripik,
        kopi=kopi,
        lots=lots,
        keeps=holder(KEEP, kiosk.id),
        coordinates=holder(COORDINATE, cooperative.id),
        device=uuid.uuid4(),
        count=itertools.count(1),
    )


def line(variant, quantity=1, *, price=None, **more):
    """A line as a till tells it."""
    owner, lot = more.pop("owner", None), more.pop("lot", None)
    told = {"variant": variant.id, "quantity": quantity, "price": price or variant.price, **more}
    if owner is not None:
        told["owner"] = owner.id
    if lot is not None:
        told["lot"] = lot.id
    return told


def told(shop, *lines, cash=None, qris=0, **more):
    """A sale as a till tells it; all in cash where nothing else is said."""
    total = sum(each["quantity"] * each["price"] for each in lines)
    return {
        "place": shop.kiosk.id,
        "device": str(shop.device),
        "number": f"K1-{next(shop.count)}",
        "code": uuid.uuid4().hex,
        "lines": list(lines),
        "cash": total - qris if cash is None else cash,
        "qris": qris,
        "tendered": 0,
        **more,
    }


def send(shop, content, *, kind="till.sale", act_id=None, at=None, actor=None):
    """Send an act as the keeper's phone does; returns its id and answer."""
    act_id = act_id or uuid.uuid4()
    claimed = acts.believe(at or now(), now())
    answer = acts.carry_out(
        actor=actor or shop.keeps, act_id=act_id, kind=kind, content=content, claimed=claimed
    )
    db.session.expire_all()
    return act_id, answer


def sell(shop, *lines, at=None, **more):
    """Sell; returns the sale as it was written."""
    act_id, _answer = send(shop, told(shop, *lines, **more), at=at)
    return db.session.get(CounterSale, act_id)


def order_of(sale):
    return db.session.get(Order, sale.order_id)


def lines_of(sale):
    query = db.session.query(Line).filter_by(order_id=sale.order_id)
    return query.order_by(Line.position).all()


@in_transaction()
def new_price(session, variant, price):
    """A variant costs something else from now on; labels on the shelf do not know."""
    prices.changed(session, variant.id, variant.price, price)
    session.merge(variant).price = price


def a_sale_at(kiosk, seller):
    """One jar of a seller sold at the till of a kiosk."""
    variant = a_variant(a_listing(seller))
    a_lot(variant, kiosk)
    shop = SimpleNamespace(
        kiosk=kiosk, keeps=holder(KEEP, kiosk.id), device=uuid.uuid4(), count=itertools.count(1)
    )
    return sell(shop, line(variant), number=f"K{kiosk.id}-1")


def a_payload(merchant="Kios Contoh", *, kind="11", more=""):
    """The text behind a static QRIS of nobody, with its check sum."""
    tags = {"00": "01", "01": kind, "26": "0014ID.CO.CONTOH.WW0215ID9999999999999"}
    tags |= {"52": "5499", "53": "360", "58": "ID", "59": merchant, "60": "Wonosobo"}
    text = "".join(f"{tag}{len(value):02}{value}" for tag, value in tags.items()) + more + "6304"
    return f"{text}{qris.check_sum(text):04X}"


def a_qris(cooperative):
    """A QRIS of a kiosk that one treasurer has brought, and no other has seen yet."""
    kiosk = a_place("kiosk", cooperative)
    qris.propose(actor=holder(TREASURE, cooperative.id), place_id=kiosk.id, payload=a_payload())
    return db.session.query(PlaceQris).filter_by(place_id=kiosk.id).one()
