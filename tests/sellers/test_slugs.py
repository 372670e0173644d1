"""Addresses are unique, readable, never those of the house, and never change."""

from functools import partial

import pytest

from core.actors import SYSTEM
from sellers import listings, shops, slugs
from sellers.models import Listing
from sellers.slugs import RESERVED, ReservedName
from tests.crowd import sessions_at_once
from tests.sellers.factories import a_draft, a_shop

pytestmark = pytest.mark.service


def test_two_products_of_one_name_get_two_addresses(session):
    shop, _ = a_shop()
    found = [a_draft(shop, "Keripik Pisang").slug for _ in range(3)]
    assert found == ["keripik-pisang", "keripik-pisang-2", "keripik-pisang-3"]


def test_a_name_that_ends_in_a_number_does_not_collide(session):
    shop, _ = a_shop()
    names = ["Opak 2", "Opak", "Opak", "Opak 2"]
    found = [a_draft(shop, name).slug for name in names]
    assert found == ["opak-2", "opak", "opak-3", "opak-2-2"]


def test_a_very_long_name_still_gets_its_own_address(session):
    shop, _ = a_shop()
    found = {a_draft(shop, "opak " * 24).slug for _ in range(3)}
    assert len(found) == 3
    assert max(len(slug) for slug in found) <= 80


def test_a_name_without_latin_letters_gets_an_address(session):
    shop, _ = a_shop()
    assert a_draft(shop, "香蕉脆片").slug == "tanpa-nama"
    assert a_draft(shop, "رقائق الموز").slug == "tanpa-nama-2"


@pytest.mark.parametrize("name", ["Lumbung", "ADMIN", "baru!", "Pengelola"])
def test_the_house_keeps_its_own_words(session, name):
    shop, _ = a_shop()
    with pytest.raises(ReservedName):
        a_draft(shop, name)
    assert session.query(Listing).count() == 0


def test_reserved_words_are_addresses_as_we_make_them():
    for word in RESERVED:
        assert slugs.slug(word) == word


def test_a_new_name_keeps_the_address(session):
    shop, actor = a_shop("Keripik Bu Nur")
    listing = a_draft(shop, "Keripik Pisang")
    shops.edit_profile(actor=actor, seller_id=shop.id, changes={"store_name": "Dapur Bu Nur"})
    listings.edit(actor=actor, listing_id=listing.id, changes={"name": "Pisang Renyah"})
    assert (shop.slug, shop.store_name) == ("keripik-bu-nur", "Dapur Bu Nur")
    assert (listing.slug, listing.name) == ("keripik-pisang", "Pisang Renyah")


@pytest.mark.race
def test_drafts_of_one_name_in_six_shops_at_once_get_six_addresses(committed):
    found = [
        a_shop(f"Toko {n}", maker="Nur", phone=f"+62812345678{n}")[0].id for n in range(10, 16)
    ]

    def begin(seller_id):
        made = listings.draft(actor=SYSTEM, seller_id=seller_id, details={"name": "Opak"})
        return made.slug

    slugs_made = sessions_at_once(committed, *[partial(begin, shop) for shop in found])
    assert sorted(slugs_made) == ["opak", "opak-2", "opak-3", "opak-4", "opak-5", "opak-6"]
