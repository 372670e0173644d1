"""Places: whose they are, which of them the web sells from, and who may move goods there."""

from datetime import timedelta

import pytest

from cooperatives import places, stock
from cooperatives.rights import COORDINATE, KEEP
from core import clock
from core.actors import SYSTEM
from core.db import db, in_transaction
from core.errors import NotFound
from sellers.models import Seller
from sellers.rights import SELL
from tests.cooperatives.factories import (
    a_cooperative,
    a_home,
    a_lot,
    a_place,
    a_seller,
    a_variant,
    owner_of,
)
from tests.factories import an_actor, give

pytestmark = pytest.mark.service


def online(variant):
    return stock.available(db.session, [variant.id])[variant.id]


def at_rest(seller, **more):
    seller = db.session.get(Seller, seller.id)
    seller.resting = True
    for name, value in more.items():
        setattr(seller, name, value)
    db.session.commit()


def stocked_home(**more):
    variant = a_variant()
    a_lot(variant, a_home(seller=owner_of(variant)), 4, **more)
    return variant, owner_of(variant)


def test_a_home_is_made_on_first_need_and_once(session):
    seller = a_seller(store_name="Dapur Sumirah", district_code="330709")
    home = a_home(seller=seller)
    assert a_home(seller=seller).id == home.id
    assert (home.kind, home.seller_id, home.organisation_id, home.district_code) == (
        "home", seller.id, seller.organisation_id, "330709",
    )  # fmt: skip


def test_the_address_of_a_home_says_nothing_about_her(session):
    seller = a_seller(slug="dapur-sumirah-garung")
    assert a_home(seller=seller).slug == f"rumah-{seller.id}"


def test_nobody_has_a_home_for_a_seller_who_is_not_there(session):
    with pytest.raises(NotFound):
        places.home_of(session, 404)


def test_an_organisation_has_one_transit(session):
    organisation = a_cooperative()
    way = places.transit_of(session, organisation.id)
    assert way.kind == "transit"
    assert places.transit_of(session, organisation.id).id == way.id


def test_the_four_virtual_places_are_there_from_the_start(session):
    ids = {places.virtual(session, kind) for kind in places.VIRTUAL_KINDS}
    assert len(ids) == 4
    with pytest.raises(AssertionError, match="kiosk"):
        places.virtual(session, "kiosk")


def test_a_virtual_place_is_no_place_to_work_with(session):
    with pytest.raises(NotFound):
        places.get_place(session, places.virtual(session, "customer"))


def test_a_kiosk_is_found_by_its_slug_while_open(session):
    kiosk = a_place(slug="terminal")
    box = a_place("bazaar")
    assert places.get_kiosk(session, "terminal").id == kiosk.id
    with pytest.raises(NotFound):
        places.get_kiosk(session, box.slug)
    places.close_place(actor=SYSTEM, place_id=kiosk.id)
    with pytest.raises(NotFound):
        places.get_kiosk(session, "terminal")


def test_two_places_do_not_share_a_name(session):
    a_place(slug="terminal")
    with pytest.raises(places.NameTaken):
        a_place(slug="terminal")


def test_the_web_sells_from_kiosk_and_home_but_never_from_a_bazaar_box_or_the_road(session):
    variant, seller = stocked_home()
    a_lot(variant, a_place("kiosk"), 20)
    a_lot(variant, a_place("bazaar"), 300)
    a_lot(variant, places.transit_of(session, seller.organisation_id), 4_000)
    assert online(variant) == 24


def test_rest_hides_the_home_and_not_the_kiosk(session):
    variant, seller = stocked_home()
    a_lot(variant, a_place("kiosk"), 20)
    at_rest(seller)
    assert online(variant) == 20


def test_rest_lasts_through_its_last_day(session):
    variant, seller = stocked_home()
    at_rest(seller, resting_until=clock.today())
    assert online(variant) == 0
    at_rest(seller, resting_until=clock.today() - timedelta(days=1))
    assert online(variant) == 4


def test_a_closed_shop_sells_nothing_from_home(session):
    variant, seller = stocked_home()
    at_rest(seller, resting=False, closed_at=clock.now())
    assert online(variant) == 0


def test_a_closed_kiosk_sells_nothing_online(session):
    variant, kiosk = a_variant(), a_place("kiosk")
    a_lot(variant, kiosk, 3)
    places.close_place(actor=SYSTEM, place_id=kiosk.id)
    assert online(variant) == 0


@in_transaction()
def tended(db, *, actor, place):
    return places.tended(db, actor, place.id).id


def test_a_keeper_tends_her_kiosk_and_no_other(session):
    kiosk, other, keeper = a_place(), a_place(), an_actor()
    give(keeper, KEEP, kiosk.id)
    assert tended(actor=keeper, place=kiosk) == kiosk.id
    with pytest.raises(NotFound):
        tended(actor=keeper, place=other)


def test_a_coordinator_tends_every_place_of_her_organisation_but_no_home(session):
    ours, theirs, coordinator = a_cooperative(), a_cooperative(), an_actor()
    give(coordinator, COORDINATE, ours.id)
    assert tended(actor=coordinator, place=a_place("bazaar", ours))
    for other in (a_place("bazaar", theirs), a_home(seller=a_seller(ours))):
        with pytest.raises(NotFound):
            tended(actor=coordinator, place=other)


def test_a_seller_tends_her_home_and_so_does_who_sells_for_her(session):
    seller, helper, stranger = a_seller(), an_actor("Wati"), an_actor("Yem")
    give(helper, SELL, seller.id)
    home = a_home(seller=seller)
    assert tended(actor=helper, place=home) == home.id
    with pytest.raises(NotFound):
        tended(actor=stranger, place=home)


def test_only_a_coordinator_opens_and_closes_places(session):
    ours, keeper = a_cooperative(), an_actor()
    kiosk = a_place("kiosk", ours)
    give(keeper, KEEP, kiosk.id)
    with pytest.raises(NotFound):
        places.close_place(actor=keeper, place_id=kiosk.id)
    with pytest.raises(NotFound):
        places.open_place(
            actor=keeper, kind="kiosk", organisation_id=ours.id, slug="baru", name="Baru"
        )
