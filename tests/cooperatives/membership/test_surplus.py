"""The surplus of a year: from the books, by the meeting's word, by two people, into the books."""

from datetime import date, datetime

import pytest
import time_machine

from cooperatives import ledger
from cooperatives.accounts import Owner, own
from cooperatives.membership import expenses, promises, surplus, surplus_booking
from cooperatives.membership.surplus import (
    Changed,
    NoPolicy,
    NothingToShare,
    NotNow,
    NotWhole,
    SecondPerson,
    TooEarly,
)
from cooperatives.models.books import Kind
from cooperatives.models.surplus import PARTS
from core import clock, files
from core.actors import Actor
from core.clock import WIB
from core.errors import NotFound
from tests.cooperatives.books_factories import closed, earned_sale, parties, stands
from tests.cooperatives.factories import broken
from tests.cooperatives.membership.factories import a_board, a_member, saved, wish
from tests.cooperatives.membership.test_sharing_out import USUAL

pytestmark = pytest.mark.service
LAST = 2025


@pytest.fixture
def board(session):
    """A group with last year behind it: two members who sold and saved, and one cost."""
    with time_machine.travel(datetime(LAST, 6, 1, 10, tzinfo=WIB)):
        made = a_board()
        made.one, made.two = a_member(made), a_member(made)
        made.hers = parties(Owner(person_id=made.one.person_id), made.id)
        earned_sale((made.hers, 3_000_000))
        earned_sale((parties(Owner(person_id=made.two.person_id), made.id), 1_000_000))
        saved(made, made.one, 100_000)
        spent = wish(made, "cost", 50_000, category="other")
        expenses.write(actor=made.treasurer, wish=spent, receipt=None)
    surplus.write_policy(
        actor=made.treasurer, organisation_id=made.id, decided_on=clock.today(), parts=USUAL
    )
    return made


def proposed(board, year=LAST):
    return surplus.propose(
        actor=board.treasurer, organisation_id=board.id, year=year,
        minutes=files.store(b"%PDF-1.4 risalah"),
    )  # fmt: skip


def test_it_is_what_the_group_earned_less_what_it_spent(session, board):
    found = surplus.simulate(session, board.treasurer, board.id, LAST)
    assert found.income == {"cooperative": 200_000}  # 5 % of four million.
    assert found.costs == {"expense": 50_000}
    assert found.total == 150_000
    assert [line.sold for line in found.shared.lines] == [3_000_000, 1_000_000]
    assert [line.saved for line in found.shared.lines] == [100_000, 0]
    assert surplus.simulate(session, board.treasurer, board.id, clock.today().year).total == 0


def test_two_people_book_it_and_the_settlement_pays_it(session, board):
    made = proposed(board)
    with pytest.raises(SecondPerson):
        surplus_booking.agree(actor=board.treasurer, surplus_id=made.id)
    before = -stands(board.hers.maker_page())
    surplus_booking.agree(actor=board.second, surplus_id=made.id)
    # 150.000: 37.500 by sales, three quarters hers; 22.500 by savings, all hers.
    assert -stands(board.hers.maker_page()) - before == 28_125 + 22_500
    funds = {part: -ledger.balance(session, own(Kind.FUND, board.id, part)) for part in PARTS}
    assert funds == {
        "reserve": 60_000, "business": 0, "capital": 0, "board": 7_500, "staff": 7_500,
        "education": 7_500, "social": 7_500,
    }  # fmt: skip
    assert ledger.balance(session, own(Kind.FUND, board.id, f"shu-{LAST}")) == 150_000
    assert closed(board.hers, board.treasurer).total == before + 28_125 + 22_500
    assert broken(promises.ALL) == set()
    with pytest.raises(NotNow):
        surplus_booking.agree(actor=board.second, surplus_id=made.id)
    with pytest.raises(NotNow):
        proposed(board)


def test_a_refused_proposal_may_be_made_again(session, board):
    made = proposed(board)
    surplus_booking.refuse(actor=board.coordinator, surplus_id=made.id)
    assert proposed(board).id != made.id


def test_books_that_changed_meanwhile_are_proposed_anew(session, board):
    made = proposed(board)
    late = wish(board, "cost", 1_000, category="other", happened_on=date(LAST, 7, 1))
    expenses.write(actor=board.treasurer, wish=late, receipt=None)
    with pytest.raises(Changed):
        surplus_booking.agree(actor=board.second, surplus_id=made.id)


def test_not_before_the_year_is_over_nor_without_a_meeting_nor_out_of_nothing(session, board):
    with pytest.raises(TooEarly):
        proposed(board, clock.today().year)
    with pytest.raises(NothingToShare):
        proposed(board, LAST - 1)
    with pytest.raises(NoPolicy):
        proposed(a_board())


@pytest.mark.parametrize("parts", [USUAL | {"reserve": 3_999}, {"reserve": 10_000}, {}])
def test_a_decision_shares_all_of_it(session, board, parts):
    with pytest.raises(NotWhole):
        surplus.write_policy(
            actor=board.treasurer, organisation_id=board.id, decided_on=clock.today(), parts=parts
        )


def test_she_reads_her_own_line_as_the_board_does(session, board):
    year, line = surplus.hers(session, board.one.person_id, board.id, LAST)
    assert line in year.shared.lines
    assert line.total == 28_125 + 22_500
    assert surplus.hers(session, a_member(a_board()).person_id, board.id, LAST) is None


def test_no_other_board_reads_it(session, board):
    made = proposed(board)
    for stranger in (a_board().treasurer, Actor(board.one.person_id)):
        with pytest.raises(NotFound):
            surplus.simulate(session, stranger, board.id, LAST)
        with pytest.raises(NotFound):
            surplus.get(session, stranger, made.id)
