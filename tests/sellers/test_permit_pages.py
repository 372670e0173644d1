"""Tangga Izin, through the pages."""

from datetime import timedelta

import pytest

from core import clock
from sellers import permits
from sellers.models import PERMIT_KINDS, Permit
from tests.factories import send, token_in
from tests.sellers.factories import HALAL, NIB, PIRT, a_draft, a_live_listing, a_permit, a_shop

pytestmark = pytest.mark.service


def test_the_ladder_begins_with_the_nib(client, hers):
    page = client.get("/ibu/izin").text
    assert "Langkah berikutnya: NIB" in page
    assert "/ibu/izin/baru/nib" in page


def test_a_number_is_written_down_and_the_ladder_comes_back(client, hers, session):
    shop, _ = hers
    made = a_draft(shop)
    answer = send(
        client, "/ibu/izin/baru/pirt",
        number="P-IRT No. 206 3307 01 0001 31", listing_ids=[str(made.id)],
    )  # fmt: skip
    assert (answer.status_code, answer.location) == (303, "/ibu/izin")
    (permit,) = session.query(Permit)
    assert (permit.number, permit.seller_id) == (PIRT, shop.id)
    assert permits.covered_by(session, permit.id) == {made.id}
    page = client.get("/ibu/izin").text
    assert f"P-IRT {PIRT}" in page
    assert "31 Desember 2031" in page


def test_warnings_are_told_after_saving(client, hers):
    send(client, "/ibu/izin/baru/pirt", number="2069999010001-31")
    page = client.get("/ibu/izin").text
    assert "bukan kode kabupaten yang kami kenal" in page
    assert "notice--warning" in page


def test_a_number_may_come_later(client, hers, session):
    send(client, "/ibu/izin/baru/nib", number="")
    (permit,) = session.query(Permit)
    assert permit.number is None
    page = client.get("/ibu/izin").text
    assert "Nomor belum terbit" in page
    assert "Sedang diurus" in page
    answer = send(client, f"/ibu/izin/{permit.id}", number=NIB)
    assert answer.location == "/ibu/izin"
    session.refresh(permit)
    assert permit.number == NIB


def test_a_wrong_number_stays_beside_its_error(client, hers, session):
    page = send(client, "/ibu/izin/baru/pirt", number="<b>123", valid_until="2031-01-01")
    assert page.status_code == 200
    assert "Nomor P-IRT terdiri dari 15 angka" in page.text
    assert "&lt;b&gt;123" in page.text
    assert "2031-01-01" in page.text
    assert session.query(Permit).count() == 0


def test_the_same_number_twice_is_told_beside_its_box(client, hers, session):
    shop, _ = hers
    a_permit(shop)
    page = send(client, "/ibu/izin/baru/pirt", number=PIRT)
    assert "Nomor ini sudah ada di toko Ibu" in page.text


@pytest.mark.parametrize(
    ("days", "word"), [(-1, "Sudah berakhir"), (30, "Hampir berakhir"), (90, "Berlaku")]
)
def test_how_a_permit_stands_is_said_in_words(client, hers, days, word):
    shop, _ = hers
    a_permit(shop, "nib", NIB, valid_until=clock.today() + timedelta(days=days))
    assert word in client.get("/ibu/izin").text


def test_a_permit_keeps_covering_what_was_put_away(client, hers, session):
    shop, actor = hers
    from sellers import listings

    many = [a_draft(shop, f"Opak {n}", size=None) for n in range(30)]
    listings.archive(actor=actor, listing_id=many[0].id)
    permit = a_permit(shop, listing_ids=[one.id for one in many])
    page = client.get(f"/ibu/izin/{permit.id}").text
    assert page.count("checked") == 30


def test_the_permit_under_a_live_product_stays(client, hers, session):
    shop, _ = hers
    made = a_live_listing(shop)
    (permit,) = permits.covering(session, made.id)
    url = f"/ibu/izin/{permit.id}"
    page = send(client, url, number=permit.number)
    assert "Izin ini dipakai barang yang tayang" in page.text
    assert send(client, f"{url}/hapus", page=url).location == url
    assert "Izin ini dipakai barang yang tayang" in client.get(url).text
    assert permits.covering(session, made.id) == [permit]


def test_a_permit_written_by_mistake_is_removed(client, hers, session):
    shop, _ = hers
    permit = a_permit(shop, "halal", HALAL)
    url = f"/ibu/izin/{permit.id}"
    assert send(client, f"{url}/hapus", page=url).location == "/ibu/izin"
    assert session.query(Permit).count() == 0


def test_a_sample_number_does_not_pass_outside_the_demo_world(client, hers, session):
    page = send(client, "/ibu/izin/baru/pirt", number="CONTOH P-IRT 2069999010001-31")
    assert "Nomor contoh hanya untuk toko contoh" in page.text


def test_the_permits_and_goods_of_others_are_not_there(client, hers, session):
    other, _ = a_shop("Opak", maker="Wagi", phone="+6281234567891")
    permit, foreign = a_permit(other), a_draft(other)
    token = token_in(client.get("/ibu/toko"))
    for target in (permit.id, 0, 2**63, 10**40):
        assert client.get(f"/ibu/izin/{target}").status_code == 404
        for part in ("", "/hapus"):
            answer = client.post(
                f"/ibu/izin/{target}{part}", data={"csrf_token": token, "number": ""}
            )
            assert answer.status_code == 404
    page = send(client, "/ibu/izin/baru/pirt", number=PIRT, listing_ids=[str(foreign.id)])
    assert "Pilih dari daftar ini." in page.text
    session.refresh(permit)
    assert permit.number == PIRT
    assert session.query(Permit).count() == 1


def test_an_unknown_kind_is_not_there(client, hers):
    assert client.get("/ibu/izin/baru/siup").status_code == 404


HOSTILE = [
    "\x00",
    "😀" * 500,
    "<script>alert(1)</script>",
    "-1",
    "9" * 50,
    "\u202e",
    "%(x)s",
    "CONTOH " * 20,
]


@pytest.mark.parametrize("kind", PERMIT_KINDS)
def test_hostile_text_breaks_nothing(client, hers, session, kind):
    url = f"/ibu/izin/baru/{kind}"
    for text in HOSTILE:
        for box in ("number", "valid_until", "listing_ids"):
            page = send(client, url, **{"number": "", box: text})
            assert page.status_code in (200, 303), (box, text)
            assert "<script>alert" not in page.text
