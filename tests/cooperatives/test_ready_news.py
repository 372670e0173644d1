"""*Baru jadi!*: her cooperative hears of it once, not at night, and not too often."""

import pytest
from sqlalchemy import select

from cooperatives import members, ready_news
from cooperatives.ready_news import NotShown, ToldToday
from cooperatives.settings import CooperativeSettings
from core import access, clock
from core.actors import SYSTEM, Actor
from core.errors import NotFound
from core.notices import Notice
from sellers import listings
from sellers.rights import SELL
from tests.cooperatives.factories import (
    a_cooperative,
    a_listing,
    a_maker,
    a_seller,
    limits,
    numbers,
)

pytestmark = pytest.mark.service


def a_member(cooperative, person_id=None):
    person_id = person_id or a_maker(next(numbers)).id
    members.join(
        actor=SYSTEM,
        cooperative_id=cooperative.id,
        person_id=person_id,
        joined_on=clock.today(),
    )
    return person_id


@pytest.fixture
def village(app):
    """A cooperative of four members; the first has a shop with one product."""
    cooperative = a_cooperative()
    shop = a_seller(cooperative)
    a_member(cooperative, shop.person_id)
    others = [a_member(cooperative) for _ in range(3)]
    a_member(a_cooperative())
    access.give(actor=SYSTEM, person_id=shop.person_id, right=SELL, subject_id=shop.id)
    return shop, Actor(shop.person_id), others


def heard(session):
    return list(session.scalars(select(Notice.person_id).order_by(Notice.person_id)))


def test_the_other_members_hear_of_it(village, session):
    shop, maker, others = village
    listing = a_listing(shop, name="Keripik Pisang")
    assert ready_news.tell(actor=maker, listing_id=listing.id) == 3
    assert heard(session) == sorted(others)
    notice = session.scalars(select(Notice).limit(1)).one()
    assert "Keripik Pisang" in notice.text
    assert notice.link == f"/ibu/promosi/{listing.id}"


def test_a_second_tap_on_the_same_day_changes_nothing(village, session):
    shop, maker, _others = village
    listing = a_listing(shop)
    ready_news.tell(actor=maker, listing_id=listing.id)
    with pytest.raises(ToldToday):
        ready_news.tell(actor=maker, listing_id=listing.id)
    assert len(heard(session)) == 3
    assert ready_news.told_today(session, [listing.id, 0]) == {listing.id}


def test_nobody_hears_of_more_than_so_many_a_day(village, session, monkeypatch):
    limits(monkeypatch, ready_news_max=2)
    shop, maker, _others = village
    told = [ready_news.tell(actor=maker, listing_id=a_listing(shop).id) for _ in range(3)]
    assert told == [3, 3, 0]
    assert CooperativeSettings().ready_news_max == 3


def test_only_what_buyers_can_see_is_told(village, session):
    shop, maker, _others = village
    draft, hidden = a_listing(shop, state="draft"), a_listing(shop, hidden_reason="foto")
    for listing in (draft, hidden):
        with pytest.raises(NotShown):
            ready_news.tell(actor=maker, listing_id=listing.id)
    assert heard(session) == []


def test_a_stranger_cannot_tell_of_her_goods(village, session):
    shop, maker, others = village
    listing = a_listing(shop)
    with pytest.raises(NotFound):
        ready_news.tell(actor=Actor(others[0]), listing_id=listing.id)
    assert listings.names(session, maker, shop.id)


def test_who_left_hears_nothing(village, session):
    shop, maker, others = village
    members.leave(
        actor=SYSTEM,
        cooperative_id=shop.organisation_id,
        person_id=others[0],
        left_on=clock.today(),
    )
    assert ready_news.tell(actor=maker, listing_id=a_listing(shop).id) == 2
