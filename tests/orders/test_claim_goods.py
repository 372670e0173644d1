"""The goods of claims: others handed over for nothing, and bad ones back to their lot or away."""

import pytest
from sqlalchemy import func, select

from cooperatives import goods
from cooperatives.allocation import OutOfStock
from cooperatives.goods import Portion
from cooperatives.models.stock import Hold, Movement
from core.actors import GUEST
from core.db import db
from core.errors import NotFound
from orders import claim_answers, claim_clock, claims
from orders.claim_answers import Reply
from orders.claim_goods import Back, OddBack
from orders.models import Refund
from orders.states import IllegalMove
from tests.cooperatives.factories import a_doc, level
from tests.orders.claim_factories import (
    a_claim,
    a_coordinator,
    an_operator,
    came,
    earn_everything,
    fresh,
    rows_of,
)
from tests.orders.factories import a_market, findings, parcels_of, run_jobs
from tests.orders.test_claim_money import maker_page, other_bearer, stands
from tests.orders.test_claims import in_days, open_tasks

pytestmark = pytest.mark.service


@pytest.fixture
def market(app):
    return a_market(units=5)


@pytest.fixture
def batik(market):
    """Three of five batik came; two are still at home."""
    return came(market, (market.batik, 3))


@pytest.fixture
def picked(market):
    return came(market, (market.tiwul, 2), pickup=market.kiosk, method="cash_pickup")


def answered(market, parcel, kind, pieces, *, by=None, wish=None, comes_back=False, **more):
    claim = a_claim(parcel, pieces, wish=wish or kind, **more)
    line = rows_of(claim)[0].line_id
    reply = Reply(kind, {line: pieces}, comes_back=comes_back)
    claim_answers.answer(actor=by or market.weaves, claim_id=claim.id, reply=reply)
    return fresh(claim)


def at_home(market):
    return level(market.lots[2], market.homes[1])[:2]


def back(who, claim, good=0, waste=0):
    line = rows_of(claim)[0].line_id
    claim_answers.take_back(actor=who, claim_id=claim.id, came={line: Back(good, waste)})
    return fresh(claim)


def refunded():
    return db.session.scalar(select(func.coalesce(func.sum(Refund.amount), 0)))


def test_a_replacement_is_held_sent_and_received_without_new_money(market, batik):
    placed, parcel = batik
    claim = answered(market, parcel, "replace", 1)
    assert (claim.state, open_tasks(claim)) == ("agreed", {"claim.replace"})
    assert at_home(market) == (2, 1)
    claim_answers.send_replacement(actor=market.weaves, claim_id=claim.id, tracking="jp 1")
    claim_answers.send_replacement(actor=market.weaves, claim_id=claim.id, tracking="jp 2")
    assert at_home(market) == (1, 0)
    assert (fresh(claim).state, fresh(claim).tracking_number) == ("agreed", "JP 1")
    claims.receive(actor=GUEST, order_id=placed.id, claim_id=claim.id)
    assert fresh(claim).state == "closed"
    assert refunded() == 0
    earn_everything()
    assert stands(maker_page(market)) == 516_150  # She gave a fourth one for nothing.
    assert findings() == []


def test_other_goods_that_nobody_confirms_count_as_arrived(market, batik):
    placed, parcel = batik
    claim = answered(market, parcel, "replace", 1)
    claim_answers.send_replacement(actor=market.weaves, claim_id=claim.id)
    with in_days(8):
        claim_clock.mind_claims.run()
        assert fresh(claim).state == "closed"
    earn_everything(8)
    assert parcels_of(placed)[0].earned_at is None  # She has two working days for these too.
    earn_everything(20)
    assert parcels_of(placed)[0].earned_at is not None


def test_what_is_not_there_cannot_replace(market, batik):
    _placed, parcel = batik
    with pytest.raises(OutOfStock):
        answered(market, parcel, "replace", 3)
    assert at_home(market) == (2, 0)


def test_at_the_kiosk_the_code_of_the_parcel_is_asked(market, picked):
    _placed, parcel = picked
    claim = answered(market, parcel, "replace", 1, by=market.keeps)
    with pytest.raises(claim_answers.WrongReplacementCode):
        claim_answers.send_replacement(actor=market.keeps, claim_id=claim.id, code="0000")
    claim_answers.send_replacement(actor=market.keeps, claim_id=claim.id, code=parcel.pickup_code)
    assert fresh(claim).state == "closed"
    assert findings() == []


def test_a_bearer_pays_the_maker_for_what_she_gives_again(market, batik):
    _placed, parcel = batik
    claim = answered(market, parcel, "replace", 1, trouble="broken")
    assert claim.bearer == "courier"
    claim_answers.send_replacement(actor=market.weaves, claim_id=claim.id)
    assert stands(other_bearer(market, "courier")) == -172_050
    assert stands(maker_page(market)) == 172_050
    who = an_operator(market)
    claim_answers.choose_bearer(actor=who, claim_id=claim.id, bearer="risk_fund")
    assert stands(other_bearer(market, "risk_fund")) == -172_050
    assert stands(other_bearer(market, "courier")) == 0
    claim_answers.choose_bearer(actor=who, claim_id=claim.id, bearer="maker")
    assert stands(maker_page(market)) == 0
    assert findings() == []


def test_goods_asked_back_come_first_and_then_the_money(market, batik):
    placed, parcel = batik
    claim = answered(market, parcel, "money", 2, comes_back=True)
    assert claim.state == "offered"  # She is asked whether she sends it.
    claims.accept(actor=GUEST, order_id=placed.id, claim_id=claim.id)
    assert (fresh(claim).state, open_tasks(claim)) == ("agreed", {"claim.take_back"})
    assert refunded() == 0
    claim = back(market.weaves, claim, good=1, waste=1)
    assert (claim.state, refunded()) == ("closed", 370_000)
    assert at_home(market) == (3, 0)
    kinds = select(Movement.kind, Movement.quantity).where(Movement.doc_id == str(claim.id))
    assert sorted(db.session.execute(kinds).all()) == [("return", 2), ("waste", 1)]
    assert findings() == []


@pytest.mark.parametrize(("good", "waste"), [(0, 0), (3, 0), (2, 1), (-1, 1)])
def test_no_more_comes_back_than_was_claimed(market, batik, good, waste):
    placed, parcel = batik
    claim = answered(market, parcel, "money", 2, comes_back=True)
    claims.accept(actor=GUEST, order_id=placed.id, claim_id=claim.id)
    with pytest.raises(OddBack):
        back(market.weaves, claim, good, waste)
    assert (at_home(market), refunded()) == ((2, 0), 0)


def test_coming_back_twice_is_once(market, batik):
    placed, parcel = batik
    claim = answered(market, parcel, "money", 1, comes_back=True)
    claims.accept(actor=GUEST, order_id=placed.id, claim_id=claim.id)
    back(market.weaves, claim, good=1)
    with pytest.raises(IllegalMove):
        back(market.weaves, claim, good=1)
    assert (at_home(market), refunded()) == ((3, 0), 185_000)


def test_cheap_goods_are_not_asked_back(market, picked):
    _placed, parcel = picked
    with pytest.raises(claim_answers.TooLittleToSend):
        answered(market, parcel, "money", 2, by=market.keeps, comes_back=True)


def test_nobody_takes_goods_into_anothers_place(market, batik):
    placed, parcel = batik
    claim = answered(market, parcel, "money", 1, comes_back=True)
    claims.accept(actor=GUEST, order_id=placed.id, claim_id=claim.id)
    for who in (market.sells, market.keeps, a_coordinator(market)):
        with pytest.raises(NotFound):
            back(who, claim, good=1)


def test_goods_that_never_come_back_are_decided_anew(market, batik):
    placed, parcel = batik
    claim = answered(market, parcel, "money", 1, comes_back=True)
    claims.accept(actor=GUEST, order_id=placed.id, claim_id=claim.id)
    with in_days(15):
        claim_clock.mind_claims.run()
        claim_clock.mind_claims.run()
    assert open_tasks(claim) == {"claim.take_back", "claim.late"}
    who = a_coordinator(market)
    claim_answers.decide_anew(actor=who, claim_id=claim.id)
    reply = Reply("words", words="Barangnya tidak kembali.")
    claim_answers.answer(actor=who, claim_id=claim.id, reply=reply)
    assert (fresh(claim).state, refunded()) == ("closed", 0)
    assert open_tasks(claim) == set()


def test_what_is_paid_is_not_decided_anew(market, batik):
    _placed, parcel = batik
    claim = answered(market, parcel, "money", 1)
    with pytest.raises(IllegalMove):
        claim_answers.decide_anew(actor=a_coordinator(market), claim_id=claim.id)


def test_a_refused_offer_lets_the_goods_go(market, batik):
    placed, parcel = batik
    claim = answered(market, parcel, "replace", 1, wish="money")
    assert (claim.state, at_home(market)) == ("offered", (2, 1))
    claims.escalate(actor=GUEST, order_id=placed.id, claim_id=claim.id)
    assert at_home(market) == (2, 0)
    assert findings() == []


def test_a_replacement_that_goes_missing_is_decided_anew(market, batik):
    _placed, parcel = batik
    claim = answered(market, parcel, "replace", 2)
    goods.write_off(
        actor=market.weaves,
        doc=a_doc(),
        place_id=market.homes[1].id,
        portions=[Portion(market.lots[2].id, 1)],
        reason="digigit tikus",
    )
    run_jobs()
    claim = fresh(claim)
    assert (claim.state, open_tasks(claim)) == ("escalated", {"claim.decide"})
    assert at_home(market) == (1, 0)
    open_holds = select(Hold.id).where(Hold.doc_type == "claim", Hold.state == "allocated")
    assert db.session.scalars(open_holds).all() == []
    assert findings() == []
