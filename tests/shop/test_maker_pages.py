"""The pages of a shop, a kiosk and a cooperative, and what none of them ever says."""

from datetime import date, timedelta

import pytest

from cooperatives import members
from cooperatives.members import Founding
from core import clock
from core.actors import SYSTEM
from core.db import db
from core.people import Person
from sellers.training.models import Enrolment
from shop import makers
from tests.cooperatives.factories import (
    a_cooperative,
    a_home,
    a_listing,
    a_lot,
    a_place,
    a_seller,
    a_variant,
    counted,
)
from tests.factories import an_organisation
from tests.shop.factories import goods, photograph
from tests.shop.showing import SECRETS, a_maker, a_permit, a_showcase, tell
from tests.shop.test_product_page import FIRST_ANSWER_MAX, words

SHOP, KIOSK, HOUSE = "/toko/tiwul-bu-sumirah", "/kios/kios-terminal", "/koperasi/sendang-lumbung"
PRODUCT = "/p/tiwul-instan"

pytestmark = pytest.mark.service


def test_a_shop_tells_its_story_goods_trainings_and_permits(session, client):
    a_showcase()
    text = words(client.get(SHOP))
    for told in (
        "Tiwul Bu Sumirah",
        "Agar anak muda mau makan tiwul lagi.",
        "Saya belajar menjemur gaplek",
        "Dijemur matahari, bukan oven.",
        "Tiwul Instan Tawar",
        "Indonesia, Jawa",
        "Jualan dari HP",
        "P-IRT 2069999010001-31",
        "Watumalang, Wonosobo",
    ):
        assert told in text, told


def test_english_readers_read_the_english_story(session, client):
    a_showcase()
    client.set_cookie("bahasa", "en")
    assert "I learned to dry cassava" in words(client.get(SHOP))


def test_that_she_came_home_is_told_only_if_she_says_so(session, client):
    made = a_showcase()
    years = {"away_from_year": 2009, "away_until_year": 2016, "language_gained": "Kanton"}
    tell(made.seller, returned_from=["HK"], **years)
    text = words(client.get(SHOP))
    assert "Hong Kong" not in text
    assert "Kanton" not in text
    tell(made.seller, shows_return=True)
    text = words(client.get(SHOP))
    assert "Pernah bekerja di Hong Kong, 2009–2016. Bahasa yang didapat: Kanton." in text


def test_trainings_she_hides_are_hidden(session, client):
    a_showcase()
    tell(db.session.query(Enrolment).one(), is_shown=False)
    assert "Jualan dari HP" not in words(client.get(SHOP))


def test_a_resting_shop_says_so_in_her_words(session, client):
    made = a_showcase()
    day = clock.today()
    tell(made.seller, resting=True, resting_until=day, rest_note="Panen singkong dulu.")
    text = words(client.get(SHOP))
    assert "Istirahat sampai" in text
    assert "Panen singkong dulu." in text
    tell(made.seller, resting_until=day - timedelta(days=1))
    assert "Istirahat sampai" not in words(client.get(SHOP))


def test_a_shop_shows_its_own_goods_only(session, client):
    made = a_showcase()
    goods("Barang orang lain")
    goods("Belum tayang", seller=made.seller, state="draft")
    text = words(client.get(SHOP))
    assert "Barang orang lain" not in text
    assert "Belum tayang" not in text


def test_a_shop_with_many_goods_has_a_next_page(session, client):
    seller = a_seller(slug="toko-banyak")
    for n in range(25):
        goods(f"Barang {n:02}", seller=seller)
    page = client.get("/toko/toko-banyak")
    assert "Barang 24" in page.text
    assert "Barang 00" not in page.text
    following = page.text.split('href="?sesudah=')[1].split('"')[0]
    assert "Barang 00" in client.get(f"/toko/toko-banyak?sesudah={following}").text


@pytest.mark.parametrize("typed", ["x", "-", "9" * 50, "1-1;drop", "\x00"])
def test_a_torn_address_shows_the_first_page(session, client, typed):
    a_showcase()
    page = client.get(SHOP, query_string={"sesudah": typed})
    assert "Tiwul Instan Tawar" in page.text


def test_closed_and_unknown_ones_are_not_there(session, client):
    made = a_showcase()
    tell(made.seller, closed_at=clock.now())
    tell(made.kiosk, closed_at=clock.now())
    tell(made.organisation, closed_at=clock.now())
    for path in (SHOP, KIOSK, HOUSE, "/toko/x", "/kios/x", "/koperasi/x"):
        assert client.get(path).status_code == 404, path


def test_a_home_is_no_kiosk_and_a_provider_no_cooperative(session, client):
    made = a_showcase()
    home = a_home(seller=made.seller)
    box = a_place("bazaar", made.cooperative)
    provider = an_organisation("belajar-bersama", kind="provider")
    for path in (f"/kios/{home.slug}", f"/kios/{box.slug}", f"/koperasi/{provider.slug}"):
        assert client.get(path).status_code == 404, path


def test_a_kiosk_says_when_and_where_and_whose_goods_stand_there(session, client):
    made = a_showcase()
    neighbour = a_variant(
        a_listing(a_seller(made.cooperative, store_name="Carica Bu Rini"), name="Carica"),
        price=22_000,
    )
    a_lot(neighbour, made.kiosk, 7)
    text = words(client.get(KIOSK))
    assert "Senin sampai Sabtu pukul 07.00–19.00 Minggu pukul 07.00–17.00" in text
    assert "depan pintu masuk terminal, Wanalumbung, Watumalang, Wonosobo" in text
    assert "Bisa ambil pesanan di sini" in text
    shelf = text.split("milik siapa")[1]
    assert shelf.index("Carica Bu Rini") < shelf.index("Tiwul Bu Sumirah")
    assert "Rp 22.000 · 7 tersedia" in shelf
    assert "Rp 18.000 · 4 tersedia" in shelf


def test_an_empty_shelf_has_one_next_step(session, client):
    kiosk = a_place("kiosk")
    page = client.get(f"/kios/{kiosk.slug}")
    assert "Rak sedang kosong" in page.text
    assert "Bisa ambil pesanan" not in page.text
    assert "Jam buka belum ditulis." in page.text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"mon_sat": "07.00–19.00"}, [("Senin sampai Sabtu", "07.00–19.00")]),
        ({"sun": "tutup", "wed": "08.00"}, [("Rabu", "08.00"), ("Minggu", "tutup")]),
        ({"libur": "x", "mon_x": "y"}, []),
        ({}, []),
    ],
)
def test_hours_are_read_in_the_order_of_the_week(app, written, read):
    assert makers.hours(written) == read


def test_a_cooperative_says_who_it_is_and_who_gets_what(session, client):
    a_showcase()
    text = words(client.get(HOUSE))
    for told in (
        "Berdiri sejak 21 April 2019",
        "Dimulai delapan ibu.",
        "Amanah",
        "Santun",
        "Tiwul Bu Sumirah",
        "Tiwul Instan Tawar",
        "Dari setiap Rp 100.000",
        "Dari rumah pembuat, lewat web Rp 93.000 Rp 5.000 Rp 0 Rp 2.000",
        "Di meja kasir kios Rp 85.000 Rp 5.000 Rp 10.000 Rp 0",
    ):
        assert told in text, told


def test_only_its_own_open_shops_are_listed(session, client):
    made = a_showcase()
    a_seller(store_name="Toko tetangga")
    a_seller(made.cooperative, store_name="Toko tutup", closed_at=clock.now())
    text = words(client.get(HOUSE))
    assert "Toko tetangga" not in text
    assert "Toko tutup" not in text


def test_many_shops_are_read_page_by_page(session, client):
    cooperative = a_cooperative("ramai")
    for n in range(makers.SHOPS_A_PAGE + 1):
        a_seller(cooperative, store_name=f"Toko {n:03}")
    first, second = (words(client.get(f"/koperasi/ramai?hal={n}")) for n in (1, 2))
    assert "Toko 000" in first
    assert f"Toko {makers.SHOPS_A_PAGE:03}" not in first
    assert f"Toko {makers.SHOPS_A_PAGE:03}" in second
    assert client.get("/koperasi/ramai?hal=99999999999999999999").status_code == 200


def test_before_its_first_terms_nothing_is_promised(session, client):
    begins = Founding(slug="baru", name="Baru", short_name="Baru", founded_on=date(2040, 1, 1))
    members.found(actor=SYSTEM, founding=begins)
    assert "Aturan bagi hasil belum berlaku." in words(client.get("/koperasi/baru"))


def test_nobodys_phone_name_or_home_stands_on_a_public_page(session, client):
    made = a_showcase()
    weaver = a_maker(made.cooperative, slug="lain", store_name="Batik Bu Lain")
    for seller in (made.seller, weaver):
        tell(
            a_home(seller=seller),
            name="Rumah cat biru",
            village="Desa Rahasia",
            landmark="belakang lumbung padi",
        )
        tell(seller, device="HP pinjaman", signal="sering mati", turnover_statement_year=1999)
    secrets = [
        *SECRETS,
        "Rumah cat biru",
        "Desa Rahasia",
        "belakang lumbung padi",
        "HP pinjaman",
        "sering mati",
        "1999",
        a_home(seller=made.seller).slug,
    ]
    assert db.session.query(Person).filter_by(phone=SECRETS[0]).count()
    for path in (PRODUCT, SHOP, KIOSK, HOUSE, f"{PRODUCT}?ke=Kertek, Wonosobo"):
        page = client.get(path)
        assert page.status_code == 200
        for secret in secrets:
            assert secret not in page.text, f"{secret} on {path}"


@pytest.mark.parametrize(("path", "most"), [(SHOP, 3), (KIOSK, 2), (HOUSE, 5)])
def test_pages_take_few_queries(session, client, path, most):
    a_showcase()
    with counted() as sent:
        client.get(path)
    assert len([one for one in sent if one.startswith("SELECT")]) <= most


def test_the_first_answers_are_light(session, client):
    made = a_showcase()
    for n in range(24):
        other = goods(f"Keripik pisang manis nomor {n}", units=9, seller=made.seller)
        photograph(other, key=f"public/photo/{n:024x}")
        a_permit(other, number=f"20633070{n:05}-31")
        a_lot(
            db.session.query(type(made.small)).filter_by(listing_id=other.id).one(), made.kiosk, 3
        )
    for path in (SHOP, KIOSK, HOUSE):
        answer = client.get(path, headers={"Accept-Encoding": "br"})
        assert answer.headers["Content-Encoding"] == "br"
        weight = len(answer.data) + len(str(answer.headers))
        assert weight <= FIRST_ANSWER_MAX, f"{path} weighs {weight}"
