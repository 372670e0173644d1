"""What buyers may see: only what is complete, and never what the operator has hidden."""

import pytest

from core import orgs
from core.actors import GUEST
from core.errors import NotFound
from core.rights import OPERATE
from core.tasks import list_for
from sellers import listings, publishing
from sellers.publishing import NoReason, NotReady
from sellers.shops import TooLong
from tests.factories import an_actor, give
from tests.sellers.factories import a_category, a_draft, a_live_listing, a_permit, a_shop

pytestmark = pytest.mark.service


def an_operator(session):
    actor = an_actor("Pengelola", phone="+6281234567899")
    grant = give(actor, OPERATE, orgs.operator(session).id)
    assert grant.needs_confirmation is False
    return actor


def codes(session, listing):
    return [gap.code for gap in publishing.blocking(session, listing)]


def test_a_covered_food_is_published(session):
    shop, actor = a_shop()
    made = a_draft(shop)
    with pytest.raises(NotReady) as refused:
        publishing.publish(actor=actor, listing_id=made.id)
    assert [gap.code for gap in refused.value.gaps] == ["no_food_permit"]
    assert "P-IRT" in str(refused.value.sentence)
    assert (made.state, made.published_at) == ("draft", None)
    a_permit(shop, listing_ids=[made.id])
    publishing.publish(actor=actor, listing_id=made.id)
    assert made.state == "live"
    assert made.published_at is not None


def test_a_number_that_waits_is_not_enough(session):
    shop, _ = a_shop()
    made = a_draft(shop)
    a_permit(shop, typed="", listing_ids=[made.id])
    assert codes(session, made) == ["food_permit_waits"]


def test_the_permit_of_another_product_does_not_count(session):
    shop, _ = a_shop()
    made, other = a_draft(shop), a_draft(shop)
    a_permit(shop, listing_ids=[other.id])
    assert codes(session, made) == ["no_food_permit"]


def test_fresh_food_is_published_without_a_number(session):
    shop, actor = a_shop()
    made = a_draft(shop, "Nagasari", shelf_life_days=2)
    assert publishing.publish(actor=actor, listing_id=made.id).state == "live"


def test_cloth_is_published_without_any_permit(session):
    shop, actor = a_shop()
    made = a_draft(shop, "Selendang", category=a_category("batik", is_food=False))
    assert publishing.publish(actor=actor, listing_id=made.id).state == "live"


def test_a_draft_lacks_price_and_category_by_name(session):
    shop, actor = a_shop()
    made = listings.draft(actor=actor, seller_id=shop.id, details={"name": "Opak"})
    assert codes(session, made) == ["no_variant", "no_category"]


def test_translations_are_scanned_too(session):
    shop, _ = a_shop()
    made = a_live_listing(shop)
    made.translations = {"zh_hant": {"name": "no refunds"}}
    assert codes(session, made) == ["claim"]


def test_publishing_again_does_not_make_it_newer(session):
    shop, actor = a_shop()
    made = a_live_listing(shop)
    first = made.published_at
    listings.archive(actor=actor, listing_id=made.id)
    listings.restore(actor=actor, listing_id=made.id)
    publishing.publish(actor=actor, listing_id=made.id)
    publishing.publish(actor=actor, listing_id=made.id)
    assert made.published_at == first


def test_the_operator_hides_with_a_reason_and_the_seller_is_told(session):
    shop, actor = a_shop()
    operator = an_operator(session)
    made = a_live_listing(shop, halal="in_process")
    publishing.hide(actor=operator, listing_id=made.id, reason="Wajah anak terlihat")
    assert (made.state, made.hidden_reason) == ("live", "Wajah anak terlihat")
    (task,) = list_for(session, actor)
    assert task.sentence == "Keripik Pisang disembunyikan pengelola: Wajah anak terlihat"
    publishing.hide(actor=operator, listing_id=made.id, reason="Foto buram")
    (task,) = list_for(session, actor)
    assert "Foto buram" in task.sentence
    publishing.show_again(actor=operator, listing_id=made.id)
    assert (made.hidden_reason, list_for(session, actor)) == ("", [])


@pytest.mark.parametrize(
    ("reason", "error"), [("", NoReason), (" ", NoReason), ("x" * 201, TooLong)]
)
def test_nothing_is_hidden_without_a_reason(session, reason, error):
    shop, _ = a_shop()
    made = a_live_listing(shop)
    with pytest.raises(error):
        publishing.hide(actor=an_operator(session), listing_id=made.id, reason=reason)
    assert made.hidden_reason == ""


def test_only_the_operator_hides(session):
    shop, actor = a_shop()
    made = a_live_listing(shop)
    for who in (actor, GUEST):
        with pytest.raises(NotFound):
            publishing.hide(actor=who, listing_id=made.id, reason="x")
        with pytest.raises(NotFound):
            publishing.show_again(actor=who, listing_id=made.id)
    with pytest.raises(NotFound):
        publishing.hide(actor=an_operator(session), listing_id=10**9, reason="x")
    assert made.hidden_reason == ""


def test_strangers_cannot_publish(session):
    shop, _ = a_shop()
    _other, stranger = a_shop("Opak", maker="Wagi", phone="+6281234567891")
    made = a_draft(shop, "Nagasari", shelf_life_days=2)
    with pytest.raises(NotFound):
        publishing.publish(actor=stranger, listing_id=made.id)
    assert made.state == "draft"
