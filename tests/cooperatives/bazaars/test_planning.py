"""A bazaar is planned, others are invited, places go in turn, goods leave and arrive."""

from datetime import timedelta

import pytest

from cooperatives.bazaars import loads, notes, planning, seats
from cooperatives.bazaars.loads import MoreThanSent, NotHers, NotJoined
from cooperatives.bazaars.planning import AlreadyClosed, TooManySlots, WrongDays
from cooperatives.bazaars.seats import GoodsAreOut, NoPlaceLeft, ReasonNeeded
from cooperatives.models import Bazaar, BazaarGroup
from cooperatives.places import transit_of
from cooperatives.rights import COORDINATE
from core import clock
from core.db import db
from core.errors import NotFound
from sellers.rights import SELL
from tests.cooperatives.bazaars.factories import a_bazaar, a_plan, a_trip, arrived, joins, sent
from tests.cooperatives.factories import (
    a_cooperative,
    a_home,
    a_listing,
    a_lot,
    a_place,
    a_seller,
    a_variant,
    level,
)
from tests.orders.factories import holder

pytestmark = pytest.mark.service


def group(bazaar, cooperative):
    db.session.expire_all()
    return db.session.get(BazaarGroup, (bazaar.id, cooperative.id))


def states(bazaar):
    db.session.expire_all()
    found = db.session.get(Bazaar, bazaar.id)
    return {seat.seller_id: seat.state for seat in seats.list_seats(db.session, found)}


def test_a_bazaar_needs_days_in_order_and_opens_its_own_box(session):
    cooperative = a_cooperative()
    leads = holder(COORDINATE, cooperative.id)
    with pytest.raises(WrongDays):
        planning.plan(
            actor=leads,
            organisation_id=cooperative.id,
            wish=a_plan(ends_on=clock.today()),
        )
    made = [
        planning.plan(actor=leads, organisation_id=cooperative.id, wish=a_plan()) for _ in range(2)
    ]
    assert len({bazaar.place_id for bazaar in made}) == 2
    with pytest.raises(NotFound):
        planning.plan(actor=leads, organisation_id=a_cooperative().id, wish=a_plan())


def test_invited_groups_get_places_of_the_host_and_give_them_back(session):
    host, guest = a_cooperative(), a_cooperative()
    bazaar, leads = a_bazaar(host), holder(COORDINATE, host.id)
    theirs = holder(COORDINATE, guest.id)
    with pytest.raises(NotFound):  # Not invited yet: it is not there.
        planning.answer(actor=theirs, bazaar_id=bazaar.id, organisation_id=guest.id, accepts=True)
    planning.invite(actor=leads, bazaar_id=bazaar.id, organisation_id=guest.id, quota=3)
    assert (group(bazaar, host).quota, group(bazaar, guest).quota) == (1, 3)
    with pytest.raises(TooManySlots):
        planning.invite(actor=leads, bazaar_id=bazaar.id, organisation_id=guest.id, quota=5)
    with pytest.raises(NotFound):
        planning.invite(actor=theirs, bazaar_id=bazaar.id, organisation_id=guest.id, quota=4)
    planning.answer(actor=theirs, bazaar_id=bazaar.id, organisation_id=guest.id, accepts=False)
    assert (group(bazaar, host).quota, group(bazaar, guest).state) == (4, "declined")
    assert planning.list_for_boards(db.session, theirs)[0] == []


def test_places_go_in_turn_and_out_of_turn_only_with_a_reason(session):
    cooperative = a_cooperative()
    leads = holder(COORDINATE, cooperative.id)
    often, never, third = (a_seller(cooperative) for _ in range(3))
    day = clock.today() - timedelta(days=60)
    joins(a_bazaar(cooperative, starts_on=day, ends_on=day), often)
    bazaar = a_bazaar(cooperative, slots=1)
    for seller in (often, never, third):
        seats.ask(actor=leads, bazaar_id=bazaar.id, seller_id=seller.id)
    with pytest.raises(ReasonNeeded):
        seats.choose(actor=leads, bazaar_id=bazaar.id, seller_id=often.id, why="suka")
    seats.fill(actor=leads, bazaar_id=bazaar.id, organisation_id=cooperative.id)
    found = states(bazaar)
    assert found[often.id] == "reserve"
    assert sorted([found[never.id], found[third.id]]) == ["joined", "reserve"]
    why = "Panitia meminta barangnya."
    with pytest.raises(NoPlaceLeft):
        seats.choose(actor=leads, bazaar_id=bazaar.id, seller_id=often.id, why=why)
    joined = never if found[never.id] == "joined" else third
    seats.withdraw(actor=leads, bazaar_id=bazaar.id, seller_id=joined.id)
    seats.choose(actor=leads, bazaar_id=bazaar.id, seller_id=often.id, why=why)
    found = db.session.get(Bazaar, bazaar.id)
    first = seats.list_seats(db.session, found)[0]
    assert (first.seller_id, first.why, first.last_on) == (often.id, why, day)


def test_she_asks_for_herself_and_a_stranger_does_not(session):
    cooperative = a_cooperative()
    seller, bazaar = a_seller(cooperative), a_bazaar(cooperative)
    stranger = holder(COORDINATE, a_cooperative().id)
    with pytest.raises(NotFound):
        seats.ask(actor=stranger, bazaar_id=bazaar.id, seller_id=seller.id)
    sells = holder(SELL, seller.id)
    seats.ask(actor=sells, bazaar_id=bazaar.id, seller_id=seller.id)
    assert states(bazaar) == {seller.id: "wants"}
    seats.withdraw(actor=sells, bazaar_id=bazaar.id, seller_id=seller.id)
    assert states(bazaar) == {seller.id: "withdrawn"}


def test_goods_are_on_the_way_until_they_are_taken_in(session):
    cooperative = a_cooperative()
    seller, other = a_seller(cooperative), a_seller(cooperative)
    home, kiosk = a_home(seller=seller), a_place("kiosk", cooperative)
    lot = a_lot(a_variant(a_listing(seller)), home)
    strange = a_lot(a_variant(a_listing(other)), kiosk)
    bazaar, leads = a_bazaar(cooperative), holder(COORDINATE, cooperative.id)
    sells = holder(SELL, seller.id)
    with pytest.raises(NotJoined):
        sent(bazaar, seller, home, (lot, 5), actor=sells)
    joins(bazaar, seller)
    with pytest.raises(NotHers):
        sent(bazaar, seller, kiosk, (strange, 5), actor=leads)
    load = sent(bazaar, seller, home, (lot, 5), actor=sells)
    box, way = (
        db.session.get(planning.Place, bazaar.place_id),
        transit_of(db.session, cooperative.id),
    )
    assert [level(lot, place)[0] for place in (home, way, box)] == [5, 5, 0]
    with pytest.raises(NotFound):
        arrived(load, actor=sells)
    with pytest.raises(MoreThanSent):
        loads.take_in(actor=leads, load_id=load.id, arrived={lot.id: 6})
    arrived(load, actor=leads, less=2)
    assert [level(lot, place)[0] for place in (home, way, box)] == [5, 2, 3]
    arrived(load, actor=leads)  # Again changes nothing.
    assert level(lot, box)[0] == 3
    loads.explain(actor=sells, load_id=load.id, is_back=True)
    loads.explain(actor=sells, load_id=load.id, is_back=True)
    assert [level(lot, place)[0] for place in (home, way, box)] == [7, 0, 3]
    with pytest.raises(GoodsAreOut):
        seats.withdraw(actor=sells, bazaar_id=bazaar.id, seller_id=seller.id)


def test_what_is_lost_on_the_way_leaves_the_books_of_goods(session):
    trip = a_trip()
    load = sent(trip.bazaar, trip.nur, trip.shelf, (trip.lots[0], 4), actor=trip.leads)
    arrived(load, actor=trip.leads, less=1)
    loads.explain(actor=trip.leads, load_id=load.id, is_back=False, reason="pecah di jalan")
    way = transit_of(db.session, trip.host.id)
    assert level(trip.lots[0], way)[0] == 0
    assert level(trip.lots[0], trip.kiosk)[0] == 13


def test_notes_are_written_by_who_joined_and_found_by_place_and_month(session):
    trip = a_trip()
    texts = {"bazaar_id": trip.bazaar.id, "seller_id": trip.sri.id, "text": "Gula semut laku."}
    with pytest.raises(notes.NotYet):
        notes.write(actor=trip.sells, **texts)
    trip.bazaar = db.session.get(Bazaar, trip.bazaar.id)
    trip.bazaar.starts_on = clock.today()
    db.session.commit()
    notes.write(actor=trip.sells, **texts)
    notes.write(actor=trip.sells, **{**texts, "text": "Gula semut laku pagi hari."})
    (found,), more = notes.find(db.session, asked="cilacap gula", month=clock.today().month)
    assert (found.text, found.shop, more) == (
        "Gula semut laku pagi hari.",
        trip.sri.store_name,
        False,
    )
    other = clock.today().month % 12 + 1
    assert notes.find(db.session, month=other) == ([], False)
    stranger = a_seller()
    with pytest.raises(NotFound):
        notes.write(
            actor=holder(SELL, stranger.id),
            **{**texts, "seller_id": stranger.id},
        )


def test_a_closed_bazaar_is_changed_by_nobody(session):
    bazaar = a_bazaar()
    bazaar = db.session.get(Bazaar, bazaar.id)
    bazaar.closed_at = clock.now()
    db.session.commit()
    with pytest.raises(AlreadyClosed):
        planning.invite(
            actor=holder(COORDINATE, bazaar.organisation_id),
            bazaar_id=bazaar.id,
            organisation_id=a_cooperative().id,
            quota=1,
        )
