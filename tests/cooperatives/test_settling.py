"""Rounds and statements: everybody once, at one cut, and every line a member may redo by hand."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from cooperatives import ledger, postings
from cooperatives.accounts import Page
from cooperatives.models import Journal, Settlement, SettlementRound
from cooperatives.models.books import Kind
from cooperatives.rights import COORDINATE
from cooperatives.settling import rounds, statement_file, statement_words, stating
from cooperatives.settling.sold import Sold
from cooperatives.settling.statement import Parts, Statement, merged
from cooperatives.sharing import split_line
from core.actors import Actor
from core.db import db
from core.errors import NotFound
from core.words import rupiah
from tests.cooperatives.books_factories import (
    COUNTER,
    WEB,
    a_maker,
    a_treasurer,
    account_of,
    bank,
    book,
    clearing,
    closed,
    earned_sale,
    maker_page,
    numbers,
    parties,
    stands,
    wait_until_decided,
)
from tests.cooperatives.factories import a_cooperative
from tests.factories import an_actor, give

pytestmark = pytest.mark.service


@pytest.fixture
def maker(session):
    return parties()


@pytest.fixture
def treasurer(maker):
    return a_treasurer(maker.cooperative_id)


def a_round(treasurer, organisation_id):
    """A round begun and done; None where nothing was due."""
    wait_until_decided()
    try:
        begun = rounds.begin(actor=treasurer, organisation_id=organisation_id)
    except rounds.NothingDue:
        return None
    rounds.settle.run(begun.id)
    return begun


def settled(sharing):
    """The settlements of a maker, in order."""
    query = select(Settlement).where(Settlement.account_id == account_of(maker_page(sharing)))
    return list(db.session.scalars(query.order_by(Settlement.id)))


def read(sharing, settlement):
    return stating.of_person(db.session(), sharing.maker.person_id, settlement.id)


def refund(sharing, gross):
    """A sale that is wholly given back after it was earned."""
    sale, shares = earned_sale((sharing, gross)), split_line(gross, WEB)
    step = {"step": postings.refunded, "sale": sale, "refund_id": next(numbers), "amount": gross}
    book(given_back=sharing.lines(shares), **step)


def other(sharing, amount, kind="correction", page=None):
    """A line that is no sale: positive is more for her."""
    book(
        step=ledger.post,
        kind=kind,
        doc=("thing", next(numbers)),
        lines=[(maker_page(sharing), -amount), (page or bank(), amount)],
    )


def fee(sharing, amount):
    doc = ("attempt", next(numbers))
    bearer = (sharing.fee_page("maker"), amount)
    book(step=postings.gateway_fee, doc=doc, money=clearing(), bearers=[bearer])


def test_a_round_that_was_cut_short_goes_on(session):
    cooperative = a_cooperative()
    makers = [parties(cooperative_id=cooperative.id) for _ in range(3)]
    earned_sale(*((one, 10_000) for one in makers))
    wait_until_decided()
    begun = rounds.begin(actor=a_treasurer(cooperative.id), organisation_id=cooperative.id)
    due = rounds._begun(actor=Actor(), round_id=begun.id)
    rounds._close_some(actor=rounds.SYSTEM, round_id=begun.id, account_ids=due[:2])
    assert begun.done_at is None
    rounds.settle.run(begun.id)
    assert [len(settled(one)) for one in makers] == [1, 1, 1]
    assert (begun.settled, begun.total) == (4, 3 * 9_300 + 1_500)
    assert begun.done_at is not None


def test_a_round_takes_nothing_that_came_after_its_cut(maker, treasurer, session):
    earned_sale((maker, 10_000))
    wait_until_decided()
    begun = rounds.begin(actor=treasurer, organisation_id=maker.cooperative_id)
    assert rounds.begin(actor=treasurer, organisation_id=maker.cooperative_id).id == begun.id
    rounds.settle.run(begun.id)
    earned_sale((maker, 20_000))
    rounds.settle.run(begun.id)
    assert [one.total for one in settled(maker)] == [9_300]
    assert session.scalar(select(func.count()).select_from(SettlementRound)) == 1


def test_a_statement_tells_sales_returns_fees_and_repaid_advances(maker, treasurer):
    advance = Page(Kind.ADVANCE, maker.cooperative_id, maker.maker)
    earned_sale((maker, 36_000))
    refund(maker, 10_000)
    fee(maker, 252)
    other(maker, -5_000, kind="repaid", page=advance)
    a_round(treasurer, maker.cooperative_id)
    (one,) = settled(maker)
    found = read(maker, one)
    assert found.adds_up
    assert found.sold == Parts(46_000, 2_300, 0, 920, 0)
    headings = {heading: found.other(heading) for heading in statement_words.HEADINGS}
    assert {name: amount for name, amount in headings.items() if amount} == {
        "returned": -9_300,
        "fees": -252,
        "advance": -5_000,
    }
    assert found.total == one.total == 33_480 - 252 - 5_000
    rows = statement_words.rows(found)
    assert sum(row.amount for row in rows) == found.total
    assert "36.000 − 1.800 − 720 = 33.480" in rows[0].reason
    assert sum(amount for _words, amount in statement_words.sums(found)) == found.total


def test_what_an_earlier_round_left_is_told_as_carried(committed):
    """B14: a refund after the payout makes her owe; the next settlement says so and is less."""
    maker = parties()
    treasurer = a_treasurer(maker.cooperative_id)
    other_maker = parties(cooperative_id=maker.cooperative_id)
    earned_sale((maker, 10_000))
    a_round(treasurer, maker.cooperative_id)
    other(maker, -4_000, kind="refunded")
    earned_sale((other_maker, 1_000))
    a_round(treasurer, maker.cooperative_id)
    assert len(settled(maker)) == 1
    earned_sale((maker, 10_000))
    a_round(treasurer, maker.cooperative_id)
    found = read(maker, settled(maker)[1])
    assert found.adds_up
    assert (found.carried_over, found.sold.hers, found.total) == (-4_000, 9_300, 5_300)
    assert statement_words.rows(found)[0].words == "Sisa hitungan lalu"


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["web", "counter", "refund", "fee", "fix", "round"]),
        st.integers(1, 90_000),
    ),
    max_size=10,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
def test_whatever_happens_statements_add_up_to_the_books(session, deeds):
    cooperative_id = a_cooperative().id
    hers = parties(cooperative_id=cooperative_id)
    shelf = parties(hers.maker, cooperative_id, kiosk=(cooperative_id, "terminal"))
    treasurer = a_treasurer(cooperative_id)
    play = {
        "web": lambda amount: earned_sale((hers, amount)),
        "counter": lambda amount: earned_sale((shelf, amount), (shelf, 700), rate=COUNTER),
        "refund": lambda amount: refund(hers, amount),
        "fee": lambda amount: fee(hers, amount // 100 + 1),
        "fix": lambda amount: other(hers, amount - 45_000 or 1),
        "round": lambda _amount: a_round(treasurer, cooperative_id),
    }
    for what, amount in deeds:
        play[what](amount)
    earned_sale((hers, 90_000 * 12))  # So that nothing negative is left.
    a_round(treasurer, cooperative_id)
    told = [read(hers, one) for one in settled(hers)]
    assert all(one.adds_up for one in told)
    assert sum(one.total for one in told) == -stands(maker_page(hers))
    for one in told:
        assert sum(row.amount for row in statement_words.rows(one)) == one.total
        assert sum(amount for _words, amount in statement_words.sums(one)) == one.total
        assert len(statement_words.text(one)) <= 700


def test_equal_goods_of_a_day_are_one_line():
    day, shares = date(2026, 11, 20), split_line(36_000, WEB)
    sold = [Sold(n, day, "web", "Tiwul", 2, 18_000, shares) for n in (1, 2)]
    sold.append(Sold(3, day, "counter", "Tiwul", 1, 18_000, split_line(18_000, COUNTER)))
    counter, web = merged(sold)
    assert (web.units, web.price, web.parts.gross) == (4, 18_000, 72_000)
    assert (counter.units, counter.parts.hers) == (1, 18_000 - 1_800 - 900)


def test_the_text_stays_short_whatever_is_in_it():
    parts = Parts(10**12, 10**9, 10**9, 10**9, 10**9)
    found = Statement(
        1, "maker", "N" * 60, "N" * 60, "K" * 120, None, date(2026, 11, 20), parts.hers, "closed",
        adjusted=parts,
    )  # fmt: skip
    text = statement_words.text(found)
    assert len(text) <= 700
    assert rupiah(found.total) in text


def test_hers_is_read_by_her_and_her_board_and_nobody_else(maker, treasurer, session):
    earned_sale((maker, 36_000))
    owed = closed(maker, treasurer)
    coordinator = an_actor("Umi")
    give(coordinator, COORDINATE, maker.cooperative_id)
    for reader in (treasurer, coordinator):
        assert stating.for_board(session, reader, owed.id).total == 33_480
    for stranger in (a_treasurer(a_cooperative().id), Actor(a_maker().person_id), Actor()):
        with pytest.raises(NotFound):
            stating.for_board(session, stranger, owed.id)
    with pytest.raises(NotFound):
        stating.of_person(session, a_maker().person_id, owed.id)


def test_the_paper_is_a_pdf_and_always_the_same(maker, treasurer, session):
    earned_sale((maker, 36_000))
    found = read(maker, closed(maker, treasurer))
    drawn = statement_file.drawn([found, found])
    assert drawn.startswith(b"%PDF-")
    assert drawn == statement_file.drawn([found, found])


def test_a_line_without_cuts_is_told_too(maker, treasurer, session):
    """Journals of before November 2026 have none."""
    earned_sale((maker, 36_000))
    session.execute(db.text("set local session_replication_role = replica"))
    session.execute(db.text("delete from cut"))
    session.execute(db.text("set local session_replication_role = origin"))
    found = read(maker, closed(maker, treasurer))
    assert found.adds_up
    assert session.scalar(select(func.count()).select_from(Journal)) == 2
