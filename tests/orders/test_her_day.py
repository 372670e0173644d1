"""Hari ini: what waits, the most urgent first, each with one button, by few questions."""

import re
from datetime import timedelta

import pytest

from cooperatives import goods
from cooperatives.accounts import Owner
from core import clock, signin, tasks
from core.actors import SYSTEM
from core.db import in_transaction
from core.visitor import SESSION_KEY
from orders import due, fulfilment, handover, transfers
from sellers import shops
from tests.cooperatives.books_factories import earned_sale, parties
from tests.cooperatives.factories import a_doc, a_lot, counted
from tests.orders.factories import a_market, attempt_of, order, parcels_of
from tests.sellers.training.factories import a_cohort, a_provider, a_session, enrolled

pytestmark = pytest.mark.service
QUERIES_MAX = 20  # Eight of them for what stands, was sold and is due, at the top of the page.


@pytest.fixture
def market(app):
    return a_market()


@pytest.fixture
def her_page(client, market):
    """The titles and buttons of the day of whoever weaves batik, in their order."""
    token = signin.open_sign_in(actor=market.weaves, device="x")
    with client.session_transaction() as cookie:
        cookie[SESSION_KEY] = token

    def cards():
        page = client.get("/ibu").text
        card = r'<li class="task task--.*?<b>(.*?)</b>.*?href="([^"]+)">(.*?)</a>\s*</li>'
        return re.findall(card, page, re.DOTALL)

    return cards


def paid(market, *wishes):
    placed = order(*wishes)
    attempt = attempt_of(placed)
    who = market.treasurers[0]
    transfers.confirm(actor=who, attempt_id=attempt.id, amount=attempt.amount)
    due.ask_makers.run(order_id=str(placed.id))
    (parcel,) = parcels_of(placed)
    return placed, parcel


def test_nothing_waits_and_one_next_step_is_offered(client, her_page):
    assert her_page() == []
    page = client.get("/ibu").text
    assert "Tidak ada yang menunggu" in page
    assert 'href="/ibu/produk"' in page


def test_an_order_is_answered_then_packed_then_handed_over(market, her_page):
    paid(market, (market.tiwul, 1))
    assert her_page() == []  # The tiwul is another maker's.
    placed, parcel = paid(market, (market.batik, 1))
    ((title, url, deed),) = her_page()
    assert (title, deed) == (f"Jawab pesanan {placed.number}: terima atau tolak", "Jawab")
    assert url == f"/ibu/pesanan/{parcel.id}"
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    assert [deed for _title, _url, deed in her_page()] == ["Kemas"]
    fulfilment.pack(actor=market.weaves, parcel_id=parcel.id)
    assert her_page() == [("1 paket siap diserahkan", "/ibu/pesanan", "Serahkan")]
    handover.send(actor=market.weaves, parcel_id=parcel.id)
    assert her_page() == []


def test_several_of_one_kind_are_one_card(market, her_page):
    for _ in range(3):
        paid(market, (market.batik, 1))
    assert her_page() == [("Jawab 3 pesanan: terima atau tolak", "/ibu/pesanan", "Jawab")]


def test_what_is_late_comes_first(market, her_page):
    _first, packing = paid(market, (market.batik, 1))
    fulfilment.accept(actor=market.weaves, parcel_id=packing.id)
    late(packing.id)
    paid(market, (market.batik, 1))
    assert [deed for _title, _url, deed in her_page()] == ["Kemas", "Jawab"]


@in_transaction()
def late(db, parcel_id):
    (task,) = db.query(tasks.Task).filter_by(kind="parcel.pack", doc_id=str(parcel_id))
    task.due_at = clock.now() - timedelta(minutes=1)


def test_ending_goods_class_and_rest_each_have_a_card(market, her_page):
    cohort = a_cohort(a_provider())
    a_session(cohort, days=2)
    enrolled(cohort, market.weaves)
    a_lot(market.batik, market.kiosk, 4, days=3)
    shops.rest(actor=market.weaves, seller_id=market.weaver.id)
    titles = [title for title, _url, _deed in her_page()]
    assert titles[0] == "Hampir lewat tanggal: 1 barang"
    assert titles[1].startswith("Kelas berikutnya")
    assert titles[2].endswith("sedang istirahat")


def test_what_runs_low_is_named(her_page, market):
    taken = [goods.Portion(market.lots[2].id, 8)]
    goods.write_off(
        actor=SYSTEM, doc=a_doc(), place_id=market.homes[1].id, portions=taken, reason="uji"
    )
    assert her_page() == [("Batik Carica tinggal 2", "/ibu/produk", "Ubah stok")]


def test_cash_in_her_hands_is_shown_before_what_is_low(market, her_page):
    placed = order((market.batik, 1), method="cash_delivery")
    due.ask_makers.run(order_id=str(placed.id))
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    handover.send(actor=market.weaves, parcel_id=parcel.id)
    handover.deliver(actor=market.weaves, parcel_id=parcel.id, cash_taken=True)
    ((title, url, _deed),) = her_page()
    assert title.startswith("Uang tunai di tangan Ibu: Rp")
    assert url == "/ibu/pesanan"


def test_a_full_day_asks_the_database_a_few_times_only(market, her_page):
    for _ in range(4):
        paid(market, (market.batik, 1))
    a_lot(market.batik, market.kiosk, 4, days=3)
    her_page()
    with counted() as sent:
        her_page()
    asked = [query for query in sent if str(query).lower().startswith(("select", "with"))]
    assert len(asked) <= QUERIES_MAX, "\n".join(map(str, asked))


def test_money_that_waits_is_told_without_its_amount(market, her_page):
    hers = Owner(person_id=market.weaves.person_id)
    earned_sale((parties(maker=hers, cooperative_id=market.cooperative.id), 185_000))
    assert her_page() == [("Uang Ibu menunggu dibayar", "/ibu/uang", "Lihat uang")]
