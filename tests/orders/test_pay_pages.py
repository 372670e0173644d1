"""The way to the gateway and back, and the treasurer's desk for what does not fit."""

import pytest

from app import create_app
from cooperatives.rights import TREASURE
from core.actors import GUEST
from core.config import remembered
from core.db import db
from core.remote import SLOTS, remote
from orders import opening
from orders.models import Order
from orders.states import AttemptEvent
from tests.conftest import environ
from tests.factories import a_person, give, send, sign_in
from tests.orders.factories import attempt_of, order, run_jobs
from tests.orders.playing import SILENCE

pytestmark = pytest.mark.service
RINI = "081311112222"


@pytest.fixture
def placed(shop):
    return order((shop.batik, 1), method="qris")


def page(client, placed):
    return client.get(f"/pesanan/{placed.code}")


def go(client, placed):
    return send(client, f"/pesanan/{placed.code}/bayar")


def state_of(placed):
    return db.session.get(Order, placed.id, populate_existing=True).state


def test_one_press_leads_to_the_gateway(client, placed, gateway):
    assert "Bayar sekarang" in page(client, placed).text
    answer = go(client, placed)
    assert (answer.status_code, answer.location) == (
        303,
        f"https://pay.example/{placed.number}-1",
    )


def test_the_way_back_shows_what_the_gateway_says_and_not_the_address(client, placed, gateway):
    go(client, placed)
    forged = f"/pesanan/kembali?pembayaran={placed.number}-1&transaction_status=settlement"
    answer = client.get(forged)
    assert answer.location == f"/pesanan/{placed.code}?tunggu=1"
    assert state_of(placed) == "awaiting_payment"
    waiting = client.get(answer.location)
    assert "Menunggu pembayaran" in waiting.text
    assert waiting.headers["Refresh"].endswith("tunggu=2")
    gateway.pays(attempt_of(placed))
    client.get(forged)
    assert state_of(placed) == "paid"
    assert "Refresh" not in client.get(answer.location).headers


def test_somebody_else_who_opens_the_way_back_sees_no_order(app, client, placed):
    go(client, placed)
    stranger = app.test_client()
    answer = stranger.get(f"/pesanan/kembali?pembayaran={placed.number}-1")
    assert answer.location == f"/pesanan?nomor={placed.number}"


@pytest.mark.parametrize("key", ["", "LMB-1-1", "%00", "x" * 500, "' or 1=1"])
def test_a_way_back_of_nothing_leads_to_the_search(client, shop, key):
    assert client.get(f"/pesanan/kembali?pembayaran={key}").location == "/pesanan"


@pytest.mark.parametrize("tries", ["0", "11", "-1", "x", "9" * 30, "١"])
def test_a_page_refreshes_some_times_only(client, placed, tries):
    opening.open_payment(actor=GUEST, order_id=placed.id)
    assert "Refresh" not in client.get(f"/pesanan/{placed.code}?tunggu={tries}").headers


def test_while_the_gateway_is_silent_she_is_told_and_keeps_her_order(client, placed, gateway):
    gateway.failing = [SILENCE]
    answer = go(client, placed)
    assert answer.status_code == 200
    assert "Layanan pembayaran sedang tidak menjawab" in answer.text
    assert "Pesanan tetap tersimpan" in answer.text
    assert "Periksa pembayaran" in page(client, placed).text  # It may be open there.


def test_when_all_hands_are_full_the_worker_opens_it_and_the_page_looks_again(
    client, placed, gateway
):
    for _ in range(SLOTS):
        remote("midtrans")._slots.acquire()
    answer = go(client, placed)
    assert answer.location == f"/pesanan/{placed.code}/bayar?tunggu=1"
    waiting = client.get(answer.location)
    assert "Menyiapkan pembayaran" in waiting.text
    assert waiting.headers["Refresh"].endswith("/bayar?tunggu=2")
    remembered("remotes").clear()
    run_jobs()
    assert f"https://pay.example/{placed.number}-1" in client.get(answer.location).text


def test_forms_may_lead_to_the_gateways_and_nowhere_else(app, monkeypatch):
    house = create_app(
        environ(
            app.config["SQLALCHEMY_DATABASE_URI"],
            MIDTRANS_SERVER_KEY="SB-Mid-server-x",
            STRIPE_SECRET_KEY="sk_test_x",
            STRIPE_API_URL="http://127.0.0.1:9/",
        )
    )
    policy = house.test_client().get("/healthz").headers["Content-Security-Policy"]
    assert "http://127.0.0.1:9" in policy
    assert "https://app.sandbox.midtrans.com" in policy
    assert "checkout.stripe.com" not in policy


@pytest.mark.parametrize(("simulators", "shown"), [("yes", True), ("no", False)])
def test_play_money_is_said_on_every_page(app, simulators, shown):
    house = create_app(
        environ(app.config["SQLALCHEMY_DATABASE_URI"], LUMBUNG_SIMULATORS=simulators)
    )
    for path in ("/", "/pesanan", "/bantuan"):
        text = house.test_client().get(path).text
        assert ("Simulasi: bukan uang sungguhan." in text) == shown
    with house.app_context():
        db.engine.dispose()


@pytest.fixture
def rini(app, shop):
    from core.actors import Actor

    actor = Actor(a_person("Rini", phone="+62" + RINI[1:]).id)
    give(actor, TREASURE, shop.house)
    browser = app.test_client()
    sign_in(browser, phone=RINI)
    return browser


def test_an_odd_amount_is_looked_at_and_closed_with_a_reason(client, placed, gateway, rini):
    go(client, placed)
    attempt = attempt_of(placed)
    gateway.pays(attempt, attempt.amount + 1)
    client.get(f"/pesanan/kembali?pembayaran={attempt.gateway_key}")
    assert attempt.gateway_key in rini.get("/kas/pembayaran").text
    address = f"/kas/pembayaran/{attempt.id}"
    assert "tidak sama dengan yang ditagih" in rini.get(address).text
    assert "Tulis apa yang terjadi" in send(rini, f"{address}/selesai", address, reason="  ").text
    assert send(rini, f"{address}/selesai", address, reason="dikembalikan").status_code == 303
    assert "tidak sama dengan yang ditagih" not in rini.get(address).text


def test_the_treasurer_asks_the_gateway_herself(client, placed, gateway, rini):
    go(client, placed)
    gateway.pays(attempt_of(placed))
    address = f"/kas/pembayaran/{attempt_of(placed).id}"
    assert send(rini, f"{address}/tanya", address).status_code == 303
    assert "Uang masuk" in rini.get(address).text


def test_a_lost_dispute_is_borne_by_whom_she_chooses(client, placed, gateway, rini):
    go(client, placed)
    gateway.pays(attempt_of(placed))
    address = f"/kas/pembayaran/{attempt_of(placed).id}"
    send(rini, f"{address}/tanya", address)
    gateway.says(attempt_of(placed), AttemptEvent.CHARGE_BACK)
    send(rini, f"{address}/tanya", address)
    assert "Siapa yang menanggung" in rini.get(address).text
    assert "Pilih siapa" in send(rini, f"{address}/menanggung", address, bearer="x").text
    assert send(rini, f"{address}/menanggung", address, bearer="operator").status_code == 303
    assert "Siapa yang menanggung" not in rini.get(address).text
