"""The pages of counting, for keeper, coordinator and owner."""

import re

import pytest

from cooperatives.counts import closing
from cooperatives.lot_codes import code_of
from cooperatives.models import StockCount
from cooperatives.rights import COORDINATE, KEEP
from core.db import db
from sellers.rights import SELL
from tests.cooperatives.counts.factories import a_keeper, decide, opened, post, rows, sold, write
from tests.cooperatives.factories import a_lot, a_place, a_variant, level
from tests.factories import an_actor, give, sign_in, token_in

pytestmark = pytest.mark.service
DESK = "/kios-kerja/hitung"


@pytest.fixture
def kiosk(session):
    return a_place("kiosk")


@pytest.fixture
def lot(kiosk):
    return a_lot(a_variant(), kiosk, 10)


@pytest.fixture
def keeper(client, kiosk):
    actor = an_actor()
    give(actor, KEEP, kiosk.id)
    sign_in(client)
    return actor


def send(client, page, url=None, **data):
    token = token_in(client.get(page))
    return client.post(url or page, data={"csrf_token": token, **data}, follow_redirects=True)


def begun(client, kiosk, **more):
    page = client.get(DESK).text
    (count_id,) = re.findall(r'name="id" value="([^"]+)"', page)
    send(client, DESK, id=count_id, place=kiosk.id, rak="all", **more)
    return count_id


def test_a_keeper_counts_a_shelf_from_choosing_to_the_end(client, keeper, kiosk, lot):
    count_id = begun(client, kiosk)
    one, check = f"{DESK}/{count_id}", f"{DESK}/{count_id}/periksa"
    assert code_of(lot.id) in client.get(one).text
    assert client.get(one).headers["Lumbung-Keep"] == "yes"
    assert "Tersimpan." in send(client, one, f"{one}/angka", **{f"angka-{lot.id}": "8"}).text
    page = client.get(check).text
    assert ">-2<" in page
    saw, seen = (re.search(f'name="{n}" value="([^"]+)"', page)[1] for n in ("saw", "seen"))
    said = {"saw": saw, "seen": seen, "do": "post"}
    assert "Ada baris yang belum selesai" in send(client, check, **said).text
    done = send(client, check, **said, **{f"alasan-{lot.id}": "lost"}).text
    assert "Stok sudah dibetulkan" in done
    assert "25.500" in done
    assert level(lot, kiosk)[0] == 8
    assert client.get(f"{one}/lembar").status_code == 200


def test_a_blind_count_shows_no_record(client, keeper, kiosk, lot):
    seen, blind = begun(client, kiosk), begun(client, kiosk, buta="1")
    assert "catatan: 10" in client.get(f"{DESK}/{seen}").text
    assert "catatan: 10" not in client.get(f"{DESK}/{blind}").text


def test_what_is_wrong_stands_beside_its_box_and_what_was_typed_stays(client, keeper, kiosk, lot):
    one = f"{DESK}/{begun(client, kiosk)}"
    page = send(client, one, f"{one}/angka", **{f"angka-{lot.id}": "banyak"}).text
    assert "Tulis angka bulat" in page
    assert 'value="banyak"' in page


def test_a_line_that_moved_offers_three_ways(client, keeper, kiosk, lot):
    count_id = begun(client, kiosk)
    write(count_id, keeper, numbers={lot: 9})
    sold(lot, kiosk)
    page = client.get(f"{DESK}/{count_id}/periksa").text
    for choice in closing.CHOICES:
        assert f'value="{choice}"' in page


def test_an_owner_contests_and_a_coordinator_decides(client, kiosk, lot):
    keeper = a_keeper(kiosk)
    count_id = opened(kiosk, keeper)
    write(count_id, keeper, numbers={lot: 9})
    decide(count_id, keeper, reasons={lot: "lost"})
    post(count_id, keeper)
    both = an_actor()
    give(both, SELL, lot.owner_id)
    give(both, COORDINATE, kiosk.organisation_id)
    sign_in(client)
    page = client.get("/ibu/titip").text
    assert "Hasil hitung stok" in page
    assert "12.750" in page
    contest = f"/ibu/titip/hitung/{count_id}"
    said = send(client, "/ibu/titip", contest, lot=lot.id, words="Saya lihat 10.").text
    assert "Menunggu keputusan" in said
    check = f"{DESK}/{count_id}/periksa"
    assert "Saya lihat 10." in client.get(check).text
    empty = {"lot": lot.id, "outcome": "reversed", "words": ""}
    assert (
        "Tulis dulu alasannya" in send(client, check, f"{DESK}/{count_id}/putuskan", **empty).text
    )
    send(client, check, f"{DESK}/{count_id}/putuskan", **{**empty, "words": "Betul."})
    assert "Selisih dibatalkan: Betul." in client.get("/ibu/titip").text
    assert level(lot, kiosk)[0] == 10


def test_a_large_difference_asks_for_a_second_person(client, keeper, kiosk, lot):
    count_id = begun(client, kiosk)
    write(count_id, keeper, numbers={lot: 0})
    check = f"{DESK}/{count_id}/periksa"
    assert 'value="post"' not in client.get(check).text
    saw = str(closing.last_movement(db.session))
    assert "sudah diminta memeriksa" in send(client, check, do="ask", saw=saw).text
    assert db.session.get(StockCount, count_id).state == "open"


def test_dropping_leaves_stock_alone(client, keeper, kiosk, lot):
    count_id = begun(client, kiosk)
    send(client, f"{DESK}/{count_id}/periksa", do="drop")
    assert rows(count_id)[lot.id].line.difference is None
    assert level(lot, kiosk)[0] == 10
