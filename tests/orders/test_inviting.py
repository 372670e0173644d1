"""Whose link brought the buyer: her share of that product, gone with what goes back."""

from dataclasses import replace

import pytest

from cooperatives import ledger
from cooperatives.accounts import Owner, Page
from cooperatives.models.books import Kind
from core import clock, orgs
from core.actors import GUEST, Actor
from core.db import db
from core.people import Person
from orders import checkout, claim_answers, inviting
from orders.claim_answers import Reply
from sellers import affiliates
from sellers.models import Listing
from tests.cooperatives.factories import a_listing, a_lot, a_variant, terms_with
from tests.factories import an_actor
from tests.orders.claim_factories import a_claim, came, earn_everything, lines_of, rows_of
from tests.orders.factories import RECEIVER, a_market, asked, order, parcels_of

pytestmark = pytest.mark.service
PRICE = 185_000


@pytest.fixture
def market(app):
    market = a_market()
    terms_with(market.cooperative, affiliate_bp=500, affiliate_payer="cooperative")
    market.sarung = a_variant(a_listing(market.weaver, name="Sarung"), price=PRICE)
    a_lot(market.sarung, market.homes[1], 10)
    for variant in (market.sarung, market.batik):
        db.session.get(Listing, variant.listing_id).published_at = clock.now()
    db.session.commit()
    return market


@pytest.fixture
def mira(app):
    return an_actor("Mira", phone="+6281300001111")


def link_of(actor, variant):
    return affiliates.link_to(actor=actor, listing_id=variant.listing_id).code


def has(actor):
    page = Page(Kind.AFFILIATE, orgs.operator_id(db.session()), Owner(person_id=actor.person_id))
    return -ledger.balance(db.session(), page)


def invited(placed):
    lines = [line for parcel in parcels_of(placed) for line in lines_of(parcel)]
    return {line.name: (line.affiliate_id, line.affiliate_part) for line in lines}


def test_a_link_brings_the_share_of_its_product_and_of_no_other(market, mira):
    links = (link_of(mira, market.sarung),)
    placed = order((market.sarung, 2), (market.batik, 1), links=links)
    named = {name.split()[0]: what for name, what in invited(placed).items()}
    assert named == {"Sarung": (mira.person_id, 18_500), "Batik": (None, 0)}


def test_what_goes_back_takes_its_share_along_and_the_rest_is_earned(market, mira):
    _placed, parcel = came(market, (market.sarung, 2), links=(link_of(mira, market.sarung),))
    claim = a_claim(parcel, 1)
    reply = Reply("money", {row.line_id: row.quantity for row in rows_of(claim)})
    claim_answers.answer(actor=market.weaves, claim_id=claim.id, reply=reply)
    assert has(mira) == 0
    earn_everything()
    assert has(mira) == 9_250


def test_the_later_of_two_links_counts(market, mira):
    tri = an_actor("Tri", phone="+6281300002222")
    links = (link_of(tri, market.sarung), link_of(mira, market.sarung))
    assert set(invited(order((market.sarung, 1), links=links)).values()) == {
        (mira.person_id, 9_250)
    }


def test_nobody_invites_herself(market, mira):
    link = link_of(mira, market.sarung)
    assert set(invited(order((market.sarung, 1), actor=mira, links=(link,))).values()) == {
        (None, 0)
    }
    phone = db.session.get(Person, mira.person_id).phone
    by_phone = inviting.by_links(db.session(), GUEST, (link,), phone=phone)
    assert by_phone.to(market.sarung.listing_id, market.weaver.id) is None
    maker = Actor(market.weaver.person_id)
    hers = order((market.sarung, 1), links=(link_of(maker, market.sarung),))
    assert set(invited(hers).values()) == {(None, 0)}


def test_a_link_that_is_none_stops_no_order(market):
    assert set(invited(order((market.sarung, 1), links=("nothing", ""))).values()) == {(None, 0)}


def test_the_same_press_twice_is_one_order_with_its_links(market, mira):
    links = (link_of(mira, market.sarung),)
    first = order((market.sarung, 1), links=links)
    again = replace(asked((market.sarung, 1), order_id=first.id, links=links), receiver=RECEIVER)
    again = replace(again, total_seen=first.total)
    assert checkout.place_order(actor=GUEST, asked=again).number == first.number
