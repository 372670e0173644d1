"""Titip Tangan through its pages: agreed to aloud, worked under a banner, told, and ended."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest

from cooperatives.rights import COORDINATE
from core import clock
from core.actors import Actor
from core.db import db
from sellers import listings
from sellers.helping.models import Mandate
from sellers.helping.settings import HelpSettings
from sellers.rights import SELL
from tests.cooperatives.factories import a_listing, a_seller, a_variant
from tests.cooperatives.help_factories import a_mandate
from tests.factories import PIN, a_person, give, sign_in, token_in
from tests.sellers.factories import a_photo_file

pytestmark = pytest.mark.service
UMI = "+6281277778888"


@pytest.fixture(autouse=True)
def storage(own_storage):
    """Proofs of these tests go into a folder of their own."""


@pytest.fixture
def seller(app):
    return a_seller(store_name="Tiwul Bu Sumirah")


@pytest.fixture
def umi(app):
    return a_person("Umi", phone=UMI)


@pytest.fixture
def desk(client, seller, umi):
    """Bu Umi, who coordinates, signed in."""
    give(Actor(umi.id), COORDINATE, seller.organisation_id)
    sign_in(client, UMI, PIN)
    return client


def typed(client, seller, **more):
    return {
        "csrf_token": token_in(client.get("/titip-tangan/baru")),
        "shop": seller.id,
        "phone": UMI,
        "parts": ["sell.stock", "sell.goods"],
        "until": (clock.today() + timedelta(days=30)).isoformat(),
        "witness": "Bu Parti",
        "stock_units": "50",
        **more,
    }


def test_the_text_is_read_before_anything_is_kept(desk, seller):
    page = desk.post("/titip-tangan/baru", data=typed(desk, seller))
    assert "Bacakan pelan-pelan" in page.text
    assert "Stok satu ukuran boleh berubah paling banyak 50 sehari." in page.text
    assert db.session.query(Mandate).count() == 0


def agree(desk, seller, proof, **more):
    data = typed(desk, seller, agreed="y", who="", **more)
    page = desk.post("/titip-tangan/baru", data=typed(desk, seller))
    data["who"] = page.text.split('name="who" value="')[1].split('"')[0]
    return desk.post("/titip-tangan/baru", data={**data, "proof": (BytesIO(proof), "x")})


def test_a_thumb_print_or_a_voice_makes_it_count(desk, seller, umi):
    answer = agree(desk, seller, a_photo_file())
    (mandate,) = db.session.query(Mandate)
    assert answer.location == f"/titip-tangan/{mandate.id}"
    assert (mandate.consent, mandate.helper_id, mandate.stock_units_max) == ("thumb", umi.id, 50)
    agree(desk, seller, b"OggS a voice that says yes")
    assert {one.consent for one in db.session.query(Mandate)} == {"thumb", "voice"}
    assert "membantu" in desk.get("/titip-tangan").text
    for one in db.session.query(Mandate):
        proof = desk.get(f"/titip-tangan/{one.id}/bukti")
        assert proof.content_type == ("image/jpeg" if one.consent == "thumb" else "audio/ogg")
        assert "no-store" in proof.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"parts": []}, "Pilih dulu apa yang boleh dikerjakan."),
        ({"until": "2020-01-01"}, "Pilih hari sesudah hari ini"),
        ({"witness": ""}, "Tulis nama saksinya."),
        ({"phone": "0812 9999 0000"}, "Nomor ini belum terdaftar."),
        ({"price_percent": "x"}, "angka"),
        ({"shop": "999999"}, "Pilih salah satu dari daftar."),
    ],
)
def test_what_cannot_be_agreed_to_is_said_beside_its_box(desk, seller, more, said):
    page = desk.post("/titip-tangan/baru", data=typed(desk, seller, **more))
    assert page.status_code == 200
    assert said in page.text
    assert db.session.query(Mandate).count() == 0


@pytest.mark.parametrize("proof", [b"", b"no picture and no voice", b"OggS" + bytes(2_000)])
def test_without_a_proof_nothing_counts(app, desk, seller, proof):
    rules = app.extensions["settings"]
    rules[HelpSettings] = replace(rules[HelpSettings], consent_bytes_max=1_000)
    page = agree(desk, seller, proof)
    assert page.status_code == 200
    assert db.session.query(Mandate).count() == 0


def test_she_works_under_a_banner_and_only_what_is_allowed_is_there(desk, seller, umi):
    mandate, _helper = a_mandate(seller, umi.id, actor=Actor(umi.id), witness="Bu Parti")
    token = token_in(desk.get("/titip-tangan"))
    answer = desk.post(f"/titip-tangan/{mandate.id}/mulai", data={"csrf_token": token})
    assert answer.location == "/ibu"
    page = desk.get("/ibu/produk")
    assert "Ibu membantu" in page.text
    assert "Lumbung-Keep" not in page.headers  # Another woman's goods do not outlast the help.
    for closed in ("/ibu/izin", "/koord"):
        assert desk.get(closed).status_code == 403
    for closed in ("/ibu/uang", "/ibu/izin", "/koord"):  # Her own money would only mislead here.
        assert f'href="{closed}"' not in page.text
    listing = a_listing(seller)
    variant = a_variant(listing)
    token = token_in(desk.get("/ibu/produk"))
    desk.post(f"/ibu/produk/{listing.id}/arsip", data={"csrf_token": token})
    assert variant.listing_id == listing.id
    desk.post("/titip-tangan/selesai", data={"csrf_token": token})
    assert "Ibu membantu" not in desk.get("/").text
    page = desk.get(f"/titip-tangan/{mandate.id}")
    assert "mengarsipkan barang" in page.text
    assert "tayang jadi arsip" in page.text


def test_the_owner_sees_takes_back_and_ends_it(client, app, seller, umi):
    owner = a_person("Sumirah", phone="+6281311112222")
    seller.person_id = owner.id
    db.session.commit()
    mandate, helper = a_mandate(seller, umi.id)
    listing = a_listing(seller)
    listings.edit(actor=helper, listing_id=listing.id, changes={"tags": ["pedas"]})
    sign_in(client, "0813-1111-2222", PIN)
    page = client.get("/titip-tangan")
    assert "Bantuan untuk saya" in page.text
    assert "membantu" in page.text
    action = page.text.split('action="/titip-tangan/perbuatan/')[1].split('"')[0]
    client.post(f"/titip-tangan/perbuatan/{action}", data={"csrf_token": token_in(page)})
    db.session.refresh(listing)
    assert listing.tags == []
    page = client.get(f"/titip-tangan/{mandate.id}/cabut")
    token = token_in(page)
    again = client.post(
        f"/titip-tangan/{mandate.id}/cabut", data={"csrf_token": token, "reason": ""}
    )
    assert again.status_code == 200
    data = {"csrf_token": token, "reason": "Cukup sampai di sini."}
    assert client.post(f"/titip-tangan/{mandate.id}/cabut", data=data).status_code == 303
    assert "Cukup sampai di sini." in client.get(f"/titip-tangan/{mandate.id}").text


def test_the_statement_is_a_page_to_print_and_a_short_text(desk, seller, umi):
    mandate, helper = a_mandate(seller, umi.id, actor=Actor(umi.id), witness="Bu Parti")
    listings.archive(actor=helper, listing_id=a_listing(seller).id)
    page = desk.get(f"/titip-tangan/{mandate.id}/laporan")
    assert "Cap jempol" in page.text
    assert "mengarsipkan barang" in page.text
    assert "https://wa.me/?text=" in page.text
    earlier = desk.get(f"/titip-tangan/{mandate.id}/laporan?lalu=1")
    assert "tidak ada yang dikerjakan" in earlier.text


def test_a_maker_asks_for_help_and_her_coordinator_hears(client, seller):
    owner = a_person("Sumirah", phone="+6281311112222")
    seller.person_id = owner.id
    db.session.commit()
    give(Actor(owner.id), SELL, seller.id)
    sign_in(client, "0813-1111-2222", PIN)
    token = token_in(client.get("/titip-tangan"))
    client.post("/ibu/bantuan/minta", data={"csrf_token": token})
    assert "Permintaan sudah sampai" in client.get("/titip-tangan").text
