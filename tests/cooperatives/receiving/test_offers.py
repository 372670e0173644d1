"""Goods offered from a phone before they arrive."""

from datetime import timedelta

import pytest

from cooperatives.models import BringOffer
from cooperatives.receiving import offers
from cooperatives.receiving.asked import WrongBoxes
from cooperatives.rights import KEEP
from core import clock, tasks
from core.errors import NotFound
from core.notices import Notice
from sellers.rights import SELL, STOCK
from tests.cooperatives.factories import a_listing, a_place, a_seller, a_variant
from tests.cooperatives.help_factories import a_mandate
from tests.cooperatives.receiving.factories import act, an_offered
from tests.factories import an_actor, give

pytestmark = pytest.mark.service


@pytest.fixture
def kiosk(session):
    return a_place("kiosk")


@pytest.fixture
def shop(session):
    return a_seller()


@pytest.fixture
def hers(shop):
    actor = an_actor()
    give(actor, SELL, shop.id)
    return actor


@pytest.fixture
def variant(shop):
    return a_variant(a_listing(shop))


def said(kiosk, shop, variant, *, units=12, days=1):
    day = clock.today() + timedelta(days=days)
    return {"shop": shop.id, "place": kiosk.id, "day": day, f"jumlah-{variant.id}": units}


def test_the_keeper_hears_of_it(session, kiosk, shop, hers, variant):
    keeper = an_actor(phone="0812-2222-3333")
    give(keeper, KEEP, kiosk.id)
    answer = act(offers.ACT, hers, said(kiosk, shop, variant))
    (task,) = tasks.list_for(session, keeper, KEEP)
    assert shop.store_name in task.sentence
    (waiting,) = offers.open_at(session, kiosk.id)
    assert str(waiting.id) == answer["offer"]
    assert [line.quantity for line in offers.lines_of(session, [waiting.id])[waiting.id]] == [12]


@pytest.mark.parametrize("days", [-1, 61])
def test_a_day_that_makes_no_sense_is_said(session, kiosk, shop, hers, variant, days):
    with pytest.raises(WrongBoxes) as refused:
        act(offers.ACT, hers, said(kiosk, shop, variant, days=days))
    assert list(refused.value.wrong) == ["day"]


def test_she_offers_only_what_is_hers(session, kiosk, shop, hers):
    with pytest.raises(NotFound):
        act(offers.ACT, hers, said(kiosk, shop, a_variant()))


def test_she_offers_only_for_her_own_shop(session, kiosk, hers):
    other = a_seller()
    with pytest.raises(NotFound):
        act(offers.ACT, hers, said(kiosk, other, a_variant(a_listing(other))))


def test_a_helper_offers_for_her(session, kiosk, shop, hers, variant):
    helper = an_actor(phone="0812-4444-5555")
    _mandate, acting = a_mandate(shop, helper.person_id, STOCK)
    act(offers.ACT, acting, said(kiosk, shop, variant))
    assert len(offers.open_at(session, kiosk.id)) == 1


def test_many_open_offers_are_enough(session, kiosk, shop, hers, variant):
    for _n in range(offers.OPEN_MAX):
        an_offered(kiosk, shop, variant)
    with pytest.raises(offers.TooManyOffers):
        act(offers.ACT, hers, said(kiosk, shop, variant))


def test_she_may_take_it_back_once(session, kiosk, shop, hers, variant):
    answer = act(offers.ACT, hers, said(kiosk, shop, variant))
    offer = session.get(BringOffer, answer["offer"])
    offers.withdraw(actor=hers, offer_id=offer.id)
    ended = offer.ended_at
    offers.withdraw(actor=hers, offer_id=offer.id)
    session.expire_all()
    assert (offer.state, offer.ended_at) == ("withdrawn", ended)
    assert not tasks.is_open(session, offers.OFFERED, doc=(offers.DOC, offer.id))


def test_the_kiosk_says_why_it_cannot_take_them(session, kiosk, shop, hers, variant):
    keeper = an_actor(phone="0812-2222-3333")
    give(keeper, KEEP, kiosk.id)
    offer_id = an_offered(kiosk, shop, variant)
    offers.decline(actor=keeper, offer_id=offer_id, reason="full")
    assert session.get(BringOffer, offer_id).state == "declined"
    notice = session.query(Notice).filter_by(person_id=hers.person_id).one()
    assert "Rak sedang penuh" in notice.text


def test_nobody_else_declines_or_withdraws(session, kiosk, shop, hers, variant):
    stranger = an_actor(phone="0812-2222-3333")
    offer_id = an_offered(kiosk, shop, variant)
    for deed in (
        lambda: offers.withdraw(actor=stranger, offer_id=offer_id),
        lambda: offers.decline(actor=stranger, offer_id=offer_id, reason="full"),
    ):
        with pytest.raises(NotFound):
            deed()
