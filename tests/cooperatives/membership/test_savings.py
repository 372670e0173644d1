"""Savings: paid in, late, taken out by two people, and given back to who leaves."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from cooperatives import ledger, members
from cooperatives.accounts import Owner, Page, own
from cooperatives.membership import advances, savings, vouchers
from cooperatives.membership.savings import PlanTooOld, StaysUntilLeaving, StillOwes
from cooperatives.membership.vouchers import BadDay, NoMoney, NotNow, SecondPerson, TooMuch
from cooperatives.models import SavingsPlan
from cooperatives.models.books import Kind
from core import clock
from core.actors import SYSTEM
from core.errors import Conflict, NotFound
from core.tasks import Task
from tests.cooperatives.books_factories import a_treasurer
from tests.cooperatives.factories import a_cooperative
from tests.cooperatives.membership.factories import a_board, a_member, lent, saved, wish, withdrawn

service = pytest.mark.service


def a_plan(valid_from, principal, mandatory):
    return SavingsPlan(valid_from=valid_from, principal=principal, mandatory=mandatory)


@pytest.mark.parametrize(
    ("joined_on", "today", "due"),
    [
        (date(2026, 1, 15), date(2026, 1, 15), (100, 10)),
        (date(2026, 1, 15), date(2026, 1, 31), (100, 10)),
        (date(2026, 1, 15), date(2026, 2, 1), (100, 20)),
        (date(2025, 12, 31), date(2026, 1, 1), (100, 10)),  # The plan begins with the year.
        (date(2025, 1, 1), date(2026, 8, 31), (100, 8 * 10 + 0)),
        (date(2026, 8, 31), date(2026, 9, 30), (100, 10 + 15)),
        (date(2026, 9, 2), date(2026, 9, 30), (150, 15)),
        (date(2026, 9, 2), date(2026, 9, 1), (150, 15)),
    ],
)
def test_what_is_due_follows_the_plan_of_its_time(joined_on, today, due):
    plans = [a_plan(date(2026, 1, 1), 100, 10), a_plan(date(2026, 9, 1), 150, 15)]
    assert savings.due(plans, joined_on, today) == due


def test_without_a_plan_nothing_is_due():
    assert savings.due([], date(2026, 1, 1), date(2026, 9, 1)) == (0, 0)


@pytest.fixture
def board(session):
    return a_board()


def standing(session, board, member):
    (found,) = savings.standings(session, board.treasurer, board.id, person_id=member.person_id)
    return found


@service
def test_what_is_paid_in_stands_on_her_page_by_sort(session, board):
    member = a_member(board)
    saved(board, member, 100_000, "principal")
    saved(board, member, 10_000, "mandatory")
    saved(board, member, 25_000)
    found = standing(session, board, member)
    assert (found.principal, found.mandatory, found.voluntary, found.total) == (
        100_000, 10_000, 25_000, 135_000,
    )  # fmt: skip
    assert ledger.balance(session, own(Kind.CASH, board.id, "kas")) == 135_000
    page = Page(Kind.SAVINGS, board.id, Owner(person_id=member.person_id), "voluntary")
    assert ledger.balance(session, page) == -25_000


@service
def test_late_is_what_the_plan_asks_and_she_has_not_paid(session, board):
    today = clock.today()
    savings.plan(
        actor=board.treasurer, cooperative_id=board.id, valid_from=date(2020, 1, 1),
        principal=100_000, mandatory=10_000,
    )  # fmt: skip
    member = a_member(board, joined_on=(today.replace(day=1) - timedelta(days=1)))
    assert standing(session, board, member).late == 100_000 + 20_000
    saved(board, member, 100_000, "principal")
    saved(board, member, 5_000, "mandatory")
    assert standing(session, board, member).late == 15_000
    saved(board, member, 50_000, "mandatory")  # Ahead of time is never late.
    assert standing(session, board, member).late == 0


@service
def test_a_second_plan_never_reaches_back(session, board):
    asked = {"actor": board.treasurer, "cooperative_id": board.id, "principal": 1, "mandatory": 1}
    savings.plan(valid_from=date(2020, 1, 1), **asked)
    with pytest.raises(PlanTooOld):
        savings.plan(valid_from=clock.today() - timedelta(days=1), **asked)
    savings.plan(valid_from=clock.today(), **asked)


@service
def test_a_press_twice_is_one_voucher_and_other_content_is_refused(session, board):
    member = a_member(board)
    act_id = uuid4()
    first = saved(board, member, 10_000, id=act_id)
    assert saved(board, member, 10_000, id=act_id).id == first.id
    assert standing(session, board, member).voluntary == 10_000
    with pytest.raises(Conflict):
        saved(board, member, 20_000, id=act_id)


@service
def test_money_goes_back_only_when_a_second_person_agrees(session, board):
    member = a_member(board)
    saved(board, member, 30_000)
    asked = withdrawn(board, member, 20_000)
    assert standing(session, board, member).voluntary == 30_000
    with pytest.raises(SecondPerson):
        vouchers.agree(actor=board.treasurer, voucher_id=asked.id)
    assert open_tasks(session, asked) == 2
    vouchers.agree(actor=board.coordinator, voucher_id=asked.id)
    assert standing(session, board, member).voluntary == 10_000
    assert open_tasks(session, asked) == 0
    with pytest.raises(NotNow):
        vouchers.agree(actor=board.second, voucher_id=asked.id)


def open_tasks(session, voucher):
    found = session.query(Task).filter_by(doc_type="voucher", doc_id=str(voucher.id))
    return found.filter(Task.closed_at.is_(None)).count()


@service
def test_a_refused_withdrawal_leaves_the_books_alone(session, board):
    member = a_member(board)
    saved(board, member, 30_000)
    asked = withdrawn(board, member, 20_000)
    vouchers.refuse(actor=board.second, voucher_id=asked.id, reason="Belum perlu")
    assert standing(session, board, member).voluntary == 30_000


@service
def test_nobody_takes_out_more_than_she_has_however_it_is_asked(session, board):
    member = a_member(board)
    saved(board, member, 30_000)
    one, two = withdrawn(board, member, 20_000), withdrawn(board, member, 20_000)
    vouchers.agree(actor=board.second, voucher_id=one.id)
    with pytest.raises(TooMuch):
        vouchers.agree(actor=board.second, voucher_id=two.id)
    with pytest.raises(TooMuch):
        withdrawn(board, member, 10_001)
    assert standing(session, board, member).voluntary == 10_000


@service
def test_a_mistake_is_undone_by_its_mirror_image_unless_the_money_is_gone(session, board):
    member = a_member(board)
    wrong = saved(board, member, 30_000)
    vouchers.undo(actor=board.treasurer, voucher_id=wrong.id, reason="Salah orang")
    assert standing(session, board, member).total == 0
    assert ledger.balance(session, own(Kind.CASH, board.id, "kas")) == 0
    with pytest.raises(NotNow):
        vouchers.undo(actor=board.treasurer, voucher_id=wrong.id, reason="Lagi")
    spent = saved(board, member, 30_000)
    taken = withdrawn(board, member, 30_000)
    vouchers.agree(actor=board.second, voucher_id=taken.id)
    with pytest.raises(TooMuch):
        vouchers.undo(actor=board.treasurer, voucher_id=spent.id, reason="Terlambat")


@service
def test_principal_and_mandatory_savings_go_back_when_she_leaves_and_owes_nothing(session, board):
    member = a_member(board)
    saved(board, member, 100_000, "principal")
    with pytest.raises(StaysUntilLeaving):
        withdrawn(board, member, 100_000, "principal")
    advance_id = lent(board, member)
    members.leave(actor=SYSTEM, cooperative_id=board.id, person_id=member.person_id)
    with pytest.raises(StillOwes):
        withdrawn(board, member, 100_000, "principal")
    advances.repay(
        actor=board.treasurer, advance_id=advance_id, act_id=uuid4(), amount=200_000,
        money="cash:kas",
    )  # fmt: skip
    asked = withdrawn(board, member, 100_000, "principal")
    vouchers.agree(actor=board.second, voucher_id=asked.id)
    assert savings.standings(session, board.treasurer, board.id) == []


@service
def test_money_neither_comes_tomorrow_nor_from_an_unknown_place(session, board):
    member = a_member(board)
    with pytest.raises(BadDay):
        saved(board, member, 1_000, happened_on=clock.today() + timedelta(days=1))
    with pytest.raises(NoMoney):
        saved(board, member, 1_000, money="maker:x")


@service
def test_another_cooperatives_treasurer_sees_and_writes_nothing(session, board):
    member = a_member(board)
    voucher = saved(board, member, 1_000)
    stranger = a_treasurer(a_cooperative().id)
    with pytest.raises(NotFound):
        savings.standings(session, stranger, board.id)
    asked = wish(board, "saved", 1_000, person_id=member.person_id, sort="voluntary")
    with pytest.raises(NotFound):
        savings.write(actor=stranger, wish=asked)
    with pytest.raises(NotFound):
        vouchers.undo(actor=stranger, voucher_id=voucher.id, reason="x")


@service
def test_member_numbers_are_given_once_each(session, board):
    numbers = [a_member(board).number for _ in range(3)]
    assert numbers == [1, 2, 3]
    assert a_member(a_board()).number == 1
