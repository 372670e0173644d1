"""A buyer's problem from the first word to the last: who may, when, and what it leads to."""

import uuid
from datetime import timedelta

import pytest
import time_machine

from cooperatives.rights import COORDINATE
from core import clock, tasks
from core.actors import GUEST, Actor
from core.db import db
from core.errors import Conflict, NotFound
from core.notices import Notice
from orders import (
    claim_answers,
    claim_clock,
    claim_desk,
    claims,
    earning,
    fulfilment,
    handover,
    transfers,
)
from orders.claim_answers import Reply
from orders.models import Claim, Event, Order, Refund
from orders.states import IllegalMove
from sellers.rights import SELL
from tests.factories import a_person, give
from tests.orders.claim_factories import (
    a_claim,
    a_coordinator,
    an_operator,
    came,
    earn_everything,
    fresh,
    lines_of,
    rows_of,
    told,
)
from tests.orders.factories import (
    a_market,
    attempt_of,
    findings,
    holder,
    order,
    parcels_of,
    run_jobs,
)

pytestmark = pytest.mark.service


@pytest.fixture
def market(app):
    return a_market()


@pytest.fixture
def batik(market):
    """A parcel of three batik that came."""
    return came(market, (market.batik, 3))


def money(claim, pieces=1, **more):
    line = rows_of(claim)[0].line_id
    return Reply("money", {line: pieces}, **more)


def words(text="Sudah kami periksa, isinya baik."):
    return Reply("words", words=text)


def answer(who, claim, reply):
    claim_answers.answer(actor=who, claim_id=claim.id, reply=reply)
    return fresh(claim)


def in_days(days):
    return time_machine.travel(clock.now() + timedelta(days=days), tick=False)


def open_tasks(claim):
    query = db.session.query(tasks.Task).filter_by(doc_type="claim", doc_id=str(claim.id))
    return {task.kind for task in query if task.closed_at is None}


def refunds_of(claim):
    query = db.session.query(Refund).filter_by(doc_type="claim", doc_id=str(claim.id))
    return [refund.amount for refund in query]


def test_the_seller_is_asked_with_the_promised_time(market, batik):
    _placed, parcel = batik
    claim = a_claim(parcel)
    assert (claim.state, open_tasks(claim)) == ("open", {"claim.answer"})
    (task,) = tasks.list_for(db.session(), market.weaves, SELL)
    assert task.link == f"/ibu/masalah/{claim.id}"
    assert task.due_at == claim.due_at > clock.now() + timedelta(days=1)


def test_a_double_send_is_one_claim_and_other_content_is_refused(batik):
    _placed, parcel = batik
    first = a_claim(parcel)
    assert a_claim(parcel, claim_id=first.id).id == first.id
    assert len(rows_of(first)) == 1
    with pytest.raises(Conflict):
        a_claim(parcel, claim_id=first.id, words="Lain lagi")


def test_one_problem_at_a_time(batik):
    _placed, parcel = batik
    a_claim(parcel)
    with pytest.raises(claims.ClaimedAlready):
        a_claim(parcel)


@pytest.mark.parametrize("pieces", [{}, 0, 4, -1])
def test_no_more_is_claimed_than_came(batik, pieces):
    _placed, parcel = batik
    with pytest.raises(claims.OddPieces):
        a_claim(parcel, pieces)


def test_lines_of_another_parcel_are_not_there(market, batik):
    _placed, parcel = batik
    _other, theirs = came(market, (market.tiwul, 1), pickup=market.kiosk, method="cash_pickup")
    with pytest.raises(claims.OddPieces):
        a_claim(parcel, {lines_of(theirs)[0].id: 1})
    wrong = told(theirs)
    with pytest.raises(NotFound):
        claims.open_claim(actor=GUEST, claim_id=uuid.uuid4(), order_id=parcel.order_id, told=wrong)


def test_nothing_is_claimed_before_it_left(market):
    placed = order((market.batik, 1))
    (parcel,) = parcels_of(placed)
    with pytest.raises(claims.NothingToClaim):
        a_claim(parcel)


def test_after_the_days_she_may_still_ask(market, batik):
    _placed, parcel = batik
    with in_days(8):
        with pytest.raises(claims.TooLate):
            a_claim(parcel)
        claim = a_claim(parcel, wish="ask")
    assert claim.is_late


def test_nothing_is_earned_while_a_claim_is_open(market, batik):
    placed, parcel = batik
    claim = a_claim(parcel)
    earn_everything()
    assert parcels_of(placed)[0].earned_at is None
    with in_days(10):
        earning.earn(actor=market.weaves, parcel_id=parcel.id)
    assert parcels_of(placed)[0].earned_at is None
    claims.withdraw(actor=GUEST, order_id=placed.id, claim_id=claim.id)
    earn_everything()
    assert parcels_of(placed)[0].earned_at is not None
    assert fresh(claim).state == "withdrawn"
    assert open_tasks(claim) == set()


def test_all_she_wished_is_done_at_once(market, batik):
    _placed, parcel = batik
    claim = answer(market.weaves, a_claim(parcel, 2), money(a_claim_of(parcel), 2))
    assert (claim.state, claim.bearer) == ("closed", "maker")
    assert refunds_of(claim) == [2 * 185_000]
    assert open_tasks(claim) == set()


def a_claim_of(parcel):
    return db.session.query(Claim).filter_by(parcel_id=parcel.id).one()


def test_less_than_she_wished_is_asked_first(market, batik):
    placed, parcel = batik
    claim = a_claim(parcel, 2)
    claim = answer(market.weaves, claim, money(claim, 1))
    assert (claim.state, refunds_of(claim)) == ("offered", [])
    claims.accept(actor=GUEST, order_id=placed.id, claim_id=claim.id)
    assert (fresh(claim).state, refunds_of(claim)) == ("closed", [185_000])


def test_what_she_does_not_accept_goes_to_the_coordinator(market, batik):
    placed, parcel = batik
    claim = a_claim(parcel, 2)
    claim = answer(market.weaves, claim, money(claim, 1))
    claims.escalate(actor=GUEST, order_id=placed.id, claim_id=claim.id, words="Dua-duanya rusak")
    claim = fresh(claim)
    assert (claim.state, open_tasks(claim)) == ("escalated", {"claim.decide"})
    with pytest.raises(IllegalMove):
        answer(market.weaves, claim, money(claim, 2))
    claim = answer(a_coordinator(market), claim, money(claim, 2))
    assert (claim.state, refunds_of(claim)) == ("closed", [370_000])


def test_nobody_decides_in_her_own_case(market, batik):
    placed, parcel = batik
    give(market.weaves, COORDINATE, market.cooperative.id)
    claim = answer(market.weaves, a_claim(parcel), words())
    claims.escalate(actor=GUEST, order_id=placed.id, claim_id=claim.id)
    with pytest.raises(claim_desk.OwnCase):
        answer(market.weaves, claim, words())
    claim = answer(an_operator(market), fresh(claim), words("Fotonya menunjukkan barang baik."))
    assert claim.state == "closed"


def test_a_reason_is_needed_to_give_nothing(market, batik):
    _placed, parcel = batik
    claim = a_claim(parcel)
    with pytest.raises(claim_answers.NoWords):
        answer(market.weaves, claim, words("  "))
    assert fresh(claim).state == "open"


@pytest.mark.parametrize("pieces", [0, 2, -1])
def test_an_answer_names_pieces_that_were_claimed(market, batik, pieces):
    _placed, parcel = batik
    claim = a_claim(parcel)
    with pytest.raises(claim_answers.OddAnswer):
        answer(market.weaves, claim, money(claim, pieces))
    assert (fresh(claim).state, refunds_of(claim)) == ("open", [])


def test_a_silent_seller_makes_it_the_coordinators(market, batik):
    _placed, parcel = batik
    claim = a_claim(parcel)
    claim_clock.mind_claims.run()
    assert fresh(claim).state == "open"
    with in_days(7):
        claim_clock.mind_claims.run()
        claim_clock.mind_claims.run()
    assert fresh(claim).state == "escalated"
    assert open_tasks(claim) == {"claim.decide"}


def test_a_silent_buyer_gets_what_she_was_offered(market, batik):
    _placed, parcel = batik
    claim = a_claim(parcel, 2)
    claim = answer(market.weaves, claim, money(claim, 1))
    with in_days(8):
        claim_clock.mind_claims.run()
    assert (fresh(claim).state, refunds_of(claim)) == ("closed", [185_000])


def test_a_silent_buyer_leaves_words_as_they_are(market, batik):
    placed, parcel = batik
    claim = answer(market.weaves, a_claim(parcel, wish="ask"), words())
    assert claim.state == "answered"
    with in_days(8):
        claim_clock.mind_claims.run()
    assert (fresh(claim).state, refunds_of(claim)) == ("closed", [])
    earn_everything(20)
    assert parcels_of(placed)[0].state == "earned"


def test_strangers_see_and_answer_nothing(market, batik):
    _placed, parcel = batik
    claim = a_claim(parcel)
    stranger = holder(SELL, market.maker.id)
    for who in (stranger, market.keeps, GUEST, holder(COORDINATE, market.cooperative.id + 999)):
        with pytest.raises(NotFound):
            answer(who, claim, money(claim))
    other = order((market.batik, 1))
    with pytest.raises(NotFound):
        claims.withdraw(actor=GUEST, order_id=other.id, claim_id=claim.id)
    assert claim_desk.list_open(db.session(), stranger, SELL) == []
    assert [found.id for found, _h in claim_desk.list_open(db.session(), market.weaves, SELL)] == [
        claim.id
    ]


def test_a_buyer_with_an_account_hears_of_every_answer(market):
    buyer = Actor(a_person(phone="+6281299998888").id)
    _placed, parcel = came(market, (market.batik, 2), actor=buyer)
    claim = a_claim(parcel, 2, actor=buyer)
    answer(market.weaves, claim, money(claim, 1))
    links = [n.link for n in db.session.query(Notice).filter_by(person_id=buyer.person_id)]
    order_ = db.session.get(Order, claim.order_id)
    assert f"/pesanan/{order_.code}/masalah/{claim.id}" in links


def test_a_parcel_that_never_came_is_paid_back_at_the_couriers_cost(market):
    placed = order((market.batik, 1))
    attempt = attempt_of(placed)
    transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    run_jobs()
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    handover.hand_over(actor=market.weaves, parcel_id=parcel.id)
    claim = a_claim(parcel, trouble="not_there")
    claim = answer(market.weaves, claim, money(claim, 1, fee_back=True))
    assert (claim.bearer, refunds_of(claim)) == ("courier", [placed.total])
    assert open_tasks(claim) == {"claim.bearer"}
    told_ = [row.what for row in db.session.query(Event).filter_by(order_id=placed.id)]
    assert "parcel_delivered" not in told_
    earn_everything()
    assert db.session.get(Order, placed.id).state == "completed"
    assert findings() == []


def test_a_problem_with_goods_says_that_they_came(market):
    placed = order((market.batik, 1))
    attempt = attempt_of(placed)
    transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    run_jobs()
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    handover.hand_over(actor=market.weaves, parcel_id=parcel.id)
    claim = a_claim(parcel)
    assert not claim.is_late
    assert parcels_of(placed)[0].state == "delivered"
