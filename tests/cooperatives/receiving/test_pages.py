"""The pages of goods in, with and without a phone's outbox, for keeper and maker."""

import io
import re
import uuid

import pytest
from PIL import Image

from cooperatives.models import BringOffer, ConsignNote, ConsignPhoto
from cooperatives.receiving import agreeing
from cooperatives.rights import KEEP
from core.db import db
from sellers.rights import SELL
from tests.cooperatives.factories import a_listing, a_place, a_seller, a_variant
from tests.cooperatives.receiving.factories import a_note, an_offered
from tests.factories import an_actor, give, sign_in, token_in

pytestmark = pytest.mark.service
DESK = "/kios-kerja/terima"


@pytest.fixture
def kiosk(session):
    return a_place("kiosk")


@pytest.fixture
def owner(kiosk):
    shop = a_seller()
    shop.organisation_id = kiosk.organisation_id
    db.session.commit()
    return shop


@pytest.fixture
def variant(owner):
    return a_variant(a_listing(owner))


@pytest.fixture
def keeper(client, kiosk):
    actor = an_actor()
    give(actor, KEEP, kiosk.id)
    sign_in(client)
    return actor


@pytest.fixture
def maker(client, owner):
    actor = an_actor()
    give(actor, SELL, owner.id)
    sign_in(client)
    return actor


def post(client, page, url=None, **data):
    token = token_in(client.get(page))
    return client.post(url or page, data={"csrf_token": token, **data})


def a_photo():
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "green").save(file, "JPEG")
    file.seek(0)
    return file


def test_who_brings_stands_on_the_page_with_what_she_gets(client, keeper, owner, variant):
    page = client.get(DESK).text
    assert owner.store_name in page
    assert "12.750" in page
    assert f'name="jumlah-{variant.id}"' in page
    assert client.get(DESK).headers["Lumbung-Keep"] == "yes"


def test_an_offer_fills_the_boxes(client, keeper, kiosk, owner, variant):
    offer_id = an_offered(kiosk, owner, variant, 17)
    page = client.get(DESK).text
    assert str(offer_id) in page
    assert re.search(rf'name="jumlah-{variant.id}"[^>]*value="17"', page)


def test_a_keeper_of_two_places_is_asked_where_she_is(client, keeper, kiosk):
    other = a_place("bazaar")
    give(keeper, KEEP, other.id)
    page = client.get(DESK).text
    assert f"?kios={kiosk.slug}" in page
    assert f"?kios={other.slug}" in page


def test_the_plain_form_writes_the_note_with_its_photo(client, keeper, kiosk, owner, variant):
    act_id = uuid.uuid4()
    data = {"act_id": str(act_id), "place": kiosk.id, "owner": owner.id,
            f"jumlah-{variant.id}": "8", "foto": (a_photo(), "x.jpg")}  # fmt: skip
    answer = post(client, DESK, **data)
    assert answer.location == f"{DESK}/nota/{act_id}"
    assert "8" in client.get(answer.location).text
    assert db.session.query(ConsignPhoto).one().note_id == act_id


def test_what_is_wrong_is_said_beside_its_box_and_kept(client, keeper, kiosk, owner, variant):
    data = {"act_id": uuid.uuid4(), "place": kiosk.id, "owner": owner.id,
            f"jumlah-{variant.id}": "banyak", f"batch-{variant.id}": "<b>7</b>"}  # fmt: skip
    page = post(client, DESK, **data)
    assert page.status_code == 200
    assert 'value="banyak"' in page.text
    assert "&lt;b&gt;7" in page.text
    assert 'aria-invalid="true"' in page.text
    assert db.session.query(ConsignNote).count() == 0


def test_strange_boxes_are_no_crash(client, keeper, kiosk, owner):
    for boxes in ({"jumlah-99999999999": "1"}, {"jumlah-": "1"}, {"owner": "x"}, {"place": "²"},
                  {"offer": "nix", "jumlah-1": "\x00"}):  # fmt: skip
        data = {"act_id": "nix", "place": kiosk.id, "owner": owner.id, **boxes}
        assert post(client, DESK, **data).status_code in (200, 404)


def test_note_labels_and_paper_are_there(client, keeper, kiosk, owner, variant):
    note = a_note(kiosk, owner, variant)
    for path in ("cetak", "label?kertas=58", "label?kertas=nix"):
        answer = client.get(f"{DESK}/nota/{note.id}/{path}")
        assert answer.mimetype == "application/pdf"
        assert answer.data.startswith(b"%PDF")


def test_whatsapp_is_led_to_and_no_number_stands_on_a_page(client, keeper, kiosk, owner, variant):
    note = a_note(kiosk, owner, variant)
    answer = client.get(f"{DESK}/nota/{note.id}/wa")
    assert answer.location.startswith("https://wa.me/")
    assert "wa.me" not in client.get(f"{DESK}/nota/{note.id}").text


def test_the_keeper_mends_signs_and_answers(client, keeper, kiosk, owner, variant):
    note = a_note(kiosk, owner, variant)
    one = f"{DESK}/nota/{note.id}"
    assert "24 bungkus" in _after(client, one, "betulkan", line="0", quantity="24")
    assert "angka bulat" in _after(client, one, "betulkan", line="0", quantity="x")
    assert "Cocok" in _after(client, one, "cap", foto=(a_photo(), "x.jpg"))
    assert "bukan foto" in _after(client, one, "cap")


def _after(client, page, deed, **data):
    answer = post(client, page, f"{page}/{deed}", **data)
    return " ".join(client.get(answer.location).text.split())


def test_she_reads_her_note_and_says_what_does_not_fit(client, maker, kiosk, owner, variant):
    note = a_note(kiosk, owner, variant)
    mine = f"/ibu/titip/nota/{note.id}"
    assert note.number in client.get("/ibu/titip").text
    post(client, mine, words="Saya antar 12")
    assert "Saya antar 12" in client.get(mine).text
    post(client, mine, fits="1")
    assert agreeing.get_hers(db.session(), maker, note.id).agreed_at is not None


def test_she_offers_and_takes_it_back(client, maker, kiosk, owner, variant):
    page = "/ibu/titip/tawarkan"
    data = {"act_id": uuid.uuid4(), "shop": owner.id, "place": kiosk.id, "day": "2020-01-01",
            f"jumlah-{variant.id}": "12"}  # fmt: skip
    refused = post(client, page, **data)
    assert 'aria-invalid="true"' in refused.text
    assert 'value="12"' in refused.text
    today = re.search(r'type="date" value="([^"]+)"', " ".join(client.get(page).text.split()))[1]
    assert post(client, page, **{**data, "day": today}).location == "/ibu/titip"
    offer = db.session.query(BringOffer).one()
    assert "Menunggu" in client.get("/ibu/titip").text
    post(client, "/ibu/titip", f"/ibu/titip/tawaran/{offer.id}/batal")
    assert "Dibatalkan" in client.get("/ibu/titip").text


def test_a_wrong_note_stays_at_the_place_where_she_is(client, keeper, kiosk, owner, variant):
    give(keeper, KEEP, a_place("kiosk").id)
    page = f"{DESK}?kios={kiosk.slug}"
    assert f'action="{page}"' in client.get(page).text
    data = {"act_id": uuid.uuid4(), "place": kiosk.id, "owner": owner.id,
            f"jumlah-{variant.id}": "x"}  # fmt: skip
    assert 'aria-invalid="true"' in post(client, page, **data).text
