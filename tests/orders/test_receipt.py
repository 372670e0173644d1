"""The receipt of a real order: what stands on it, what never does, and the same in the file."""

import io
import re
from collections import Counter

import pytest
from pypdf import PdfReader

from core.db import db
from core.words import rupiah
from orders import endings, fulfilment, handover, receipt, transfers
from orders.models import Line
from orders.proceeds import Party
from orders.receipt_file import drawn
from tests.orders.factories import (
    RECEIVER,
    Actor,
    a_market,
    attempt_of,
    order,
    parcels_of,
    run_jobs,
)

pytestmark = pytest.mark.service
CANARIES = ("Joko", "81234567890", "6789-0", "Jl. Contoh", "pagar hijau", "rumah-")


@pytest.fixture
def market(app):
    return a_market()


def pay(placed, market):
    attempt = attempt_of(placed)
    transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    run_jobs()


def struk(client, placed):
    return client.get(f"/pesanan/{placed.code}/struk")


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def told(placed):
    db.session.expire_all()
    return receipt.of_order(db.session(), placed)


def adds_up(placed):
    found = told(placed)
    assert sum(part.amount for part in found.parts) == found.paid == placed.total
    amounts = Counter()
    for part in found.parts:
        amounts[part.party] += part.amount
    return amounts


def test_before_payment_it_is_no_receipt(client, market):
    placed = order((market.batik, 1))
    page = struk(client, placed).text
    assert "Belum dibayar. Lembar ini bukan struk." in page
    assert "Struk Jujur" not in page
    assert told(placed).parts == []


def test_a_paid_order_says_who_gets_how_much(client, market):
    placed = order((market.batik, 1), (market.tiwul, 2))
    pay(placed, market)
    parts = adds_up(placed)
    lines = db.session.query(Line).filter_by(order_id=placed.id, kind="goods").all()
    assert parts[Party.MAKER] == sum(line.maker_part for line in lines)
    assert parts[Party.COURIER] == placed.delivery_total
    page = struk(client, placed).text
    assert placed.number in page
    assert "Struk Jujur" in page
    assert "dari Rp\u00a0185.000 harga barangnya" in page


def test_the_file_says_the_same(client, market):
    placed = order((market.batik, 1), (market.tiwul, 2))
    pay(placed, market)
    answer = client.get(f"/pesanan/{placed.code}/struk.pdf")
    assert answer.mimetype == "application/pdf"
    assert len(answer.data) < 6_000
    said = text_of(answer.data).replace("\u00a0", " ")
    for part in told(placed).parts:
        assert rupiah(part.amount).replace("\u00a0", " ") in said
    page = re.sub(r"<[^>]+>", " ", struk(client, placed).text).replace("\u00a0", " ")
    listed = re.findall(r"Rp [\d.]+", page)
    assert sorted(re.findall(r"Rp [\d.]+", said)) == sorted(listed)


def test_the_same_receipt_is_the_same_file(client, market):
    placed = order((market.batik, 1))
    pay(placed, market)
    assert drawn(told(placed)) == drawn(told(placed))


def test_nobody_s_address_or_phone_stands_on_it(client, market):
    placed = order((market.batik, 1))
    pay(placed, market)
    both = struk(client, placed).text, text_of(client.get(f"/pesanan/{placed.code}/struk.pdf").data)
    for said in both:
        assert not any(canary in said for canary in (*CANARIES, RECEIVER.phone))


def test_it_is_found_by_the_long_code_only_and_by_no_robot(client, market):
    placed = order((market.batik, 1))
    assert client.get(f"/pesanan/{placed.number}/struk").status_code == 404
    for ending in ("struk", "struk.pdf"):
        answer = client.get(f"/pesanan/{placed.code}/{ending}")
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_less_given_is_money_back(client, market):
    placed = order((market.tiwul, 5))
    pay(placed, market)
    (parcel,) = parcels_of(placed)
    (line,) = db.session.query(Line).filter_by(order_id=placed.id, kind="goods").all()
    fulfilment.accept(actor=market.keeps, parcel_id=parcel.id, given={line.id: 3})
    parts = adds_up(placed)
    assert parts[Party.BUYER] == 2 * 18_000
    assert "sedang dikirim kembali" in struk(client, placed).text


def test_a_declined_parcel_gives_back_its_goods_and_its_delivery(market):
    placed = order((market.tiwul, 1), (market.batik, 1))
    pay(placed, market)
    first, second = parcels_of(placed)
    actor = market.keeps if first.place_id == market.kiosk.id else market.weaves
    fulfilment.decline(actor=actor, parcel_id=first.id, reason="gone")
    parts = adds_up(placed)
    assert parts[Party.COURIER] == second.fee


def test_a_cancelled_order_gives_everything_back(market):
    placed = order((market.tiwul, 1), (market.batik, 1))
    pay(placed, market)
    endings.cancel(actor=Actor(None), order_id=placed.id)
    assert adds_up(placed) == {Party.BUYER: placed.total}


def test_cash_at_the_kiosk_counts_when_it_is_taken(client, market):
    placed = order((market.tiwul, 2), pickup=market.kiosk, method="cash_pickup")
    run_jobs()
    assert "dibayar saat barang diterima" in struk(client, placed).text
    (parcel,) = parcels_of(placed)
    handover.give_out(actor=market.keeps, parcel_id=parcel.id)
    parts = adds_up(placed)
    assert Party.COURIER not in parts
    assert "Bayar tunai di kios" in struk(client, placed).text


def test_what_was_typed_is_inert_on_paper(market):
    placed = order((market.batik, 1))
    pay(placed, market)
    hostile = "<b>Batik</b> <img src='file:///etc/passwd'/> 蜡染 & <font size=99>"
    found = told(placed)
    odd = receipt.Item(hostile, "Toko <a href='x'>", 1, 1, 1)
    found.items[:] = [odd] * 80
    pdf = drawn(found)
    assert "<b>Batik</b>" in text_of(pdf)
    assert len(PdfReader(io.BytesIO(pdf)).pages) > 1
