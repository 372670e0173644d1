"""The front door, the lists and the search, as a browser gets them."""

import re
from html import unescape

import pytest

from core.db import db
from tests.cooperatives.factories import a_place, a_seller, counted
from tests.shop.factories import a_shelf, certified, goods, learn, photograph

pytestmark = pytest.mark.service


def names(page):
    found = re.findall(r'<h[23]><a href="/p/[^"]+">([^<]*)</a>', page.text)
    return [unescape(name) for name in found]


def link(page, words):
    """The address of the link with these words."""
    found = re.search(
        rf'<a[^>]*href="([^"]+)"[^>]*>(?:<svg.*?</svg>)?{re.escape(words)}', page.text
    )
    assert found, words
    return unescape(found.group(1))


def head(page):
    title = re.search(r"<title>(.*?)</title>", page.text)
    description = re.search(r'name="description"\s+content="([^"]*)"', page.text)
    canonical = re.search(r'rel="canonical" href="([^"]*)"', page.text)
    return tuple(unescape(found.group(1)) for found in (title, description, canonical))


def test_an_empty_house_says_so_and_shows_one_way_on(client):
    for path in ("/", "/kategori"):
        page = client.get(path)
        assert page.status_code == 200
        assert "Belum ada barang" in page.text
        assert 'href="/daftar"' in page.text


def test_the_front_door_shows_goods_makers_a_story_kinds_and_the_kiosk(client):
    shelf = a_shelf("Keripik", slug="keripik")
    a_shelf("Rokok", closed_reason="Tidak dijual di sini.")
    seller = a_seller(
        store_name="Dapur Bu Nur", slug="bu-nur", mission="Menggoreng bersama tetangga.",
        story="Sepulang dari Taipei saya menggoreng pisang. " * 20,
    )  # fmt: skip
    goods("Keripik Pisang", seller=seller, category_id=shelf.id, units=2)
    a_place(slug="kios-terminal")
    page = client.get("/")
    assert names(page) == ["Keripik Pisang"]
    assert 'href="/kategori/keripik"' in page.text
    assert "Rokok" not in page.text
    assert 'href="/toko/bu-nur"' in page.text
    assert "Menggoreng bersama tetangga." in page.text
    assert "Sepulang dari Taipei saya menggoreng pisang." in page.text
    assert 'href="/kios/kios-terminal"' in page.text


def test_a_maker_who_rests_or_says_nothing_is_not_put_forward(client):
    goods(seller=a_seller(store_name="Toko Istirahat", resting=True, mission="Batik"))
    goods(seller=a_seller(store_name="Toko Diam"))
    page = client.get("/")
    assert "Pembuat hari ini" not in page.text


def test_a_real_photo_stands_in_the_grid_in_three_kinds_and_sizes(client):
    photograph(goods())
    text = client.get("/").text
    base = "/media/photo/0123456789abcdef01234567"
    for kind in ("avif", "webp", "jpeg"):
        assert f'<source type="image/{kind}"' in text
    sizes = [f"{base}/{width}.avif {width}w" for width in (320, 640, 1280)]
    assert f'srcset="{", ".join(sizes)}"' in text
    assert f'<img src="{base}/640.jpg"' in text
    assert 'alt="Renyah"' in text


def test_each_page_has_a_title_a_description_and_an_address_of_its_own(client):
    a_shelf("Keripik", slug="keripik")
    heads = [
        head(client.get(path)) for path in ("/", "/kategori", "/kategori/keripik", "/cari?q=x")
    ]
    assert len({title for title, _description, _canonical in heads}) == 4
    assert [canonical.split("/", 3)[3] for *_rest, canonical in heads] == [
        "", "kategori", "kategori/keripik", "cari",
    ]  # fmt: skip
    assert all(description for _title, description, _canonical in heads)


def test_search_results_are_for_people_and_not_for_search_engines(client):
    robots = '<meta name="robots" content="noindex'
    assert robots in client.get("/cari?q=opak").text
    assert robots not in client.get("/kategori").text


def test_a_kind_shows_its_own_goods_page_by_page(client):
    shelf = a_shelf(slug="keripik")
    goods("Dari rak lain")
    for n in range(26):
        goods(f"Keripik {n}", category_id=shelf.id)
    first = client.get("/kategori/keripik")
    assert names(first) == [f"Keripik {n}" for n in range(25, 1, -1)]
    second = client.get(link(first, "Barang berikutnya"))
    assert names(second) == ["Keripik 1", "Keripik 0"]
    assert "Barang berikutnya" not in second.text


def test_an_unknown_kind_is_not_there(client):
    assert client.get("/kategori/tidak-ada").status_code == 404


def test_a_closed_kind_says_why_and_shows_nothing(client):
    shelf = a_shelf(slug="jamu", closed_reason="Menunggu izin BPOM.")
    goods("Jamu", category_id=shelf.id)
    page = client.get("/kategori/jamu")
    assert (page.status_code, names(page)) == (200, [])
    assert "Menunggu izin BPOM." in page.text
    assert link(page, "Lihat semua kategori") == "/kategori"


def test_filters_add_up_and_each_can_be_taken_away(client):
    both = goods("Halal dan siap", units=1)
    certified(both)
    certified(goods("Halal saja"))
    goods("Siap saja", units=1)
    page = client.get("/kategori")
    assert len(names(page)) == 3
    page = client.get(link(page, "Halal terbit"))
    assert names(page) == ["Halal saja", "Halal dan siap"]
    page = client.get(link(page, "Siap kirim"))
    assert names(page) == ["Halal dan siap"]
    page = client.get(link(page, "Halal terbit"))
    assert names(page) == ["Siap saja", "Halal dan siap"]


def test_a_country_narrows_what_goes_abroad(client):
    goods("Ke Hong Kong", export_to=["HK"])
    goods("Ke Taiwan", export_to=["TW"])
    goods("Di sini saja")
    page = client.get(link(client.get("/kategori"), "Bisa ke luar negeri"))
    assert names(page) == ["Ke Taiwan", "Ke Hong Kong"]
    page = client.get(link(page, "Hong Kong"))
    assert names(page) == ["Ke Hong Kong"]
    assert names(client.get(link(page, "Hong Kong"))) == ["Ke Taiwan", "Ke Hong Kong"]


def test_filters_that_leave_nothing_can_be_dropped_at_once(client):
    a_shelf(slug="keripik")
    page = client.get("/kategori/keripik?halal=ya&siap=ya")
    assert link(page, "Lepas semua saringan") == "/kategori/keripik"


@pytest.mark.parametrize(
    "query", ["sesudah=x", "sesudah=1-99999999999999999999", "luar=ZZ", "luar=%00", "halal=2&siap="]
)
def test_a_made_up_address_shows_the_whole_list(client, query):
    goods("Opak")
    page = client.get(f"/kategori?{query}")
    assert (page.status_code, names(page)) == (200, ["Opak"])


def test_a_mended_search_says_so_and_offers_the_typed_words(client):
    goods("Keripik Pisang")
    learn()
    page = client.get("/cari?q=kripik+pisng")
    assert names(page) == ["Keripik Pisang"]
    assert "Menampilkan hasil untuk keripik pisang<" in page.text
    exact = client.get(link(page, "Cari persis kripik pisng"))
    assert names(exact) == []
    assert "Menampilkan hasil" not in exact.text
    assert link(exact, "Lihat semua barang") == "/kategori"


def test_a_search_keeps_its_words_in_the_box_and_under_every_filter(client):
    certified(goods("Opak 'asli' & gurih"))
    learn()
    page = client.get("/cari", query_string={"q": "opak 'asli' & gurih"})
    assert 'value="opak &#39;asli&#39; &amp; gurih"' in page.text
    narrowed = client.get(link(page, "Halal terbit"))
    assert names(narrowed) == ["Opak 'asli' & gurih"]
    assert '<input type="hidden" name="halal" value="ya">' in narrowed.text


def test_search_finds_makers_too(client):
    a_seller(store_name="Dapur Bu Lastri", slug="bu-lastri")
    learn()
    page = client.get("/cari?q=lastri")
    assert 'href="/toko/bu-lastri"' in page.text


def test_a_second_page_of_a_search_keeps_words_and_filters(client):
    for n in range(25):
        certified(goods(f"Opak {n}"), number=f"ID{n}")
    learn()
    first = client.get("/cari?q=opak&halal=ya")
    second = client.get(link(first, "Barang berikutnya"))
    assert (len(names(first)), names(second)) == (24, ["Opak 0"])


@pytest.mark.parametrize(
    "typed",
    [
        "\0",
        "opak\0kering",
        "🍌🍌",
        "x" * 5000,
        "'\"&|!:*",
        "' | !",
        "<script>",
        "\\",
        "%_",
        "\ud800",
    ],
)
def test_nothing_that_can_be_typed_breaks_the_search(client, typed):
    goods("Opak")
    learn()
    query = {"q": typed.encode("utf-8", "surrogatepass")}
    assert client.get("/cari", query_string=query).status_code == 200
    assert client.get("/cari", query_string=query | {"persis": "ya"}).status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", "6", "x", "²", "99999999999999999999"])
def test_a_made_up_page_of_a_search_is_the_first(client, number):
    goods("Opak")
    learn()
    assert names(client.get(f"/cari?q=opak&hal={number}")) == ["Opak"]


def test_no_question_shows_the_shelves(client):
    a_shelf("Keripik", slug="keripik")
    assert link(client.get("/cari"), "Keripik") == "/kategori/keripik"


def test_an_english_reader_gets_english_names(client):
    goods("Keripik Pisang", name_en="Banana Crisps", category_id=None)
    client.set_cookie("bahasa", "en")
    assert names(client.get("/")) == ["Banana Crisps"]
    a_shelf("Keripik", name_en="Crisps", slug="crisps")
    assert link(client.get("/kategori"), "Crisps") == "/kategori/crisps"


def test_a_list_page_asks_the_database_for_little(client):
    for n in range(8):
        photograph(goods(f"Opak {n}", units=1), key=f"public/photo/{n:024}")
    shelf = a_shelf(slug="rak")
    for n in range(3):
        goods(f"Lain {n}", category_id=shelf.id)
    db.session.commit()
    with counted() as sent:
        client.get("/kategori/rak")
    assert len([one for one in sent if one.lstrip().upper().startswith("SELECT")]) == 1


def test_skills_are_offered_once_a_trained_maker_is_asked_for(client, session):
    goods("Opak")
    plain = client.get("/kategori").text
    assert "Pembuatnya terlatih" in plain
    assert "Foto produk" not in plain
    narrowed = client.get("/kategori?ilmu=ya").text
    assert 'href="/kategori?ilmu=foto-produk"' in narrowed
    assert "Belum ada barang yang memenuhi" in narrowed
    assert client.get("/cari?q=opak&ilmu=foto-produk").status_code == 200
    assert client.get("/kategori?ilmu=%00").status_code == 200
