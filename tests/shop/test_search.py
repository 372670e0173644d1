"""Search: slips mended, the best first, and nothing typed breaks it."""

import pytest

from core import clock
from core.actors import SYSTEM
from shop import search, vocabulary
from shop.catalogue import Filter
from shop.models import SearchWord
from tests.cooperatives.factories import a_seller, counted
from tests.sellers.factories import a_live_listing, a_shop
from tests.shop.factories import a_shelf, certified, goods, learn

pytestmark = pytest.mark.service


def find(session, typed, **more):
    return search.find(session, typed, more.pop("wanted", Filter()), **more)


def names(found):
    return [card.name for card in found.page.cards]


def test_two_slips_still_find_the_banana_crisps(session):
    goods("Keripik Pisang")
    goods("Sambal Terasi")
    learn()
    found = find(session, "kripik pisng")
    assert names(found) == ["Keripik Pisang"]
    assert (found.words, found.mended) == ("keripik pisang", True)


def test_whoever_wants_exactly_her_words_gets_them(session):
    goods("Keripik Pisang")
    learn()
    found = find(session, "kripik pisng", exactly=True)
    assert (names(found), found.words, found.mended) == ([], "kripik pisng", False)


def test_a_word_that_stands_somewhere_is_never_mended(session):
    goods("Gulai Nangka")
    goods("Dodol", description="Dengan gula aren")
    learn()
    found = find(session, "gula")
    assert (names(found), found.mended) == (["Dodol"], False)


def test_among_equal_neighbours_the_more_common_word_is_meant(session):
    goods("Karet")
    goods("Karer")
    goods("Karer besar")
    learn()
    assert find(session, "kares").words == "karer"


def test_a_short_word_is_not_mended(session):
    goods("Teh hijau")
    learn()
    assert find(session, "tih").words == "tih"


def test_a_name_outranks_a_description(session):
    goods("Sambal Carica", minutes=9)
    goods("Dodol", description="Enak dengan carica", minutes=1)
    learn()
    assert names(find(session, "carica")) == ["Sambal Carica", "Dodol"]


def test_of_very_common_words_the_newest_are_ranked(session, monkeypatch):
    goods("Sambal Carica", minutes=9)
    goods("Dodol", description="Enak dengan carica", minutes=1)
    learn()
    monkeypatch.setattr(search, "COMMON_MAX", 1)
    assert names(find(session, "carica")) == ["Sambal Carica", "Dodol"]


@pytest.mark.parametrize("walks", [(1, 2), (2, 20), (20, 20)])
def test_common_words_that_rarely_stand_together_are_found_however_old(session, monkeypatch, walks):
    goods("Opak lama asli", minutes=99)
    for n in range(4):
        goods(f"Opak {n}", minutes=n)
        goods(f"Tiwul asli {n}", minutes=n)
    goods("Opak asli", minutes=3)
    learn()
    monkeypatch.setattr(search, "COMMON_MAX", 1)
    monkeypatch.setattr(search, "CANDIDATES_MAX", 4)
    monkeypatch.setattr(search, "FIRST_WALK", walks[0])
    monkeypatch.setattr(search, "LONG_WALK", walks[1])
    assert names(find(session, "opak asli")) == ["Opak asli", "Opak lama asli"]
    assert len(names(find(session, "opak"))) == 4


def test_what_can_be_ordered_now_comes_first(session):
    goods("Carica asli", minutes=1)
    goods("Dodol", description="Enak dengan carica", units=2, minutes=9)
    learn()
    assert names(find(session, "carica")) == ["Dodol", "Carica asli"]


def test_all_words_must_be_there_unless_nothing_has_them_all(session):
    goods("Keripik Pisang", minutes=1)
    goods("Keripik Singkong", minutes=2)
    learn()
    both = find(session, "keripik singkong")
    assert (names(both), both.loosely) == (["Keripik Singkong"], False)
    some = find(session, "singkong pisang")
    assert (names(some), some.loosely) == (["Keripik Pisang", "Keripik Singkong"], True)


def test_nothing_at_all_is_not_called_some(session):
    learn()
    found = find(session, "sepeda motor")
    assert (names(found), found.loosely) == ([], False)


def test_only_what_buyers_may_see_is_found(session):
    goods("Opak tampak")
    goods("Opak konsep", state="draft")
    goods("Opak disembunyikan", hidden_reason="Foto menipu")
    goods("Opak toko tutup", seller=a_seller(closed_at=clock.now()))
    goods("Opak ditutup", category_id=a_shelf(closed_reason="Ditinjau").id)
    learn()
    assert names(find(session, "opak")) == ["Opak tampak"]


def test_filters_narrow_a_search(session):
    certified(goods("Opak halal", export_to=["HK"], units=1))
    goods("Opak lain")
    learn()
    for wanted in (Filter(halal=True), Filter(abroad="HK"), Filter(ready=True)):
        assert names(find(session, "opak", wanted=wanted)) == ["Opak halal"]


def test_pages_follow_each_other_without_gap_or_repeat(session, monkeypatch):
    for n in range(5):
        goods(f"Opak {n}")
    learn()
    monkeypatch.setattr(search, "PAGE_SIZE", 2)
    pages = [find(session, "opak", number=number) for number in (1, 2, 3, 4)]
    assert [names(page) for page in pages] == [
        ["Opak 4", "Opak 3"], ["Opak 2", "Opak 1"], ["Opak 0"], [],
    ]  # fmt: skip
    assert [page.page.next for page in pages] == ["2", "3", "", ""]


def test_a_maker_is_found_by_her_name(session):
    a_seller(store_name="Dapur Bu Lastri", district_code="330707", slug="bu-lastri")
    a_seller(store_name="Dapur Bu Nur")
    a_seller(store_name="Lastri Tutup", closed_at=clock.now())
    learn()
    (maker,) = find(session, "dapur lastrii").makers
    assert (maker.url, maker.name, maker.place) == (
        "/toko/bu-lastri", "Dapur Bu Lastri", "Kalikajar, Wonosobo",
    )  # fmt: skip


def test_a_word_in_too_many_shops_names_none(session, monkeypatch):
    for _n in range(3):
        a_seller(store_name="Dapur Ibu")
    learn()
    assert len(find(session, "dapur").makers) == 3
    monkeypatch.setattr(search, "NAMESAKES_MAX", 2)
    assert find(session, "dapur").makers == ()


def test_a_piece_of_a_word_is_no_name(session):
    a_seller(store_name="Dapur Nurul")
    a_seller(store_name="Dapur Nur")
    learn()
    assert [maker.name for maker in find(session, "nur").makers] == ["Dapur Nur"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("  Keripik,PISANG! ", ["keripik", "pisang"]),
        ("opak opak", ["opak"]),
        ("'\"&|!:*()<->\\", []),
        ("🍌", []),
        ("a_b", ["a", "b"]),
        ("x" * 5000, ["x" * 40]),
        (" ".join("abcdefghij"), list("abcdefgh")),
        ("jalapeño 薑", ["jalapeño", "薑"]),
    ],
)
def test_only_letters_and_digits_are_read(typed, words):
    assert search.read(typed) == words


def test_a_question_costs_a_fixed_number_of_queries(session):
    for n in range(5):
        goods(f"Keripik Pisang {n}")
    learn()
    session.connection()  # Opens the savepoint before the count.
    with counted() as sent:
        assert len(find(session, "kripik pisng").page.cards) == 5
    assert len(sent) == 6


def test_a_published_product_teaches_its_words(session):
    shop, _actor = a_shop("Dapur Bu Lastri")
    listing = a_live_listing(shop, "Keripik Pisang", description="Renyah sekali")
    jobs = session.connection().exec_driver_sql(
        "select args->>'listing_id' from procrastinate_jobs where task_name = 'shop.learn_words'"
    )
    assert [row[0] for row in jobs] == [str(listing.id)]
    for _twice in range(2):
        vocabulary.learn_words.run(listing_id=listing.id)
    known = {row.word: (row.listings, row.makers) for row in session.query(SearchWord)}
    assert known["pisang"] == known["renyah"] == (1, 0)
    assert known["lastri"] == (0, 1)


def test_a_draft_teaches_nothing(session):
    listing = goods(state="draft")
    vocabulary.learn(actor=SYSTEM, listing_id=listing.id)
    assert session.query(SearchWord).count() == 0


def test_a_recount_forgets_what_stands_nowhere_and_counts_anew(session):
    old = goods("Opak Singkong", seller=a_seller(store_name="Toko"))
    learn()
    goods("Opak", seller=a_seller(store_name="Toko"))
    old.name = "Opak Ketan"
    session.commit()
    for _twice in range(2):
        learn()
    known = {row.word: (row.listings, row.makers) for row in session.query(SearchWord)}
    assert known == {"opak": (2, 0), "ketan": (1, 0), "toko": (0, 2)}
