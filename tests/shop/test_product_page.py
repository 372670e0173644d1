"""What stands on the page of a product, what never does, and how light it is."""

import json
import re
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from core import clock
from core.db import db
from core.words import tanggal
from orders.settings import OrderSettings
from sellers.models import Category, Listing, Permit
from sellers.training.models import Enrolment, ListingTraining
from tests.cooperatives.factories import (
    a_home,
    a_listing,
    a_lot,
    a_place,
    a_seller,
    a_variant,
    counted,
    owner_of,
)
from tests.factories import token_in
from tests.shop.factories import photograph
from tests.shop.showing import a_permit, a_showcase, tell

pytestmark = pytest.mark.service

FIRST_ANSWER_MAX = 14_600
PATH = "/p/tiwul-instan"


def words(page):
    """The text of a page without its tags, spaces as one."""
    body = re.sub(r"<(style|script).*?</\1>", " ", page.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("\xa0", " ").split())


@pytest.fixture
def plain(session):
    """A product of one size that nothing is known about."""
    listing = a_listing(a_seller(), slug="polos", name="Keripik Polos", published_at=clock.now())
    return a_variant(listing, price=15_000)


def test_what_is_made_to_order_says_how_much_by_the_sky(session, client):
    a_showcase(made_to_order=True, capacity_sunny=40, capacity_rainy=15)
    told = words(client.get(PATH))
    assert "Kuat membuat seminggu 40 saat cerah, 15 saat hujan" in told


def test_it_says_what_it_is_who_made_it_and_what_is_left(session, client):
    a_showcase()
    text = words(client.get(PATH))
    for told in (
        "Tiwul Instan Tawar",
        "mulai Rp 18.000",
        "400 g, Rp 18.000 Siap kirim",
        "800 g, Rp 34.000 Stok tinggal 2",
        "Tiwul Bu Sumirah",
        "Agar anak muda mau makan tiwul lagi.",
        "Saya belajar menjemur gaplek",
        "Dijemur matahari, bukan oven.",
        "Bisa bahasa: Indonesia, Jawa",
        "singkong 100%",
        "Kacang tanah",
        "Simpan di tempat kering",
        "240 hari sejak dibuat",
        "450 g per bungkus",
        "24 × 16 × 6 cm",
        "Hong Kong, Taiwan",
        "Kirim fotonya paling lambat 2 hari kerja",
    ):
        assert told in text, told


def test_the_days_to_complain_are_those_of_the_setting(session, app, client, monkeypatch):
    monkeypatch.setitem(app.extensions["settings"], OrderSettings, OrderSettings(complaint_days=3))
    a_showcase()
    assert "Kirim fotonya paling lambat 3 hari kerja" in words(client.get(PATH))


def test_the_nearest_date_of_what_is_in_stock_counts(session, client):
    made = a_showcase()
    day = clock.today() + timedelta(days=20)
    a_lot(made.small, made.kiosk, 1, best_before=day)
    found = re.search(r"Baik sebelum (\d+) (\w+) (\d+)", words(client.get(PATH)))
    assert int(found[1]) == day.day
    assert int(found[3]) == day.year


def test_it_names_the_kiosk_where_it_stands_and_of_the_home_only_the_district(session, client):
    made = a_showcase()
    page = client.get(PATH)
    assert f'<a href="/kios/{made.kiosk.slug}">Kios Lumbung Terminal</a>' in page.text
    assert "Tempat pembuatnya, Watumalang, Wonosobo" in words(page)


def test_the_share_is_of_the_place_it_is_sold_from_first(session, client):
    a_showcase()
    text = words(client.get(PATH))
    assert "Dari Rp 18.000, pembuatnya menerima Rp 16.740." in text
    assert "Bagiannya Rp 900" in text
    assert "Bagiannya Rp 360" in text


def test_no_share_is_told_of_what_is_not_there(plain, client):
    assert "pembuatnya menerima" not in words(client.get("/p/polos"))


def test_a_bazaar_box_is_not_sold_online(plain, client):
    a_lot(plain, a_place("bazaar"), 5)
    text = words(client.get("/p/polos"))
    assert "Habis" in text
    assert "Masukkan keranjang" not in text


@pytest.mark.parametrize(
    ("units", "word"),
    [(0, "Habis"), (2, "Stok tinggal 2"), (5, "Stok tinggal 5"), (6, "Siap kirim")],
)
def test_what_is_left_in_words(plain, client, units, word):
    if units:
        a_lot(plain, a_place(), units)
    assert word in words(client.get("/p/polos"))


def test_a_resting_maker_says_until_when(plain, client):
    seller = owner_of(plain)
    a_lot(plain, a_home(seller=seller), 9)
    tell(seller, resting=True, resting_until=date(2031, 1, 5))
    text = words(client.get("/p/polos"))
    assert "Istirahat" in text
    assert "istirahat sampai 5 Januari 2031" in text
    assert "Masukkan keranjang" not in text


def test_her_goods_at_the_kiosk_sell_on_while_she_rests(plain, client):
    a_lot(plain, a_place(), 9)
    tell(owner_of(plain), resting=True)
    text = words(client.get("/p/polos"))
    assert "Siap kirim" in text
    assert "Masukkan keranjang" in text


def test_the_form_puts_the_chosen_size_into_the_basket(session, client):
    made = a_showcase()
    page = client.get(PATH)
    assert f'value="{made.large.id}"' in page.text
    sent = {"csrf_token": token_in(page), "variant": made.large.id, "quantity": "2"}
    answer = client.post("/keranjang/tambah", data=sent)
    assert answer.status_code == 303
    assert "Rp 68.000" in words(client.get(answer.location))


def test_a_size_that_is_gone_cannot_be_chosen(session, client):
    made = a_showcase()
    gone = a_variant(made.listing, price=50_000, name="Besar sekali", position=2)
    page = client.get(PATH)
    radio = re.search(rf'<input type="radio"[^>]*value="{gone.id}"[^>]*>', page.text)[0]
    assert "disabled" in radio
    assert "checked" not in radio


def test_a_put_away_size_is_not_shown(session, client):
    made = a_showcase()
    tell(made.large, archived_at=clock.now())
    text = words(client.get(PATH))
    assert "34.000" not in text
    assert "mulai" not in text


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"state": "draft"}, "listing"),
        ({"state": "archived"}, "listing"),
        ({"hidden_reason": "foto palsu"}, "listing"),
        ({"closed_reason": "menunggu aturan"}, "category"),
        ({"closed_at": clock.now()}, "seller"),
        ({"archived_at": clock.now()}, "size"),
    ],
)
def test_what_buyers_may_not_see_is_not_there_and_says_not_why(plain, client, changes, where):
    assert client.get("/p/polos").status_code == 200
    listing = db.session.get(Listing, plain.listing_id)
    rows = {
        "listing": listing,
        "category": db.session.get(Category, listing.category_id),
        "seller": owner_of(plain),
        "size": plain,
    }
    tell(rows[where], **changes)
    page = client.get("/p/polos")
    assert page.status_code == 404
    assert "Keripik Polos" not in page.text
    assert "foto palsu" not in page.text
    assert "menunggu aturan" not in page.text


def test_an_unknown_product_is_not_there(session, client):
    assert client.get("/p/tidak-ada").status_code == 404
    assert client.get("/p/" + "x" * 190).status_code == 404


def test_permits_are_told_in_words(session, client):
    made = a_showcase()
    a_permit(made.listing, "md", None)
    a_permit(made.listing, "tr", "TR123456789", valid_until=date(2020, 1, 1))
    text = words(client.get(PATH))
    assert "P-IRT 2069999010001-31 31 Desember 2031 Terbit" in text
    assert "BPOM MD, pangan olahan – – Dalam proses" in text
    assert "1 Januari 2020 Sudah berakhir" in text


def test_a_sample_permit_is_called_a_sample_and_proves_nothing(session, client):
    made = a_showcase()
    tell(made.listing, halal="certified")
    for permit in db.session.query(Permit):
        tell(permit, is_sample=True)
    text = words(client.get(PATH))
    assert "CONTOH P-IRT 2069999010001-31" in text
    assert "CONTOH, bukan izin asli" in text
    assert "CONTOH sertifikat halal" in text
    assert "Bersertifikat halal" not in text
    assert "Terbit" not in text


def test_a_permit_of_other_goods_is_not_shown_but_the_number_of_the_business_is(session, client):
    made = a_showcase()
    other = a_listing(made.seller)
    a_permit(other, "md", "MD999999999999")
    a_permit(other, "nib", "1234567890123")
    page = client.get(PATH)
    assert "999999999999" not in page.text
    assert "NIB 1234567890123" in page.text


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("certified", "Sertifikat halal perlu diperbarui"),
        ("in_process", "Sertifikat halal dalam proses"),
        ("not_halal", "Tidak halal"),
        ("none", "Belum bersertifikat halal"),
    ],
)
def test_the_halal_state_in_words(plain, client, state, word):
    listing = tell(db.session.get(Listing, plain.listing_id), halal=state)
    tell(db.session.get(Category, listing.category_id), is_food=True)
    assert word in words(client.get("/p/polos"))


def test_nobody_speaks_of_halal_where_nothing_is_eaten(plain, client):
    tell(db.session.get(Listing, plain.listing_id), halal="not_food")
    assert "halal" not in words(client.get("/p/polos")).lower()


def test_only_trainings_she_shows_stand_behind_it(session, client):
    a_showcase()
    assert "Jualan dari HP" in words(client.get(PATH))
    for enrolment in db.session.query(Enrolment):
        tell(enrolment, is_shown=False)
    assert "Jualan dari HP" not in words(client.get(PATH))


def test_delivery_is_told_before_any_address(session, client):
    a_showcase()
    text = words(client.get(f"{PATH}?ke=Pedurungan, Semarang"))
    assert re.search(r"Rp [\d.]+ ke Pedurungan, Kota Semarang", text)
    assert re.search(r"\d–\d hari, dihitung 1 kg", text)


def test_the_place_is_remembered_for_the_next_product(session, client):
    a_showcase()
    client.get(f"{PATH}?ke=Pedurungan, Semarang")
    assert "ke Pedurungan, Kota Semarang" in words(client.get(PATH))


@pytest.mark.parametrize("typed", ["Entahlah", "%00", "<script>", "Kertek; drop", "a" * 300])
def test_a_wrong_place_gives_a_sentence_and_keeps_what_was_typed(session, client, typed):
    a_showcase()
    page = client.get(PATH, query_string={"ke": typed})
    assert page.status_code == 200
    assert "belum ketemu" in page.text or "Pilih salah satu" in page.text
    assert 'aria-invalid="true"' in page.text
    assert "<script>" not in page.text.split("<body>")[1]


def test_a_doubtful_place_offers_what_it_may_mean(session, client):
    a_showcase()
    page = client.get(f"{PATH}?ke=Kertk")
    assert 'href="?ke=Kertek%2C%20Kabupaten%20Wonosobo' in page.text


def test_where_nobody_goes_is_said(plain, client):
    assert "Belum ada kurir ke Kertek" in words(client.get("/p/polos?ke=Kertek, Wonosobo"))


def test_english_readers_read_english_where_there_is_some(session, client):
    a_showcase()
    client.set_cookie("bahasa", "en")
    text = words(client.get(PATH))
    assert "Instant Tiwul, Plain" in text
    assert "Ready-to-steam cassava." in text
    assert "cassava 100%" in text
    assert "I learned to dry cassava" in text
    assert "Tiwul singkong siap seduh" not in text
    assert "Simpan di tempat kering" in text, "what has no English stays as it is"


def test_link_previews_get_absolute_addresses(session, client):
    a_showcase()
    page = client.get(PATH)
    house = "http://localhost:8000"
    for name, content in (
        ("og:type", "product"),
        ("og:url", f"{house}{PATH}"),
        ("og:image", f"{house}/media/photo/{'a' * 24}/share.jpg"),
        ("product:price:amount", "18000"),
        ("product:price:currency", "IDR"),
    ):
        assert re.search(rf'<meta property="{name}"\s+content="{re.escape(content)}">', page.text)


def test_the_data_for_search_engines_is_there_and_readable(session, client):
    a_showcase()
    page = client.get(PATH)
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL)
    data = json.loads(found[1])
    assert data["@type"] == "Product"
    assert [offer["price"] for offer in data["offers"]["offers"]] == ["18000", "34000"]


def test_hostile_words_do_not_leave_their_place(session, client):
    evil = "</script><script>alert(1)</script>"
    a_showcase(name=f"Tiwul {evil}", description=f"{evil} & <b>", ingredients=evil)
    page = client.get(PATH)
    assert "<script>alert" not in page.text
    assert page.text.count("</script>") == page.text.count("<script")


def test_whatsapp_gets_product_price_and_link(session, client):
    a_showcase()
    address = re.search(r'href="(https://wa\.me/[^"]+)"', client.get(PATH).text)[1]
    text = parse_qs(urlsplit(address).query)["text"][0]
    assert text.splitlines()[0] == "Tiwul Instan Tawar, mulai Rp\xa018.000"
    assert text.endswith("http://localhost:8000/p/tiwul-instan")


def test_the_first_photo_is_not_lazy_and_the_others_are(session, client):
    a_showcase()
    gallery = re.search(r'<div class="gallery">.*?</div>', client.get(PATH).text, re.DOTALL)[0]
    assert gallery.count('fetchpriority="high"') == 1
    assert gallery.count('loading="lazy"') == 3


def test_a_photo_that_is_not_ready_is_not_shown(session, client):
    made = a_showcase()
    photograph(made.listing, key="", state="waiting", position=9)
    assert client.get(PATH).status_code == 200
    assert client.get(PATH).text.count('<img class="photo"') == 5


def test_a_page_takes_few_queries(session, client):
    made = a_showcase()
    client.get(PATH)
    with counted() as sent:
        client.get(PATH)
    assert len([one for one in sent if one.startswith("SELECT")]) == 2
    db.session.query(ListingTraining).filter_by(listing_id=made.listing.id).delete()
    db.session.commit()
    with counted() as sent:
        client.get(PATH)
    assert len([one for one in sent if one.startswith("SELECT")]) == 1


def test_the_first_answer_is_light(session, client):
    a_showcase()
    answer = client.get(PATH, headers={"Accept-Encoding": "br"})
    assert answer.headers["Content-Encoding"] == "br"
    assert len(answer.data) + len(str(answer.headers)) <= FIRST_ANSWER_MAX


def test_where_the_next_piece_is_sold_from_stands_first(session, client):
    made = a_showcase()
    home = a_home(seller=made.seller)
    a_lot(made.small, home, 3, best_before=clock.today() + timedelta(days=5))
    stands = client.get(PATH).text.split("Tersedia di")[1]
    assert stands.index("Tempat pembuatnya") < stands.index("Kios Lumbung Terminal")


def test_the_code_on_a_label_tells_until_when_that_batch_is_good(client, session):
    variant = a_variant(a_listing(name="Tiwul Wangi", slug="tiwul-wangi", published_at=clock.now()))
    other = a_variant(a_listing(name="Lain", slug="lain-wangi", published_at=clock.now()))
    home = a_home(seller=owner_of(variant))
    a_lot(variant, home, days=90, batch="261126A")
    a_lot(variant, home, days=60, batch="261126A")  # The earlier day is the one to trust.
    day = tanggal(clock.today() + timedelta(days=60))

    def told(code, size=variant.id, slug="tiwul-wangi"):
        return words(client.get(f"/p/{slug}?batch={code}&ukuran={size}"))

    for code in ("261126A", "261126a", "%20261126A%20"):
        assert f"Kode produksi 261126A: baik sampai {day}" in told(code)
    for code, size in (("261126B", variant.id), ("", variant.id), ("%00", variant.id),
                       ("x" * 41, variant.id), ("261126A", other.id), ("261126A", 0),
                       ("261126A", "9" * 30), ("261126A", "x")):  # fmt: skip
        assert "Kode produksi" not in told(code, size), (code, size)
    assert "Kode produksi" not in words(client.get("/p/tiwul-wangi?batch=261126A"))
