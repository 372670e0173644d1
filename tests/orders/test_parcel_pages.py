"""The working pages of a parcel: hers only, told in words, and every act leads one step on."""

import re
from datetime import timedelta

import pytest
import time_machine

from cooperatives.rights import COORDINATE
from core import clock, tasks
from core.db import db
from orders import due, endings, fulfilment, handover, transfers
from orders.models import DeliveryService, Event
from orders.views import coordinator
from tests.cooperatives.factories import a_cooperative, a_place, a_seller
from tests.factories import a_person, give, send, sign_in
from tests.orders.factories import (
    KEEP,
    SELL,
    Actor,
    a_market,
    attempt_of,
    order,
    parcels_of,
    run_jobs,
)

pytestmark = pytest.mark.service
PHONE = "+6281299998888"
BUYER = ("Joko", "Jl. Contoh 7", "pagar hijau")


@pytest.fixture
def market(app):
    return a_market()


@pytest.fixture
def she(market):
    """Somebody who can sign in; tests give her what she may do."""
    return Actor(a_person("Wati", phone=PHONE).id)


def enter(client, she, right, subject):
    give(she, right, subject.id)
    sign_in(client, phone=PHONE)


def paid(market, *wishes):
    placed = order(*wishes)
    attempt = attempt_of(placed)
    transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    run_jobs()
    return placed, parcels_of(placed)[0]


@pytest.fixture
def hers(client, market, she):
    """A paid parcel of batik, three pieces, and its maker signed in."""
    enter(client, she, SELL, market.weaver)
    placed, parcel = paid(market, (market.batik, 3))
    return placed, parcel, f"/ibu/pesanan/{parcel.id}"


def by_cash_courier(market):
    """The courier from the weaver's home who takes cash at the door."""
    code = db.session.query(DeliveryService.code).filter_by(takes_cash=True).limit(1).scalar()
    return ((market.homes[1].id, code),)


def state(parcel):
    db.session.expire_all()
    db.session.refresh(parcel)
    return parcel.state


def follow(client, page, **data):
    """Send a form of the page, and read the page that follows."""
    answer = send(client, page, **data)
    assert answer.status_code == 303
    return client.get(answer.location).text


def test_an_empty_list_says_what_will_come(client, market, she):
    enter(client, she, SELL, market.weaver)
    assert "Tidak ada pesanan yang menunggu" in client.get("/ibu/pesanan").text


def test_her_list_goes_by_the_next_thing_to_do(client, hers, market):
    placed, parcel, _page = hers
    text = client.get("/ibu/pesanan").text
    assert placed.number in text
    assert "Perlu dijawab (1)" in text
    assert "3 barang" in text
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    assert "Perlu dikemas (1)" in client.get("/ibu/pesanan").text


def test_she_finds_a_number_in_her_list(client, hers):
    placed, _parcel, _page = hers
    assert placed.number in client.get(f"/ibu/pesanan?q={placed.number[-4:].lower()}").text
    assert placed.number not in client.get("/ibu/pesanan?q=99-99").text
    assert "tidak ada di sini" in client.get("/ibu/pesanan?q=%25").text


def test_before_she_accepts_she_sees_the_district_only(client, hers):
    _placed, _parcel, page = hers
    text = client.get(page).text
    assert "Semarang" in text
    assert not [word for word in BUYER if word in text]
    assert "+6281234567890" not in text
    assert "Rp\u00a0516.150" in text  # 3 × 185.000 less 5 % and 2 %.


def test_after_she_accepts_she_sees_where_it_goes(client, hers):
    _placed, parcel, page = hers
    text = follow(client, page, act="accept")
    assert "Pesanan diterima" in text
    assert [word for word in BUYER if word in text] == list(BUYER)
    assert "81234567890" not in text.replace("-", "")  # Her number stands on no page.
    assert "Kirim kabar lewat WhatsApp" in text
    assert state(parcel) == "accepted"


def test_once_it_is_over_the_address_is_gone_again(client, hers, market):
    _placed, parcel, page = hers
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    handover.hand_over(actor=market.weaves, parcel_id=parcel.id)
    assert "Jl. Contoh 7" in client.get(page).text
    handover.deliver(actor=market.weaves, parcel_id=parcel.id)
    text = client.get(page).text
    assert not [word for word in BUYER if word in text]
    assert "wa.me" not in text


def test_she_gives_fewer(client, hers):
    _placed, parcel, page = hers
    assert "Berapa yang bisa diberikan?" in client.get(f"{page}?jawab=fewer").text
    (line,) = fulfilment.parcels.goods(db.session(), parcel.id)
    text = follow(client, page, act="fewer", **{f"line_{line.id}": "1"})
    assert "Dipesan 3, diberikan 1" in text
    assert state(parcel) == "accepted"


@pytest.mark.parametrize("typed", ["4", "-1", "satu", "", "1.5", "9" * 30])
def test_a_wrong_number_is_said_beside_its_box(client, hers, typed):
    _placed, parcel, page = hers
    (line,) = fulfilment.parcels.goods(db.session(), parcel.id)
    answer = send(client, page, act="fewer", **{f"line_{line.id}": typed})
    assert answer.status_code == 200
    assert f'id="line_{line.id}-note"' in answer.text
    assert "Ada isian yang perlu dibetulkan" in answer.text
    assert state(parcel) == "to_accept"


def test_giving_nothing_is_declining(client, hers):
    _placed, parcel, page = hers
    (line,) = fulfilment.parcels.goods(db.session(), parcel.id)
    text = follow(client, page, act="fewer", **{f"line_{line.id}": "0"})
    assert "Untuk menolak semua" in text
    assert state(parcel) == "to_accept"


def test_she_declines_and_the_buyer_reads_why(client, hers):
    placed, parcel, page = hers
    follow(client, page, act="decline", why="material", words="Hujan terus")
    assert state(parcel) == "declined"
    text = client.get(f"/pesanan/{placed.code}").text
    assert "Bahannya belum ada. Hujan terus" in text


def test_declining_asks_for_a_reason(client, hers):
    _placed, parcel, page = hers
    for why in ("", "weather"):
        assert "Pilih salah satu" in send(client, page, act="decline", why=why).text
    assert state(parcel) == "to_accept"


def test_she_packs_and_hands_over_with_a_number(client, hers):
    _placed, parcel, page = hers
    follow(client, page, act="accept")
    follow(client, page, act="pack")
    assert state(parcel) == "packed"
    text = follow(client, page, act="send", how="courier", tracking=" jp 123-456 ")
    assert "JP123-456" in text
    assert state(parcel) == "handed_over"
    follow(client, page, act="arrived")
    assert state(parcel) == "delivered"


def test_a_courier_gives_a_number_and_she_herself_needs_none(client, hers):
    _placed, parcel, page = hers
    follow(client, page, act="accept")
    for typed, told in (("", "belum diisi"), ("a?b?c", "huruf dan angka")):
        answer = send(client, page, act="send", how="courier", tracking=typed)
        assert told in answer.text
    assert "Pilih salah satu" in send(client, page, act="send", how="drone").text
    assert state(parcel) == "accepted"
    follow(client, page, act="send", how="self", tracking="")
    assert (state(parcel), parcel.tracking_number) == ("handed_over", "")


def test_cash_at_the_door_is_said_by_a_tick(client, market, she):
    enter(client, she, SELL, market.weaver)
    placed = order((market.batik, 1), method="cash_delivery", services=by_cash_courier(market))
    run_jobs()
    (parcel,) = parcels_of(placed)
    page = f"/ibu/pesanan/{parcel.id}"
    follow(client, page, act="accept")
    follow(client, page, act="send", how="self")
    assert "Terima uangnya dulu" in follow(client, page, act="arrived", seen=placed.total)
    assert "baru berubah" in follow(client, page, act="arrived", cash="y", seen=placed.total + 1)
    assert state(parcel) == "handed_over"
    follow(client, page, act="arrived", cash="y", seen=placed.total)
    assert (state(parcel), attempt_of(placed).state) == ("delivered", "captured")


def test_cash_may_be_noted_after_the_buyer_has_said_that_it_came(client, market, she):
    enter(client, she, SELL, market.weaver)
    placed = order((market.batik, 1), method="cash_delivery", services=by_cash_courier(market))
    run_jobs()
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    handover.hand_over(actor=market.weaves, parcel_id=parcel.id)
    handover.receive(actor=market.weaves, order_id=placed.id, parcel_id=parcel.id)
    assert "uangnya belum dicatat (1)" in client.get("/ibu/pesanan").text
    follow(client, f"/ibu/pesanan/{parcel.id}", act="arrived", cash="y", seen=placed.total)
    assert attempt_of(placed).state == "captured"


@pytest.mark.parametrize("act", ["pack", "send", "arrived"])
def test_a_step_too_early_is_a_sentence(client, hers, act):
    _placed, parcel, page = hers
    text = follow(client, page, act=act, how="self")
    assert "Langkah ini tidak bisa lagi" in text
    assert state(parcel) == "to_accept"


def test_sending_twice_is_once(client, hers):
    placed, parcel, page = hers
    for _ in range(2):
        follow(client, page, act="accept")
        follow(client, page, act="pack")
    follow(client, page, act="send", how="self")
    text = follow(client, page, act="accept")
    assert "Langkah ini tidak bisa lagi" in text
    told = db.session.query(Event.what).filter_by(order_id=placed.id, parcel_id=parcel.id)
    assert [row.what for row in told.order_by(Event.id)] == [
        "parcel_accepted",
        "parcel_packed",
        "parcel_handed_over",
    ]


def test_an_unknown_act_is_not_there(client, hers):
    _placed, _parcel, page = hers
    assert send(client, page, act="burn").status_code == 404


def test_an_order_that_was_cancelled_is_told_so(client, hers, market):
    placed, _parcel, page = hers
    endings.cancel(actor=market.weaves, order_id=placed.id)
    run_jobs()
    assert "Dibatalkan" in client.get(page).text
    assert tasks.list_for(db.session(), market.weaves) == []
    assert placed.number not in client.get("/ibu/pesanan").text
    answer = send(client, page, page="/ibu/libur", act="accept")
    assert "Langkah ini tidak bisa lagi" in client.get(answer.location).text


def test_an_order_nobody_paid_is_not_there(client, market, she):
    enter(client, she, SELL, market.weaver)
    (parcel,) = parcels_of(order((market.batik, 1)))
    assert client.get(f"/ibu/pesanan/{parcel.id}").status_code == 404


def test_another_sellers_parcel_is_not_there(client, hers, market):
    _placed, _other = paid(market, (market.tiwul, 15))
    at_home = next(p for p in parcels_of(_placed) if p.place_id == market.homes[0].id)
    for path in (f"/ibu/pesanan/{at_home.id}", f"/ibu/pesanan/{at_home.id}/cetak"):
        assert client.get(path).status_code == 404
    mine = "/ibu/libur"  # Any page with a form of hers.
    answer = send(client, f"/ibu/pesanan/{at_home.id}", page=mine, act="accept")
    assert answer.status_code == 404
    assert state(at_home) == "to_accept"


def test_an_id_beyond_all_numbers_is_not_there(client, hers):
    assert client.get(f"/ibu/pesanan/{10**20}").status_code == 404


def test_a_coordinator_who_sells_has_the_others_parcels_at_her_other_desk(client, market, she):
    give(she, COORDINATE, market.cooperative.id)
    enter(client, she, SELL, market.maker)
    placed, parcel = paid(market, (market.batik, 1))
    assert client.get(f"/ibu/pesanan/{parcel.id}").status_code == 404
    assert placed.number not in client.get("/ibu/pesanan").text
    assert client.get(f"/koord/paket/{parcel.id}").status_code == 200


def test_a_coordinator_of_another_cooperative_sees_nothing(client, market, she):
    enter(client, she, COORDINATE, a_cooperative())
    placed, parcel = paid(market, (market.batik, 1))
    assert client.get(f"/koord/paket/{parcel.id}").status_code == 404
    assert placed.number not in client.get("/koord/paket").text


def test_a_keeper_of_another_kiosk_sees_nothing(client, market, she):
    enter(client, she, KEEP, a_place("kiosk", market.cooperative))
    placed = order((market.tiwul, 1), pickup=market.kiosk, method="cash_pickup")
    run_jobs()
    (parcel,) = parcels_of(placed)
    assert client.get(f"/kios-kerja/paket/{parcel.id}").status_code == 404


def test_somebody_else_is_sent_away(client, market, she):
    enter(client, she, SELL, a_seller())
    for path in ("/kios-kerja", "/kios-kerja/paket", "/kios-kerja/ambil", "/koord/paket"):
        assert client.get(path).status_code == 403


def test_the_coordinator_sees_what_is_late_and_whom_to_ring(client, market, she):
    enter(client, she, COORDINATE, market.cooperative)
    maker = Actor(a_person("Tini", phone="+6281277776666").id)
    give(maker, SELL, market.weaver.id)
    placed, _parcel = paid(market, (market.batik, 1))
    assert "Belum dijawab (1)" in client.get("/koord/paket").text
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        due.call_late.run()
        assert "Terlambat dijawab (1)" in client.get("/koord/paket").text
        (waiting,) = tasks.list_for(db.session(), she)
        text = client.get(waiting.link).text
        assert "0812-7777-6666" in text
        follow(client, waiting.link, act="accept")
        assert tasks.list_for(db.session(), she) == []
        assert client.get("/koord/paket").text.count(placed.number) == 0
    with time_machine.travel(clock.now() + timedelta(hours=50), tick=False):
        assert f"{coordinator.SLOW} (1)" in client.get("/koord/paket").text


def test_the_packing_note_is_for_accepted_parcels(client, hers):
    placed, _parcel, page = hers
    refused = client.get(f"{page}/cetak")
    assert refused.status_code == 303
    follow(client, page, act="accept")
    text = client.get(f"{page}/cetak").text
    assert f"{placed.number}</span></h1>" in text
    assert "pagar hijau" in text
    assert "3 × Batik Carica" in text
    assert "Rp\u00a0" not in re.sub("<style>.*?</style>", "", text, flags=re.DOTALL)


def test_accepting_asks_for_packing_by_her_hour(client, hers, market):
    _placed, _parcel, page = hers
    follow(client, page, act="accept")
    (task,) = tasks.list_for(db.session(), market.weaves)
    assert (task.kind, task.link) == ("parcel.pack", page)
    assert task.due_at > clock.now()
    follow(client, page, act="pack")
    assert tasks.list_for(db.session(), market.weaves) == []


@pytest.mark.parametrize(
    ("now", "by"),
    [("2026-11-22T01:00", "2026-11-22T10:00"), ("2026-11-22T02:30", "2026-11-23T10:00")],
)
def test_packing_has_an_hour_at_least(now, by):
    moment = clock.datetime.fromisoformat(f"{now}+00:00")
    found = fulfilment.pack_by(moment, fulfilment.PACK_BY)
    assert found.strftime("%Y-%m-%dT%H:%M") == by


def test_her_day_lists_what_waits_and_the_ways_on(client, hers):
    placed, _parcel, page = hers
    text = client.get("/ibu").text
    assert f"Jawab pesanan {placed.number}" in text
    assert f'href="{page}"' in text
    assert 'href="/ibu/pesanan"' in text
    assert "Terlambat" not in text
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        assert "Terlambat" in client.get("/ibu").text


def test_a_quiet_day_says_so(client, market, she):
    enter(client, she, SELL, market.weaver)
    assert "Tidak ada yang menunggu" in client.get("/ibu").text


def test_the_keepers_day_lists_her_kiosks_parcels(client, market, she):
    enter(client, she, KEEP, market.kiosk)
    placed = order((market.tiwul, 1), pickup=market.kiosk, method="cash_pickup")
    run_jobs()
    (parcel,) = parcels_of(placed)
    text = client.get("/kios-kerja").text
    assert f'href="/kios-kerja/paket/{parcel.id}"' in text
    page = client.get(f"/kios-kerja/paket/{parcel.id}").text
    assert parcel.pickup_code not in page
    assert "Toko" in page  # Whose goods they are.
