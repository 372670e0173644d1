"""Shops are opened once, changed by their own people, and rest without loss."""

from datetime import date, time, timedelta

import pytest

from core import access, clock
from core.actors import GUEST, SYSTEM, Actor
from core.audit import Audit
from core.errors import NotFound
from sellers import shops
from sellers.models import Seller
from sellers.rights import SELL
from sellers.shops import (
    AlreadyOpen,
    ForbiddenWords,
    NoShopName,
    RestInThePast,
    TooLong,
    YearsTurned,
)
from tests.factories import a_person, an_actor, an_organisation, give
from tests.sellers.factories import a_shop

pytestmark = pytest.mark.service


def open_for(person_id, organisation_id, **profile):
    return shops.open_shop(
        actor=SYSTEM,
        organisation_id=organisation_id,
        maker_id=person_id,
        profile={"store_name": "Opak Mbah Wagi", **profile},
    )


def test_the_maker_may_sell_from_the_first_moment(session):
    shop, actor = a_shop()
    assert access.subjects(session, actor, SELL) == {shop.id}
    assert [row.slug for row in shops.list_own(session, actor)] == ["keripik-bu-nur"]
    assert (shop.kind, shop.person_id) == ("home", actor.person_id)


def test_a_cooperative_sells_by_whoever_opened_its_shop(session):
    opener, organisation = an_actor("Umi"), an_organisation()
    shop = shops.open_shop(
        actor=opener,
        organisation_id=organisation.id,
        maker_id=None,
        profile={"store_name": "Koperasi Sendang"},
    )
    assert (shop.kind, shop.person_id) == ("cooperative", None)
    assert access.subjects(session, opener, SELL) == {shop.id}


def test_the_wished_address_is_taken(session):
    person = a_person()
    shop = shops.open_shop(
        actor=SYSTEM,
        organisation_id=an_organisation().id,
        maker_id=person.id,
        profile={"store_name": "Tiwul Bu Sumirah"},
        slug="sumirah",
    )
    assert shop.slug == "sumirah"


def test_one_shop_for_each_person_in_each_cooperative(session):
    person, one, other = a_person(), an_organisation("satu"), an_organisation("dua")
    open_for(person.id, one.id)
    with pytest.raises(AlreadyOpen):
        open_for(person.id, one.id)
    assert open_for(person.id, other.id).slug == "opak-mbah-wagi-2"


def test_a_cooperative_has_one_shop_of_its_own(session):
    organisation = an_organisation()
    open_for(None, organisation.id)
    with pytest.raises(AlreadyOpen):
        open_for(None, organisation.id)


def test_a_closed_shop_makes_room_for_a_new_one_and_is_nobodys(session):
    shop, actor = a_shop()
    shop.closed_at = clock.now()
    session.commit()
    assert shops.list_own(session, actor) == []
    with pytest.raises(NotFound):
        shops.rest(actor=actor, seller_id=shop.id)
    assert open_for(actor.person_id, shop.organisation_id).id != shop.id


@pytest.mark.parametrize("name", ["", "   "])
def test_a_shop_needs_a_name(session, name):
    with pytest.raises(NoShopName):
        open_for(a_person().id, an_organisation().id, store_name=name)
    shop, actor = a_shop(phone="+6281234567891")
    with pytest.raises(NoShopName):
        shops.edit_profile(actor=actor, seller_id=shop.id, changes={"store_name": name})


def test_every_box_of_the_profile_is_kept(session):
    shop, actor = a_shop()
    profile = shops.Profile(
        store_name="Keripik Nur",
        call_me="Bu Nur",
        story="Di Taiwan saya menjaga nenek.",
        story_en="In Taiwan I cared for a grandmother.",
        mission="Tidak perlu berangkat lagi.",
        difference="Digoreng kecil-kecil.",
        languages=["id", "jv", "zh_hant"],
        district_code="330706",
        returned_from=["TW"],
        away_from_year=2011,
        away_until_year=2016,
        language_gained="Mandarin",
        shows_return=True,
        cutoff=time(10),
        device="Android 2 GB",
        signal="3G kadang hilang",
        turnover_statement_year=2026,
    )
    assert set(profile) == set(shops.Profile.__annotations__)
    shops.edit_profile(actor=actor, seller_id=shop.id, changes=profile)
    session.expire_all()
    kept = session.get(Seller, shop.id)
    assert {box: getattr(kept, box) for box in profile} == profile


def test_what_is_left_out_stays(session):
    shop, actor = a_shop()
    shops.edit_profile(actor=actor, seller_id=shop.id, changes={"story": "Satu"})
    shops.edit_profile(actor=actor, seller_id=shop.id, changes={"mission": "Dua"})
    assert (shop.story, shop.mission, shop.store_name) == ("Satu", "Dua", "Keripik Bu Nur")


def test_coming_home_is_hidden_unless_she_says_so(session):
    shop, actor = a_shop()
    shops.edit_profile(actor=actor, seller_id=shop.id, changes={"returned_from": ["TW"]})
    assert shop.shows_return is False


@pytest.mark.parametrize("box", shops.SCANNED)
def test_no_claim_is_written_on_a_shop(session, box):
    shop, actor = a_shop()
    with pytest.raises(ForbiddenWords) as refused:
        shops.edit_profile(actor=actor, seller_id=shop.id, changes={box: "obat diabetes"})
    assert refused.value.box == box
    session.refresh(shop)
    assert getattr(shop, box) != "obat diabetes"


@pytest.mark.parametrize(
    "changes",
    [{"store_name": "x" * 81}, {"mission": "x" * 201}, {"languages": ["x" * 13]}],
)
def test_what_does_not_fit_is_refused_by_name(session, changes):
    shop, actor = a_shop()
    with pytest.raises(TooLong):
        shops.edit_profile(actor=actor, seller_id=shop.id, changes=changes)


def test_she_came_home_after_she_left(session):
    shop, actor = a_shop()
    years = {"away_from_year": 2016, "away_until_year": 2011}
    with pytest.raises(YearsTurned):
        shops.edit_profile(actor=actor, seller_id=shop.id, changes=years)
    shops.edit_profile(actor=actor, seller_id=shop.id, changes={"away_from_year": 2016})
    with pytest.raises(YearsTurned):
        shops.edit_profile(actor=actor, seller_id=shop.id, changes={"away_until_year": 2011})


def test_strangers_find_no_shop(session):
    shop, _ = a_shop()
    _other, stranger = a_shop("Opak", maker="Wagi", phone="+6281234567891")
    for actor in (stranger, GUEST, Actor(10**12)):
        with pytest.raises(NotFound):
            shops.edit_profile(actor=actor, seller_id=shop.id, changes={"story": "x"})
        with pytest.raises(NotFound):
            shops.rest(actor=actor, seller_id=shop.id)
        with pytest.raises(NotFound):
            shops.reopen(actor=actor, seller_id=shop.id)
    assert (shop.story, shop.resting) == ("", False)


def test_a_helper_with_sell_may_act_until_it_is_revoked(session):
    shop, _ = a_shop()
    helper = an_actor("Umi", phone="+6281234567891")
    grant = give(helper, SELL, shop.id)
    shops.edit_profile(actor=helper, seller_id=shop.id, changes={"story": "Dibantu"})
    access.revoke(actor=SYSTEM, grant_id=grant.id)
    with pytest.raises(NotFound):
        shops.edit_profile(actor=helper, seller_id=shop.id, changes={"story": "Lagi"})


def test_her_own_shop_comes_before_those_she_helps(session):
    helped, _ = a_shop("Opak", maker="Wagi", phone="+6281234567891")
    own, actor = a_shop()
    give(actor, SELL, helped.id)
    assert [row.id for row in shops.list_own(session, actor)] == [own.id, helped.id]
    assert shops.get_asked(session, actor, "").id == own.id
    assert shops.get_asked(session, actor, "opak").id == helped.id
    for slug in ("tidak-ada", "\x00", "OPAK"):
        with pytest.raises(NotFound):
            shops.get_asked(session, actor, slug)


def test_a_rest_lasts_through_its_last_day_and_ends_by_itself(session):
    today = clock.today()
    shop, actor = a_shop()
    other, someone = a_shop("Opak", maker="Wagi", phone="+6281234567891")
    shops.rest(actor=actor, seller_id=shop.id, until=today, note="Panen dulu")
    shops.rest(actor=someone, seller_id=other.id)
    assert shops.wake_rested(actor=SYSTEM) == 0
    shop.resting_until = today - timedelta(days=1)
    session.commit()
    shops.end_rests.run()
    shops.end_rests.run()
    session.expire_all()
    assert (shop.resting, shop.resting_until, shop.rest_note) == (False, None, "")
    assert other.resting is True


def test_a_rest_ends_when_she_says_so(session):
    shop, actor = a_shop()
    shops.rest(actor=actor, seller_id=shop.id, note="Sakit")
    shops.reopen(actor=actor, seller_id=shop.id)
    assert (shop.resting, shop.rest_note) == (False, "")


def test_no_rest_ends_in_the_past(session):
    shop, actor = a_shop()
    with pytest.raises(RestInThePast):
        shops.rest(actor=actor, seller_id=shop.id, until=date(2020, 1, 1))
    with pytest.raises(TooLong):
        shops.rest(actor=actor, seller_id=shop.id, note="x" * 161)
    assert shop.resting is False


def test_every_change_names_who_did_it_and_no_words(session):
    shop, actor = a_shop()
    before = session.query(Audit).count()
    shops.edit_profile(actor=actor, seller_id=shop.id, changes={"story": "Rahasia"})
    row = session.query(Audit).order_by(Audit.id.desc()).first()
    assert session.query(Audit).count() == before + 1
    assert (row.actor_id, row.action, row.object_id) == (actor.person_id, "shop.edit", str(shop.id))
    assert "Rahasia" not in str(row.facts)
