"""Products: drafted in a minute, completed later, put away and brought back, never lost."""

import pytest

from core import access
from core.actors import GUEST, SYSTEM
from core.errors import NotFound
from core.tasks import Task
from sellers import listings, photos, publishing, variants
from sellers.listings import BadFigure, Details, NoName, NoSuchCategory, TooManyListings
from sellers.models import Listing, ListingPermit
from sellers.publishing import NotReady
from sellers.shops import TooLong
from sellers.slugs import ReservedName
from tests.sellers.factories import (
    a_category,
    a_draft,
    a_live_listing,
    a_photo_file,
    a_shop,
    a_size,
)

pytestmark = pytest.mark.service


def open_tasks(session):
    found = session.query(Task).filter(Task.closed_at.is_(None)).order_by(Task.id)
    return [(task.kind, task.doc_id, task.right_name, task.subject_id) for task in found]


def names(session, actor, shop, **more):
    rows, _count = listings.list_page(session, actor, shop.id, **more)
    return [row.name for row in rows]


def test_a_draft_needs_only_a_name(session):
    shop, actor = a_shop()
    made = listings.draft(actor=actor, seller_id=shop.id, details={"name": "Opak"})
    assert (made.state, made.slug, made.category_id) == ("draft", "opak", None)
    assert variants.list_of(session, made.id) == []


def test_a_draft_takes_its_first_size_along(session):
    shop, actor = a_shop()
    made = listings.draft(
        actor=actor, seller_id=shop.id, details={"name": "Opak"}, size=a_size(12_000), sku="LMB-1"
    )
    (size,) = variants.list_of(session, made.id)
    assert (size.price, size.sku) == (12_000, "LMB-1")


def test_every_box_of_the_details_is_kept(session):
    shop, actor = a_shop()
    category = a_category()
    details = Details(
        name="Tiwul Instan 400 g",
        name_en="Instant Tiwul 400 g",
        category_id=category.id,
        description="Siap seduh.",
        description_en="Ready to steam.",
        translations={"zh_hant": {"name": "速食木薯粗粉"}},
        ingredients="singkong 100%",
        ingredients_en="cassava 100%",
        allergens=["telur", "susu (jejak)"],
        storage="Tutup rapat.",
        storage_en="Keep closed.",
        shelf_life_days=240,
        halal="in_process",
        made_to_order=True,
        lead_days=2,
        capacity_sunny=60,
        capacity_rainy=25,
        export_to=["HK", "TW"],
        tags=["matahari"],
    )
    assert set(details) == set(Details.__annotations__)
    made = listings.draft(actor=actor, seller_id=shop.id, details={"name": "Tiwul"})
    listings.edit(actor=actor, listing_id=made.id, changes=details)
    session.expire_all()
    kept = session.get(Listing, made.id)
    assert {box: getattr(kept, box) for box in details} == details


@pytest.mark.parametrize(
    ("details", "error"),
    [
        ({"name": ""}, NoName),
        ({"name": "  "}, NoName),
        ({"name": "Admin"}, ReservedName),
        ({"name": "x" * 121}, TooLong),
        ({"name": "Opak", "allergens": ["x" * 31]}, TooLong),
        ({"name": "Opak", "category_id": 10**9}, NoSuchCategory),
        ({"name": "Opak", "halal": "entah"}, BadFigure),
        ({"name": "Opak", "shelf_life_days": -1}, BadFigure),
        ({"name": "Opak", "lead_days": -1}, BadFigure),
        ({"name": "Opak", "capacity_rainy": -1}, BadFigure),
    ],
)
def test_what_cannot_be_is_refused_by_name(session, details, error):
    shop, actor = a_shop()
    with pytest.raises(error):
        listings.draft(actor=actor, seller_id=shop.id, details=details)
    assert session.query(Listing).count() == 0


def test_goods_one_cannot_eat_have_no_halal_state(session):
    shop, actor = a_shop()
    cloth, food = a_category("batik", is_food=False), a_category("dodol")
    made = a_draft(shop, "Selendang", category=cloth, halal="certified")
    assert made.halal == "not_food"
    listings.edit(actor=actor, listing_id=made.id, changes={"category_id": food.id})
    assert made.halal == "none"


def test_what_buyers_see_stays_fit_to_be_seen(session):
    shop, actor = a_shop()
    closed = a_category("jamu", closed_reason="Menunggu izin")
    made = a_live_listing(shop)
    for changes in (
        {"description": "obat diabetes"},
        {"category_id": None},
        {"category_id": closed.id},
    ):
        with pytest.raises(NotReady):
            listings.edit(actor=actor, listing_id=made.id, changes=changes)
        session.refresh(made)
    assert (made.state, made.description, made.category_id is None) == ("live", "", False)


def test_a_draft_may_still_say_anything(session):
    shop, actor = a_shop()
    made = a_draft(shop)
    listings.edit(actor=actor, listing_id=made.id, changes={"description": "obat diabetes"})
    assert {gap.code for gap in publishing.blocking(session, made)} >= {"claim"}


def test_a_gap_that_stood_before_does_not_stop_her_other_work(session):
    shop, actor = a_shop()
    made = a_live_listing(shop)
    session.query(ListingPermit).delete()
    session.commit()
    listings.edit(actor=actor, listing_id=made.id, changes={"storage": "Tutup rapat."})
    assert made.storage == "Tutup rapat."


def test_food_without_halal_is_a_task_of_those_who_sell(session):
    shop, actor = a_shop()
    made = a_draft(shop)
    task = ("halal_missing", str(made.id), "sell", shop.id)
    assert open_tasks(session) == [task]
    listings.edit(actor=actor, listing_id=made.id, changes={"halal": "in_process"})
    assert open_tasks(session) == []
    listings.edit(actor=actor, listing_id=made.id, changes={"halal": "none"})
    assert open_tasks(session) == [task]
    listings.archive(actor=actor, listing_id=made.id)
    assert open_tasks(session) == []


def test_cloth_asks_for_no_halal(session):
    shop, _ = a_shop()
    a_draft(shop, "Selendang", category=a_category("batik", is_food=False))
    assert open_tasks(session) == []


def test_put_away_and_brought_back(session):
    shop, actor = a_shop()
    made = a_live_listing(shop)
    listings.archive(actor=actor, listing_id=made.id)
    assert made.state == "archived"
    listings.restore(actor=actor, listing_id=made.id)
    assert made.state == "draft"


def test_a_copy_is_a_draft_without_photos_and_permits(session, own_storage):
    shop, actor = a_shop()
    made = a_live_listing(shop, "Opak", halal="certified", description="Tipis")
    variants.add(actor=actor, listing_id=made.id, size=a_size(30_000))
    photos.attach(actor=actor, listing_id=made.id, content=a_photo_file())
    copy = listings.duplicate(actor=actor, listing_id=made.id)
    assert (copy.name, copy.slug, copy.state) == ("Opak (salinan)", "opak-salinan", "draft")
    assert (copy.description, copy.halal, copy.published_at) == ("Tipis", "none", None)
    assert [one.price for one in variants.list_of(session, copy.id)] == [14_000, 30_000]
    assert photos.list_of(session, copy.id) == []
    assert session.query(ListingPermit).filter_by(listing_id=copy.id).count() == 0
    assert made.state == "live"


def test_a_very_long_name_can_be_copied(session):
    shop, actor = a_shop()
    made = a_draft(shop, "x" * 120)
    assert len(listings.duplicate(actor=actor, listing_id=made.id).name) == 120


def test_there_is_an_end_to_products(session):
    shop, actor = a_shop()
    session.add_all(Listing(slug=f"opak-{n}", seller_id=shop.id, name="Opak") for n in range(500))
    session.commit()
    with pytest.raises(TooManyListings):
        listings.draft(actor=actor, seller_id=shop.id, details={"name": "Opak"})


def test_strangers_find_no_product(session):
    shop, actor = a_shop()
    _other, stranger = a_shop("Opak", maker="Wagi", phone="+6281234567891")
    made = a_live_listing(shop)
    for who in (stranger, GUEST):
        for act in (listings.archive, listings.restore, listings.duplicate):
            with pytest.raises(NotFound):
                act(actor=who, listing_id=made.id)
        with pytest.raises(NotFound):
            listings.edit(actor=who, listing_id=made.id, changes={"name": "x"})
        with pytest.raises(NotFound):
            listings.draft(actor=who, seller_id=shop.id, details={"name": "x"})
        assert names(session, who, shop) == []
        assert listings.names(session, who, shop.id) == {}
    assert (made.state, made.name) == ("live", "Keripik Pisang")
    assert names(session, actor, shop) == ["Keripik Pisang"]


def test_the_list_is_searched_and_sieved(session):
    shop, actor = a_shop()
    live = a_live_listing(shop, "Keripik Pisang")
    a_draft(shop, "Dodol 100% Salak")
    away = a_draft(shop, "Opak")
    listings.archive(actor=actor, listing_id=away.id)
    assert names(session, actor, shop) == ["Dodol 100% Salak", "Keripik Pisang"]
    assert names(session, actor, shop, state="live") == ["Keripik Pisang"]
    assert names(session, actor, shop, state="archived") == ["Opak"]
    assert names(session, actor, shop, words="PISANG") == ["Keripik Pisang"]
    assert names(session, actor, shop, words="0% s") == ["Dodol 100% Salak"]
    assert names(session, actor, shop, words="%") == ["Dodol 100% Salak"]
    assert names(session, actor, shop, state="'; drop table listing; --") == [
        "Dodol 100% Salak",
        "Keripik Pisang",
    ]
    assert set(listings.names(session, actor, shop.id)) >= {live.id, away.id}


def test_a_long_list_is_paged_and_told_apart(session):
    shop, actor = a_shop()
    for number in range(26):
        a_draft(shop, f"Opak {number:02}", size=None)
    first, count = listings.list_page(session, actor, shop.id)
    second, _ = listings.list_page(session, actor, shop.id, page=2)
    assert (count, len(first), [row.name for row in second]) == (26, 24, ["Opak 01", "Opak 00"])


def test_a_row_shows_the_first_ready_photo_and_the_lowest_price(session, own_storage):
    shop, actor = a_shop()
    made = a_draft(shop)
    variants.add(actor=actor, listing_id=made.id, size=a_size(9_000))
    waiting = photos.attach(actor=actor, listing_id=made.id, content=a_photo_file())
    ready = photos.attach(actor=actor, listing_id=made.id, content=a_photo_file())
    ready.state, ready.key_base, ready.width, ready.height = "ready", "public/photo/abc", 800, 600
    session.commit()
    ((row,), _count) = listings.list_page(session, actor, shop.id)
    assert (row.price, row.sizes, row.key_base) == (9_000, 2, "public/photo/abc")
    assert waiting.state == "waiting"


def test_the_house_itself_may_act_for_every_shop(session):
    shop, _ = a_shop()
    made = a_draft(shop)
    listings.edit(actor=SYSTEM, listing_id=made.id, changes={"tags": ["unggulan"]})
    assert made.tags == ["unggulan"]
    assert access.subjects(session, SYSTEM) == frozenset()
