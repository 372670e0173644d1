"""A package by pages: from the coordinator's desk over the makers to a buyer's basket."""

import gzip
import itertools

import pytest
from sqlalchemy import select

from cooperatives.models import JointPackage
from cooperatives.packages import offers
from cooperatives.packages.shown import list_with
from cooperatives.rights import COORDINATE
from core import access
from core.actors import SYSTEM
from core.db import db, reading
from sellers.rights import SELL
from tests.factories import a_person, send, sign_in
from tests.orders.factories import a_market, holder

pytestmark = pytest.mark.service
DESK, HERS = "/koord/paket-bersama", "/ibu/paket-bersama"
FIRST_ANSWER_MAX = 14_600
PHONES = itertools.count(10)


@pytest.fixture
def market(session):
    found = a_market()
    found.coordinates = holder(COORDINATE, found.cooperative.id)
    return found


def enter(client, right, subject):
    """Somebody with this right and no other comes in on a fresh phone."""
    phone = f"+62812999988{next(PHONES):02}"
    person = a_person("Wati", phone=phone)
    access.give(actor=SYSTEM, person_id=person.id, right=right, subject_id=subject.id)
    client.delete_cookie("session")
    sign_in(client, phone=phone)


def written(market, **more):
    return {
        "name": "Oleh-oleh Wonosobo",
        "story": "Manis dan hangat.",
        "price": "200.001",
        f"units-{market.tiwul.id}": "1",
        f"units-{market.batik.id}": "1",
    } | more


def package():
    return db.session.scalars(select(JointPackage)).one()


def linked(market):
    """Which packages the page of the tiwul leads to, read as pages read."""
    with reading() as reader:
        return [one.slug for one in list_with(reader, market.tiwul.listing_id)]


def test_from_the_desk_over_the_makers_into_a_basket(client, market):
    enter(client, COORDINATE, market.cooperative)
    assert send(client, DESK, **written(market)).status_code == 303
    slug = package().slug
    assert slug == "oleh-oleh-wonosobo"
    assert client.get(f"/paket/{slug}").status_code == 404
    for seller in (market.maker, market.weaver):
        enter(client, SELL, seller)
        assert "Saya ikut" in client.get(HERS).text
        said = {"package": package().id, "seller": seller.id, "agrees": "yes"}
        assert send(client, HERS + "/jawab", HERS, **said).status_code == 303
        assert "Ibu ikut" in client.get(HERS).text
    page = client.get(f"/paket/{slug}").text
    assert all(words in page for words in ("200.001", "203.000", "Siapa mendapat berapa"))
    assert linked(market) == [slug]
    assert f"/paket/{slug}" in client.get("/").text
    assert send(client, f"/paket/{slug}/keranjang", f"/paket/{slug}").status_code == 303
    assert "hemat" in client.get("/keranjang").text
    assert send(client, HERS + "/jawab", HERS, **said | {"agrees": "no"}).status_code == 303
    assert client.get(f"/paket/{slug}").status_code == 404
    assert linked(market) == []
    assert f"/paket/{slug}" not in client.get("/").text
    assert "hemat" not in client.get("/keranjang").text
    enter(client, COORDINATE, market.cooperative)
    assert send(client, DESK + "/akhiri", DESK, package=package().id).status_code == 303
    assert "Berakhir" in client.get(DESK).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"price": "203001"}, "Harga paket paling tinggi"),
        ({"price": "1"}, "tidak terbagi pas"),
        ({"price": "banyak"}, "Tulis angkanya"),
        ({"name": ""}, "Oleh"),
        ({"tiwul": "dua"}, "Paling banyak 12"),
        ({"tiwul": "0"}, "dua penjual"),
        ({"name": "Lumbung"}, "sudah dipakai"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(client, market, change, words):
    enter(client, COORDINATE, market.cooperative)
    if "tiwul" in change:
        change = {f"units-{market.tiwul.id}": change["tiwul"]}
    answer = send(client, DESK, **written(market, **change))
    assert answer.status_code == 422
    if words != "Oleh":
        assert words in answer.text
    assert "Manis dan hangat." in answer.text


def test_sold_out_goods_are_said_and_the_first_answer_is_small(client, market):
    made = offers.propose(
        actor=market.coordinates,
        organisation_id=market.cooperative.id,
        name="Besar",
        story="",
        price=1_000_006,
        units={market.tiwul.id: 19, market.batik.id: 11},
    )
    for actor, seller in ((market.sells, market.maker), (market.weaves, market.weaver)):
        offers.answer(actor=actor, package_id=made.id, seller_id=seller.id, agrees=True)
    page = client.get("/paket/besar")
    assert "sedang habis" in page.text
    assert len(gzip.compress(page.data)) + len(str(page.headers)) <= FIRST_ANSWER_MAX
