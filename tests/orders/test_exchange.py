"""Rates of the treasurers: two people for a leap, none that is stale, and nothing ever edited."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from cooperatives.rights import TREASURE
from core import clock
from core.access import SamePerson
from core.actors import SYSTEM, Actor
from core.db import db
from core.errors import NotFound
from core.tasks import Task
from orders import exchange
from orders.exchange import OddRate
from orders.models import ExchangeRate
from orders.states import IllegalMove
from tests.factories import a_person, give, send, sign_in
from tests.orders.factories import a_market, rules

pytestmark = pytest.mark.service
MICROS = 10**6
RINI = "081311112222"


@pytest.fixture
def market(app):
    return a_market()


@pytest.fixture
def two(market):
    return market.treasurers


def set_rate(actor, rupiah, currency="USD"):
    return exchange.set_rate(actor=actor, currency=currency, rate_micros=rupiah * MICROS)


def rate(currency="USD"):
    row = exchange.in_force(db.session()).get(currency)
    return row and row.rate_micros // MICROS


def proposal():
    return exchange.newest(db.session())["USD"].id


def open_tasks():
    return [t.kind for t in db.session.scalars(select(Task).where(Task.closed_at.is_(None)))]


@pytest.fixture
def known(two):
    set_rate(two[0], 16_500)
    exchange.agree(actor=two[1], rate_id=proposal())
    return two


def test_the_first_rate_needs_two(two):
    assert not set_rate(two[0], 16_500)
    assert rate() is None
    assert open_tasks() == ["exchange.agree"]
    with pytest.raises(SamePerson):
        exchange.agree(actor=two[0], rate_id=proposal())
    exchange.agree(actor=two[1], rate_id=proposal())
    assert (rate(), open_tasks()) == (16_500, [])


@pytest.mark.parametrize(
    ("rupiah", "at_once"), [(16_500, True), (18_150, True), (14_850, True), (18_151, False)]
)
def test_a_leap_needs_two(known, rupiah, at_once):
    assert set_rate(known[0], rupiah) is at_once
    assert rate() == (rupiah if at_once else 16_500)


def test_a_newer_rate_ends_a_proposal(known):
    set_rate(known[0], 30_000)
    old = proposal()
    set_rate(known[0], 16_600)
    with pytest.raises(IllegalMove):
        exchange.agree(actor=known[1], rate_id=old)
    assert (rate(), open_tasks()) == (16_600, [])


@pytest.mark.parametrize(
    ("currency", "rupiah"), [("IDR", 1), ("XXX", 5), ("USD", 0), ("USD", 10**9)]
)
def test_odd_rates_are_refused(two, currency, rupiah):
    with pytest.raises(OddRate):
        set_rate(two[0], rupiah, currency)


def test_nobody_else_sets_a_rate(market):
    for actor in (market.sells, market.keeps):
        with pytest.raises(NotFound):
            set_rate(actor, 16_500)


def test_a_rate_is_never_edited(known):
    with pytest.raises(DBAPIError), db.session.begin_nested():
        db.session.execute(update(ExchangeRate).values(rate_micros=1))


def test_a_stale_rate_is_offered_to_nobody_and_asked_for_once(known):
    assert set(exchange.RATES.now(db.session())) == {"USD"}
    rules(rate_days=0)
    clock_row = exchange.in_force(db.session())["USD"]
    assert exchange.is_stale(clock_row) is (clock_row.valid_from < clock.now())
    assert exchange.RATES.now(db.session()) == {}
    exchange.ask_for_rates.run()
    exchange.ask_for_rates.run()
    assert open_tasks() == ["exchange.renew"]
    set_rate(known[0], 16_400)
    assert open_tasks() == []


def test_the_margin_makes_a_unit_worth_less(known):
    rules(card_margin_points=200)
    assert exchange.RATES.now(db.session())["USD"].rate_micros == 16_170 * MICROS


def test_sample_rates_say_that_they_are_invented(app):
    exchange.load_samples(actor=SYSTEM)
    rows = exchange.in_force(db.session()).values()
    assert {row.source for row in rows} == {"CONTOH, kurs rekaan"}
    assert all(row.valid_from > clock.now() - timedelta(minutes=1) for row in rows)


@pytest.fixture
def rini(app, market):
    actor = Actor(a_person("Rini", phone="+62" + RINI[1:]).id)
    give(actor, TREASURE, market.house)
    browser = app.test_client()
    sign_in(browser, phone=RINI)
    return browser


def write(browser, typed, currency="USD"):
    return send(browser, "/kas/kurs", currency=currency, rate=typed, source="kurs tengah")


def test_the_page_takes_rates_as_people_write_them(known, rini):
    assert write(rini, "16.550").status_code == 303
    assert rate() == 16_550
    page = rini.get("/kas/kurs").text
    assert "Rp\xa016.550" in page
    assert "kurs tengah" in page


def test_a_leap_is_agreed_to_on_the_page(known, rini):
    set_rate(known[0], 30_000)
    assert "Setujui kurs ini" in rini.get("/kas/kurs").text
    answer = send(rini, "/kas/kurs/setuju", "/kas/kurs", rate=proposal())
    assert (answer.status_code, rate()) == (303, 30_000)
    again = send(rini, "/kas/kurs/setuju", "/kas/kurs", rate=proposal())
    assert "Langkah ini tidak bisa lagi" in again.text


@pytest.mark.parametrize(
    "typed", ["", "abc", "0", "-5", "1,2,3", "11,", "9" * 20, "1,1234567", "\x00"]
)
def test_what_is_no_rate_gets_a_sentence_and_is_kept(known, rini, typed):
    answer = write(rini, typed)
    assert (answer.status_code, rate()) == (200, 16_500)
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize("typed", ["", "x", "9" * 18])
def test_agreeing_to_nothing_is_said_in_words(known, rini, typed):
    answer = send(rini, "/kas/kurs/setuju", "/kas/kurs", rate=typed)
    assert "Langkah ini tidak bisa lagi" in answer.text
