"""What a buyer hears of her order, and that she hears each thing once, herself, and nobody else."""

from pathlib import Path

import pytest
from sqlalchemy import select, text

from core import messages as texts
from core import notify, outbox, privacy
from core.db import db
from core.notices import Notice
from core.phones import show
from orders import (
    by_hand,
    checkout,
    claim_answers,
    endings,
    fulfilment,
    handover,
    messages,
    refunds,
    transfers,
)
from orders.claim_answers import Reply
from orders.models import Contact, Event, Refund
from orders.parcels import Handled
from orders.states import OrderEvent
from tests.core.postbox import body, open_postbox, use_postbox
from tests.factories import a_person, sign_in
from tests.orders.claim_factories import a_claim, came
from tests.orders.factories import (
    RECEIVER,
    SYSTEM,
    Actor,
    a_market,
    asked,
    attempt_of,
    order,
    parcels_of,
    place_of,
    run_jobs,
)

EMAIL = "joko@contoh.id"
SAID = Path(__file__).parent / "said"
FACTS = {
    "number": "LMB-2611-0042",
    "total": "Rp 99.000",
    "amount": "Rp 99.000",
    "until": "27 November 2026, 18.00 WIB",
    "method": "Transfer bank",
    "is_cash": False,
    "bank": "Bank Desa 0000 a.n. Lumbung",
    "reference": "LMB-2611-0042-1",
    "place": "Kios Terminal",
    "code": "4821",
    "courier": "JNE REG",
    "tracking": "CONTOH123",
}
CASH = {"is_cash": True, "reference": "", "bank": "", "method": "Bayar tunai di kios"}
BY_GATEWAY = {"reference": "", "bank": "", "method": "QRIS"}
CASES = {kind.template: {} for kind in messages.MESSAGES.values()} | {
    "order_placed.cash": CASH,
    "order_placed.gateway": BY_GATEWAY,
    "order_paid_cash": {},
    "parcel_handed_over.carried": {"courier": "Diantar penjual", "tracking": "–"},
}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("case", CASES)
def test_the_words_are_the_ones_we_agreed_on(app, case, language):
    name = case.partition(".")[0]
    said = texts.written(name, language, FACTS | CASES[case], "number")
    kept = SAID / f"{case}.{language}.txt"
    assert f"{said.title}\n\n{said.text}\n" == kept.read_text()


@pytest.mark.parametrize("what", messages.MESSAGES)
def test_every_message_knows_the_values_of_its_twin(what):
    assert set(messages.MESSAGES[what].params) <= set(FACTS)


@pytest.fixture
def market(app):
    return a_market()


@pytest.fixture
def mailed(app):
    """Everybody here leaves an e-mail with her order, and a mail server takes it."""
    object.__setattr__(RECEIVER, "email", EMAIL)
    with open_postbox() as server:
        use_postbox(server)
        yield server
    object.__setattr__(RECEIVER, "email", "")


def pay(placed, market):
    attempt = attempt_of(placed)
    transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    run_jobs()


def subjects(box):
    run_jobs()
    return [letter["Subject"].split(" LMB-")[0] for letter in box.letters]


def notices(placed):
    db.session.expire_all()
    return notify.list_for_guest(db.session(), messages.buyer_of(placed).guest)


@pytest.mark.service
def test_she_hears_of_each_step_once(market, mailed):
    placed = order((market.batik, 1))
    pay(placed, market)
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    fulfilment.pack(actor=market.weaves, parcel_id=parcel.id)
    for _ in range(2):
        handover.send(actor=market.weaves, parcel_id=parcel.id, tracking="contoh123")
    handover.deliver(actor=market.weaves, parcel_id=parcel.id)
    assert subjects(mailed) == ["Pesanan", "Pembayaran pesanan", "Paket pesanan"]
    assert {letter["To"] for letter in mailed.letters} == {EMAIL}
    first, _paid, sent = map(body, mailed.letters)
    assert f"{placed.number}-1" in first
    assert "Nomor resi: CONTOH123" in sent
    assert f"http://localhost:8000/pesanan/{placed.code}" in sent
    assert {notice.state for notice in notices(placed)} == {"sent"}


@pytest.mark.service
def test_the_code_comes_when_it_exists(market, mailed):
    placed = order((market.tiwul, 1), pickup=market.kiosk, method="cash_pickup")
    run_jobs()
    (parcel,) = parcels_of(placed)
    handover.give_out(actor=market.keeps, parcel_id=parcel.id)
    assert subjects(mailed) == ["Pesanan", "Pesanan", "Pembayaran pesanan"]
    assert f"Kode ambil: {parcel.pickup_code}" in body(mailed.letters[1])
    assert parcel.pickup_code not in mailed.letters[1]["Subject"]
    assert "Bayar tunai saat menerima barang" in body(mailed.letters[0])
    assert "menyiapkan" not in body(mailed.letters[2])


@pytest.mark.service
def test_money_back_is_told_when_owed_and_when_gone(market, mailed):
    placed = order((market.batik, 1))
    pay(placed, market)
    endings.cancel(actor=Actor(None), order_id=placed.id)
    (owed,) = db.session.scalars(select(Refund)).all()
    refunds.send(actor=market.treasurers[0], refund_id=owed.id)
    refunds.confirm(actor=market.treasurers[1], refund_id=owed.id)
    assert subjects(mailed)[2:] == ["Uang kembali untuk pesanan", "Pesanan", "Uang pesanan"]


@pytest.mark.service
def test_two_refunds_of_one_order_are_two_messages(market, mailed):
    placed = order((market.batik, 1), (market.tiwul, 1))
    pay(placed, market)
    for parcel in parcels_of(placed):
        actor = market.keeps if parcel.place_id == market.kiosk.id else market.weaves
        fulfilment.decline(actor=actor, parcel_id=parcel.id, reason="gone")
    said = subjects(mailed)
    assert said.count("Uang kembali untuk pesanan") == 2


@pytest.mark.service
def test_time_that_is_up_and_money_that_comes_after_it(market, mailed):
    placed = order((market.batik, 10))
    endings.end_order(actor=SYSTEM, order_id=placed.id, event=OrderEvent.LAPSE)
    order((market.batik, 10))
    attempt = attempt_of(placed)
    transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    run_jobs()
    assert {"Waktu bayar pesanan", "Uang lebih untuk pesanan"} <= set(subjects(mailed))


@pytest.mark.service
def test_nothing_is_written_for_who_cannot_hear(market):
    placed = order((market.batik, 1))
    pay(placed, market)
    assert notices(placed) == []


@pytest.mark.service
def test_a_message_of_an_order_that_was_rolled_back_is_not_there(market, mailed):
    with pytest.raises(checkout.TotalChanged):
        checkout.place_order(actor=Actor(None), asked=asked((market.batik, 1)))
    run_jobs()
    assert db.session.scalars(select(Notice).where(Notice.guest.is_not(None))).all() == []
    assert mailed.letters == []


@pytest.mark.service
def test_each_reads_it_in_the_language_of_the_order(market, mailed):
    order((market.batik, 1), language="en")
    run_jobs()
    assert mailed.letters[0]["Subject"].startswith("We have received order LMB-")


@pytest.mark.service
def test_a_buyer_with_an_account_reads_it_there_too(client, market):
    person = a_person(phone="+6281299998888")
    placed = order((market.batik, 1), actor=Actor(person.id))
    run_jobs()
    (notice,) = notify.list_for(db.session(), person.id)
    assert (notice.state, notice.link) == ("page_only", f"/pesanan/{placed.code}")
    sign_in(client, phone="081299998888")
    assert f"Pesanan {placed.number} sudah kami terima" in client.get("/akun/pesan").text


@pytest.mark.service
def test_erasing_takes_the_address_and_the_messages(market, mailed):
    person = a_person(phone="+6281299998888")
    placed = order((market.batik, 1), actor=Actor(person.id))
    endings.cancel(actor=Actor(person.id), order_id=placed.id)
    run_jobs()
    assert len(notices(placed)) == 2
    privacy.erase(actor=Actor(person.id))
    assert notices(placed) == []
    assert db.session.get(Contact, placed.id).email == ""
    assert outbox.reach(db.session(), messages.buyer_of(placed)).addresses == {}


@pytest.mark.service
def test_jobs_and_logs_know_numbers_only(client, market, mailed, capsys):
    placed = order((market.batik, 1))
    jobs = db.session.execute(text("select args::text from procrastinate_jobs")).scalars().all()
    client.get(f"/pesanan/{placed.code}")
    run_jobs()
    told = "".join(jobs) + "".join(capsys.readouterr())
    for canary in (EMAIL, RECEIVER.phone, RECEIVER.name, placed.code):
        assert canary not in told


@pytest.mark.service
def test_her_page_says_where_news_goes_and_never_the_whole_address(client, market, mailed):
    placed = order((market.batik, 1))
    for _ in range(2):
        page = client.get(f"/pesanan/{placed.code}").text
        assert "Kabar dikirim ke j•••@contoh.id" in page
        assert EMAIL not in page
        if placed.paid_at is None:
            pay(placed, market)


@pytest.mark.service
def test_her_page_says_what_could_not_be_sent(client, market, mailed):
    mailed.to_recipients = b"550 nobody here"
    placed = order((market.batik, 1))
    run_jobs()
    assert "Ada kabar yang tidak bisa kami kirim" in client.get(f"/pesanan/{placed.code}").text


@pytest.mark.service
def test_only_one_place_writes_events():
    root = Path(__file__).parents[2]
    for path in (root / "orders").rglob("*.py"):
        if path.name != "events.py":
            assert "db.add(Event(" not in path.read_text().replace("\n", "").replace(" ", ""), path
    assert Event.__tablename__ == "order_event"


# By hand


def handled(parcel, placed):
    return Handled(parcel, placed, place_of(parcel))


@pytest.mark.service
def test_words_for_her_own_whatsapp_hold_no_secret(market):
    placed = order((market.tiwul, 1), pickup=market.kiosk, method="cash_pickup")
    run_jobs()
    (parcel,) = parcels_of(placed)
    said = by_hand.of_parcel(handled(parcel, placed))
    assert "bisa diambil di" in said
    assert parcel.pickup_code not in said
    assert placed.code not in said
    assert len(said) <= 700


@pytest.mark.service
def test_the_maker_tells_the_tracking_number_in_the_buyer_s_language(market):
    placed = order((market.batik, 1), language="en")
    pay(placed, market)
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    assert "siap" not in by_hand.of_parcel(handled(parcel, placed))
    handover.send(actor=market.weaves, parcel_id=parcel.id, tracking="contoh123")
    assert "Tracking number: CONTOH123" in by_hand.of_parcel(handled(parcel, placed))


@pytest.mark.service
def test_the_treasurer_asks_for_a_call_and_never_for_an_account(client, market):
    placed = order((market.batik, 1))
    pay(placed, market)
    endings.cancel(actor=Actor(None), order_id=placed.id)
    (owed,) = db.session.scalars(select(Refund)).all()
    said = by_hand.of_refund(placed, owed)
    assert "menelepon" in said
    assert "rekening" not in said
    assert show(RECEIVER.phone) not in said


# Claims


@pytest.mark.service
def test_a_guest_hears_of_the_answer_to_her_claim_and_not_of_her_own_steps(market, mailed):
    placed, parcel = came(market, (market.batik, 2))
    claim = a_claim(parcel, 1, wish="ask")
    claim_answers.answer(actor=market.weaves, claim_id=claim.id, reply=Reply("words", words="Halo"))
    assert subjects(mailed)[-1] == "Kabar tentang masalah pesanan"
    assert f"/pesanan/{placed.code}/masalah/{claim.id}" in body(mailed.letters[-1])
    assert subjects(mailed).count("Kabar tentang masalah pesanan") == 1  # Not when she opened it.
