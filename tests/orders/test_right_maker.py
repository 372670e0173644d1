"""Two members bring the same keripik: she whose jar it was is paid, and nobody else, to the rupiah.

Two packs of Bu Nur, good for 30 days, and two of Bu Tri, good for 60, stand in one kiosk; a pack
costs 12.000. Each way is what somebody does, who is owed what afterwards on all pages of the books
together, and how many packs of each are left. Shares: counter 5 % and 10 % for the kiosk, web 5 %
and 2 % for the house, bazaar 5 %.
"""

import uuid
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from cooperatives.models import Account, Entry, Payee
from cooperatives.rights import KEEP, TREASURE
from core import orgs
from core.actors import GUEST, SYSTEM
from core.db import db
from orders import claim_answers, claims, rates
from orders.claim_answers import Reply
from orders.models import Line
from tests.cooperatives.bazaars.factories import a_bazaar, arrived, joins, sent
from tests.cooperatives.counts.factories import a_keeper, posted_short
from tests.cooperatives.factories import level
from tests.orders.claim_factories import a_claim, came, earn_everything
from tests.orders.factories import KERTEK, holder
from tests.orders.till.factories import a_kiosk, line, sell

pytestmark = pytest.mark.service

MONEY = ("cash", "bank")  # What is in hand; everything else is owed to somebody.


@pytest.fixture
def shop(gateway, sound):
    rates.load_sample_rates(actor=SYSTEM)
    shop = a_kiosk(units=2)
    shop.kiosk.is_pickup, shop.kiosk.district_code = True, KERTEK
    db.session.commit()
    shop.treasurers = [holder(TREASURE, orgs.operator_id(db.session()))]
    return shop


def scanned(shop):
    """The till reads the label of a pack of Bu Tri, twice."""
    sell(shop, line(shop.keripik, 2, lot=shop.lots[1]))


def tapped_and_asked(shop):
    """The keeper taps the photo; the till asks whose it is: Bu Tri's."""
    sell(shop, line(shop.keripik, 2, owner=shop.tri))


def tapped_only(shop):
    """The keeper taps the photo and does not know: first goes what expires first, Bu Nur's."""
    sell(shop, line(shop.keripik, 2))


def ordered_on_the_web(shop):
    """Three are ordered: both of Bu Nur, which expire first, and one of Bu Tri."""
    came(shop, (shop.keripik, 3), pickup=shop.kiosk, by=shop.keeps)
    earn_everything()


def brought_back(shop):
    """The buyer of these three gets her money back for one, and it was Bu Tri's."""
    placed, parcel = came(shop, (shop.keripik, 3), pickup=shop.kiosk, by=shop.keeps)
    earn_everything()
    query = select(Line.id).where(Line.order_id == placed.id, Line.seller_id == shop.tri.id)
    pieces = {db.session.scalars(query).one(): 1}
    claim = a_claim(parcel, pieces, wish="ask")
    claim_answers.answer(actor=shop.keeps, claim_id=claim.id, reply=Reply("money", pieces))
    claims.accept(actor=GUEST, order_id=placed.id, claim_id=claim.id)


def found_missing(shop):
    """A count finds none of Bu Tri's; by the terms the kiosk answers for it, at her share."""
    posted_short(shop.kiosk, shop.lots[1], a_keeper(shop.kiosk), 2)


def sold_at_a_bazaar(shop):
    """Both bring theirs to one box; there a pack of Bu Tri is sold by its label."""
    bazaar = a_bazaar(shop.cooperative)
    joins(bazaar, shop.nur, shop.tri)
    for seller, lot in zip((shop.nur, shop.tri), shop.lots, strict=False):
        arrived(sent(bazaar, seller, shop.kiosk, (lot, 2)))
    box = SimpleNamespace(id=bazaar.place_id)
    till = SimpleNamespace(
        kiosk=box, keeps=holder(KEEP, box.id), device=uuid.uuid4(), count=iter("1")
    )
    sell(till, line(shop.keripik, 2, lot=shop.lots[1]))
    shop.kiosk = box  # Here we look for what is left.


WAYS = [
    (scanned, {"Tri": 20_400, "cooperative": 1_200, "kiosk": 2_400}, (2, 0)),
    (tapped_and_asked, {"Tri": 20_400, "cooperative": 1_200, "kiosk": 2_400}, (2, 0)),
    (tapped_only, {"Nur": 20_400, "cooperative": 1_200, "kiosk": 2_400}, (0, 2)),
    (
        ordered_on_the_web,
        {"Nur": 22_320, "Tri": 11_160, "cooperative": 1_800, "operator": 720},
        (0, 1),
    ),
    (
        brought_back,
        {"Nur": 22_320, "cooperative": 1_200, "operator": 480, "refund_due": 12_000},
        (0, 1),
    ),
    (found_missing, {"Tri": 20_400, "kiosk": -20_400}, (2, 0)),
    (sold_at_a_bazaar, {"Tri": 22_800, "cooperative": 1_200}, (2, 0)),
]


@pytest.mark.parametrize(("way", "owed", "left"), WAYS, ids=[way.__name__ for way, *_ in WAYS])
def test_she_whose_jar_it_was_is_paid(shop, way, owed, left):
    way(shop)
    stands = pages(shop)
    in_hand = sum(stands.pop(kind, 0) for kind in MONEY)
    assert {page: -amount for page, amount in stands.items()} == owed
    assert sum(owed.values()) == in_hand
    assert tuple(level(lot, shop.kiosk)[0] for lot in shop.lots[:2]) == left


def pages(shop):
    """What stands on each page of the whole ledger, a maker's under her name."""
    makers = {shop.nur.person_id: "Nur", shop.tri.person_id: "Tri", shop.dwi.person_id: "Dwi"}
    found = {}
    query = (
        select(Account.kind, Payee.person_id, Entry.amount)
        .join(Entry, Entry.account_id == Account.id)
        .join(Payee, Payee.id == Account.payee_id)
    )
    for kind, person_id, amount in db.session.execute(query):
        name = makers.get(person_id, kind)
        found[name] = found.get(name, 0) + amount
    return {name: amount for name, amount in found.items() if amount}
