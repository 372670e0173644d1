"""From a product to its label: what is missing is named, and her address is kept nowhere."""

import io

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from core import clock
from core.db import db
from sellers import permits, variants
from sellers.models import Variant
from tests.factories import send
from tests.sellers.factories import (
    HALAL,
    a_category,
    a_draft,
    a_live_listing,
    a_permit,
    a_shop,
    a_size,
)

pytestmark = pytest.mark.service
STREET = "Dusun Sangatrahasia 7, RT 02/03"
TYPED = {
    "batch": "261126A", "maker": "Keripik Bu Nur", "street": STREET,
    "district_code": "Kertek, Wonosobo", "postcode": "56371", "pieces": "4",
    "paper": "a4", "no_allergens": "y",
}  # fmt: skip


def typed(**more):
    return {**TYPED, "made_on": clock.today().isoformat(), "best_before": "", **more}


def a_whole_product(shop, **more):
    """Live, with all that a label asks of it; answers with the address of its label."""
    details = {"ingredients": "Pisang, garam", "shelf_life_days": 90, **more}
    made = a_live_listing(shop, size=a_size(net_weight_grams=250), **details)
    return made, f"/ibu/label/{size_of(made).id}"


def size_of(listing):
    return db.session.query(Variant).filter_by(listing_id=listing.id).one()


def paper(answer):
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf", answer.text
    pages = PdfReader(io.BytesIO(answer.data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_whole_product_gets_its_label(client, hers):
    made, url = a_whole_product(hers[0])
    assert "Siap cetak" in client.get("/ibu/label").text
    said = paper(send(client, url, **typed()))
    (permit,) = permits.covering(db.session, made.id)
    for part in ("Keripik Pisang", "250 g", "Pisang, garam", STREET, "Jawa Tengah 56371, Indonesia",
                 f"P-IRT {permit.number}", "261126A", "Alergen: tidak ada"):  # fmt: skip
        assert part in said
    assert said.count("261126A") == 4
    assert "HALAL" not in said


def test_halal_is_printed_where_it_is_certified_and_its_lack_where_she_says_so(client, hers):
    made, url = a_whole_product(hers[0], halal="not_halal")
    assert "TIDAK HALAL" in paper(send(client, url, **typed()))
    made.halal = "none"
    db.session.commit()
    a_permit(hers[0], "halal", HALAL, listing_ids=[made.id])
    said = paper(send(client, url, **typed()))
    assert f"HALAL {HALAL}" in said
    assert "TIDAK" not in said


def test_nothing_is_printed_while_a_part_of_the_product_is_missing(client, hers, session):
    made = a_draft(hers[0], halal="certified", shelf_life_days=90)  # So that only `gaps` refuses.
    url = f"/ibu/label/{size_of(made).id}"
    assert "Kurang 4" in client.get("/ibu/label").text
    answer = send(client, url, page="/ibu/toko", **typed())
    assert answer.mimetype == "text/html"
    for sentence, where in (
        ("Bahan belum diisi", f"/ibu/produk/{made.id}/isi"),
        ("Berat isi belum diisi", f"/ibu/produk/{made.id}/varian"),
        ("Nomor P-IRT atau BPOM belum ada", "/ibu/izin?toko="),
        ("Nomor sertifikat halal belum ditulis", "/ibu/izin?toko="),
    ):
        assert sentence in answer.text
        assert where in answer.text
    assert "Buat label" not in answer.text
    assert session.scalar(text("select count(*) from audit where action = 'label.print'")) == 0


@pytest.mark.parametrize(
    ("box", "value"),
    [
        ("made_on", ""), ("made_on", "2099-01-01"), ("batch", ""), ("best_before", "2020-01-01"),
        ("best_before", "2099-01-01"), ("maker", ""), ("street", ""), ("district_code", ""),
        ("district_code", "Entah"), ("postcode", ""), ("postcode", "abc"), ("paper", "a3"),
        ("pieces", "0"), ("pieces", "301"), ("no_allergens", ""),
    ],
)  # fmt: skip
def test_nothing_is_printed_while_a_typed_part_is_missing_or_wrong(client, hers, box, value):
    _made, url = a_whole_product(hers[0])
    fields = typed(**{box: value})
    if box == "no_allergens":
        del fields[box]
    answer = send(client, url, **fields)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert f'href="#{box}"' in answer.text
    assert "Sangatrahasia" in answer.text or box == "street"


def test_who_has_allergens_written_down_is_not_asked(client, hers):
    _made, url = a_whole_product(hers[0], allergens=["susu", "petai"])
    assert "Bahannya tanpa" not in client.get(url).text
    fields = typed()
    del fields["no_allergens"]
    assert "Mengandung alergen: Susu, petai" in paper(send(client, url, **fields))


def test_an_unknown_shelf_life_wants_a_day(client, hers):
    _made, url = a_whole_product(hers[0], shelf_life_days=None)
    assert "Tanggal belum diisi." in send(client, url, **typed()).text
    last = clock.today().replace(year=clock.today().year + 1, day=1).isoformat()
    assert "Baik digunakan sebelum: 1 " in paper(send(client, url, **typed(best_before=last)))


def test_her_address_is_on_the_paper_and_nowhere_else(client, hers, session):
    _made, url = a_whole_product(hers[0])
    assert "Sangatrahasia" in paper(send(client, url, **typed()))
    assert "Sangatrahasia" not in client.get(url).text
    tables = session.scalars(
        text("select tablename from pg_tables where schemaname = 'public'")
    ).all()
    for table in tables:
        found = text(f"select count(*) from {table} t where t::text like '%Sangatrahasia%'")
        assert session.scalar(found) == 0, table
    printed = session.execute(
        text("select actor_id, facts::text from audit where action = 'label.print'")
    ).all()
    assert len(printed) == 1


def test_goods_that_are_not_eaten_are_told_so(client, hers):
    craft = a_draft(hers[0], "Tas", category=a_category("tas", is_food=False))
    assert "Belum ada makanan atau minuman" in client.get("/ibu/label").text
    url = f"/ibu/label/{size_of(craft).id}"
    assert "Label ini untuk makanan, minuman, dan jamu." in client.get(url).text


def test_the_way_leads_from_the_ladder_and_from_the_product(client, hers):
    made, url = a_whole_product(hers[0])
    assert 'href="/ibu/label"' in client.get("/ibu/izin").text
    assert f'href="{url}"' in client.get(f"/ibu/produk/{made.id}").text
    variants.add(actor=hers[1], listing_id=made.id, size=a_size(20_000, name="Besar"))
    assert 'href="/ibu/label?toko=' in client.get(f"/ibu/produk/{made.id}").text


def test_labels_of_others_are_not_there(client, hers):
    other, _ = a_shop("Opak", maker="Wagi", phone="+6281234567891")
    made = a_draft(other, category=a_category("lain"))
    for target in (size_of(made).id, 0, 2**63, 10**40):
        url = f"/ibu/label/{target}"
        assert client.get(url).status_code == 404
        assert send(client, url, page="/ibu/toko", **typed()).status_code == 404


@pytest.mark.parametrize(
    "hostile", ["\x00", "😀" * 500, "<script>alert(1)</script>", "%(x)s", "9" * 50]
)
def test_hostile_text_breaks_nothing(client, hers, hostile):
    _made, url = a_whole_product(hers[0])
    for box in TYPED:
        answer = send(client, url, **typed(**{box: hostile}))
        assert answer.status_code == 200
        assert answer.mimetype == "application/pdf" or "<script>alert" not in answer.text
