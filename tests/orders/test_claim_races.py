"""Rivals over one claim: however many press at once, money and goods move once."""

import uuid

import pytest

from app import create_app
from core import doctor
from core.actors import GUEST, SYSTEM
from core.db import db
from orders import claim_answers, claims, earning
from orders.claim_answers import Reply
from orders.models import Claim, Parcel, Refund
from tests.conftest import environ
from tests.crowd import tried_at_once
from tests.orders.claim_factories import a_claim, a_coordinator, came, lines_of, rows_of, told
from tests.orders.factories import a_market

pytestmark = [pytest.mark.service, pytest.mark.race]


@pytest.fixture
def crowd(own_database):
    app = create_app(environ(own_database, LUMBUNG_THREADS="12"))
    with app.app_context():
        yield app
        db.session.remove()
        assert doctor.examine() == []
        db.session.remove()
        db.engine.dispose()


def test_one_problem_sent_by_many_is_one_claim(crowd):
    market = a_market()
    placed, parcel = came(market, (market.batik, 2))
    said, order_id, act = told(parcel), placed.id, uuid.uuid4()

    def send(claim_id):
        return claims.open_claim(actor=GUEST, claim_id=claim_id, order_id=order_id, told=said)

    ids = [act, act, uuid.uuid4(), uuid.uuid4()]
    answers = tried_at_once(crowd, *(lambda i=i: send(i) for i in ids))
    won = {answer for answer in answers if isinstance(answer, uuid.UUID)}
    assert len(won) == 1
    assert {type(a) for a in answers} <= {uuid.UUID, claims.ClaimedAlready}
    assert db.session.query(Claim).count() == 1


def test_an_answer_and_its_rivals_pay_once(crowd):
    market = a_market()
    _placed, parcel = came(market, (market.batik, 3))
    claim = a_claim(parcel, 3)
    claim_id, line_id = claim.id, rows_of(claim)[0].line_id
    who = [market.weaves, market.weaves, a_coordinator(market), market.weaves]
    reply = Reply("money", {line_id: 3})
    tried_at_once(
        crowd,
        *(lambda a=a: claim_answers.answer(actor=a, claim_id=claim_id, reply=reply) for a in who),
    )
    assert [refund.amount for refund in db.session.query(Refund)] == [555_000]


def test_accepting_withdrawing_and_the_clock_agree_on_one_end(crowd):
    market = a_market()
    placed, parcel = came(market, (market.batik, 3))
    claim = a_claim(parcel, 2)
    one = Reply("money", {rows_of(claim)[0].line_id: 1})
    claim_answers.answer(actor=market.weaves, claim_id=claim.id, reply=one)
    what = {"actor": GUEST, "order_id": placed.id, "claim_id": claim.id}
    deeds = [claims.accept, claims.withdraw, claims.accept, claims.escalate]
    tried_at_once(crowd, *(lambda d=d: d(**what) for d in deeds))
    db.session.expire_all()
    state = db.session.query(Claim.state).scalar()
    paid = db.session.query(Refund).count()
    assert (state, paid) in (("closed", 1), ("withdrawn", 0), ("escalated", 0))


def test_a_claim_and_the_earning_of_its_parcel_take_turns(crowd):
    market = a_market()
    placed, parcel = came(market, (market.batik, 1))
    line = lines_of(parcel)[0].id
    db.session.query(Parcel).update({"quiet_until": parcel.delivered_at})
    db.session.commit()
    said = claims.Told(parcel.id, {line: 1}, "other", "ask", "")
    parcel_id, order_id = parcel.id, placed.id

    def ask():
        return claims.open_claim(actor=GUEST, claim_id=uuid.uuid4(), order_id=order_id, told=said)

    answers = tried_at_once(crowd, ask, lambda: earning.earn(actor=SYSTEM, parcel_id=parcel_id))
    assert not [answer for answer in answers if isinstance(answer, Exception)]
