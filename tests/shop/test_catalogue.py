"""Cards: what buyers may see, in which order, and what stands on each."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.images import Photo
from core.orgs import operator_id
from core.rights import OPERATE
from sellers.training import certificates, showing, skills
from sellers.training.models import Certificate
from shop.catalogue import Card, Cursor, Filter, list_cards
from tests.cooperatives.factories import (
    a_cooperative,
    a_lot,
    a_place,
    a_seller,
    a_variant,
    counted,
    promised,
    saved,
)
from tests.factories import an_actor, give
from tests.sellers.training.factories import a_completed, a_provider, a_woman, an_issuer
from tests.sellers.training.factories import a_seller as a_maker
from tests.shop.factories import a_shelf, certified, first_size, goods, photograph, stock

pytestmark = pytest.mark.service


def names(session, **wanted):
    return [card.name for card in list_cards(session, Filter(**wanted)).cards]


def only_card(session, **wanted):
    (card,) = list_cards(session, Filter(**wanted)).cards
    return card


def test_a_card_says_what_a_buyer_asks_first(session):
    seller = a_seller(store_name="Dapur Bu Nur", district_code="330707")
    listing = goods("Opak", seller=seller, prices=(20_000, 12_000), units=3)
    photograph(listing)
    base = "/media/photo/0123456789abcdef01234567"
    assert only_card(session) == Card(
        url=f"/p/{listing.slug}",
        name="Opak",
        price=12_000,
        price_from=True,
        maker="Dapur Bu Nur",
        place_note="Kalikajar, Wonosobo",
        photo=Photo(base, 1280, 960, "Renyah", "#c08040"),
        resting=False,
        sold_out=False,
        listing_id=listing.id,
    )


def test_one_price_is_no_from_price(session):
    goods(prices=(15_000, 15_000))
    assert only_card(session).price_from is False


def test_an_archived_size_sets_no_price(session):
    listing = goods(prices=(15_000,))
    a_variant(listing, price=1_000, archived_at=clock.now())
    assert (only_card(session).price, only_card(session).price_from) == (15_000, False)


def test_goods_at_the_kiosk_are_said_to_be_there(session):
    goods(seller=a_seller(district_code="330707"), units=2, at=a_place(slug="kios-terminal"))
    assert only_card(session).place_note == "Kios-Terminal"


def test_a_photo_is_shown_only_when_it_is_ready(session):
    listing = goods()
    photograph(listing, state="waiting", key="")
    assert only_card(session).photo is None


def test_only_the_first_photo_stands_on_the_card(session):
    listing = goods()
    photograph(listing, key="public/photo/aaaaaaaaaaaaaaaaaaaaaaaa", position=1)
    assert only_card(session).photo is None


def test_what_nobody_can_order_is_sold_out(session):
    goods("Tanpa stok")
    listing = goods("Dijanjikan", units=1)
    size = first_size(listing)
    promised(wishes=[(size, 1)])
    goods("Ada", units=1)
    cards = list_cards(session, Filter()).cards
    assert [(card.name, card.sold_out, card.resting) for card in cards] == [
        ("Ada", False, False),
        ("Dijanjikan", True, False),
        ("Tanpa stok", True, False),
    ]


@pytest.mark.parametrize(("days", "rests"), [(None, True), (0, True), (-1, False)])
def test_a_resting_home_sells_nothing_until_her_last_day_of_rest_is_over(session, days, rests):
    until = None if days is None else clock.today() + timedelta(days=days)
    goods(seller=a_seller(resting=True, resting_until=until), units=5)
    card = only_card(session)
    assert (card.resting, card.sold_out) == (rests, False)


def test_her_goods_at_the_kiosk_sell_on_while_she_rests(session):
    goods(seller=a_seller(resting=True), units=5, at=a_place())
    assert (only_card(session).resting, only_card(session).sold_out) == (False, False)


@pytest.mark.parametrize(
    "more",
    [{"state": "draft"}, {"state": "archived"}, {"hidden_reason": "Foto menipu"}],
)
def test_what_is_not_on_sale_is_on_no_card(session, more):
    goods("Tampak")
    goods("Tersembunyi", **more)
    assert names(session) == ["Tampak"]


def test_goods_of_a_closed_kind_or_shop_are_on_no_card(session):
    goods("Tampak")
    goods("Kategori ditutup", category_id=a_shelf(closed_reason="Sedang ditinjau").id)
    goods("Toko tutup", seller=a_seller(closed_at=clock.now()))
    assert names(session) == ["Tampak"]


def test_the_newest_come_first_and_every_one_stands_on_one_page_only(session):
    moment = clock.now()
    made = [goods(f"Barang {n}", published_at=moment - timedelta(minutes=n // 2)) for n in range(7)]
    wanted = [one.id for one in sorted(made, key=lambda m: (m.published_at, m.id), reverse=True)]
    seen, after = [], None
    for _page in range(4):
        page = list_cards(session, Filter(), after=after, limit=2)
        seen += [card.listing_id for card in page.cards]
        after = Cursor.read(page.next)
    assert seen == wanted
    assert page.next == ""


def test_a_full_last_page_has_no_next_one(session):
    for n in range(2):
        goods(f"Barang {n}")
    assert list_cards(session, Filter(), limit=2).next == ""


@pytest.mark.parametrize(
    "text", ["", "x", "1", "-", "1-", "-1", "1-x", "²-1", "9" * 17 + "-1", f"1-{2**63}", "1-1" * 20]
)
def test_a_cursor_somebody_made_up_begins_at_the_start(text):
    assert Cursor.read(text) is None


def test_a_cursor_comes_back_as_it_went():
    cursor = Cursor(clock.now(), 2**63 - 1)
    assert Cursor.read(str(cursor)) == cursor


def test_a_list_is_narrowed_to_what_was_asked(session):
    shelf, cooperative, kiosk, other = a_shelf(), a_cooperative(), a_place(), a_place()
    seller = a_seller(cooperative)
    wanted = goods("Dicari", seller=seller, category_id=shelf.id, export_to=["HK"], units=1)
    stock(first_size(wanted), 2, kiosk)
    certified(wanted)
    goods("Lain", units=0)
    filters = {
        "category": shelf.slug,
        "seller_id": seller.id,
        "organisation_id": cooperative.id,
        "place_id": kiosk.id,
        "at_kiosk": True,
        "halal": True,
        "ready": True,
        "exported": True,
        "abroad": "HK",
        "listing_ids": (wanted.id,),
    }
    for name, value in filters.items():
        assert names(session, **{name: value}) == ["Dicari"], name
    assert names(session, **filters) == ["Dicari"]
    assert names(session, abroad="TW") == names(session, place_id=other.id) == []
    assert names(session, listing_ids=()) == []


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        ({}, True),
        ({"number": None}, False),
        ({"until": clock.today()}, True),
        ({"until": clock.today() - timedelta(days=1)}, False),
    ],
)
def test_only_a_halal_certificate_in_force_counts(session, more, counts):
    certified(goods(), **more)
    assert bool(names(session, halal=True)) is counts


def test_goods_past_their_date_are_not_in_stock(session):
    listing = goods()
    size = first_size(listing)
    kiosk = a_place()
    lot = a_lot(size, kiosk, 4, days=0)
    assert names(session, ready=True, at_kiosk=True) == [listing.name]
    lot.best_before = clock.today() - timedelta(days=1)
    saved(lot)
    assert names(session, ready=True) == names(session, at_kiosk=True) == []
    assert only_card(session).sold_out


def test_an_english_reader_sees_the_english_name_where_there_is_one(app, session):
    goods("Keripik Pisang", name_en="Banana Crisps", minutes=1)
    goods("Opak", minutes=2)
    with app.test_request_context(headers={"Cookie": "bahasa=en"}):
        assert names(session) == ["Banana Crisps", "Opak"]


def test_a_page_of_cards_is_one_query_however_many_cards(session):
    for n in range(5):
        listing = goods(f"Barang {n}", units=1)
        photograph(listing, key=f"public/photo/{n:024}")
    session.connection()  # Opens the savepoint before the count.
    with counted() as sent:
        assert len(list_cards(session, Filter()).cards) == 5
    assert len(sent) == 1


def test_a_filter_knows_its_shape():
    wanted = Filter(halal=True, abroad="HK")
    assert wanted.shape() == {"halal", "abroad"}
    assert replace(wanted, halal=False).shape() == {"abroad"}


def test_only_a_shown_class_with_a_certificate_in_force_counts(session):
    provider, nur = a_provider(), a_woman("Nur")
    seller = a_maker(nur, a_cooperative(), "dapur-nur")
    opak = goods("Opak", seller=seller)
    goods("Tiwul", seller=seller)
    hers = a_completed(provider, nur, skills=("halal", "foto-produk"))
    showing.link_listings(actor=nur, enrolment_id=hers, listing_ids={opak.id})
    showing.show(actor=nur, enrolment_id=hers, is_shown=True)
    assert names(session, learnt=True) == []  # Completed, but nobody has certified it.
    certificates.issue(actor=an_issuer(provider), enrolment_id=hers)
    assert names(session, learnt=True) == ["Opak"]
    assert names(session, learnt=True, skill="halal") == ["Opak"]
    assert names(session, learnt=True, skill="bahasa-asing") == []
    keeper = an_actor("Kelola")
    give(keeper, OPERATE, operator_id(session))
    skills.merge(actor=keeper, slug="halal", into="izin-usaha")
    for skill in ("izin-usaha", "halal"):  # The old address leads on.
        assert names(session, learnt=True, skill=skill) == ["Opak"]
    skills.merge(actor=keeper, slug="izin-usaha", into="foto-produk")
    showing.show(actor=nur, enrolment_id=hers, is_shown=False)
    assert names(session, learnt=True) == []
    showing.show(actor=nur, enrolment_id=hers, is_shown=True)
    paper = session.scalars(select(Certificate)).one()
    certificates.withdraw(
        actor=an_issuer(provider, "Tri"), certificate_id=paper.id, reason="Keliru."
    )
    assert names(session, learnt=True, skill="halal") == []
