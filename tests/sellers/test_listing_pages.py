"""Her products, through the pages."""

import pytest

from sellers import listings, publishing, variants
from sellers.forms import DetailsForm
from sellers.models import Listing
from tests.factories import send, token_in
from tests.sellers.factories import (
    PIRT,
    a_category,
    a_draft,
    a_live_listing,
    a_permit,
    a_shop,
)

pytestmark = pytest.mark.service
GOOD = {"name": "Opak", "category": "", "halal": "none", "lead_days": "1"}


def test_an_empty_list_says_what_comes_first(client, hers):
    page = client.get("/ibu/produk").text
    assert "Belum ada barang" in page


def test_the_list_shows_state_and_price_in_words(client, hers):
    shop, actor = hers
    a_live_listing(shop, "Keripik Pisang")
    a_draft(shop, "Opak <b>tebal</b>", size=None)
    away = a_draft(shop, "Talas")
    listings.archive(actor=actor, listing_id=away.id)
    page = client.get("/ibu/produk").text
    assert "Rp\u00a014.000" in page
    assert "Harga belum diisi" in page
    assert "Opak &lt;b&gt;tebal&lt;/b&gt;" in page
    assert "Talas" not in page
    assert "Talas" in client.get("/ibu/produk?keadaan=archived").text
    found = client.get("/ibu/produk?q=pisang").text
    assert "Keripik Pisang" in found
    assert "tebal" not in found
    assert "Tidak ada yang cocok" in client.get("/ibu/produk?q=zzz").text


@pytest.mark.parametrize(
    "query",
    ["hal=0", "hal=-5", "hal=99999999999999999999", "hal=x", "q=%00", "q=%25", "q=%F0%9F%8D%8C",
     "keadaan=%00", "keadaan=hidden", "q=" + "x" * 5000],
)  # fmt: skip
def test_a_strange_question_is_answered_calmly(client, hers, query):
    shop, _ = hers
    a_draft(shop)
    assert client.get(f"/ibu/produk?{query}").status_code == 200


def test_a_long_list_has_pages(client, hers):
    shop, _ = hers
    for number in range(25):
        a_draft(shop, f"Opak {number:02}", size=None)
    assert 'rel="next"' in client.get("/ibu/produk").text
    second = client.get("/ibu/produk?hal=2").text
    assert "Opak 00" in second
    assert 'rel="prev"' in second


def test_a_product_is_edited_and_the_page_comes_back(client, hers, session):
    shop, _ = hers
    food = a_category()
    made = a_draft(shop, category=food)
    answer = send(
        client,
        f"/ibu/produk/{made.id}/isi",
        name="Keripik Pisang Pedas",
        category=str(food.id),
        description="Renyah\r\npedas",
        ingredients="pisang, cabai",
        allergens=["susu", "telur"],
        more_allergens="wijen hitam",
        storage="Tutup rapat",
        shelf_life_days="120",
        halal="in_process",
        lead_days="2",
        made_to_order="y",
        capacity_sunny="60",
        capacity_rainy="25",
        export_to=["HK"],
        name_en="Spicy chips",
    )
    assert (answer.status_code, answer.location) == (303, f"/ibu/produk/{made.id}")
    session.refresh(made)
    assert (made.name, made.slug) == ("Keripik Pisang Pedas", "keripik-pisang")
    assert made.allergens == ["susu", "telur", "wijen hitam"]
    assert (made.capacity_rainy, made.export_to) == (25, ["HK"])
    again = client.get(f"/ibu/produk/{made.id}/isi").text
    for words in ("Renyah\npedas", "wijen hitam", "Spicy chips"):
        assert words in again


def test_an_edit_keeps_what_the_form_does_not_show(client, hers, session):
    shop, _ = hers
    made = a_draft(shop, tags=["unggulan"], translations={"ar": {"name": "رقائق"}})
    send(client, f"/ibu/produk/{made.id}/isi", **GOOD)
    session.refresh(made)
    assert (made.tags, made.translations) == (["unggulan"], {"ar": {"name": "رقائق"}})


def test_what_was_typed_stays_beside_its_error(client, hers, session):
    shop, _ = hers
    made = a_draft(shop)
    page = send(
        client, f"/ibu/produk/{made.id}/isi",
        **GOOD | {"name": "", "description": "Masih di sini"},
        shelf_life_days="lama", capacity_rainy="banyak",
    )  # fmt: skip
    assert page.status_code == 200
    for words in ("Masih di sini", 'value="lama"', 'value="banyak"', "Ada isian yang perlu"):
        assert words in page.text
    session.refresh(made)
    assert (made.name, made.description) == ("Keripik Pisang", "")


def test_a_claim_on_a_live_product_is_told_beside_its_box(client, hers, session):
    shop, _ = hers
    made = a_live_listing(shop)
    page = send(
        client, f"/ibu/produk/{made.id}/isi",
        **GOOD | {"category": str(made.category_id), "description": "Obat <script>"},
    )  # fmt: skip
    assert "Kalimat “obat” tidak boleh ditulis" in page.text
    assert "Obat &lt;script&gt;" in page.text
    session.refresh(made)
    assert made.description == ""


def test_a_live_product_cannot_lose_its_category(client, hers, session):
    shop, _ = hers
    made = a_live_listing(shop)
    page = send(client, f"/ibu/produk/{made.id}/isi", **GOOD)
    assert page.status_code == 200
    assert "Jenis barang belum dipilih." in page.text
    session.refresh(made)
    assert made.category_id is not None


def test_a_closed_category_is_not_offered(client, hers, session):
    shop, _ = hers
    closed = a_category("jamu", closed_reason="Menunggu izin")
    made = a_draft(shop)
    assert ">Jamu<" not in client.get(f"/ibu/produk/{made.id}/isi").text
    page = send(client, f"/ibu/produk/{made.id}/isi", **GOOD | {"category": str(closed.id)})
    assert "Pilih salah satu dari daftar." in page.text


def test_from_draft_to_buyers_by_the_check_page(client, hers, session):
    shop, _ = hers
    made = a_draft(shop)
    url = f"/ibu/produk/{made.id}/periksa"
    page = client.get(url).text
    assert "Lengkapi ini dulu" in page
    assert "Tanpa nomor, pangan belum boleh tayang" in page
    assert ">Tayangkan<" not in page
    answer = send(client, url, page="/ibu/toko")
    assert (answer.status_code, answer.location) == (303, url)
    assert "Belum bisa tayang" in client.get(url).text
    a_permit(shop, typed=PIRT, listing_ids=[made.id])
    assert ">Tayangkan<" in client.get(url).text
    assert send(client, url).location == f"/ibu/produk/{made.id}"
    session.refresh(made)
    assert made.state == "live"
    assert "sudah tayang" in client.get(f"/ibu/produk/{made.id}").text


def test_the_check_page_leads_to_where_each_gap_is_mended(client, hers):
    shop, actor = hers
    made = listings.draft(actor=actor, seller_id=shop.id, details={"name": "Obat"})
    page = client.get(f"/ibu/produk/{made.id}/periksa").text
    for part in ("isi", "varian", "foto"):
        assert f'href="/ibu/produk/{made.id}/{part}"' in page


def test_put_away_brought_back_and_copied(client, hers, session):
    shop, _ = hers
    made = a_live_listing(shop, "Opak")
    page = f"/ibu/produk/{made.id}"
    assert send(client, f"{page}/arsip", page=page).location == page
    session.refresh(made)
    assert made.state == "archived"
    assert "Kembalikan ke draf" in client.get(page).text
    send(client, f"{page}/kembali", page=page)
    session.refresh(made)
    assert made.state == "draft"
    answer = send(client, f"{page}/salin", page=page)
    copy = session.query(Listing).filter_by(slug="opak-salinan").one()
    assert answer.location == f"/ibu/produk/{copy.id}/isi"


def test_a_hidden_product_says_why(client, hers, session):
    shop, _ = hers
    made = a_live_listing(shop)
    made.hidden_reason = "Wajah <anak> terlihat"
    session.commit()
    page = client.get(f"/ibu/produk/{made.id}").text
    assert "Wajah &lt;anak&gt; terlihat" in page
    assert "Disembunyikan" in client.get("/ibu/produk").text


PAGES = ("", "/isi", "/varian", "/foto", "/periksa")
ACTS = ("/isi", "/varian", "/foto", "/periksa", "/arsip", "/kembali", "/salin")


def test_the_products_of_others_are_not_there(client, hers, session):
    other, _ = a_shop("Opak", maker="Wagi", phone="+6281234567891")
    made = a_draft(other, "Nagasari", shelf_life_days=2)
    token = token_in(client.get("/ibu/toko"))
    for target in (made.id, made.id + 1, 0, 2**63 - 1, 2**63, 10**40):
        for part in PAGES:
            assert client.get(f"/ibu/produk/{target}{part}").status_code == 404, (target, part)
        for part in ACTS:
            answer = client.post(
                f"/ibu/produk/{target}{part}",
                data={
                    "csrf_token": token,
                    **GOOD,
                    "price": "1000",
                    "weight_grams": "10",
                    "unit": "buah",
                },
            )
            assert answer.status_code == 404, (target, part)
    session.refresh(made)
    assert (made.state, made.name, made.description) == ("draft", "Nagasari", "")
    assert len(variants.list_of(session, made.id)) == 1
    assert session.query(Listing).count() == 1


def test_every_act_asks_for_the_token(client, hers, session):
    shop, _ = hers
    made = a_draft(shop, "Nagasari", shelf_life_days=2)
    for part in ACTS:
        assert client.post(f"/ibu/produk/{made.id}{part}").status_code == 400
    session.refresh(made)
    assert made.state == "draft"


HOSTILE = [
    "\x00",
    "\ud800",
    "😀" * 3000,
    "<script>alert(1)</script>",
    "' or 1=1 --",
    "-1",
    "1e99",
    "9" * 50,
    "\u202e",
    "%(x)s",
    "{{ 7*7 }}",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_in_every_box_breaks_nothing(client, hers, session, text):
    shop, _ = hers
    made = a_live_listing(shop)
    url = f"/ibu/produk/{made.id}/isi"
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    boxes = [name for name in vars(DetailsForm) if hasattr(vars(DetailsForm)[name], "field_class")]
    assert len(boxes) > 15
    page = send(client, url, **dict.fromkeys(boxes, text))
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    for box in boxes:
        one = send(client, url, **{**GOOD, "category": str(made.category_id), box: text})
        assert one.status_code in (200, 303), box
    session.refresh(made)
    assert publishing.blocking(session, made) == []
