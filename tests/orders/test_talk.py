"""A buyer asks her seller by the order's link: few words, no numbers, an answer she hears of."""

import pytest

from core import privacy, tasks
from core.actors import GUEST
from core.audit import Audit
from core.db import db
from core.errors import NotFound
from core.notices import Notice
from orders import endings, talk
from orders.models import ParcelMessage
from sellers.rights import ORDERS
from tests.factories import a_person, send
from tests.orders.factories import Actor, a_market, order, parcels_of, rules, run_jobs
from tests.orders.test_order_pages import page_of, pay, post

pytestmark = pytest.mark.service
WORDS = "Apakah bisa dikirim hari Sabtu?"


@pytest.fixture
def market(app):
    return a_market()


@pytest.fixture
def paid(market):
    market.order = order((market.batik, 1))
    pay(market.order, market)
    (market.parcel,) = parcels_of(market.order)
    return market


def ask(paid, words=WORDS):
    talk.ask(actor=GUEST, order_id=paid.order.id, parcel_id=paid.parcel.id, words=words)


def answer(paid, words="Bisa, Bu.", actor=None):
    talk.answer(actor=actor or paid.weaves, parcel_id=paid.parcel.id, words=words)


def said():
    db.session.expire_all()
    return [(row.is_answer, row.words) for row in db.session.query(ParcelMessage)]


def open_questions(actor):
    kinds = [task.kind for task in tasks.list_for(db.session(), actor, ORDERS)]
    return kinds.count(talk.ASKED.name)


def test_the_seller_hears_of_it_once_and_is_done_when_she_has_answered(paid):
    ask(paid)
    ask(paid, "Satu lagi: warnanya biru?")
    assert open_questions(paid.weaves) == 1
    told = db.session.query(Notice).filter_by(title="Pembeli bertanya").all()
    assert {notice.person_id for notice in told} == {paid.weaves.person_id}
    answer(paid)
    assert open_questions(paid.weaves) == 0
    assert [is_answer for is_answer, _words in said()] == [False, False, True]


def test_the_buyer_hears_that_there_is_an_answer_and_reads_it_on_her_page(client, market):
    buyer = a_person(phone="+6281299998888")
    market.order = order((market.batik, 1), actor=Actor(buyer.id))
    pay(market.order, market)
    (market.parcel,) = parcels_of(market.order)
    ask(market)
    answer(market, "Bisa, Bu.\nSabtu pagi.")
    run_jobs()
    (notice,) = db.session.query(Notice).filter_by(template="question_answered")
    assert (notice.person_id, notice.link) == (buyer.id, page_of(market.order))
    assert "Sabtu" not in notice.title + notice.text
    page = client.get(page_of(market.order)).text
    assert WORDS in page
    assert "Sabtu pagi." in page


def test_nothing_of_it_is_in_the_trail(paid, capsys):
    ask(paid)
    answer(paid)
    trail = db.session.query(Audit).filter(Audit.action.in_(["parcel.ask", "parcel.answer"])).all()
    assert len(trail) == 2
    assert not any("Sabtu" in str(row.facts) or "Bisa" in str(row.facts) for row in trail)
    heard = capsys.readouterr()
    assert "Sabtu" not in heard.out + heard.err


@pytest.mark.parametrize(
    "words",
    ["WA saya 0812-3456-7890", "hubungi +62 812 3456 7890", "BCA 1234567890", "(0286) 321 4567"],
)
def test_numbers_are_given_to_nobody(paid, words):
    with pytest.raises(talk.NumberInWords):
        ask(paid, words)
    with pytest.raises(talk.NumberInWords):
        answer(paid, words)
    assert said() == []


@pytest.mark.parametrize("words", ["Ukuran 240 x 115?", "Rp 185.000 ya?", "tanggal 28-11-26"])
def test_other_figures_pass(paid, words):
    ask(paid, words)
    assert said() == [(False, words)]


def test_an_order_holds_a_few_messages(paid):
    rules(order_messages_max=2)
    ask(paid)
    answer(paid)
    with pytest.raises(talk.SaidEnough):
        ask(paid)
    with pytest.raises(talk.SaidEnough):
        answer(paid)


def test_only_an_open_order_is_talked_of(market):
    placed = order((market.batik, 1))
    (parcel,) = parcels_of(placed)
    with pytest.raises(talk.NotOpen):
        talk.ask(actor=GUEST, order_id=placed.id, parcel_id=parcel.id, words=WORDS)
    pay(placed, market)
    endings.cancel(actor=GUEST, order_id=placed.id)
    with pytest.raises(talk.NotOpen):
        talk.ask(actor=GUEST, order_id=placed.id, parcel_id=parcel.id, words=WORDS)


def test_a_parcel_of_another_order_is_not_there(paid):
    other = order((paid.tiwul, 1))
    with pytest.raises(NotFound):
        talk.ask(
            actor=GUEST, order_id=paid.order.id, parcel_id=parcels_of(other)[0].id, words=WORDS
        )


def test_another_maker_does_not_answer(paid):
    ask(paid)
    with pytest.raises(NotFound):
        answer(paid, actor=paid.sells)


def test_a_guest_asks_on_her_order_page(client, paid):
    page = page_of(paid.order)
    url = f"{page}/tanya/{paid.parcel.id}"
    assert "Tanya penjual" in client.get(page).text
    wrong = post(client, page, url, words="WA 0812-3456-7890")
    assert wrong.status_code == 200
    assert "Jangan tulis nomor HP atau rekening" in wrong.text
    assert "WA 0812-3456-7890" in wrong.text, "what was typed stays"
    assert post(client, page, url, words=WORDS).location == page
    assert said() == [(False, WORDS)]
    assert client.get(f"/pesanan/salah/tanya/{paid.parcel.id}").status_code == 404


def test_tries_are_counted(client, paid):
    rules(asking_tries=1)
    url = f"{page_of(paid.order)}/tanya/{paid.parcel.id}"
    send(client, url, words=WORDS)
    assert send(client, url, words=WORDS).status_code == 429
    assert len(said()) == 1


def test_the_maker_answers_on_her_parcel_page(app, paid):
    from core import signin
    from core.visitor import SESSION_KEY

    ask(paid, "<b>Biru?</b>")
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie[SESSION_KEY] = signin.open_sign_in(actor=paid.weaves, device="x")
    url = f"/ibu/pesanan/{paid.parcel.id}"
    assert "&lt;b&gt;Biru?&lt;/b&gt;" in browser.get(url).text
    wrong = send(browser, url, act="reply", words="0812 3456 7890")
    assert "Jangan tulis nomor HP atau rekening" in wrong.text
    assert send(browser, url, act="reply", words="Ya, biru.").status_code == 303
    assert "Ya, biru." in browser.get(url).text


def test_it_goes_with_her_and_is_in_her_copy(market):
    buyer = a_person(phone="+6281299998888")
    market.order = order((market.batik, 1), actor=Actor(buyer.id))
    pay(market.order, market)
    (market.parcel,) = parcels_of(market.order)
    ask(market)
    answer(market)
    assert WORDS in str(privacy.gather(db.session(), buyer.id))
    assert "Bisa, Bu." in str(privacy.gather(db.session(), market.weaves.person_id))
    endings.cancel(actor=Actor(buyer.id), order_id=market.order.id)
    db.session.execute(db.text("delete from refund"))
    db.session.commit()
    privacy.erase(actor=Actor(buyer.id))
    assert said() == []
