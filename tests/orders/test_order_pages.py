"""The buyer's order page: found, told in words, paid another way, ended, and nobody else's."""

import pytest

from core.db import db
from orders import fulfilment, handover, transfers
from tests.factories import a_person, sign_in, token_in
from tests.orders.factories import (
    Actor,
    a_market,
    attempt_of,
    order,
    parcels_of,
    rules,
    run_jobs,
)

pytestmark = pytest.mark.service
PHONE = "0812-3456-7890"


@pytest.fixture
def market(app):
    return a_market()


def post(client, page, url, **data):
    return client.post(url, data={"csrf_token": token_in(client.get(page)), **data})


def page_of(placed):
    return f"/pesanan/{placed.code}"


def pay(placed, market):
    attempt = attempt_of(placed)
    transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    run_jobs()


def test_the_link_shows_what_to_pay_and_where(client, market):
    placed = order((market.batik, 1), (market.tiwul, 2))
    text = client.get(page_of(placed)).text
    assert placed.number in text
    assert f"{placed.number}-1" in text
    assert "Menunggu pembayaran" in text
    assert "Batik Carica" in text


def test_a_number_is_no_link(client, market):
    placed = order((market.batik, 1))
    assert client.get(f"/pesanan/{placed.number}").status_code == 404


def test_number_and_phone_find_the_order(client, market):
    placed = order((market.batik, 1))
    answer = post(client, "/pesanan", "/pesanan", number=placed.number.lower(), phone=PHONE)
    assert answer.location == page_of(placed)


def test_a_wrong_phone_finds_nothing_and_does_not_say_why(client, market):
    placed = order((market.batik, 1))
    for fields in (
        {"number": placed.number, "phone": "081211112222"},
        {"number": "LMB-0000-0000", "phone": PHONE},
    ):
        assert "belum cocok" in post(client, "/pesanan", "/pesanan", **fields).text


def test_guessing_is_stopped(client, market):
    rules(finding_tries=2)
    for _ in range(2):
        post(client, "/pesanan", "/pesanan", number="LMB-1", phone=PHONE)
    answer = post(client, "/pesanan", "/pesanan", number="LMB-2", phone=PHONE)
    assert answer.status_code == 429


def test_the_buyer_cancels_and_chooses_another_way(client, market):
    placed = order((market.tiwul, 1), pickup=market.kiosk)
    page = page_of(placed)
    post(client, page, f"{page}/cara-bayar", method="cash_pickup")
    assert "Dibayar saat barang diterima" in client.get(page).text
    post(client, page, f"{page}/batal")
    assert "Pesanan dibatalkan" in client.get(page).text


def test_a_way_to_pay_that_does_not_fit_is_refused_in_words(client, market):
    placed = order((market.batik, 1))
    page = page_of(placed)
    answer = post(client, page, f"{page}/cara-bayar", method="cash_pickup")
    assert answer.status_code == 422
    assert "Cara bayar ini tidak tersedia" in answer.text


def test_the_pick_up_code_and_the_journey_are_told(client, market):
    placed = order((market.tiwul, 1), pickup=market.kiosk, method="cash_pickup")
    run_jobs()
    (parcel,) = parcels_of(placed)
    assert parcel.pickup_code in client.get(page_of(placed)).text
    fulfilment.accept(actor=market.keeps, parcel_id=parcel.id)
    handover.hand_over(actor=market.keeps, parcel_id=parcel.id, cash_taken=True)
    text = client.get(page_of(placed)).text
    assert "Pembayaran diterima" in text
    assert parcel.pickup_code not in text


def test_the_buyer_says_that_it_came(client, market):
    placed = order((market.batik, 1))
    pay(placed, market)
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    handover.hand_over(actor=market.weaves, parcel_id=parcel.id)
    page = page_of(placed)
    post(client, page, f"{page}/paket/{parcel.id}/sampai")
    db.session.expire_all()
    assert parcels_of(placed)[0].state == "delivered"


def test_a_parcel_of_another_order_is_not_there(client, market):
    mine, other = order((market.batik, 1)), order((market.tiwul, 1))
    (parcel,) = parcels_of(other)
    page = page_of(mine)
    answer = post(client, page, f"{page}/paket/{parcel.id}/sampai")
    assert answer.status_code == 404


def test_my_orders_are_mine(client, market):
    person = a_person(phone="+6281299998888")
    mine = order((market.batik, 1), actor=Actor(person.id))
    other = order((market.batik, 1))
    sign_in(client, phone="081299998888")
    text = client.get("/pesanan/saya").text
    assert mine.number in text
    assert other.number not in text


def test_the_page_names_no_home_of_a_maker(client, market):
    placed = order((market.batik, 1))
    assert "rumah-" not in client.get(page_of(placed)).text


def test_the_last_digits_of_a_transfer_stand_out_and_can_be_copied(client, market):
    rules(transfer_code_rupiah_max=999)
    placed = order((market.tiwul, 1))
    attempt = attempt_of(placed)
    page = client.get(f"/pesanan/{placed.code}").text
    assert f"<mark>{attempt.amount % 1000:03d}</mark>" in page
    assert f'data-copy="{attempt.amount}"' in page
    assert f"Selisih Rp\xa0{attempt.unique_code} dari total kami yang menanggung" in page


def test_a_part_is_told_with_what_is_missing(client, market):
    placed = order((market.tiwul, 1))
    attempt = attempt_of(placed)
    transfers.confirm(
        actor=market.treasurers[0], attempt_id=attempt.id, amount=10_000, is_certain=True
    )
    page = client.get(f"/pesanan/{placed.code}").text
    assert "Sudah masuk Rp\xa010.000" in page
    assert f'data-copy="{attempt.amount - 10_000}"' in page
    assert "Sebagian uang sudah masuk" in page
