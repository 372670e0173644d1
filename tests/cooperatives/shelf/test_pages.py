"""The pages of shelf and shipments, as forms without scripts."""

import uuid

import pytest

from cooperatives.models import Movement, Shipment
from cooperatives.rights import KEEP
from core import clock
from core.db import db
from sellers.rights import SELL
from tests.cooperatives.factories import a_listing, a_lot, a_place, a_seller, a_variant, level
from tests.cooperatives.receiving.factories import a_note
from tests.cooperatives.shelf.factories import a_shipment
from tests.factories import an_actor, give, sign_in, token_in

pytestmark = pytest.mark.service
RAK, KIRIMAN = "/kios-kerja/rak", "/kios-kerja/kiriman"


@pytest.fixture
def kiosk(session):
    return a_place("kiosk")


@pytest.fixture
def owner(session):
    return a_seller()


@pytest.fixture
def variant(owner):
    return a_variant(a_listing(owner, published_at=clock.now()))


@pytest.fixture
def lot(variant, kiosk):
    return a_lot(variant, kiosk, 10, days=5, batch="B-7")


@pytest.fixture
def keeper(client, kiosk, lot):
    actor = an_actor()
    give(actor, KEEP, kiosk.id)
    sign_in(client)
    return actor


def post(client, page, url=None, **data):
    token = token_in(client.get(page))
    return client.post(url or page, data={"csrf_token": token, **data})


@pytest.mark.parametrize("order", ["", "tanggal", "tarik", "nix"])
def test_the_shelf_is_shown_in_every_order(client, keeper, owner, lot, order):
    page = client.get(RAK, query_string={"urut": order}).text
    assert owner.store_name in page
    assert "B-7" in page
    assert "Tarik sekarang" in page


def test_money_due_is_shown_for_owners_on_this_shelf_and_never_kept(client, keeper, owner):
    page = client.get(f"{RAK}?pemilik={owner.id}").text
    before, _sign, after = page.partition("<!--private-->")
    assert "belum dibayarkan" in after
    assert "belum dibayarkan" not in before
    other = a_seller()
    assert "belum dibayarkan" not in client.get(f"{RAK}?pemilik={other.id}").text
    for odd in ("x", "²", "99999999999999999999"):
        assert client.get(f"{RAK}?pemilik={odd}").status_code == 200


def test_a_deed_is_written_down_and_undone(client, keeper, kiosk, lot):
    data = {"act_id": uuid.uuid4(), "place": kiosk.id, "lot": lot.id, "units": "2",
            "why": "waste:broken"}  # fmt: skip
    assert post(client, RAK, **data).status_code == 303
    assert level(lot, kiosk) == (8, 0, 0)
    movement_id = db.session.query(Movement.id).filter_by(kind="waste").scalar()
    assert "Rusak atau pecah" in client.get(RAK).text
    post(client, RAK, f"{RAK}/batal/{movement_id}")
    assert level(lot, kiosk) == (10, 0, 0)


def test_what_is_refused_is_said_beside_its_box_and_kept(client, keeper, kiosk, lot):
    data = {"act_id": uuid.uuid4(), "place": kiosk.id, "lot": lot.id, "units": "11",
            "why": "return:asked"}  # fmt: skip
    page = post(client, RAK, **data)
    assert page.status_code == 200
    assert "tinggal 10" in page.text
    assert 'value="11"' in page.text
    assert 'aria-invalid="true"' in page.text


def test_more_is_asked_for_once_a_day(client, keeper, kiosk, owner):
    variant = a_variant(a_listing(owner, published_at=clock.now()))
    give(an_actor(phone="0812-1111-2222"), SELL, owner.id)
    a_note(kiosk, owner, variant, 1)
    few = f"{RAK}?urut=habis"
    assert "Minta barang lagi" in client.get(few).text
    data = {"place": kiosk.id, "variant": variant.id, "owner": owner.id}
    post(client, few, f"{RAK}/minta", **data)
    assert "Sudah diminta hari ini" in client.get(few).text


def test_a_box_travels_and_arrives_in_parts(client, keeper, kiosk, lot):
    box = a_place("bazaar")
    give(keeper, KEEP, box.id)
    here = f"{KIRIMAN}?kios={kiosk.slug}"
    data = {"act_id": uuid.uuid4(), "place": kiosk.id, "to": box.id, f"jumlah-{lot.id}": "4"}
    page = post(client, here, **data).location
    shipment = db.session.query(Shipment).one()
    assert shipment.number in client.get(page).text
    data = {"act_id": uuid.uuid4(), "shipment": shipment.id, f"datang-{lot.id}": "9"}
    refused = post(client, page, **data).text
    assert "tinggal 4" in refused
    assert 'value="9"' in refused
    data |= {"act_id": uuid.uuid4(), f"datang-{lot.id}": "3", f"hilang-{lot.id}": "1"}
    post(client, page, **data)
    assert "Selesai" in client.get(page).text
    assert level(lot, box) == (3, 0, 0)


def test_strange_forms_are_no_crash(client, keeper, kiosk, lot):
    box = a_place("bazaar")
    shipment = a_shipment(kiosk, box, lot)
    for url, data in (
        (RAK, {"lot": "x"}),
        (RAK, {"place": kiosk.id, "lot": lot.id, "units": "\x00", "why": "\x00"}),
        (KIRIMAN, {"place": kiosk.id, "to": "²", f"jumlah-{lot.id}": "1"}),
        (KIRIMAN, {"place": kiosk.id, "to": box.id, "jumlah-9999999999999": "1"}),
        (f"{KIRIMAN}/{shipment.id}", {"shipment": "nix", f"datang-{lot.id}": "1"}),
        (f"{KIRIMAN}/{shipment.id}", {"shipment": shipment.id, "kembali-1": "-1"}),
    ):
        assert post(client, url, **data).status_code in (200, 303, 404)


def test_every_page_asks_where_she_is_when_she_keeps_two(client, keeper):
    give(keeper, KEEP, a_place("kiosk").id)
    for page in (RAK, KIRIMAN):
        assert "Ibu sedang di mana?" in client.get(page).text
