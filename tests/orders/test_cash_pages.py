"""Cash on pages: closed ways say why, desks note refusals, treasurers note what came in."""

from datetime import timedelta

import pytest
import time_machine

from cooperatives.rights import COORDINATE
from core import clock
from core.db import db
from orders import cash_desk, handover, refusals
from orders.models import Order
from sellers.rights import SELL
from tests.factories import a_person, give, send, sign_in, token_in
from tests.orders.factories import a_market, order, rules
from tests.orders.test_cash import in_the_drawer, on_the_way, refused, waiting_at_the_kiosk
from tests.orders.test_treasurer_pages import RINI, treasurer

pytestmark = pytest.mark.service
PAGE = "/kas/tunai"


@pytest.fixture
def market(app):
    made = a_market(units=60)
    rules(transfer_code_rupiah_max=0)
    return made


def browser_with(app, name, phone, right, subject_id):
    from core.actors import Actor

    actor = Actor(a_person(name, phone=phone).id)
    give(actor, right, subject_id)
    browser = app.test_client()
    browser.actor = actor
    sign_in(browser, phone="0" + phone[3:])
    return browser


@pytest.fixture
def weaver(app, market):
    return browser_with(app, "Sri", "+6281311117777", SELL, market.weaver.id)


@pytest.fixture
def coordinator(app, market):
    return browser_with(app, "Umi", "+6281311118888", COORDINATE, market.cooperative.id)


@pytest.fixture
def rini(app, market):
    browser = app.test_client()
    browser.actor = treasurer("Rini", RINI, market.house)
    sign_in(browser, phone=RINI)
    return browser


def note(browser, what, amount, page=None):
    page = page or browser.get(PAGE)
    body = page.text.split(f'value="{what}"', 1)[0]
    act = body.rsplit('name="act" value="', 1)[1].split('"', 1)[0]
    data = {"csrf_token": token_in(page), "act": act, "what": what, "amount": amount}
    return browser.post(f"{PAGE}/catat", data=data)


# The buyer


def test_a_way_that_is_closed_says_why_on_the_order(client, market):
    rules(cash_open_max=1)
    order((market.tiwul, 1), method="cash_pickup", pickup=market.kiosk)
    placed = order((market.tiwul, 1), pickup=market.kiosk)
    page = client.get(f"/pesanan/{placed.code}")
    assert "Bayar tunai belum bisa untuk nomor ini." in page.text
    assert "Ganti ke Bayar tunai di kios" not in page.text
    data = {"csrf_token": token_in(page), "method": "cash_pickup"}
    answer = client.post(f"/pesanan/{placed.code}/cara-bayar", data=data)
    assert answer.status_code == 303
    assert "Bayar tunai belum bisa untuk nomor ini." in client.get(answer.location).text
    db.session.refresh(placed)
    assert placed.method == "transfer"


# Desks


def test_the_maker_notes_a_refusal_and_that_the_goods_are_back(market, weaver):
    placed, parcel = on_the_way(market)
    page = f"/ibu/pesanan/{parcel.id}"
    assert "Ditolak pembeli?" in weaver.get(page).text
    assert send(weaver, page, act="refuse").location == page
    db.session.expire_all()
    assert db.session.get(Order, placed.id).state == "cancelled"
    assert "Ditolak, barangnya belum kembali" in weaver.get("/ibu/pesanan").text
    text = weaver.get(page).text
    assert "Barangnya sudah kembali?" in text
    assert "Ditolak pembeli?" not in text
    (line,) = _boxes(text)
    assert 'aria-invalid="true"' in send(weaver, page, act="back", **{line: "9"}).text
    assert send(weaver, page, act="back", **{line: "1"}).location == page
    db.session.refresh(parcel)
    assert parcel.state == "returned"
    assert placed.number not in weaver.get("/ibu/pesanan").text


def _boxes(text):
    import re

    return sorted(set(re.findall(r'name="(line_[0-9]+)"', text)))


def test_what_cannot_be_refused_is_said_in_words(market, weaver):
    _placed, parcel = on_the_way(market)
    page = f"/ibu/pesanan/{parcel.id}"
    open_page = weaver.get(page)
    handover.deliver(actor=market.weaves, parcel_id=parcel.id, cash_taken=True)
    data = {"csrf_token": token_in(open_page), "act": "refuse"}
    assert weaver.post(page, data=data).status_code == 303
    assert "Langkah ini tidak bisa lagi." in weaver.get(page).text


def test_a_pickup_can_be_given_up_only_after_its_time(app, market):
    from cooperatives.rights import KEEP

    keeper = browser_with(app, "Tini", "+6281311119999", KEEP, market.kiosk.id)
    _placed, parcel = waiting_at_the_kiosk(market)
    page = f"/kios-kerja/paket/{parcel.id}"
    assert "Tidak diambil pembeli" not in keeper.get(page).text
    with time_machine.travel(clock.now() + timedelta(days=4), tick=False):
        assert "Tidak diambil pembeli" in keeper.get(page).text
        assert send(keeper, page, act="refuse").status_code == 303
    db.session.refresh(parcel)
    assert parcel.state == "refused"


def test_the_coordinator_says_who_bears_the_delivery(market, coordinator):
    _placed, parcel = refused(market)
    page = f"/koord/paket/{parcel.id}"
    text = coordinator.get(page).text
    assert "ditanggung siapa?" in text
    assert "Dana risiko koperasi" in text
    assert "Pengelola Lumbung" not in text
    assert 'aria-invalid="true"' in send(coordinator, page, act="fee", bearer="operator").text
    assert send(coordinator, page, act="fee", bearer="risk_fund").location == page
    assert refusals.borne_by(db.session(), parcel.id) == "risk_fund"
    assert "ditanggung siapa?" not in coordinator.get(page).text


# The treasurer


def test_what_makers_carry_is_noted_when_it_is_handed_in(market, rini):
    _placed, parcel = on_the_way(market)
    handover.deliver(actor=market.weaves, parcel_id=parcel.id, cash_taken=True)
    (one,) = cash_desk.list_carried(db.session(), rini.actor)
    page = rini.get(PAGE)
    assert one.store_name in page.text
    what = f"hand_in:{one.seller_id}"
    too_much = note(rini, what, one.amount + 1)
    assert "Jumlahnya lebih dari yang tercatat." in too_much.text
    assert note(rini, what, "seribu").status_code == 200
    assert note(rini, what, one.amount).location == PAGE
    assert "Tidak ada penjual yang membawa uang pesanan." in rini.get(PAGE).text


def test_a_drawer_is_counted_and_emptied(market, rini):
    amount = in_the_drawer(market)
    whose = market.kiosk.id
    assert "Tidak ada selisih" in note(rini, f"count:{whose}", amount).text
    assert note(rini, f"count:{whose}", amount + 700).location == PAGE
    assert "Lebih Rp\xa0700, sudah dicatat." in rini.get(PAGE).text
    assert note(rini, f"deposit:{whose}", amount + 700).location == PAGE
    (drawer,) = cash_desk.list_drawers(db.session(), rini.actor)
    assert drawer.amount == 0


def test_the_operator_bears_a_delivery(market, rini):
    placed, parcel = refused(market)
    assert placed.number in rini.get(PAGE).text
    assert send(rini, f"{PAGE}/ongkir", PAGE, parcel=parcel.id).location == PAGE
    assert refusals.borne_by(db.session(), parcel.id) == "operator"
    assert placed.number not in rini.get(PAGE).text
    assert send(rini, f"{PAGE}/ongkir", PAGE, parcel=parcel.id).status_code == 303


@pytest.mark.parametrize(
    "what", ["", "x:1", "hand_in:", "hand_in:-1", "count:²", "deposit:9999999"]
)
def test_odd_deeds_are_not_there(market, rini, what):
    data = {
        "csrf_token": token_in(rini.get(PAGE)),
        "act": "00000000-0000-4000-8000-000000000001",
        "what": what,
        "amount": "1000",
    }
    assert rini.post(f"{PAGE}/catat", data=data).status_code == 404
    for parcel in ("", "x", "0", "9" * 30):
        assert send(rini, f"{PAGE}/ongkir", PAGE, parcel=parcel).status_code == 404


def test_a_cooperatives_treasurer_sees_her_own_drawers_only(app, market):
    in_the_drawer(market)
    treasurer("Lestari", "081311114444", market.cooperative.id)
    hers = app.test_client()
    sign_in(hers, phone="081311114444")
    text = hers.get(PAGE).text
    assert market.kiosk.name in text
    assert "Masih dibawa penjual" not in text
    _placed, parcel = refused(market)
    assert send(hers, f"{PAGE}/ongkir", PAGE, parcel=parcel.id).status_code == 404
