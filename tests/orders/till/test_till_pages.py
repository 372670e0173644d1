"""The till's pages: what the phone keeps, opening and closing, today's sales, one sale."""

import json
import re
import uuid
from html import unescape

import pytest

from cooperatives.models import CounterLease
from cooperatives.rights import COORDINATE, KEEP
from core.actors import GUEST
from core.db import db
from orders import claims
from orders.claims import NothingToClaim, Told
from orders.models import CounterSale, Till
from orders.till import catalogue
from tests.cooperatives.factories import a_place
from tests.factories import an_actor, give, sign_in, token_in
from tests.orders.factories import parcels_of
from tests.orders.till.factories import a_kiosk, line, lines_of, order_of, sell

pytestmark = pytest.mark.service


@pytest.fixture
def shop(app, client, sound):
    shop = a_kiosk()
    shop.keeps = an_actor()
    give(shop.keeps, KEEP, shop.kiosk.id)
    sign_in(client)
    return shop


def kept_in(page, name):
    return json.loads(unescape(re.search(rf'data-{name}="([^"]*)"', page.text)[1]))


def tell(client, path, **told):
    token = client.get("/kirim").json["token"]
    return client.post(f"/kios-kerja/kasir/{path}", json=told, headers={"X-CSRFToken": token})


def test_the_page_carries_the_day(client, shop):
    page = client.get("/kios-kerja/kasir")
    assert page.headers["Lumbung-Keep"] == "yes"
    goods = {good["name"]: good for good in kept_in(page, "catalogue")["goods"]}
    keripik = goods["Keripik Pisang"]
    assert keripik["price"] == 12_000
    assert {lot["who"]: lot["left"] for lot in keripik["lots"]} == {
        shop.nur.store_name: 10,
        shop.tri.store_name: 10,
    }


def test_of_what_is_gone_only_the_newest_is_kept(client, shop, monkeypatch):
    sell(shop, line(shop.keripik, 20))

    def gone():
        goods = kept_in(client.get("/kios-kerja/kasir"), "catalogue")["goods"]
        return [lot["id"] for good in goods for lot in good["lots"] if not lot["left"]]

    assert sorted(gone()) == [lot.id for lot in shop.lots[:2]]
    monkeypatch.setattr(catalogue, "GONE_MAX", 1)
    assert gone() == [shop.lots[1].id]


def test_only_the_till_may_compile_wasm(client, shop):
    assert (
        "'wasm-unsafe-eval'" in client.get("/kios-kerja/kasir").headers["Content-Security-Policy"]
    )
    assert "wasm" not in client.get("/kios-kerja").headers["Content-Security-Policy"]


def test_every_file_of_the_till_is_there(client, shop):
    files = kept_in(client.get("/kios-kerja/kasir"), "files")
    for file in files["all"]:
        with client.get(file) as found:
            assert found.status_code == 200, file
    with client.get(files["wasm"]) as found:
        assert found.content_type == "application/wasm"


def test_a_device_opens_the_till_and_gets_its_sign(client, shop):
    device = uuid.uuid4()
    first = tell(client, "buka", place=shop.kiosk.id, device=str(device))
    assert first.status_code == 200
    till = db.session.query(Till).one()
    assert (first.json["sign"], first.json["last"]) == (f"K{till.id}", 0)
    assert first.json["catalogue"]["place"]["id"] == shop.kiosk.id
    assert db.session.query(CounterLease).one().device_id == device
    shop.device = device
    sell(shop, line(shop.kopi), number=f"K{till.id}-41")
    again = tell(client, "buka", place=shop.kiosk.id, device=str(device))
    assert (again.json["sign"], again.json["last"]) == (f"K{till.id}", 41)


def test_a_second_device_is_told_until_the_first_has_closed(app, client, shop):
    one, other = str(uuid.uuid4()), str(uuid.uuid4())
    tell(client, "buka", place=shop.kiosk.id, device=one)
    second = app.test_client()
    sign_in(second)
    refused = tell(second, "buka", place=shop.kiosk.id, device=other)
    assert refused.status_code == 409
    assert "HP lain" in refused.json["sentence"]
    assert tell(client, "tutup", place=shop.kiosk.id, device=one).json == {"closed": True}
    assert tell(second, "buka", place=shop.kiosk.id, device=other).status_code == 200


def test_a_phone_that_forgot_who_it_was_need_not_wait_for_itself(client, shop):
    signs = [
        tell(client, "buka", place=shop.kiosk.id, device=str(uuid.uuid4())).json["sign"]
        for _ in range(2)
    ]
    assert len(set(signs)) == 2
    assert db.session.query(CounterLease).count() == 1


def test_at_a_bazaar_several_sell_at_once(client, shop):
    box = a_place("bazaar", shop.cooperative)
    give(shop.keeps, KEEP, box.id)
    for _ in range(2):
        device = str(uuid.uuid4())
        assert tell(client, "buka", place=box.id, device=device).status_code == 200
    assert "Ibu berjualan di mana?" in client.get("/kios-kerja/kasir").text
    page = client.get(f"/kios-kerja/kasir?tempat={box.slug}")
    assert kept_in(page, "catalogue")["place"]["id"] == box.id


@pytest.mark.parametrize("told", [{}, {"place": "1"}, {"place": True}, {"place": 2**60}])
def test_nonsense_opens_no_till(client, shop, told):
    assert tell(client, "buka", **told).status_code == 404
    assert tell(client, "tutup", **told).status_code == 404


def test_a_device_without_a_name_opens_no_till(client, shop):
    assert tell(client, "buka", place=shop.kiosk.id, device="x").status_code == 422
    assert tell(client, "buka", place=a_place().id, device=str(uuid.uuid4())).status_code == 404


def test_without_scripts_a_sale_is_an_ordinary_form(client, shop):
    page = client.get("/kios-kerja/kasir")
    sent = {
        "csrf_token": token_in(page),
        "act_id": str(uuid.uuid4()),
        f"q-{shop.keripik.id}-{shop.tri.id}": "2",
        f"q-{shop.kopi.id}-{shop.dwi.id}": "",
        "way": "cash",
    }
    for _ in range(2):
        assert client.post("/kios-kerja/kasir", data=sent).status_code == 303
    db.session.expire_all()
    (sale,) = db.session.query(CounterSale).all()
    assert (sale.cash, order_of(sale).total) == (24_000, 24_000)
    empty = sent | {"act_id": str(uuid.uuid4()), f"q-{shop.keripik.id}-{shop.tri.id}": "0"}
    assert client.post("/kios-kerja/kasir", data=empty).status_code == 303
    assert "tidak terbaca" in client.get("/kios-kerja/kasir").text


def test_the_days_sales_with_their_sums(client, shop):
    sell(shop, line(shop.kopi, 2), qris=20_000)
    odd = sell(shop, line(shop.kopi, price=1_000))
    page = client.get("/kios-kerja/kasir/penjualan").text
    assert "2 penjualan. Tunai Rp\u00a051.000, QRIS Rp\u00a020.000." in page
    only = client.get("/kios-kerja/kasir/penjualan?lihat=ya").text
    assert only.count("/kios-kerja/kasir/nota/") == 1
    assert str(odd.order_id) in only
    assert "Belum ada penjualan" in client.get("/kios-kerja/kasir/penjualan?hari=2020-01-01").text
    assert client.get("/kios-kerja/kasir/penjualan?hari=x&tempat=y").status_code == 200


def test_one_sale_is_looked_at_and_undone(client, shop):
    sale = sell(shop, line(shop.kopi, price=1_000))
    address = f"/kios-kerja/kasir/nota/{sale.order_id}"
    page = client.get(address)
    assert "Harganya lain dari daftar dan label" in page.text
    token = token_in(page)
    client.post(address, data={"csrf_token": token, "deed": "looked"})
    assert "Sudah saya lihat" not in client.get(address).text
    undo = {"csrf_token": token, "act_id": str(uuid.uuid4()), "why": "brought"}
    assert client.post(address, data=undo).status_code == 303
    assert "Penjualan ini dibatalkan" in client.get(address).text
    client.post(address, data=undo | {"act_id": str(uuid.uuid4()), "why": "x"})
    assert "Pilih dulu alasannya" in client.get(address).text
    assert client.post(address, data={"csrf_token": token}).status_code == 303


def test_the_coordinator_sees_sales_but_opens_no_till(client, shop):
    sale = sell(shop, line(shop.kopi))
    client.delete_cookie("lumbung")
    boss = an_actor("Ratna", phone="+6281200000001")
    give(boss, COORDINATE, shop.cooperative.id)
    sign_in(client, phone="+6281200000001")
    assert client.get("/kios-kerja/kasir").status_code == 403
    assert client.get(f"/kios-kerja/kasir/nota/{sale.order_id}").status_code == 200
    assert shop.kiosk.name in client.get("/kios-kerja/kasir/penjualan").text


def test_the_buyers_page_tells_no_more_than_a_receipt(client, shop):
    order = order_of(sell(shop, line(shop.kopi)))
    page = client.get(f"/pesanan/{order.code}")
    assert page.status_code == 200
    assert order.number in page.text
    assert "Dibeli dan dibayar di tempat" in page.text
    paper = client.get(f"/pesanan/{order.code}/struk")
    assert paper.status_code == 200
    assert "Tunai di kasir" in paper.text


def test_what_was_bought_at_the_counter_is_spoken_about_there(client, shop):
    sale = sell(shop, line(shop.kopi))
    order = order_of(sale)
    assert f"{order.code}/masalah" not in client.get(f"/pesanan/{order.code}").text
    (parcel,) = parcels_of(order)
    told = Told(parcel.id, {lines_of(sale)[0].id: 1}, "broken", "money")
    with pytest.raises(NothingToClaim):
        claims.report(actor=GUEST, claim_id=uuid.uuid4(), order_id=order.id, told=told)
