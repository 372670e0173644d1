"""A product put up in one step, exactly once, and shown where the law allows."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from cooperatives import new_product, stock
from cooperatives.consignment import NoTerms
from cooperatives.models import Lot, Movement, Place
from cooperatives.product_answers import Unreadable
from core import acts, clock
from core.actors import Actor
from core.acts import Act
from core.db import db
from core.errors import Conflict, NotFound
from sellers import variants
from sellers.listings import TooManyListings
from sellers.models import Listing
from sellers.settings import SellerSettings
from sellers.training.models import ListingTraining
from tests.cooperatives.factories import a_cooperative
from tests.sellers.factories import HALAL, a_category, a_permit, a_shop
from tests.sellers.training.factories import a_cohort, a_provider, a_woman, enrolled

pytestmark = pytest.mark.service
TYPED = {"name": "Tas Rajut", "price": "165rb", "stock": "4", "weight": "400 g"}


@pytest.fixture
def hers(session):
    shop, actor = a_shop(organisation=a_cooperative())
    a_category("kerajinan", is_food=False)
    return shop, actor


def add(shop, actor, act_id=None, **typed):
    return send(actor, {"shop": shop.id, **TYPED, **typed}, act_id)


def send(actor, content, act_id=None, at=None):
    return acts.carry_out(
        actor=actor,
        act_id=act_id or uuid4(),
        kind=new_product.KIND,
        content=content,
        claimed=acts.believe(at, clock.now()) if at else None,
    )


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def test_it_is_there_with_price_weight_and_goods_at_home(hers):
    shop, actor = hers
    made = add(shop, actor)
    assert (made["is_live"], made["missing"]) == (True, [])
    assert made["sentence"] == "Tas Rajut sudah tayang."
    listing = db.session.get(Listing, made["listing"])
    (size,) = variants.list_of(db.session, listing.id)
    assert (size.price, size.weight_grams, size.unit) == (165_000, 400, "buah")
    assert stock.available(db.session, [size.id]) == {size.id: 4}
    (movement,) = db.session.scalars(select(Movement))
    home = db.session.get(Place, movement.to_place_id)
    assert (movement.kind, home.kind, home.seller_id) == ("receive", "home", shop.id)


def test_the_same_act_twice_is_one_product(hers):
    shop, actor = hers
    act_id = uuid4()
    first, second = add(shop, actor, act_id=act_id), add(shop, actor, act_id=act_id)
    assert first == second
    assert (count(Listing), count(Movement), count(Lot), count(Act)) == (1, 1, 1, 1)


def test_the_same_act_with_other_answers_is_a_conflict(hers):
    shop, actor = hers
    act_id = uuid4()
    add(shop, actor, act_id=act_id)
    with pytest.raises(Conflict):
        add(shop, actor, price="1rb", act_id=act_id)
    assert count(Listing) == 1


def test_what_a_phone_sends_is_read_like_the_page(hers):
    shop, actor = hers
    answer = send(actor, {"shop": shop.id, **TYPED})
    assert answer["is_live"] is True
    assert answer["link"] == f"/ibu/produk/{answer['listing']}"


@pytest.mark.parametrize("odd", [None, "x", True, 10**30])
def test_a_shop_that_is_none_adds_nothing(hers, odd):
    _shop, actor = hers
    content = {"shop": odd, **TYPED} if odd is not None else TYPED
    with pytest.raises((NotFound, Unreadable)):
        send(actor, content)
    assert count(Listing) == 0


def test_nobody_adds_to_the_shop_of_another(hers):
    shop, _actor = hers
    _theirs, stranger = a_shop("Opak Bu Tri", maker="Tri", phone="+6281234567891")
    with pytest.raises(NotFound):
        add(shop, stranger)
    with pytest.raises(NotFound):
        send(Actor(None), {"shop": shop.id, **TYPED})
    assert count(Listing) == 0


def test_food_without_a_number_waits_as_a_draft_with_its_goods(hers):
    shop, actor = hers
    a_category("keripik")
    made = add(shop, actor, name="Keripik Talas")
    assert made["is_live"] is False
    assert made["missing"] == [
        "Nomor P-IRT atau BPOM belum ada. Tanpa nomor, pangan belum boleh tayang."
    ]
    assert made["sentence"].startswith("Keripik Talas tersimpan sebagai draf. Nomor P-IRT")
    assert count(Movement) == 1


def test_food_with_her_own_papers_is_shown_at_once(hers):
    shop, actor = hers
    a_category("keripik")
    pirt, halal = a_permit(shop), a_permit(shop, "halal", HALAL)
    made = add(shop, actor, name="Keripik Talas", permits=[str(pirt.id), str(halal.id)])
    assert made["is_live"] is True
    assert db.session.get(Listing, made["listing"]).halal == "certified"


def test_papers_of_others_cover_nothing(hers):
    shop, actor = hers
    a_category("keripik")
    other, _stranger = a_shop("Opak Bu Tri", maker="Tri", phone="+6281234567891")
    theirs = a_permit(other)
    made = add(shop, actor, name="Keripik Talas", permits=[str(theirs.id), "99"])
    assert made["is_live"] is False


def test_fresh_food_needs_no_number_and_says_its_last_good_day(hers):
    shop, actor = hers
    a_category("keripik")
    made = add(shop, actor, name="Keripik basah", keeps="3")
    assert made["is_live"] is True
    (lot,) = db.session.scalars(select(Lot))
    assert lot.best_before == clock.today() + timedelta(days=3)


def test_a_phone_that_waited_longer_than_the_food_keeps_brings_no_old_goods(hers):
    shop, actor = hers
    a_category("keripik")
    content = {"shop": shop.id, **TYPED, "name": "Keripik basah", "keeps": "3"}
    long_ago = clock.now() - timedelta(days=9)
    answer = send(actor, content, at=long_ago)
    assert answer["is_live"] is True
    assert "Stoknya tidak dicatat" in answer["sentence"]
    assert count(Lot) == 0


def test_a_forbidden_claim_makes_a_draft_and_says_what_to_write(hers):
    shop, actor = hers
    a_category("minuman")
    made = add(shop, actor, name="Jahe obat kanker", keeps="3")
    assert made["is_live"] is False
    assert "tidak boleh ditulis pada makanan" in made["missing"][0]


def test_a_draft_was_wanted(hers):
    made = add(*hers, publish=False)
    assert (made["is_live"], made["missing"]) == (False, [])
    assert made["sentence"] == "Tas Rajut tersimpan sebagai draf."


def test_nothing_at_home_is_no_movement(hers):
    assert add(*hers, stock="0")["is_live"] is True
    assert count(Movement) == 0


def test_a_shelf_that_is_gone_leaves_a_draft(hers):
    made = add(*hers, category="999")
    assert made["missing"] == ["Jenis barang belum dipilih."]


def test_a_closed_shelf_is_not_guessed(hers):
    a_category("keripik", closed_reason="Sedang ditata")
    made = add(*hers, name="Keripik")
    assert made["missing"] == ["Jenis barang belum dipilih."]


def test_a_refusal_leaves_nothing_behind(session):
    shop, actor = a_shop()  # Its organisation never wrote terms.
    a_category("kerajinan", is_food=False)
    with pytest.raises(NoTerms):
        add(shop, actor)
    assert (count(Listing), count(Act), count(Lot)) == (0, 0, 0)


def test_the_limit_of_products_is_kept(hers, app, monkeypatch):
    monkeypatch.setitem(app.extensions["settings"], SellerSettings, SellerSettings(listings_max=1))
    add(*hers)
    with pytest.raises(TooManyListings):
        add(*hers)
    assert (count(Listing), count(Movement)) == (1, 1)


def test_the_class_whose_task_it_is_stands_behind_it(session, hers):
    shop, actor = hers
    enrolment_id = enrolled(a_cohort(a_provider()), actor)
    made = add(shop, actor, training=str(enrolment_id))
    behind = select(ListingTraining.enrolment_id).where(
        ListingTraining.listing_id == made["listing"]
    )
    assert list(session.scalars(behind)) == [enrolment_id]


def test_a_class_that_is_not_hers_is_left_out_and_loses_nothing(session, hers):
    shop, actor = hers
    theirs = enrolled(a_cohort(a_provider()), a_woman())
    for training in (theirs, 10**8, "x", ""):
        assert add(shop, actor, training=str(training))["listing"]
    assert count(ListingTraining) == 0
