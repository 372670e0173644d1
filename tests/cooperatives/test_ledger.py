"""The ledger: booked once, balanced always, and nobody takes out more than is there."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from cooperatives import ledger, postings, statements
from cooperatives.accounts import Owner, Page, own
from cooperatives.ledger import NotEnough
from cooperatives.models.books import Account, Entry, Journal, Kind
from cooperatives.sharing import by_weight, split_line
from core.actors import SYSTEM, Actor
from core.db import db, in_transaction
from core.errors import Conflict, NotFound
from tests.cooperatives.books_factories import (
    COUNTER,
    WEB,
    a_maker,
    a_sale,
    a_treasurer,
    account_of,
    bank,
    book,
    clearing,
    earned_sale,
    house_id,
    maker_page,
    paid_sale,
    parties,
    stands,
)
from tests.cooperatives.factories import a_cooperative
from tests.factories import an_actor

pytestmark = pytest.mark.service


def post(doc_id=1, amount=1_000, **more):
    lines = more.pop("lines", None) or [(clearing(), amount), (bank(), -amount)]
    return book(step=ledger.post, kind="test", doc=("thing", doc_id), lines=lines, **more)


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_capture_is_held_for_its_order(session):
    sale = paid_sale(92_000)
    assert stands(clearing()) == 92_000
    assert stands(sale.page(Kind.HELD)) == -92_000


def test_what_is_earned_goes_to_everybody_and_nothing_stays_held(session):
    sumirah, nur = parties(), parties()
    sale = paid_sale(92_000)
    courier = (own(Kind.COURIER, house_id(), "reguler"), 14_000)
    shared = [(sumirah, split_line(36_000, WEB)), (nur, split_line(42_000, WEB))]
    book(step=postings.earned, sale=sale, parcel_id=1, shared=shared, delivery=courier)
    assert stands(maker_page(sumirah)) == -33_480
    assert stands(maker_page(nur)) == -39_060
    assert stands(own(Kind.COOPERATIVE, sumirah.cooperative_id)) == -1_800
    assert stands(own(Kind.COOPERATIVE, nur.cooperative_id)) == -2_100
    assert stands(own(Kind.OPERATOR, house_id())) == -1_560
    assert stands(courier[0]) == -14_000
    assert stands(sale.page(Kind.HELD)) == 0


def test_a_kiosk_and_an_affiliate_get_theirs(session):
    kiosk, mira = a_cooperative(), a_maker()
    at_kiosk = parties(kiosk=(kiosk.id, "kios-terminal"), affiliate=mira)
    earned = split_line(44_000, replace(COUNTER, affiliate_bp=500), is_invited=True)
    sale = paid_sale(44_000, money=own(Kind.CASH, kiosk.id, "kios-terminal"))
    book(step=postings.earned, sale=sale, parcel_id=1, shared=[(at_kiosk, earned)])
    assert stands(own(Kind.KIOSK, kiosk.id, "kios-terminal")) == -4_400
    assert stands(Page(Kind.AFFILIATE, house_id(), mira)) == -2_200
    assert stands(maker_page(at_kiosk)) == -35_200


def test_one_maker_does_not_wait_for_anothers_parcel(session):
    first, second = parties(), parties()
    sale = paid_sale(30_000)
    book(step=postings.earned, sale=sale, parcel_id=1, shared=[(first, split_line(10_000, WEB))])
    assert stands(maker_page(first)) == -9_300
    assert stands(maker_page(second)) == 0
    assert stands(sale.page(Kind.HELD)) == -20_000


def test_the_same_fact_is_booked_once(session):
    first = post()
    assert post().id == first.id
    assert (count(Journal), count(Entry)) == (1, 2)


def test_the_same_fact_with_other_amounts_is_a_conflict(session):
    post()
    with pytest.raises(Conflict):
        post(amount=999)
    assert stands(clearing()) == 1_000


def test_the_same_fact_on_other_pages_is_a_conflict(session):
    post()
    with pytest.raises(Conflict):
        post(lines=[(clearing("stripe"), 1_000), (bank(), -1_000)])


def test_one_attempt_is_never_both_captured_and_surplus(session):
    facts = {"sale": a_sale(), "attempt_id": 7, "money": clearing(), "amount": 5_000}
    book(step=postings.captured, **facts)
    with pytest.raises(Conflict):
        book(step=postings.captured, kept=Kind.SURPLUS_DUE, **facts)


def test_lines_on_one_page_become_one_entry(session):
    journal = post(lines=[(clearing(), 600), (clearing(), 400), (bank(), -1_000)])
    assert sorted(e.amount for e in ledger.entries_of(session, journal.id)) == [-1_000, 1_000]


@pytest.mark.parametrize("amounts", [(1_000, -999), (0, 0), (5, 5)])
def test_what_does_not_sum_to_zero_or_says_nothing_is_a_bug(session, amounts):
    with pytest.raises(AssertionError):
        post(lines=list(zip((clearing(), bank()), amounts, strict=True)))


def test_a_page_of_its_own_is_nobody_elses():
    with pytest.raises(AssertionError):
        Page(Kind.CASH, 1, Owner(organisation_id=2))


def test_a_refund_before_it_was_earned_comes_out_of_what_is_held(session):
    sale = paid_sale(30_000)
    book(step=postings.refunded, sale=sale, refund_id=1, amount=12_000)
    assert stands(sale.page(Kind.HELD)) == -18_000
    assert stands(sale.page(Kind.REFUND_DUE)) == -12_000
    book(step=postings.refund_sent, sale=sale, refund_id=1, money=clearing(), amount=12_000)
    assert stands(sale.page(Kind.REFUND_DUE)) == 0
    assert stands(clearing()) == 18_000


def test_a_refund_afterwards_takes_back_everybodys_frozen_part(session):
    maker = parties()
    sold = split_line(42_000, WEB)
    sale = earned_sale((maker, 42_000))
    back = sold.units(1, of=3)
    book(
        step=postings.refunded,
        sale=sale,
        refund_id=1,
        amount=back.gross,
        given_back=maker.lines(back),
    )
    assert stands(maker_page(maker)) == -(39_060 - 13_020)
    assert stands(own(Kind.COOPERATIVE, maker.cooperative_id)) == -1_400
    assert stands(own(Kind.OPERATOR, house_id())) == -560
    assert stands(sale.page(Kind.REFUND_DUE)) == -14_000


def test_a_refund_may_be_borne_by_the_risk_fund(session):
    maker = parties()
    sale = earned_sale((maker, 42_000))
    fund = own(Kind.RISK_FUND, maker.cooperative_id)
    book(step=postings.refunded, sale=sale, refund_id=1, amount=14_000, given_back=[(fund, 14_000)])
    assert stands(fund) == 14_000
    assert stands(maker_page(maker)) == -39_060


def test_no_more_is_refunded_than_is_held(session):
    sale = paid_sale(10_000)
    with pytest.raises(NotEnough):
        book(step=postings.refunded, sale=sale, refund_id=1, amount=10_001)
    assert stands(sale.page(Kind.HELD)) == -10_000


def test_what_was_refunded_is_not_earned_too(session):
    maker, sale = parties(), paid_sale(10_000)
    book(step=postings.refunded, sale=sale, refund_id=1, amount=10_000)
    shared = [(maker, split_line(10_000, WEB))]
    with pytest.raises(NotEnough):
        book(step=postings.earned, sale=sale, parcel_id=1, shared=shared)
    assert stands(maker_page(maker)) == 0


def test_a_surplus_is_kept_apart_and_goes_back(session):
    sale = paid_sale(50_000)
    facts = {"sale": sale, "money": clearing("stripe"), "amount": 50_000, "kept": Kind.SURPLUS_DUE}
    book(step=postings.captured, attempt_id="late", **facts)
    assert stands(sale.page(Kind.SURPLUS_DUE)) == -50_000
    book(step=postings.refund_sent, refund_id=1, **facts)
    assert stands(sale.page(Kind.SURPLUS_DUE)) == 0
    assert stands(sale.page(Kind.HELD)) == -50_000


def test_a_gateways_fee_is_borne_by_whom_the_terms_say(session):
    house, hers, own_makers = parties(), parties(), parties()
    payers = [(house, "operator"), (hers, "cooperative"), (own_makers, "maker")]
    fees = by_weight(700, [10_000, 20_000, 40_000])
    bearers = [(who.fee_page(by), fee) for (who, by), fee in zip(payers, fees, strict=True)]
    book(step=postings.gateway_fee, doc=("attempt", 1), money=clearing(), bearers=bearers)
    assert stands(own(Kind.GATEWAY_FEE, house_id())) == 100
    assert stands(own(Kind.GATEWAY_FEE, hers.cooperative_id)) == 200
    assert stands(maker_page(own_makers)) == 400
    assert stands(clearing()) == -700


def test_money_moves_from_the_gateway_to_the_bank(session):
    paid_sale(92_000)
    book(step=postings.moved, doc=("report", 1), giving=clearing(), taking=bank(), amount=92_000)
    assert (stands(clearing()), stands(bank())) == (0, 92_000)


@pytest.mark.parametrize("difference", [-5_000, 2_000])
def test_a_drawer_that_differs_is_never_hidden(session, difference):
    drawer = own(Kind.CASH, a_cooperative().id, "kios-terminal")
    book(step=postings.drawer_differs, count_id=1, drawer=drawer, difference=difference)
    assert stands(drawer) == difference
    assert stands(own(Kind.OVER_SHORT, drawer.organisation_id, "kios-terminal")) == -difference


def test_an_advance_is_repaid_from_what_she_earned(session):
    maker = parties()
    earned_sale((maker, 42_000))
    advance = Page(Kind.ADVANCE, maker.cooperative_id, maker.maker)
    cash = own(Kind.CASH, maker.cooperative_id)
    post("lent", lines=[(advance, 20_000), (cash, -20_000)])
    post("repaid", lines=[(maker_page(maker), 20_000), (advance, -20_000)])
    assert (stands(advance), stands(maker_page(maker))) == (0, -19_060)


def test_a_reversal_is_the_mirror_image_and_happens_once(session):
    treasurer = a_treasurer(house_id())
    wrong = post(happened_at=None)
    first = ledger.reverse(actor=treasurer, journal_id=wrong.id, reason="salah ketik")
    again = ledger.reverse(actor=treasurer, journal_id=wrong.id, reason="salah ketik")
    assert first.id == again.id
    assert (stands(clearing()), stands(bank())) == (0, 0)


def test_what_has_gone_on_cannot_be_reversed(session):
    maker = parties()
    sale = earned_sale((maker, 42_000))
    captured = session.scalar(select(Journal.id).where(Journal.kind == "captured"))
    with pytest.raises(NotEnough):
        ledger.reverse(actor=a_treasurer(house_id()), journal_id=captured, reason="x")
    assert stands(sale.page(Kind.HELD)) == 0


def test_only_the_operators_treasurer_reverses_and_never_a_reversal(session):
    wrong = post()
    with pytest.raises(NotFound):
        ledger.reverse(actor=a_treasurer(a_cooperative().id), journal_id=wrong.id, reason="x")
    treasurer = a_treasurer(house_id())
    mirror = ledger.reverse(actor=treasurer, journal_id=wrong.id, reason="x")
    with pytest.raises(NotFound):
        ledger.reverse(actor=treasurer, journal_id=mirror.id, reason="x")


def test_the_database_refuses_a_journal_that_does_not_balance(committed):
    post()

    @in_transaction()
    def lopsided(db):
        db.execute(
            text(
                "with j as (insert into journal (kind, doc_type, doc_id, memo, happened_at,"
                " posted_at) values ('bad', 'x', '1', '', now(), now()) returning id)"
                " insert into entry (journal_id, account_id, amount)"
                " select j.id, a.id, 5 from j, account a"
            )
        )

    with pytest.raises(IntegrityError, match="sum to zero"):
        lopsided()
    assert count(Journal) == 1


def test_the_database_refuses_an_entry_that_comes_after_its_journal(committed):
    journal = post()
    page = account_of(own(Kind.EXPENSE, house_id()))

    @in_transaction()
    def late(db):
        db.add(Entry(journal_id=journal.id, account_id=page, amount=5))
        db.flush()

    with pytest.raises(IntegrityError, match="together"):
        late()


@pytest.mark.parametrize(
    "change",
    [
        "update entry set amount = amount + 1",
        "delete from entry",
        "update journal set memo = 'x'",
        "delete from journal",
        "update account set kind = 'cash'",
        "delete from payee",
        "update settlement_entry set settlement_id = 1",
    ],
)
def test_the_database_refuses_every_edit(session, change):
    post()
    with pytest.raises(IntegrityError, match="append-only"):
        session.execute(text(change))


def test_a_maker_sees_her_own_page_and_no_other(session):
    hers, other = parties(), parties()
    earned_sale((hers, 42_000), (other, 36_000))
    seen = statements.list_accounts(session, Actor(hers.maker.person_id))
    assert [(page.kind, page.balance) for page in seen] == [("maker", -39_060)]
    with pytest.raises(NotFound):
        statements.statement(session, Actor(hers.maker.person_id), account_of(maker_page(other)))


def test_a_board_sees_its_own_cooperative_and_no_other(session):
    first, second = parties(), parties()
    earned_sale((first, 42_000), (second, 36_000))
    treasurer = a_treasurer(first.cooperative_id)
    seen = {page.organisation_id for page in statements.list_accounts(session, treasurer)}
    assert seen == {first.cooperative_id}
    makers = statements.list_accounts(session, treasurer, "maker")
    assert [page.balance for page in makers] == [-39_060]


def test_strangers_and_guests_see_nothing(session):
    earned_sale((parties(), 42_000))
    assert statements.list_accounts(session, an_actor("Lain")) == []
    assert statements.list_accounts(session, Actor()) == []
    assert statements.list_accounts(session, SYSTEM) == []


def test_a_statement_tells_what_stood_after_each_line(session):
    maker = parties()
    for gross in (10_000, 20_000, 30_000):
        earned_sale((maker, gross))
    her, page = Actor(maker.maker.person_id), account_of(maker_page(maker))
    newest = statements.statement(session, her, page, most=2)
    assert [(line.amount, line.balance) for line in newest] == [
        (-27_900, -55_800),
        (-18_600, -27_900),
    ]
    older = statements.statement(session, her, page, before=newest[-1].entry_id)
    assert [(line.amount, line.balance) for line in older] == [(-9_300, -9_300)]


def test_a_whole_journal_is_for_the_operators_treasurer(session):
    first, second = parties(), parties()
    earned_sale((first, 42_000), (second, 36_000))
    journal = session.scalar(select(Journal.id).where(Journal.kind == "earned"))
    whole = statements.whole_journal(session, a_treasurer(house_id()), journal)
    assert sum(line.amount for line in whole) == 0
    assert len(whole) == 6
    own_part = statements.whole_journal(session, a_treasurer(first.cooperative_id), journal)
    assert sorted(line.amount for line in own_part) == [-39_060, -2_100]
    with pytest.raises(NotFound):
        statements.whole_journal(session, an_actor("Lain"), journal)


def test_an_account_is_opened_once(session):
    page = maker_page(parties())
    assert account_of(page) == account_of(page)
    assert count(Account) == 1
