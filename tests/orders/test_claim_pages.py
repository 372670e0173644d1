"""Pages of problems and refunds: the buyer's, the three desks', the treasurer's; hostile input."""

import io

import pytest
from PIL import Image

from cooperatives.rights import COORDINATE, TREASURE
from core import files
from core.actors import GUEST
from core.album import storage
from core.db import db
from core.rights import OPERATE
from orders import claim_answers, claims
from orders.claim_answers import Reply
from orders.models import Claim, Event, Refund, RefundAccount
from orders.refund_accounts import Target
from tests.factories import a_person, give, send, sign_in, token_in
from tests.orders.claim_factories import a_claim, came, fresh, lines_of, rows_of
from tests.orders.factories import KEEP, SELL, Actor, a_market, parcels_of, rules
from tests.orders.test_claim_money import granted
from tests.orders.test_claims import in_days
from tests.orders.test_refund_accounts import give as give_account

pytestmark = pytest.mark.service
PHONE = "+6281299998888"
HOME = b"6.9147S 107.6098E"


def a_jpeg(colour="brown", size=(640, 480), **more):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG", **more)
    return file.getvalue()


@pytest.fixture
def market(app):
    return a_market()


@pytest.fixture
def batik(market):
    return came(market, (market.batik, 3))


def enter(client, right, subject_id):
    she = Actor(a_person("Wati", phone=PHONE).id)
    give(she, right, subject_id)
    sign_in(client, phone=PHONE)
    return she


def page_of(placed, claim=None):
    return f"/pesanan/{placed.code}/masalah" + (f"/{claim.id}" if claim else "")


def reported(client, placed, photo=None, pieces=1, **more):
    """Fill in the buyer's small form, as a browser does."""
    page = client.get(page_of(placed))
    line = lines_of(parcels_of(placed)[0])[0].id
    act = page.text.split('name="act_id"')[1].split('value="')[1].split('"')[0]
    data = {
        "csrf_token": token_in(page),
        "act_id": act,
        f"line_{line}": str(pieces),
        "trouble": "spoilt",
        "wish": "money",
        "words": "Ada jamur",
        **more,
    }
    if photo:
        data["photo"] = (io.BytesIO(photo), "foto.jpg")
    return client.post(page_of(placed), data=data, content_type="multipart/form-data")


def only_claim():
    db.session.expire_all()
    return db.session.query(Claim).one()


def photos_of(claim):
    return files.list_of(db.session(), claims.doc_of(claim.id))


def test_the_order_page_leads_to_the_form_and_back(client, batik):
    placed, _parcel = batik
    text = client.get(f"/pesanan/{placed.code}").text
    assert f"/pesanan/{placed.code}/masalah?paket=" in text
    answer = reported(client, placed)
    assert answer.status_code == 303
    text = client.get(answer.location).text
    assert "Menunggu jawaban penjual" in text
    assert "Basi atau berjamur" in text
    text = client.get(f"/pesanan/{placed.code}").text
    assert "Masalah yang dilaporkan" in text
    assert "Masalah paket dilaporkan" in text
    assert "masalah?paket=" not in text


def test_a_photo_is_redrawn_without_what_the_camera_wrote(client, batik):
    placed, _parcel = batik
    exif = Image.Exif()
    exif[0x010E] = HOME.decode()
    sent = a_jpeg(exif=exif)
    assert HOME in sent
    answer = reported(client, placed, photo=sent)
    (photo,) = photos_of(only_claim())
    got = client.get(f"{answer.location}/foto/{photo.id}")
    assert (got.status_code, got.content_type) == (200, "image/jpeg")
    assert got.headers["Cache-Control"] == "private, no-store"
    assert HOME not in got.data
    assert str(photo.id) in client.get(answer.location).text


def test_a_double_send_is_one_claim_with_one_photo(client, batik):
    placed, _parcel = batik
    page = client.get(page_of(placed))
    act = page.text.split('name="act_id"')[1].split('value="')[1].split('"')[0]
    first = reported(client, placed, photo=a_jpeg(), act_id=act)

    kept = [photo.key for photo in photos_of(only_claim())]
    again = claims.report(
        actor=GUEST,
        claim_id=only_claim().id,
        order_id=placed.id,
        told=claims.Told(
            parcels_of(placed)[0].id,
            {lines_of(parcels_of(placed)[0])[0].id: 1},
            "spoilt",
            "money",
            "Ada jamur",
        ),
        photo=a_jpeg("black"),
    )
    assert first.location.endswith(str(again))
    assert [photo.key for photo in photos_of(only_claim())] == kept
    assert storage().get(kept[0])


@pytest.mark.parametrize(
    ("photo", "told"),
    [
        (b"<svg onload=alert(1)>", "Gambar SVG"),
        (b"GIF89a" + b"\0" * 50, "bukan foto"),
        (b"\xff\xd8\xff" + b"\0" * 50, "rusak"),
        (a_jpeg(size=(40, 40)), "terlalu kecil"),
        (a_jpeg(size=(2000, 210)), "terlalu panjang"),
    ],
)
def test_a_bad_photo_is_said_beside_its_box_and_nothing_is_kept(client, batik, photo, told):
    placed, _parcel = batik
    answer = reported(client, placed, photo=photo)
    assert answer.status_code in (413, 422)
    assert told in answer.text
    assert "Ada jamur" in answer.text
    assert db.session.query(Claim).count() == 0
    assert db.session.query(files.Attachment).count() == 0


@pytest.mark.parametrize(
    "typed",
    [
        {"pieces": "0"},
        {"pieces": "4"},
        {"pieces": "-1"},
        {"pieces": "１"},
        {"pieces": "9" * 40},
        {"trouble": "hacked"},
        {"trouble": ""},
        {"wish": "all"},
        {"act_id": "not-an-id"},
        {"words": "x" * 1001},
    ],
)
def test_hostile_values_are_sentences(client, batik, typed):
    placed, _parcel = batik
    answer = reported(client, placed, **typed)
    assert answer.status_code in (200, 422)
    assert "Ada isian yang perlu dibetulkan" in answer.text
    assert db.session.query(Claim).count() == 0


def test_words_are_words_wherever_they_are_shown(client, market, batik):
    placed, _parcel = batik
    bad = "<script>alert(1)</script>{{7*7}}\x00\u202e"
    answer = reported(client, placed, words=bad)
    assert "<script>alert(1)" not in client.get(answer.location).text
    enter(client, SELL, market.weaver.id)
    text = client.get(f"/ibu/masalah/{only_claim().id}").text
    assert "<script>alert(1)" not in text
    assert "{{7*7}}" in text


def test_sending_too_often_is_stopped(client, batik):
    placed, _parcel = batik
    rules(claim_tries=0)
    answer = reported(client, placed)
    assert answer.status_code == 429
    assert "Terlalu sering dicoba" in answer.text


def test_after_the_days_only_asking_is_offered_kindly(client, batik):
    placed, _parcel = batik
    with in_days(9):
        text = client.get(page_of(placed)).text
        assert "Anda tetap boleh bertanya" in text
        assert 'value="money"' not in text
        answer = reported(client, placed, wish="money")
        assert answer.status_code == 200
        assert reported(client, placed, wish="ask").status_code == 303


def test_nobody_finds_a_problem_by_another_orders_link(client, market, batik):
    placed, parcel = batik
    claim = a_claim(parcel)
    photo = files.keep(actor=GUEST, doc=claims.doc_of(claim.id), content=a_jpeg())
    other, _parcel = came(market, (market.batik, 1))
    assert client.get(page_of(other, claim)).status_code == 404
    assert client.get(f"{page_of(other, claim)}/foto/{photo.id}").status_code == 404
    assert client.get("/pesanan/tidak-ada/masalah").status_code == 404
    assert client.get(f"{page_of(placed, claim)}/foto/{claim.id}").status_code == 404


def follow(client, page, **data):
    answer = send(client, page, **data)
    assert answer.status_code == 303
    return client.get(answer.location).text


def test_the_seller_answers_and_the_buyer_agrees(client, market, batik):
    placed, parcel = batik
    claim = a_claim(parcel, 2)
    enter(client, SELL, market.weaver.id)
    page = f"/ibu/masalah/{claim.id}"
    assert page in client.get("/ibu/masalah").text
    assert page in client.get("/ibu").text
    text = client.get(page).text
    assert "Joko" in text
    line = rows_of(claim)[0].line_id
    text = follow(client, page, act="answer", kind="money", **{f"line_{line}": "1"})
    assert "Giliran pembeli" in text
    buyers = page_of(placed, claim)
    assert "Cocok dengan tawaran ini?" in client.get(buyers).text
    text = follow(client, buyers, act="accept")
    assert "Uang Anda dikembalikan" in text
    assert db.session.query(Refund).one().amount == 185_000
    assert "Joko" not in client.get(page).text.split("</h1>")[1]


def test_a_wrong_answer_keeps_what_was_typed(client, market, batik):
    _placed, parcel = batik
    claim = a_claim(parcel, 1)
    enter(client, SELL, market.weaver.id)
    page, line = f"/ibu/masalah/{claim.id}", rows_of(claim)[0].line_id
    for typed, told in (
        ({"kind": "words", f"line_{line}": "1"}, "Tulis alasannya"),
        ({"kind": "gold", f"line_{line}": "1"}, "Pilih"),
        ({"kind": "money", f"line_{line}": "0"}, "Isi jumlah barangnya"),
        ({"kind": "money", f"line_{line}": "2"}, "Tulis angka bulat"),
    ):
        answer = send(client, page, act="answer", words="", **typed)
        assert answer.status_code == 200
        assert told in answer.text, typed
    assert send(client, page, act="burn").status_code == 404
    assert fresh(claim).state == "open"


def test_the_buyer_asks_the_coordinator_who_decides_and_says_who_bears_it(client, market, batik):

    placed, parcel = batik
    claim = a_claim(parcel, 1)
    claim_answers.answer(
        actor=market.weaves, claim_id=claim.id, reply=Reply("words", words="Tidak bisa")
    )
    buyers = page_of(placed, claim)
    assert "Mengapa belum cocok?" in client.get(f"{buyers}?jawab=tidak").text
    follow(client, buyers, act="escalate", words="Jelas berjamur")
    enter(client, COORDINATE, market.cooperative.id)
    page, line = f"/koord/masalah/{claim.id}", rows_of(claim)[0].line_id
    assert "Jelas berjamur" in client.get(page).text
    text = follow(client, page, act="answer", kind="money", words="", **{f"line_{line}": "1"})
    assert "Pembuat: penjualan ini dibatalkan" in text
    text = follow(client, page, act="bearer", bearer="risk_fund")
    assert "Penanggung sudah dicatat" in text
    assert fresh(claim).bearer == "risk_fund"
    text = follow(client, page, act="bearer", bearer="operator")
    assert "tidak bisa dipakai" in text


def test_other_goods_are_given_at_the_kiosk_by_code(client, market):
    placed, parcel = came(market, (market.tiwul, 2), pickup=market.kiosk, method="cash_pickup")
    claim = a_claim(parcel, 1, wish="replace")
    enter(client, KEEP, market.kiosk.id)
    page, line = f"/kios-kerja/masalah/{claim.id}", rows_of(claim)[0].line_id
    follow(client, page, act="answer", kind="replace", words="", **{f"line_{line}": "1"})
    assert parcel.pickup_code in client.get(page_of(placed, claim)).text
    answer = send(client, page, act="replace", code="0000")
    assert "Kode ini tidak cocok" in answer.text
    text = follow(client, page, act="replace", code=parcel.pickup_code)
    assert "Barang pengganti tercatat" in text
    assert fresh(claim).state == "closed"


def test_goods_come_back_on_the_sellers_page(client, market, batik):
    placed, parcel = batik
    claim = a_claim(parcel, 2)
    enter(client, SELL, market.weaver.id)
    page, line = f"/ibu/masalah/{claim.id}", rows_of(claim)[0].line_id
    pieces = {f"line_{line}": "2"}
    follow(client, page, act="answer", kind="money", back="y", words="", **pieces)
    follow(client, page_of(placed, claim), act="accept")
    assert "Kembalikan barangnya dulu" in client.get(page_of(placed, claim)).text
    answer = send(client, page, act="back", **{f"good_{line}": "2", f"waste_{line}": "1"})
    assert "tidak bisa lebih dari yang diadukan" in answer.text
    text = follow(client, page, act="back", **{f"good_{line}": "1", f"waste_{line}": "1"})
    assert "Barang yang kembali sudah dicatat" in text
    assert db.session.query(Refund).one().amount == 370_000


def test_an_operator_sees_every_problem(client, market, batik):
    _placed, parcel = batik
    claim = a_claim(parcel)
    enter(client, OPERATE, market.house)
    assert f"/koord/masalah/{claim.id}" in client.get("/koord/masalah").text


def test_empty_lists_say_so(client, market):
    enter(client, SELL, market.weaver.id)
    assert "Tidak ada masalah yang terbuka" in client.get("/ibu/masalah").text


def test_two_parcels_are_asked_apart(client, market):
    placed, first = came(market, (market.batik, 1), (market.tiwul, 1))
    second = parcels_of(placed)[1]
    text = client.get(page_of(placed)).text
    assert "Paket mana yang bermasalah?" in text
    for parcel in (first, second):
        assert f"paket={parcel.id}" in text
    assert "Berapa" not in client.get(f"{page_of(placed)}?paket=999999").text


ACCOUNT = {
    "bank": "bri",
    "number": "0123-4567-8901",
    "name": "Joko Widodo",
    "phone": "0812-3456-7890",
}


def test_the_buyer_names_her_account_and_sees_it_masked(client, market, batik):
    placed, parcel = batik
    granted(market, parcel, 1)
    page = f"/pesanan/{placed.code}/rekening"
    assert page in client.get(f"/pesanan/{placed.code}").text
    text = follow(client, page, **ACCOUNT)
    assert "catat dengan aman" in text
    text = client.get(page).text
    assert "••••8901" in text
    assert "012345678901" not in text
    assert "Joko Widodo" not in text


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"phone": "081299990000"}, "bukan nomor HP pemesan"),
        ({"phone": "12"}, "nomor"),
        ({"number": "12"}, "belum cocok"),
        ({"number": "'; drop table refund --"}, "belum cocok"),
        ({"bank": "swiss"}, "Pilih"),
        ({"name": "<b>"}, "huruf"),
    ],
)
def test_a_wrong_account_is_said_beside_its_field(client, market, batik, changed, told):
    placed, parcel = batik
    granted(market, parcel, 1)
    answer = send(client, f"/pesanan/{placed.code}/rekening", **{**ACCOUNT, **changed})
    assert answer.status_code in (200, 422)
    assert told in answer.text
    assert db.session.query(RefundAccount).count() == 0


def test_no_account_is_asked_where_nothing_is_owed(client, batik):
    placed, _parcel = batik
    assert client.get(f"/pesanan/{placed.code}/rekening").status_code == 404


def test_a_treasurer_begins_sees_the_number_and_sends(client, market, batik):

    placed, parcel = batik
    granted(market, parcel, 1)
    refund = db.session.query(Refund).one()
    page = f"/kas/kembali/{refund.id}"
    enter(client, TREASURE, market.house)
    assert "belum mengisi rekening" in client.get(page).text
    give_account(placed, Target("bri", "012345678901", "Joko Widodo"))
    text = client.get(page).text
    assert "••••8901" in text
    assert "012345678901" not in text
    answer = send(client, f"{page}/rekening", page=page)
    text = client.get(answer.location).text
    assert "012345678901" in text
    assert "Joko Widodo" in text
    assert "sedang dikirim" in client.get(f"/pesanan/{placed.code}/rekening").text
    send(client, f"{page}/rekening-salah", page=page)
    assert "belum mengisi rekening" in client.get(page).text
    assert "Mohon diisi lagi" in client.get(f"/pesanan/{placed.code}").text


def test_the_journey_of_the_order_tells_it(client, market, batik):
    placed, parcel = batik
    granted(market, parcel, 1)
    text = client.get(f"/pesanan/{placed.code}").text
    for told in ("Masalah paket dilaporkan", "Jalan keluar disepakati", "Uang akan dikembalikan"):
        assert told in text
    whats = [row.what for row in db.session.query(Event).filter_by(order_id=placed.id)]
    assert whats.count("claim_closed") == 1
