"""Sizes: added, changed for what comes, put away, and never deleted."""

import pytest

from core.errors import NotFound
from sellers import variants
from sellers.models import Variant
from sellers.variants import BadPrice, BadWeight, LastVariant, Size, TooManyVariants
from tests.sellers.factories import a_draft, a_live_listing, a_shop, a_size

pytestmark = pytest.mark.service

FULL = Size(
    price=18_000,
    weight_grams=450,
    name="400 g",
    unit="bungkus",
    net_weight_grams=400,
    length_cm=24,
    width_cm=16,
    height_cm=6,
    production_cost=10_500,
)


def open_prices(session, listing):
    return [one.price for one in variants.list_of(session, listing.id)]


def test_everything_known_of_a_size_is_kept(session):
    shop, actor = a_shop()
    listing = a_draft(shop, size=None)
    made = variants.add(actor=actor, listing_id=listing.id, size=FULL)
    session.expire_all()
    assert variants.size_of(session.get(Variant, made.id)) == FULL


def test_sizes_keep_their_order_and_names_of_their_own(session):
    shop, actor = a_shop()
    listing = a_draft(shop)
    for price in (20_000, 30_000):
        variants.add(actor=actor, listing_id=listing.id, size=a_size(price))
    found = variants.list_of(session, listing.id)
    assert [one.price for one in found] == [14_000, 20_000, 30_000]
    assert [one.sku for one in found] == [f"B{listing.id}-{n}" for n in (1, 2, 3)]


def test_a_new_size_never_takes_the_name_of_one_put_away(session):
    shop, actor = a_shop()
    listing = a_draft(shop)
    first = variants.list_of(session, listing.id)[0]
    variants.archive(actor=actor, variant_id=first.id)
    made = variants.add(actor=actor, listing_id=listing.id, size=a_size())
    assert made.sku != first.sku
    assert [one.id for one in variants.list_of(session, listing.id, archived=True)] == [first.id]


@pytest.mark.parametrize(
    ("size", "error"),
    [
        (a_size(price=0), BadPrice),
        (a_size(price=-1), BadPrice),
        (a_size(price=1_000_000_001), BadPrice),
        (a_size(production_cost=-1), BadPrice),
        (a_size(weight_grams=0), BadWeight),
        (a_size(weight_grams=100_001), BadWeight),
        (a_size(net_weight_grams=0), BadWeight),
    ],
)
def test_a_size_that_cannot_be_is_refused_by_name(session, size, error):
    shop, actor = a_shop()
    listing = a_draft(shop)
    variant = variants.list_of(session, listing.id)[0]
    with pytest.raises(error):
        variants.add(actor=actor, listing_id=listing.id, size=size)
    with pytest.raises(error):
        variants.edit(actor=actor, variant_id=variant.id, size=size)
    session.expire_all()
    assert open_prices(session, listing) == [14_000]


def test_a_price_can_change_while_buyers_see_it(session):
    shop, actor = a_shop()
    listing = a_live_listing(shop)
    variant = variants.list_of(session, listing.id)[0]
    variants.edit(actor=actor, variant_id=variant.id, size=a_size(15_000))
    assert open_prices(session, listing) == [15_000]


def test_what_buyers_see_keeps_a_price(session):
    shop, actor = a_shop()
    listing = a_live_listing(shop)
    first = variants.list_of(session, listing.id)[0]
    with pytest.raises(LastVariant):
        variants.archive(actor=actor, variant_id=first.id)
    variants.add(actor=actor, listing_id=listing.id, size=a_size(20_000))
    variants.archive(actor=actor, variant_id=first.id)
    variants.archive(actor=actor, variant_id=first.id)
    assert open_prices(session, listing) == [20_000]
    variants.restore(actor=actor, variant_id=first.id)
    assert open_prices(session, listing) == [14_000, 20_000]


def test_there_is_an_end_to_sizes(session):
    shop, actor = a_shop()
    listing = a_draft(shop, size=None)
    for _ in range(12):
        variants.add(actor=actor, listing_id=listing.id, size=a_size())
    with pytest.raises(TooManyVariants):
        variants.add(actor=actor, listing_id=listing.id, size=a_size())


def test_strangers_find_no_size(session):
    shop, _ = a_shop()
    _other, stranger = a_shop("Opak", maker="Wagi", phone="+6281234567891")
    listing = a_draft(shop)
    variant = variants.list_of(session, listing.id)[0]
    for act in (
        lambda: variants.add(actor=stranger, listing_id=listing.id, size=a_size()),
        lambda: variants.edit(actor=stranger, variant_id=variant.id, size=a_size(1)),
        lambda: variants.archive(actor=stranger, variant_id=variant.id),
        lambda: variants.restore(actor=stranger, variant_id=variant.id),
    ):
        with pytest.raises(NotFound):
            act()
    assert open_prices(session, listing) == [14_000]
