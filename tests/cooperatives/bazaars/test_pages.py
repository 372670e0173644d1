"""A bazaar on the screens: planned, joined, counted, closed, and read by whoever may."""

import re
import uuid
from html import unescape

import pytest

from cooperatives.bazaars import costs, planning, seats
from cooperatives.models import Bazaar, BazaarCost, BazaarSeat
from cooperatives.rights import COORDINATE, TREASURE
from core import clock
from core.db import db
from sellers.rights import SELL
from tests.cooperatives.bazaars.factories import a_bazaar, a_trip, joins
from tests.cooperatives.factories import (
    a_cooperative,
    a_home,
    a_listing,
    a_lot,
    a_seller,
    a_variant,
)
from tests.factories import an_actor, give, sign_in, token_in

pytestmark = pytest.mark.service


@pytest.fixture
def me(client):
    actor = an_actor()
    sign_in(client)
    return actor


def post(client, path, sent):
    token = token_in(client.get("/akun"))
    return client.post(path, data={"csrf_token": token, **sent})


def body(answer):
    return unescape(answer.text)


def test_a_coordinator_plans_a_bazaar(client, me):
    cooperative = a_cooperative()
    give(me, COORDINATE, cooperative.id)
    sent = {
        "group": cooperative.id, "name": "Bazar Cilacap", "spot": "Alun-alun", "district": "Kertek",
        "starts_on": "2026-12-12", "ends_on": "2026-12-11", "slots": "3", "shared_by": "slots",
        "lost_by": "owner",
    }  # fmt: skip
    wrong = post(client, "/koord/bazar/baru", sent)
    assert "Hari terakhir tidak boleh sebelum hari pertama." in body(wrong)
    assert 'value="Bazar Cilacap"' in body(wrong)
    made = post(client, "/koord/bazar/baru", {**sent, "ends_on": "2026-12-13"})
    assert made.status_code == 303
    (bazaar,) = db.session.query(Bazaar).all()
    assert "Bazar Cilacap" in body(client.get("/koord/bazar?q=cilacap"))
    assert "Tidak ditemukan" in body(client.get("/koord/bazar?q=solo"))
    assert "Belum ada yang mendaftar" in body(client.get(f"/koord/bazar/{bazaar.id}"))
    assert "Belum ada bazar" not in body(client.get("/bazar"))


def test_deeds_at_the_desk_say_what_happened_or_what_is_missing(client, me):
    cooperative = a_cooperative()
    give(me, COORDINATE, cooperative.id)
    bazaar, seller = a_bazaar(cooperative), a_seller(cooperative)
    here = f"/koord/bazar/{bazaar.id}"
    for sent, told in (
        ({"deed": "ask", "seller": seller.id}, "Namanya sudah masuk daftar."),
        ({"deed": "fill", "group": cooperative.id}, "1 ibu ikut menurut giliran."),
        ({"deed": "cost", "act_id": uuid.uuid4(), "what": "Lapak", "amount": "60rb"}, "dicatat"),
        ({"deed": "close"}, "Bazar ditutup."),
    ):
        answer = post(client, here, sent)
        assert answer.status_code == 303
        assert told in body(client.get(answer.location)), sent
    assert "sudah ditutup" in body(post(client, here, {"deed": "fill", "group": cooperative.id}))
    db.session.expire_all()
    assert db.session.get(Bazaar, bazaar.id).closed_at is not None
    assert db.session.query(BazaarCost.amount).scalar() == 60_000
    for sent in ({}, {"deed": "x"}, {"deed": "ask", "seller": "²"}, {"deed": "strike"}):
        assert post(client, here, sent).status_code == 404


def test_a_refused_form_keeps_what_was_typed_and_says_why_beside_it(client, me):
    cooperative = a_cooperative()
    give(me, COORDINATE, cooperative.id)
    bazaar, guest = a_bazaar(cooperative), a_cooperative()
    first, second = a_seller(cooperative), a_seller(cooperative)
    here, act_id = f"/koord/bazar/{bazaar.id}", str(uuid.uuid4())
    for seller in (first, second):
        post(client, here, {"deed": "ask", "seller": seller.id})
    late = seats.list_seats(db.session, bazaar)[1].seller_id
    for sent, told, kept in (
        ({"deed": "cost", "act_id": act_id, "what": "Lapak", "amount": "x"}, "Tulis biaya", "x"),
        ({"deed": "choose", "seller": late, "why": "dekat"}, "Tulis alasannya", "dekat"),
        ({"deed": "invite", "group": guest.id, "quota": "9"}, "Tempatnya tidak cukup", "9"),
        ({"deed": "invite", "group": guest.id, "quota": "dua"}, "angka bulat", "dua"),
    ):
        page = body(post(client, here, sent))
        assert page.count(told) == 2, sent  # On top of its form, and beside its box.
        assert re.search(f'value="{kept}"[^>]*aria-invalid="true"', page), sent
        assert len(re.findall("<details[^>]* open", page)) == 1, sent
    page = body(post(client, here, {"deed": "cost", "act_id": act_id, "amount": "x"}))
    assert f'value="{act_id}"' in page


def test_goods_go_out_come_in_and_come_back_on_the_screen(client, me):
    cooperative = a_cooperative()
    give(me, COORDINATE, cooperative.id)
    seller = a_seller(cooperative)
    give(me, SELL, seller.id)
    lot = a_lot(a_variant(a_listing(seller, name="Opak")), a_home(seller=seller), 10)
    bazaar = a_bazaar(cooperative)
    joins(bazaar, seller)
    here, load = f"/koord/bazar/{bazaar.id}/barang/{seller.id}", str(uuid.uuid4())
    assert f"kirim-{lot.id}" in body(client.get(here))
    home = a_home(seller=seller)
    sent = {"deed": "send", "act_id": load, "place": home.id, f"kirim-{lot.id}": "6"}
    for units, told in (("enam", "angka bulat"), ("11", "tinggal 10")):
        page = body(post(client, here, {**sent, f"kirim-{lot.id}": units}))
        assert told in page
        assert f'value="{units}"' in page
        assert f'value="{load}"' in page  # Sent again it is still the same load.
    assert "berangkat" in body(client.get(post(client, here, sent).location))
    came = {"deed": "take_in", "act_id": load, f"datang-{lot.id}": "5"}
    assert "masuk kotak" in body(client.get(post(client, here, came).location))
    lost = {"deed": "explain", "act_id": load, "how": "lost", "reason": "pecah"}
    assert "dijelaskan" in body(client.get(post(client, here, lost).location))
    back = {"deed": "back", "act_id": uuid.uuid4(), f"kembali-{lot.id}": "4"}
    page = body(post(client, here, back))
    assert "Tulis apa yang terjadi." in page
    assert re.search(f'id="kembali-{lot.id}"[^>]*value="4"', page)
    tasted = {**back, f"kembali-{lot.id}": "", f"cicip-{lot.id}": "1"}
    assert "Tulis juga yang kembali" in body(post(client, here, tasted))
    back |= {"act_id": uuid.uuid4(), f"cicip-{lot.id}": "1"}
    assert "dicatat" in body(client.get(post(client, here, back).location))
    paper = body(client.get(f"/koord/bazar/{bazaar.id}/nota/{seller.id}"))
    assert "Opak" in paper
    assert "Jumlah untuk Ibu" in paper


def test_a_guest_board_sees_its_own_members_only(client, me):
    trip = a_trip()
    give(me, TREASURE, trip.guest.id)
    give(me, COORDINATE, trip.guest.id)
    costs.write(
        actor=trip.leads, cost_id=uuid.uuid4(), bazaar_id=trip.bazaar.id, what="x", amount=1_000
    )
    here = f"/koord/bazar/{trip.bazaar.id}"
    page = body(client.get(here))
    hers, strange = (f"{here}/nota/{s.id}" for s in (trip.sri, trip.nur))
    assert hers in page
    assert strange not in page
    assert "Tutup bazar" not in page
    assert client.get(hers).status_code == 200
    for closed in (strange, f"{here}/barang/{trip.nur.id}"):
        assert client.get(closed).status_code == 404
    for deed in ({"deed": "close"}, {"deed": "withdraw", "seller": trip.nur.id}):
        assert post(client, here, deed).status_code == 404
    stranger = a_bazaar()
    assert client.get(f"/koord/bazar/{stranger.id}").status_code == 404


def test_the_host_counts_a_guests_goods_and_sees_none_of_her_money(client, me):
    trip = a_trip()
    give(me, COORDINATE, trip.host.id)
    here = f"/koord/bazar/{trip.bazaar.id}"
    assert trip.sri.store_name in body(client.get(here))
    assert client.get(f"{here}/barang/{trip.sri.id}").status_code == 200
    assert client.get(f"{here}/nota/{trip.sri.id}").status_code == 404


def test_a_maker_joins_sends_and_tells_what_sold(client, me):
    cooperative = a_cooperative()
    seller = a_seller(cooperative)
    give(me, SELL, seller.id)
    bazaar = a_bazaar(cooperative)
    here = f"/ibu/bazar/{bazaar.id}"
    assert "Bazar Cilacap" in body(client.get("/ibu/bazar"))
    assert "sudah masuk daftar" in body(client.get(post(client, here, {"deed": "ask"}).location))
    seat = db.session.query(BazaarSeat).filter_by(seller_id=seller.id).one()
    assert seat.state == "wants"
    joins(bazaar, seller)
    bazaar = db.session.get(Bazaar, bazaar.id)
    bazaar.starts_on = clock.today()
    db.session.commit()
    assert "Apa yang laku di sana?" in body(client.get(here))
    assert "Tulis satu kalimat" in body(post(client, here, {"deed": "note", "text": "opak"}))
    assert ">opak</textarea>" in body(post(client, here, {"deed": "note", "text": "opak"}))
    post(client, here, {"deed": "note", "text": "Opak habis jam sepuluh."})
    found = body(client.get("/ibu/bazar/laku?q=opak"))
    assert "Opak habis jam sepuluh." in found
    assert seller.store_name in found
    assert "Tidak ditemukan" in body(client.get("/ibu/bazar/laku?q=dodol"))
    here_now, other = clock.today().month, clock.today().month % 12 + 1
    found = body(client.get(f"/ibu/bazar/laku?bulan={here_now}"))
    assert "Opak habis" in found
    assert f'<option value="{here_now}" selected>' in found
    assert "Tidak ditemukan" in body(client.get(f"/ibu/bazar/laku?bulan={other}"))
    assert "Opak habis" in body(client.get("/ibu/bazar/laku?bulan=13"))
    assert client.get(f"/ibu/bazar/{a_bazaar().id}").status_code == 404
    public = body(client.get(f"/bazar/{bazaar.id}"))
    assert seller.store_name in public
    assert client.get("/bazar/999999").status_code == 404
    assert planning.still_open(bazaar)
