"""Settlements: everything earned is taken once, what is owed back carries over."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from cooperatives import ledger, payouts, postings, settlement, statements
from cooperatives.accounts import Page, own
from cooperatives.models.books import Kind, Settlement, SettlementEntry
from cooperatives.rights import COORDINATE
from cooperatives.settling import rounds
from cooperatives.sharing import split_line
from core import clock
from core.actors import Actor
from core.db import db
from core.errors import NotFound
from tests.cooperatives.books_factories import (
    WEB,
    a_maker,
    a_treasurer,
    account_of,
    bank,
    book,
    clearing,
    closed,
    earned_sale,
    house_id,
    maker_page,
    numbers,
    paid_sale,
    parties,
    sent_payout,
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


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def correction(sharing, amount, happened_at=None):
    """Something on the maker's page against the bank: positive is owed to her."""
    return book(
        step=ledger.post,
        kind="test",
        doc=("thing", next(numbers)),
        lines=[(maker_page(sharing), -amount), (bank(), amount)],
        happened_at=happened_at,
    )


def test_everything_earned_is_settled_once(maker, treasurer):
    earned_sale((maker, 36_000))
    earned_sale((maker, 42_000))
    owed = closed(maker, treasurer)
    assert (owed.total, owed.state) == (72_540, "closed")
    assert count(SettlementEntry) == 2
    assert closed(maker, treasurer) is None


def test_what_comes_later_falls_into_the_next_one(maker, treasurer):
    earned_sale((maker, 36_000))
    closed(maker, treasurer)
    earned_sale((maker, 42_000))
    assert closed(maker, treasurer).total == 39_060


def test_a_late_report_of_an_old_sale_falls_into_the_next_one(maker, treasurer):
    earned_sale((maker, 36_000))
    closed(maker, treasurer)
    correction(maker, 5_000, happened_at=clock.now() - timedelta(days=20))
    assert closed(maker, treasurer).total == 5_000


def test_a_negative_total_carries_over(maker, treasurer):
    sold = split_line(42_000, WEB)
    sale = earned_sale((maker, 42_000))
    closed(maker, treasurer)
    back = sold.units(1, of=1)
    book(
        step=postings.refunded,
        sale=sale,
        refund_id=next(numbers),
        amount=back.gross,
        given_back=maker.lines(back),
    )
    assert closed(maker, treasurer) is None
    assert count(Settlement) == 1
    earned_sale((maker, 72_000))
    assert closed(maker, treasurer).total == 66_960 - 39_060


def test_a_zero_total_is_no_settlement(maker, treasurer):
    correction(maker, 5_000)
    correction(maker, -5_000)
    assert closed(maker, treasurer) is None
    assert count(SettlementEntry) == 0


def test_what_was_paid_out_is_not_owed_again(maker, treasurer):
    earned_sale((maker, 36_000))
    owed = closed(maker, treasurer)
    second = a_treasurer(maker.cooperative_id)
    payout = sent_payout(owed, treasurer, second)
    payouts.confirm(actor=treasurer, payout_id=payout.id)
    assert closed(maker, treasurer) is None
    earned_sale((maker, 42_000))
    assert closed(maker, treasurer).total == 39_060


def test_one_maker_is_settled_apart_in_each_cooperative(session):
    her = a_maker()
    first, second = parties(her), parties(her)
    earned_sale((first, 36_000), (second, 42_000))
    assert closed(first, a_treasurer(first.cooperative_id)).total == 33_480
    assert closed(second, a_treasurer(second.cooperative_id)).total == 39_060


def test_only_the_treasurer_of_that_organisation_closes(maker):
    earned_sale((maker, 36_000))
    coordinator = an_actor("Umi")
    give(coordinator, COORDINATE, maker.cooperative_id)
    foreign = a_treasurer(a_cooperative().id)
    for stranger in (coordinator, foreign, Actor(maker.maker.person_id), Actor()):
        with pytest.raises(NotFound):
            closed(maker, stranger)
    assert count(Settlement) == 0


def test_held_money_and_drawers_are_not_settled(session):
    sale = paid_sale(10_000)
    treasurer = a_treasurer(house_id())
    for page in (sale.page(Kind.HELD), own(Kind.CASH, house_id())):
        with pytest.raises(NotFound):
            settlement.close(actor=treasurer, account_id=account_of(page))


def test_a_round_closes_everybody_who_is_due(session):
    cooperative = a_cooperative()
    makers = [parties(cooperative_id=cooperative.id) for _ in range(3)]
    elsewhere = parties()
    earned_sale(*((maker, 10_000) for maker in makers), (elsewhere, 10_000))
    correction(makers[2], -10_000)
    wait_until_decided()
    treasurer = a_treasurer(cooperative.id)
    due = settlement.list_due(session, treasurer, cooperative.id)
    assert [(item.kind, item.total) for item in due] == [
        ("maker", 9_300),
        ("maker", 9_300),
        ("cooperative", 1_500),
    ]
    begun = rounds.begin(actor=treasurer, organisation_id=cooperative.id)
    assert rounds.begin(actor=treasurer, organisation_id=cooperative.id).id == begun.id
    rounds.settle.run(begun.id)
    rounds.settle.run(begun.id)
    assert (begun.settled, begun.total) == (3, 20_100)
    with pytest.raises(rounds.NothingDue):
        rounds.begin(actor=treasurer, organisation_id=cooperative.id)
    totals = sorted(session.scalars(select(Settlement.total)))
    assert totals == [1_500, 9_300, 9_300]


def test_a_round_is_for_the_treasurer(maker):
    earned_sale((maker, 36_000))
    with pytest.raises(NotFound):
        rounds.begin(actor=an_actor("Lain"), organisation_id=maker.cooperative_id)


def test_affiliates_and_couriers_are_settled_by_the_operator(session):
    mira = a_maker()
    courier = Page(Kind.COURIER, house_id(), a_maker(), "ojek")
    sharing = parties(affiliate=mira)
    sale = paid_sale(199_000)
    shares = split_line(185_000, replace(WEB, affiliate_bp=500), is_invited=True)
    book(
        step=postings.earned,
        sale=sale,
        parcel_id=next(numbers),
        shared=[(sharing, shares)],
        delivery=(courier, 14_000),
    )
    wait_until_decided()
    treasurer = a_treasurer(house_id())
    for page, total in ((Page(Kind.AFFILIATE, house_id(), mira), 9_250), (courier, 14_000)):
        assert settlement.close(actor=treasurer, account_id=account_of(page)).total == total


def test_the_payee_and_the_board_read_what_a_settlement_took(maker, treasurer, session):
    earned_sale((maker, 36_000))
    earned_sale((maker, 42_000))
    owed = closed(maker, treasurer)
    her = Actor(maker.maker.person_id)
    for reader in (her, treasurer):
        listed = statements.list_settlements(session, reader)
        assert [(row.id, row.total, row.state) for row in listed] == [(owed.id, 72_540, "closed")]
        lines = statements.settlement_lines(session, reader, owed.id)
        assert [line.amount for line in lines] == [-33_480, -39_060]
    for stranger in (a_treasurer(a_cooperative().id), Actor(a_maker().person_id), Actor()):
        assert statements.list_settlements(session, stranger) == []
        assert statements.settlement_lines(session, stranger, owed.id) == []


def test_what_was_restored_from_another_servers_dump_is_not_forgotten(maker, treasurer, session):
    """Its transaction numbers may be higher than this server has reached."""
    account_id, bank_id = account_of(maker_page(maker)), account_of(bank())
    session.execute(text("set local session_replication_role = replica"))
    session.execute(
        text(
            "with j as (insert into journal (kind, doc_type, doc_id, memo, happened_at, posted_at,"
            "  xid) values ('test', 'old', '1', '', now(), now(), '99999999999') returning id)"
            " insert into entry (journal_id, account_id, amount)"
            " select j.id, a.id, a.amount from j,"
            " (values (:hers, -700), (:bank, 700)) a (id, amount)"
        ),
        {"hers": account_id, "bank": bank_id},
    )
    session.execute(text("set local session_replication_role = origin"))
    session.commit()
    assert closed(maker, treasurer).total == 700


def test_the_example_in_the_docs_is_true(session):
    cooperative = a_cooperative()
    tiwul, chips = (parties(cooperative_id=cooperative.id) for _ in range(2))
    fund, courier = own(Kind.RISK_FUND, cooperative.id), own(Kind.COURIER, house_id(), "reguler")
    sale = paid_sale(92_000)
    shared = [(tiwul, split_line(36_000, WEB)), (chips, split_line(42_000, WEB))]
    book(step=postings.earned, sale=sale, parcel_id=1, shared=shared, delivery=(courier, 14_000))
    refund = {"sale": sale, "refund_id": 1, "amount": 14_000}
    book(step=postings.refunded, given_back=[(fund, 14_000)], **refund)
    book(step=postings.refund_sent, money=clearing(), **refund)
    book(step=postings.moved, doc=("report", 1), giving=clearing(), taking=bank(), amount=78_000)
    treasurer, second = (a_treasurer(cooperative.id) for _ in range(2))
    for sharing in (tiwul, chips):
        payout = sent_payout(closed(sharing, treasurer), treasurer, second)
        payouts.confirm(actor=treasurer, payout_id=payout.id)
    empty = [clearing(), maker_page(tiwul), maker_page(chips)]
    empty += [sale.page(Kind.HELD), sale.page(Kind.REFUND_DUE)]
    assert [stands(page) for page in empty] == [0, 0, 0, 0, 0]
    left = [bank(), own(Kind.COOPERATIVE, cooperative.id), own(Kind.OPERATOR, house_id())]
    assert [stands(page) for page in [*left, courier, fund]] == [
        5_460,
        -3_900,
        -1_560,
        -14_000,
        14_000,
    ]
