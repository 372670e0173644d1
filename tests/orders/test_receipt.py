"""The receipt of a real order: what stands on it, what never does, and the same in the file."""

import io
import re
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from pypdf import PdfReader

from cooperatives import ledger
from cooperatives.accounts import Page
from cooperatives.models.books import Kind
from cooperatives.sharing import Shares
from core import clock
from core.actors import GUEST
from core.db import db
from core.words import rupiah
from orders import (
    claim_answers,
    claims,
    earning,
    endings,
    fulfilment,
    handover,
    receipt,
    receipt_words,
    transfers,
)
from orders.claim_answers import Reply
from orders.models import Line
from orders.proceeds import Party
from orders.receipt_file import drawn
from tests.orders.claim_factories import (
    a_claim,
    an_operator,
    came,
    earn_everything,
    fresh,
    handler_of,
    rows_of,
)
from tests.orders.factories import (
    RECEIVER,
    Actor,
    a_market,
    attempt_of,
    order,
    parcels_of,
    place_of,
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


def test_the_part_of_each_maker_may_be_redone_by_hand(client, market):
    placed = order((market.tiwul, 2), pickup=market.kiosk)
    pay(placed, market)
    paper = receipt_words.written(receipt.of_order(db.session(), placed))
    (line,) = paper.by_line
    assert line.note == "Rp\u00a036.000 − Rp\u00a01.800 koperasi − Rp\u00a0720 pengelola"
    assert line.amount == 33_480
    assert "Bagian pembuat per barang" in struk(client, placed).text
    unpaid = receipt_words.written(receipt.of_order(db.session(), order((market.tiwul, 1))))
    assert unpaid.by_line == []


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
    page = struk(client, placed).text
    assert "sedang dikirim kembali" in page
    assert "5 × Rp\u00a018.000 · diberikan 3" in page


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
    odd = receipt.Item(hostile, "Toko <a href='x'>", 1, 1, 1, Shares(maker=1))
    found.items[:] = [odd] * 80
    pdf = drawn(found)
    assert "<b>Batik</b>" in text_of(pdf)
    assert len(PdfReader(io.BytesIO(pdf)).pages) > 1


# Claims: the receipt says what the books say


def granted(market, parcel, *, bearer="maker", fee=False):
    """One piece is paid back; what is earned already is given all the same where she asks."""
    claim = a_claim(parcel, 1, wish="ask" if parcel.earned_at else "money")
    asked = {row.line_id: row.quantity for row in rows_of(claim)}
    actor = handler_of(market, place_of(parcel))
    claim_answers.answer(actor=actor, claim_id=claim.id, reply=Reply("money", asked, fee_back=fee))
    if fresh(claim).paid_at is None:
        claims.accept(actor=GUEST, order_id=parcel.order_id, claim_id=claim.id)
    if fresh(claim).bearer != bearer:
        actor = an_operator(market)
        claim_answers.choose_bearer(actor=actor, claim_id=claim.id, bearer=bearer)


@pytest.mark.parametrize("is_earned_first", [False, True])
@pytest.mark.parametrize("fee", [False, True])
@pytest.mark.parametrize("bearer", ["maker", "operator", "courier", "risk_fund"])
def test_money_back_by_a_claim(market, bearer, fee, is_earned_first):
    placed, parcel = came(market, (market.batik, 3))
    if is_earned_first:
        earn_everything()
    with time_machine.travel(clock.now() + timedelta(days=10 * is_earned_first), tick=False):
        granted(market, parcel, bearer=bearer, fee=fee)
    parts = adds_up(placed)
    assert (parts[Party.BEARER] < 0) == (bearer != "maker")
    earn_everything(30)
    assert adds_up(placed) == parts
    page = Page(Kind.MAKER, market.cooperative.id, earning.maker_of(market.weaver))
    assert parts[Party.MAKER] == -ledger.balance(db.session(), page)


def test_a_fee_that_a_kiosk_paid_is_borne_by_its_makers(market):
    placed, parcel = came(market, (market.tiwul, 2))
    assert parcel.place_id == market.kiosk.id
    granted(market, parcel, fee=True)
    parts = adds_up(placed)
    assert parts[Party.COURIER] == -parts[Party.BEARER] == parcel.fee
    page = Page(Kind.MAKER, market.cooperative.id, earning.maker_of(market.maker))
    earn_everything()
    assert parts[Party.MAKER] + parts[Party.BEARER] == -ledger.balance(db.session(), page)
