"""What claims cost, and whom: before and after earning, and after the maker was paid."""

from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cooperatives import entry_words, ledger, payouts, statements
from cooperatives.accounts import Page, own
from cooperatives.models.books import Kind
from cooperatives.rights import TREASURE
from core import clock
from core.actors import GUEST
from core.db import db
from orders import (
    claim_answers,
    claim_desk,
    claim_parts,
    claims,
    due,
    earning,
    fulfilment,
    handover,
    parcels,
)
from orders.claim_answers import Reply
from orders.claim_money import NotPaidYet, PaidBack, WithTheBank
from orders.models import Attempt, Refund
from sellers.rights import SELL
from tests.cooperatives.books_factories import bank, closed, parties, sent_payout
from tests.orders.claim_factories import (
    a_claim,
    a_coordinator,
    an_operator,
    came,
    earn_everything,
    fresh,
    lines_of,
    rows_of,
)
from tests.orders.factories import (
    a_market,
    attempt_of,
    balances,
    findings,
    holder,
    order,
    parcels_of,
    rules,
)
from tests.orders.test_parcel_pages import by_cash_courier

pytestmark = pytest.mark.service
PRICE = 185_000


@pytest.fixture
def market(app):
    return a_market()


@pytest.fixture
def batik(market):
    return came(market, (market.batik, 3))


def granted(market, parcel, pieces, *, by=None, fee=False, **more):
    """A claim that was wished and granted in money."""
    claim = a_claim(parcel, pieces, **more)
    given_ = {row.line_id: row.quantity for row in rows_of(claim)}
    reply = Reply("money", given_, fee_back=fee)
    claim_answers.answer(actor=by or market.weaves, claim_id=claim.id, reply=reply)
    return fresh(claim)


def maker_page(market, seller=None):
    seller = seller or market.weaver
    return Page(Kind.MAKER, market.cooperative.id, earning.maker_of(seller))


def stands(page):
    return -ledger.balance(db.session(), page)


def test_before_earning_it_comes_out_of_what_is_held(market, batik):
    placed, parcel = batik
    granted(market, parcel, 1)
    assert balances()["held"] == -(placed.total - PRICE)
    earn_everything()
    assert parcels_of(placed)[0].state == "earned"
    assert stands(maker_page(market)) == 344_100  # Two of three: 370.000 less 5 % and 2 %.
    assert "held" not in balances()
    assert balances()["refund_due"] == -PRICE
    assert findings() == []


def test_a_parcel_of_which_everything_goes_back_is_earned_by_nobody(market, batik):
    placed, parcel = batik
    granted(market, parcel, 3, fee=True)
    earn_everything()
    assert parcels_of(placed)[0].state == "returned"
    assert db.session.get(type(placed), placed.id).state == "completed"
    assert balances()["refund_due"] == -placed.total
    assert findings() == []


def test_the_fee_of_a_parcel_all_of_whose_goods_went_back_is_still_the_couriers(market, batik):
    placed, parcel = batik
    granted(market, parcel, 3)
    earn_everything()
    assert parcels_of(placed)[0].state == "earned"
    assert balances()["courier"] == -parcel.fee
    assert findings() == []


def test_after_earning_everybody_gives_her_part_back(market, batik):
    placed, parcel = batik
    earn_everything()
    before = stands(maker_page(market))
    claim = a_claim_late(market, parcel, 1)
    parts = rows_of(claim)[0]
    assert parts.maker_part + parts.cooperative_part + parts.operator_part == PRICE
    assert stands(maker_page(market)) == before - 172_050
    assert balances()["refund_due"] == -PRICE
    assert parcels_of(placed)[0].state == "earned"
    assert findings() == []


def a_claim_late(market, parcel, pieces):
    """A claim after the quiet days is a question; the seller gives money all the same."""
    with time_machine.travel(clock.now() + timedelta(days=10), tick=False):
        claim = a_claim(parcel, pieces, wish="ask")
        line = rows_of(claim)[0].line_id
        claim_answers.answer(
            actor=market.weaves, claim_id=claim.id, reply=Reply("money", {line: pieces})
        )
        claims.accept(actor=GUEST, order_id=parcel.order_id, claim_id=claim.id)
    return fresh(claim)


def test_after_the_maker_was_paid_her_page_is_negative_and_carries_over(market, batik):
    """B14: the payout that was sent stays, the next settlement is smaller by what she owes."""
    _placed, parcel = batik
    earn_everything()
    treasurer, other = (holder(TREASURE, market.cooperative.id) for _ in range(2))
    hers = parties(earning.maker_of(market.weaver), market.cooperative.id)
    paid = closed(hers, treasurer)
    assert paid.total == 516_150
    payout = sent_payout(paid, treasurer, other, source=bank(market.cooperative.id))
    payouts.confirm(actor=treasurer, payout_id=payout.id)
    assert stands(maker_page(market)) == 0
    a_claim_late(market, parcel, 1)
    assert stands(maker_page(market)) == -172_050
    assert closed(hers, treasurer) is None  # Never pays out less than nothing.
    assert findings() == []
    _second, more = came(market, (market.batik, 3))
    earn_everything(30)
    assert closed(hers, treasurer).total == 516_150 - 172_050
    assert more.id != parcel.id
    assert findings() == []


def test_her_notebook_says_what_was_taken_and_why(market, batik):
    _placed, parcel = batik
    earn_everything()
    a_claim_late(market, parcel, 1)
    board = holder(TREASURE, market.cooperative.id)
    page = maker_page(market)
    account_id = ledger.find_folios(db.session(), [page])[page].account_id
    lines = statements.statement(db.session(), board, account_id)
    (month,) = entry_words.notebook(db.session(), "maker", lines)
    last = month.rows[-1]
    assert last.amount == -172_050
    assert "Dikembalikan untuk pesanan" in last.words
    assert last.reason == "Basi atau berjamur"


def other_bearer(market, bearer):
    return {
        "kiosk": own(Kind.KIOSK, market.cooperative.id, market.kiosk.slug),
        "courier": own(Kind.COURIER, market.house, "kurir-reguler"),
        "operator": own(Kind.OPERATOR, market.house),
        "risk_fund": own(Kind.RISK_FUND, market.cooperative.id),
    }[bearer]


@pytest.mark.parametrize("is_earned_first", [False, True])
@pytest.mark.parametrize("bearer", ["operator", "risk_fund"])
def test_another_bearer_pays_and_the_maker_keeps_what_she_earned(
    market, batik, bearer, is_earned_first
):
    placed, parcel = batik
    if is_earned_first:
        earn_everything()
        claim = a_claim_late(market, parcel, 2)
    else:
        claim = granted(market, parcel, 2)
    before = stands(other_bearer(market, bearer))
    who = an_operator(market)
    claim_answers.choose_bearer(actor=who, claim_id=claim.id, bearer=bearer)
    claim_answers.choose_bearer(actor=who, claim_id=claim.id, bearer=bearer)
    assert fresh(claim).bearer_changes == 1
    assert stands(other_bearer(market, bearer)) <= before - 2 * PRICE + 7_400 * is_earned_first
    earn_everything(20)
    assert stands(maker_page(market)) == 516_150
    assert parcels_of(placed)[0].state == "earned"
    assert findings() == []
    claim_answers.choose_bearer(actor=who, claim_id=claim.id, bearer="maker")
    assert stands(maker_page(market)) == 172_050
    assert findings() == []


def test_broken_on_the_way_is_the_couriers_and_a_coordinator_looks(market, batik):
    _placed, parcel = batik
    claim = granted(market, parcel, 1, trouble="broken", fee=True)
    assert claim.bearer == "courier"
    assert balances()["courier"] == PRICE + parcel.fee
    earn_everything()
    assert stands(maker_page(market)) == 516_150
    assert findings() == []


def test_a_kiosk_bears_what_it_packed_wrongly(market):
    placed, parcel = came(market, (market.tiwul, 2), pickup=market.kiosk, method="cash_pickup")
    claim = granted(market, parcel, 1, by=market.keeps, trouble="wrong")
    assert claim.bearer == "kiosk"
    assert stands(other_bearer(market, "kiosk")) == -18_000
    earn_everything()
    assert stands(maker_page(market, market.maker)) == 33_480
    assert parcels_of(placed)[0].state == "earned"
    assert findings() == []


@pytest.mark.parametrize("bearer", ["kiosk", "courier", "operator", "nobody", ""])
def test_a_coordinator_cannot_spend_what_is_not_hers_to_give(market, batik, bearer):
    _placed, parcel = batik
    claim = granted(market, parcel, 1)
    with pytest.raises(claim_answers.NotYours):
        claim_answers.choose_bearer(actor=a_coordinator(market), claim_id=claim.id, bearer=bearer)
    assert fresh(claim).bearer == "maker"


def test_her_own_seller_chooses_no_bearer(market, batik):
    _placed, parcel = batik
    claim = granted(market, parcel, 1)
    _claim, handled = claim_desk.get_claim(db.session(), market.weaves, claim.id, SELL)
    assert claim_desk.bearers_for(db.session(), market.weaves, claim, handled) == ()


def test_cash_that_nobody_noted_cannot_go_back(market):
    placed = order((market.batik, 1), method="cash_delivery", services=by_cash_courier(market))
    due.ask_makers.run(order_id=str(placed.id))
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    handover.hand_over(actor=market.weaves, parcel_id=parcel.id)
    with pytest.raises(NotPaidYet):
        granted(market, parcel, 1)


def test_no_piece_is_paid_back_twice(market, batik):
    _placed, parcel = batik
    granted(market, parcel, 2)
    with pytest.raises(claims.OddPieces):
        a_claim(parcel, 2)
    granted(market, parcel, 1)
    with pytest.raises(claims.OddPieces):
        a_claim(parcel, 1)
    assert findings() == []


def test_the_fee_goes_back_once(market, batik):
    _placed, parcel = batik
    granted(market, parcel, 1, fee=True)
    with pytest.raises(PaidBack):
        granted(market, parcel, 1, fee=True)


STEPS = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.sampled_from(["maker", "maker", "risk_fund", "operator"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(pieces=st.integers(1, 7), price=st.sampled_from([1, 7, 333, 18_001]), steps=STEPS)
def test_random_claims_never_give_back_more_than_came(market, pieces, price, steps):
    """Whatever is claimed, before or after earning, by whoever bears it: nothing is lost."""
    market.batik.price = price
    db.session.commit()
    undo = db.session().bind.begin_nested()
    try:
        _random_life(market, pieces, steps)
    finally:
        db.session.rollback()
        undo.rollback()
        db.session.expire_all()


def _random_life(market, pieces, steps):
    placed, parcel = came(market, (market.batik, min(pieces, 10)))
    (line,) = lines_of(parcel)
    given_ = parcels.given_shares(line)
    for units, bearer, earns in steps:
        if earns:
            earn_everything()
        left = claim_parts.left_of(db.session(), [line])[line.id].unpaid
        if not left:
            break
        claim = a_claim(parcel, min(units, left))
        reply = Reply("money", {line.id: min(units, left)})
        claim_answers.answer(actor=market.weaves, claim_id=claim.id, reply=reply)
        claim_answers.choose_bearer(actor=an_operator(market), claim_id=claim.id, bearer=bearer)
        (line,) = lines_of(parcel)
    rest = claim_parts.left_of(db.session(), [line])[line.id]
    assert rest.shares.gross == rest.units * line.price
    assert all(part >= 0 for part in rest.shares)
    assert rest.shares.gross <= given_.gross
    back = sum(
        refund.amount
        for refund in db.session.query(Refund).join(Attempt).filter(Attempt.order_id == placed.id)
    )
    assert back <= placed.total
    assert findings() == []


@pytest.fixture
def asked_less(market):
    """A transfer that was asked a few rupiah less than the bill, for its last digits."""
    rules(transfer_code_rupiah_max=99)
    placed, parcel = came(market, (market.batik, 3))
    code = attempt_of(placed).unique_code
    assert code > 0
    return placed, parcel, code


@pytest.mark.parametrize("is_earned_first", [False, True])
@pytest.mark.parametrize("bearer", ["maker", "operator"])
def test_the_last_digits_of_a_transfer_never_came_and_never_go_back(
    market, asked_less, bearer, is_earned_first
):
    placed, parcel, code = asked_less
    if is_earned_first:
        earn_everything()
    claim = (a_claim_late if is_earned_first else granted)(market, parcel, 3)
    who = an_operator(market)
    claim_answers.choose_bearer(actor=who, claim_id=claim.id, bearer=bearer)
    goods, fee = 3 * PRICE, parcel.fee
    assert balances()["refund_due"] == -goods
    assert findings() == []
    earn_everything(30)
    assert sum(balances().values()) == 0
    assert balances()["expense"] == code
    assert balances()["courier"] == -fee
    assert placed.total == goods + fee
    assert findings() == []


def test_all_goes_back_but_the_last_digits(market, asked_less):
    placed, parcel, code = asked_less
    claim = granted(market, parcel, 3, fee=True)
    assert balances()["refund_due"] == -(placed.total - code)
    assert "held" not in balances()
    who = an_operator(market)
    for bearer in ("operator", "maker", "risk_fund", "maker"):
        claim_answers.choose_bearer(actor=who, claim_id=claim.id, bearer=bearer)
        assert sum(balances().values()) == 0
        assert findings() == []
    earn_everything()
    assert parcels_of(placed)[0].state == "returned"
    assert findings() == []


def test_what_the_buyers_bank_holds_back_is_not_paid_back_too(market, batik):
    _placed, parcel = batik
    db.session.query(Attempt).filter_by(is_capture=True).update({"state": "disputed"})
    db.session.commit()
    with pytest.raises(WithTheBank):
        granted(market, parcel, 1)
