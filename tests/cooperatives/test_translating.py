"""A member translates another's product: who may, who decides, and who is named."""

import pytest

from cooperatives import members, tongues, translating
from cooperatives.models import Translation
from core import access, clock, privacy, signin, tasks
from core.actors import SYSTEM, Actor
from core.errors import NotFound
from core.notices import Notice
from core.people import Person
from core.visitor import SESSION_KEY
from sellers.models import Category, Listing
from sellers.publishing import NotReady
from sellers.rights import SELL
from shop.product import find_product
from tests.cooperatives.factories import a_cooperative, a_listing, a_seller, a_variant, saved
from tests.factories import send

pytestmark = pytest.mark.service


def sells(seller):
    access.give(actor=SYSTEM, person_id=seller.person_id, right=SELL, subject_id=seller.id)
    return Actor(seller.person_id)


@pytest.fixture
def market(session):
    class Market:
        cooperative = a_cooperative()
        seller = a_seller(cooperative)
        owner = sells(seller)
        listing = a_listing(seller, description="Renyah dan gurih.", published_at=clock.now())

    a_variant(Market.listing)
    return Market


def a_speaker(cooperative, *languages, name="Bu Siti", member=True):
    person = saved(Person(name=name, call_me=name, languages=["id", *languages]))
    if member:
        members.join(actor=SYSTEM, cooperative_id=cooperative.id, person_id=person.id)
    return Actor(person.id)


def asked(market, language="ar", **more):
    return translating.ask(
        actor=market.owner, listing_id=market.listing.id, language=language, **more
    ).id


def accepted(market, by, language="ar", name="رقائق", may_name=True):
    number = asked(market, language)
    translating.write(actor=by, translation_id=number, name=name, may_name=may_name)
    translating.accept(actor=market.owner, listing_id=market.listing.id, translation_id=number)
    return number


def found_by(session, actor):
    return [row.id for row in tongues.list_for(session, actor)]


def credits_of(session, market):
    row = find_product(session, market.listing.slug).product().row
    return {one["language"]: one["call_me"] for one in row.credits}


def test_members_who_speak_it_find_the_request(session, market):
    number = asked(market, fee=25_000, note="Halus ya.")
    speaker = a_speaker(market.cooperative, "ar")
    assert found_by(session, speaker) == [number]
    row = tongues.find_for(session, speaker, number)
    assert (row.fee, row.note, row.listing_name) == (25_000, "Halus ya.", market.listing.name)
    assert not session.query(Notice).count(), "a request bothers nobody"


@pytest.mark.parametrize(
    "stranger",
    [
        lambda market: a_speaker(market.cooperative, "en"),
        lambda market: a_speaker(a_cooperative(), "ar"),
        lambda market: a_speaker(market.cooperative, "ar", member=False),
        lambda market: market.owner,
    ],
    ids=["other language", "other cooperative", "no member", "the maker herself"],
)
def test_it_is_not_there_for_others(session, market, stranger):
    number = asked(market)
    actor = stranger(market)
    assert found_by(session, actor) == []
    with pytest.raises(NotFound):
        tongues.find_for(session, actor, number)
    with pytest.raises(NotFound):
        translating.write(actor=actor, translation_id=number, name="x")


def test_languages_of_her_shop_count_too(session, market):
    number = asked(market, "ko")
    colleague = a_seller(market.cooperative, languages=["id", "ko"])
    members.join(actor=SYSTEM, cooperative_id=market.cooperative.id, person_id=colleague.person_id)
    assert found_by(session, Actor(colleague.person_id)) == [number]


def test_what_is_written_waits_for_the_maker(session, market):
    number, speaker = asked(market), a_speaker(market.cooperative, "ar")
    translating.write(actor=speaker, translation_id=number, name="رقائق", description="لذيذ")
    session.expire_all()
    assert session.get(Listing, market.listing.id).translations == {}
    assert [task.kind for task in tasks.list_for(session, market.owner)] == [
        translating.TO_READ.name
    ]
    translating.accept(actor=market.owner, listing_id=market.listing.id, translation_id=number)
    session.expire_all()
    told = session.get(Listing, market.listing.id).translations
    assert told == {"ar": {"name": "رقائق", "description": "لذيذ"}}
    row = session.get(Translation, number)
    assert (row.state, row.translator_id, row.decided_by) == (
        "accepted", speaker.person_id, market.owner.person_id,
    )  # fmt: skip
    assert row.written_at
    assert row.decided_at
    assert tasks.list_for(session, market.owner) == []
    assert session.query(Notice).filter_by(person_id=speaker.person_id).count() == 1


def test_english_goes_into_its_own_boxes(session, market):
    accepted(market, a_speaker(market.cooperative, "en"), "en", "Banana crisps")
    session.expire_all()
    listing = session.get(Listing, market.listing.id)
    assert (listing.name_en, listing.translations) == ("Banana crisps", {})


def test_other_languages_stay_when_one_is_accepted(session, market):
    session.get(Listing, market.listing.id).translations = {"zh_hant": {"name": "香蕉片"}}
    session.commit()
    accepted(market, a_speaker(market.cooperative, "ar"))
    session.expire_all()
    assert set(session.get(Listing, market.listing.id).translations) == {"zh_hant", "ar"}


def test_she_is_named_only_with_her_consent(session, market):
    speaker = a_speaker(market.cooperative, "ar")
    number = accepted(market, speaker, may_name=False)
    assert credits_of(session, market) == {}
    translating.name_me(actor=speaker, translation_id=number, may_name=True)
    assert credits_of(session, market) == {"ar": "Bu Siti"}
    translating.name_me(actor=speaker, translation_id=number, may_name=False)
    assert credits_of(session, market) == {}


def test_nobody_else_says_whether_she_is_named(session, market):
    number = accepted(market, a_speaker(market.cooperative, "ar"), may_name=False)
    with pytest.raises(NotFound):
        translating.name_me(actor=market.owner, translation_id=number, may_name=True)


def test_a_text_written_anew_by_its_maker_is_credited_to_nobody(session, market):
    accepted(market, a_speaker(market.cooperative, "en"), "en", "Banana crisps")
    assert credits_of(session, market) == {"en": "Bu Siti"}
    session.get(Listing, market.listing.id).name_en = "Crispy bananas"
    session.commit()
    assert credits_of(session, market) == {}


def test_it_comes_back_with_a_reason_and_is_mended_by_her_alone(session, market):
    number, speaker = asked(market), a_speaker(market.cooperative, "ar")
    of = {"listing_id": market.listing.id, "translation_id": number}
    translating.write(actor=speaker, translation_id=number, name="رقائق")
    with pytest.raises(translating.NoReason):
        translating.send_back(actor=market.owner, reason=" ", **of)
    translating.send_back(actor=market.owner, reason="Kurang tepat.", **of)
    with pytest.raises(NotFound):
        translating.write(
            actor=a_speaker(market.cooperative, "ar"), translation_id=number, name="x"
        )
    assert tongues.find_for(session, speaker, number).reason == "Kurang tepat."
    with pytest.raises(translating.NothingToDecide):
        translating.accept(actor=market.owner, **of)
    translating.write(actor=speaker, translation_id=number, name="رقائق الموز")
    translating.accept(actor=market.owner, **of)


def test_a_forbidden_claim_does_not_come_in_by_translation(session, market):
    number, speaker = asked(market, "en"), a_speaker(market.cooperative, "en")
    session.get(Category, market.listing.category_id).is_food = True
    session.commit()
    translating.write(actor=speaker, translation_id=number, name="Crisps that cure diabetes")
    with pytest.raises(NotReady):
        translating.accept(actor=market.owner, listing_id=market.listing.id, translation_id=number)
    session.expire_all()
    assert session.get(Translation, number).state == "written"


def test_one_open_request_for_a_language(session, market):
    number = asked(market)
    with pytest.raises(translating.AskedAlready):
        asked(market)
    translating.withdraw(actor=market.owner, listing_id=market.listing.id, translation_id=number)
    assert asked(market) != number


def test_what_was_withdrawn_is_not_written(session, market):
    number, speaker = asked(market), a_speaker(market.cooperative, "ar")
    translating.write(actor=speaker, translation_id=number, name="رقائق")
    translating.withdraw(actor=market.owner, listing_id=market.listing.id, translation_id=number)
    with pytest.raises(translating.TakenMeanwhile):
        translating.write(actor=speaker, translation_id=number, name="x")
    assert tasks.list_for(session, market.owner) == []


def test_strangers_decide_nothing(session, market):
    number, speaker = asked(market), a_speaker(market.cooperative, "ar")
    translating.write(actor=speaker, translation_id=number, name="رقائق")
    other = sells(a_seller(market.cooperative))
    with pytest.raises(NotFound):
        translating.accept(actor=other, listing_id=market.listing.id, translation_id=number)


def test_who_is_erased_is_named_no_longer(session, market):
    speaker = a_speaker(market.cooperative, "ar")
    accepted(market, speaker)
    assert "رقائق" in str(privacy.gather(session, speaker.person_id))
    privacy.erase(actor=speaker)
    assert credits_of(session, market) == {}


def browsing(app, actor):
    """A browser in which somebody is signed in."""
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie[SESSION_KEY] = signin.open_sign_in(actor=actor, device="x")
    return browser


def test_the_pages_lead_from_asking_to_the_shop(app, session, market):
    speaker = a_speaker(market.cooperative, "ar")
    owner, writer = browsing(app, market.owner), browsing(app, speaker)
    of_listing = f"/ibu/produk/{market.listing.id}/terjemahan"
    assert send(owner, of_listing, language="ar", fee="25rb").status_code == 303
    assert "sudah diminta dan belum" in send(owner, of_listing, language="ar").text
    number = session.query(Translation.id).scalar()
    assert "25.000" in writer.get("/ibu/terjemah").text
    one = f"/ibu/terjemah/{number}"
    assert "لذيذ" in send(writer, one, name="", description="لذيذ").text, "what was typed stays"
    assert send(writer, one, name="رقائق", may_name="y").status_code == 303
    one = f"{of_listing}/{number}"
    assert "Tulis dulu apa yang perlu" in send(owner, one, answer="back").text
    assert send(owner, one, answer="accept").status_code == 303
    shown = app.test_client().get(f"/p/{market.listing.slug}").text
    assert "Diterjemahkan oleh Bu Siti." in shown
    assert 'lang="ar"' in shown


def test_who_has_left_the_cooperative_is_asked_no_longer(session, market):
    number, speaker = asked(market), a_speaker(market.cooperative, "ar")
    assert number in found_by(session, speaker)
    members.leave(actor=SYSTEM, cooperative_id=market.cooperative.id, person_id=speaker.person_id)
    assert found_by(session, speaker) == []
