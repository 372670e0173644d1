"""PPh 22: off at first, by settings alone, to the rupiah; and who comes near the limit."""

from dataclasses import replace
from datetime import date

import pytest
from flask import current_app
from sqlalchemy import select

from cooperatives import members, postings, settlement
from cooperatives.accounts import own
from cooperatives.models.books import Kind
from cooperatives.rights import COORDINATE
from cooperatives.settling import statement_words, stating, tax, tax_letters, tax_reading, turnover
from cooperatives.settling.tax_settings import TaxSettings
from cooperatives.sharing import split_line
from core import audit, clock
from core.actors import SYSTEM, Actor
from core.config import ConfigError
from core.db import db
from core.errors import NotFound
from core.notices import Notice
from core.tasks import Task
from tests.cooperatives.books_factories import (
    COUNTER,
    WEB,
    a_maker,
    a_treasurer,
    account_of,
    book,
    closed,
    earned_sale,
    house_id,
    maker_page,
    numbers,
    parties,
    stands,
    wait_until_decided,
)
from tests.cooperatives.factories import a_cooperative
from tests.cooperatives.test_books_pages import browser_of
from tests.factories import an_actor, give, send

pytestmark = pytest.mark.service
ON = TaxSettings(pph22_from="2026-01-01")
NUMBER = "3307014404800001"


def rules(found):
    """Let this app run under other tax rules than the defaults."""
    current_app.extensions["settings"][TaxSettings] = found


@pytest.fixture
def maker(session):
    return parties()


@pytest.fixture
def treasurer(maker):
    return a_treasurer(maker.cooperative_id)


def year():
    return clock.today().year


def refund(sharing, gross):
    sale = earned_sale((sharing, gross))
    back = split_line(gross, WEB)
    facts = {"sale": sale, "refund_id": next(numbers), "amount": gross}
    book(step=postings.refunded, given_back=sharing.lines(back), **facts)


@pytest.mark.parametrize(
    ("gross", "of_year", "letter", "due"),
    [
        (36_000, 36_000, "", 180),
        (36_000, 36_000, "below", 0),
        (36_000, 500_000_000, "below", 0),
        (36_000, 500_000_001, "below", 180),
        (36_000, 900_000_000, "exempt", 0),
        (199, 199, "", 0),
        (-5_000, 0, "", 0),
    ],
)
def test_the_rule_in_figures(gross, of_year, letter, due):
    assert tax.tax_on(gross, of_year, letter, TaxSettings()) == due


@pytest.mark.parametrize(
    ("begin", "end", "day", "on"),
    [
        ("", "", "2027-01-01", False),
        ("2027-01-01", "", "2026-12-31", False),
        ("2027-01-01", "", "2027-01-01", True),
        ("2027-01-01", "2027-06-30", "2027-06-30", True),
        ("2027-01-01", "2027-06-30", "2027-07-01", False),
    ],
)
def test_the_switch_has_dates(begin, end, day, on):
    found = TaxSettings(pph22_from=begin, pph22_until=end)
    assert found.is_on(date.fromisoformat(day)) is on


def test_a_day_that_is_none_stops_the_house():
    with pytest.raises(ConfigError):
        TaxSettings(pph22_from="1 Januari")


def test_nothing_is_withheld_while_it_is_off(maker, treasurer):
    earned_sale((maker, 36_000))
    assert closed(maker, treasurer).total == 33_480
    assert stands(own(Kind.TAX, house_id())) == 0


def test_it_is_withheld_booked_and_told_on_the_statement(maker, treasurer, session):
    rules(ON)
    earned_sale((maker, 36_000))
    refund(maker, 10_000)
    owed = closed(maker, treasurer)
    assert owed.total == 33_480 - 180
    assert stands(own(Kind.TAX, house_id())) == -180
    assert stands(maker_page(maker)) == -owed.total
    found = stating.of_person(session, maker.maker.person_id, owed.id)
    assert found.adds_up
    assert found.other("tax") == -180
    (line,) = (row for row in statement_words.rows(found) if row.amount == -180)
    assert "0,5" in line.reason
    assert "36.000" in line.reason
    month = clock.today().replace(day=1)
    (row,) = tax_reading.withheld(session, treasurer, month)
    assert (row.settlement_id, row.amount) == (owed.id, 180)
    assert tax_reading.withheld(session, a_treasurer(a_cooperative().id), month) == []


def test_organisations_and_other_pages_pay_none(session):
    rules(ON)
    sharing = parties()
    treasurer = a_treasurer(sharing.cooperative_id)
    earned_sale((sharing, 36_000))
    wait_until_decided()
    page = account_of(own(Kind.COOPERATIVE, sharing.cooperative_id))
    assert settlement.close(actor=treasurer, account_id=page).total == 1_800


def test_a_letter_of_the_year_frees_her_and_may_be_withdrawn(maker, treasurer):
    rules(ON)
    person_id = maker.maker.person_id
    earned_sale((maker, 36_000))
    found = tax_letters.note(actor=treasurer, person_id=person_id, kind="below", number=NUMBER)
    assert (found.year, found.tail) == (year(), "0001")
    assert tax_letters.number_of(found) == NUMBER
    with pytest.raises(tax_letters.TwoLetters):
        tax_letters.note(actor=treasurer, person_id=person_id, kind="exempt", number="")
    assert closed(maker, treasurer).total == 33_480
    for _ in range(2):
        tax_letters.withdraw(actor=treasurer, letter_id=found.id)
    earned_sale((maker, 36_000))
    assert closed(maker, treasurer).total == 33_480 - 180


def test_above_the_limit_her_letter_frees_her_no_more(maker, treasurer):
    rules(replace(ON, tax_free_rupiah=50_000))
    person_id = maker.maker.person_id
    earned_sale((maker, 36_000))
    tax_letters.note(actor=treasurer, person_id=person_id, kind="below", number="")
    assert closed(maker, treasurer).total == 33_480
    earned_sale((maker, 36_000))
    assert closed(maker, treasurer).total == 33_480 - 180


@pytest.mark.parametrize("number", ["123", "abc", "33070144048000012"])
def test_an_odd_number_is_refused(maker, treasurer, number):
    earned_sale((maker, 36_000))
    with pytest.raises(tax_letters.OddTaxNumber):
        tax_letters.note(
            actor=treasurer, person_id=maker.maker.person_id, kind="below", number=number
        )


def test_letters_are_for_her_boards_only(maker, session):
    earned_sale((maker, 36_000))
    for stranger in (a_treasurer(a_cooperative().id), Actor(maker.maker.person_id), Actor()):
        with pytest.raises(NotFound):
            tax_letters.note(
                actor=stranger, person_id=maker.maker.person_id, kind="below", number=""
            )


def test_turnover_is_what_buyers_paid_in_all_her_shops_and_channels(session):
    her = a_maker()
    first, second = parties(her), parties(her)
    shelf = parties(her, first.cooperative_id, kiosk=(first.cooperative_id, "terminal"))
    stranger = parties(cooperative_id=first.cooperative_id)
    earned_sale((first, 36_000), (stranger, 5_000))
    earned_sale((shelf, 20_000), rate=COUNTER)
    earned_sale((second, 7_777))
    refund(first, 10_000)
    assert turnover.of_year(session, her.person_id, year()) == 63_777
    assert turnover.of_year(session, her.person_id, year() - 1) == 0
    assert turnover.at_least(session, 60_000, year()) == {her.person_id: 63_777}


def test_a_shared_refund_is_taken_from_each_by_her_part(session):
    one, two = (parties() for _ in range(2))
    sale = earned_sale((one, 30_000), (two, 10_000))
    back = [*one.lines(split_line(15_000, WEB)), *two.lines(split_line(5_000, WEB))]
    merged = {}
    for page, amount in back:
        merged[page] = merged.get(page, 0) + amount
    facts = {"sale": sale, "refund_id": next(numbers), "amount": 20_000}
    book(step=postings.refunded, given_back=list(merged.items()), **facts)
    found = [turnover.of_year(session, each.maker.person_id, year()) for each in (one, two)]
    assert found == [15_000, 5_000]


def test_whoever_comes_near_the_limit_is_told_once_with_her_coordinators(maker, session):
    rules(TaxSettings(tax_free_rupiah=40_000))
    person_id = maker.maker.person_id
    members.join(actor=SYSTEM, cooperative_id=maker.cooperative_id, person_id=person_id)
    umi = an_actor("Umi")
    give(umi, COORDINATE, maker.cooperative_id)
    earned_sale((maker, 31_999))
    tax_letters.watch_turnover.run()
    asked = select(Task).where(Task.kind == tax_letters.NEAR_LIMIT.name)
    assert session.scalars(asked).all() == []
    earned_sale((maker, 1))
    for _ in range(2):
        tax_letters.watch_turnover.run()
    (task,) = session.scalars(asked).all()
    assert task.link == f"/kas/pajak/{person_id}/surat"
    assert "32" not in task.sentence
    told = select(Notice).where(Notice.event_key == f"turnover:{year()}:{person_id}")
    assert len(session.scalars(told).all()) == 1
    tax_letters.note(actor=umi, person_id=person_id, kind="below", number="")
    session.expire_all()
    tax_letters.watch_turnover.run()
    assert [one.closed_at is not None for one in session.scalars(asked)] == [True]
    (near,) = tax_reading.near_limit(session, umi)
    assert (near.person_id, near.is_above, near.letter) == (person_id, False, "below")


def test_the_months_list_and_a_letter_on_the_screen(app):
    rules(ON)
    sharing = parties()
    rini = browser_of(app, sharing.cooperative_id)
    umi = browser_of(app, sharing.cooperative_id, COORDINATE)
    earned_sale((sharing, 36_000))
    closed(sharing, rini.actor)
    page = rini.get("/kas/pajak").text
    assert "Rp\xa0180" in page
    letter = f"/kas/pajak/{sharing.maker.person_id}/surat"
    assert "NIK terdiri dari" in send(umi, letter, kind="below", number="12").text
    assert send(umi, letter, kind="below", number=NUMBER).status_code == 303
    assert "0001" in umi.get(letter).text
    assert NUMBER not in umi.get(letter).text
    file = rini.get("/kas/pajak/daftar.csv")
    assert NUMBER in file.text
    assert file.headers["Cache-Control"] == "private, no-store"
    looks = select(audit.Audit).where(audit.Audit.action == "tax.list")
    assert NUMBER not in str([look.facts for look in db.session.scalars(looks)])
    found = tax.letter(db.session(), sharing.maker.person_id, year())
    assert send(umi, f"/kas/pajak/surat/{found.id}/batal", letter).status_code == 303
    assert "Surat sudah saya terima" in umi.get(letter).text
    assert rini.get("/kas/pajak?bulan=2026-13").status_code == 200
