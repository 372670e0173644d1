"""Advances: lent by two, paid back out of sales as agreed, never below the floor."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperatives import ledger, members
from cooperatives.accounts import Owner, own
from cooperatives.membership import advances, vouchers
from cooperatives.membership.advances import (
    BadDueDay,
    NoMember,
    WitnessNeeded,
    share_of,
)
from cooperatives.membership.vouchers import SecondPerson, TooMuch
from cooperatives.models.books import Kind
from core import clock, files
from core.actors import SYSTEM, Actor
from core.errors import NotFound
from tests.cooperatives.books_factories import closed, earned_sale, parties, stands
from tests.cooperatives.membership.factories import VOICE, a_board, a_deal, a_member, lent

service = pytest.mark.service
rupiah = st.integers(0, 10**9)


@given(rupiah, rupiah, st.integers(0, 50), rupiah, rupiah)
def test_a_share_never_passes_what_was_agreed(earned, taken, percent, floor, owed):
    share = share_of(earned, taken, percent, floor, owed)
    assert 0 <= share <= owed
    assert share == 0 or earned - taken - share >= floor
    assert share == 0 or (taken + share) * 100 <= earned * percent


@pytest.fixture
def board(session):
    return a_board()


def owed(session, advance_id, actor):
    return ledger.balance(
        session, advances.page_of(advances.get_advance(session, actor, advance_id))
    )


@service
def test_it_is_given_when_a_second_person_agrees(session, board):
    member = a_member(board)
    asked = advances.lend(
        actor=board.treasurer, deal=a_deal(board, member), proof=files.store(VOICE), text="Ya."
    )
    assert owed(session, asked.advance_id, board.treasurer) == 0
    with pytest.raises(SecondPerson):
        vouchers.agree(actor=board.treasurer, voucher_id=asked.id)
    vouchers.agree(actor=board.second, voucher_id=asked.id)
    assert owed(session, asked.advance_id, board.treasurer) == 200_000
    assert ledger.balance(session, own(Kind.CASH, board.id, "kas")) == -200_000


@service
def test_goods_leave_the_costs_they_were_bought_with(session, board):
    lent(board, a_member(board), 80_000, money="cost:bahan")
    assert ledger.balance(session, own(Kind.EXPENSE, board.id, "bahan")) == -80_000


@service
def test_a_settlement_takes_the_agreed_share_first(session, board):
    member = a_member(board)
    advance_id = lent(board, member)
    hers = parties(Owner(person_id=member.person_id), board.id)
    earned_sale((hers, 400_000))  # 93 % of it is hers: 372.000.
    settlement = closed(hers, board.treasurer)
    assert settlement.total == 372_000 - 74_400
    assert owed(session, advance_id, board.treasurer) == 200_000 - 74_400
    assert stands(hers.maker_page()) == -settlement.total


@service
def test_the_floor_stays_hers_and_a_small_week_gives_nothing(session, board):
    member = a_member(board)
    advance_id = lent(board, member, floor=50_000)
    hers = parties(Owner(person_id=member.person_id), board.id)
    earned_sale((hers, 60_000))  # 55.800: twenty per cent would be 11.160.
    assert closed(hers, board.treasurer).total == 50_000
    earned_sale((hers, 50_000))  # 46.500 is less than the floor.
    assert closed(hers, board.treasurer).total == 46_500
    assert owed(session, advance_id, board.treasurer) == 200_000 - 5_800


@service
def test_never_more_than_is_owed_and_the_earliest_due_first(session, board):
    member = a_member(board)
    later = lent(board, member, 30_000)
    sooner = lent(board, member, 10_000, due_on=clock.today() + timedelta(days=5))
    hers = parties(Owner(person_id=member.person_id), board.id)
    earned_sale((hers, 100_000))  # 93.000: together at most 18.600.
    assert closed(hers, board.treasurer).total == 93_000 - 18_600
    left = [owed(session, one, board.treasurer) for one in (sooner, later)]
    assert left == [0, 30_000 - 8_600]


@service
def test_once_she_says_no_her_sales_stay_whole(session, board):
    member = a_member(board)
    advance_id = lent(board, member)
    advances.stop_share(actor=Actor(member.person_id), advance_id=advance_id)
    hers = parties(Owner(person_id=member.person_id), board.id)
    earned_sale((hers, 400_000))
    assert closed(hers, board.treasurer).total == 372_000
    assert owed(session, advance_id, board.treasurer) == 200_000


@service
def test_she_pays_in_cash_and_never_too_much(session, board):
    advance_id = lent(board, a_member(board))
    paid = {"actor": board.treasurer, "advance_id": advance_id, "money": "cash:kas"}
    advances.repay(act_id=uuid4(), amount=150_000, **paid)
    with pytest.raises(TooMuch):
        advances.repay(act_id=uuid4(), amount=50_001, **paid)
    advances.repay(act_id=uuid4(), amount=50_000, **paid)
    assert owed(session, advance_id, board.treasurer) == 0
    assert ledger.balance(session, own(Kind.CASH, board.id, "kas")) == 0


@service
def test_only_members_borrow_until_a_day_to_come_and_nobody_unseen_from_herself(session, board):
    member = a_member(board)
    stranger = a_member(a_board())
    for refusal, deal, actor in (
        (NoMember, a_deal(board, stranger), board.treasurer),
        (BadDueDay, a_deal(board, member, due_on=clock.today()), board.treasurer),
    ):
        with pytest.raises(refusal):
            advances.check(session, actor, deal)
    own_deal = a_deal(board, a_member_who_keeps_the_books(board))
    with pytest.raises(WitnessNeeded):
        advances.check(session, board.treasurer, own_deal)


def a_member_who_keeps_the_books(board):
    return members.join(actor=SYSTEM, cooperative_id=board.id, person_id=board.treasurer.person_id)


@service
def test_others_see_no_advance_of_hers(session, board):
    member = a_member(board)
    advance_id = lent(board, member)
    assert advances.get_advance(session, Actor(member.person_id), advance_id).amount == 200_000
    for stranger in (Actor(a_member(board).person_id), a_board().treasurer):
        with pytest.raises(NotFound):
            advances.get_advance(session, stranger, advance_id)


@service
def test_what_is_read_to_her_names_every_condition(session, board):
    text = advances.text_of(session, a_deal(board, a_member(board)))
    for words in ("Rp200.000", "Singkong 40 kg", "20 persen", "Rp50.000"):
        assert words.replace("Rp", "") in text.replace("Rp ", "").replace("Rp\xa0", ""), text
