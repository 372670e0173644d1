"""Each promise about claims is silent on a healthy house and fires on the corruption planted."""

import pytest
from sqlalchemy import text

from core.actors import GUEST
from core.db import db
from orders import claim_answers, claim_promises, claims
from orders.claim_answers import Reply
from orders.claim_goods import Back
from tests.cooperatives.factories import broken
from tests.orders.claim_factories import a_claim, came, earn_everything, rows_of
from tests.orders.factories import a_market

pytestmark = pytest.mark.service


@pytest.fixture
def house(app):
    """One claim was paid after its goods came back, one got other goods, one is open."""
    market = a_market()
    placed, parcel = came(market, (market.batik, 3))
    claim = a_claim(parcel, 2)
    line = rows_of(claim)[0].line_id
    reply = Reply("money", {line: 1}, fee_back=True, comes_back=True)
    claim_answers.answer(actor=market.weaves, claim_id=claim.id, reply=reply)
    claims.accept(actor=GUEST, order_id=placed.id, claim_id=claim.id)
    back = {line: Back(1, 1)}
    claim_answers.take_back(actor=market.weaves, claim_id=claim.id, came=back)
    earn_everything()
    _other, second = came(market, (market.batik, 2))
    claim = a_claim(second, wish="replace")
    reply = Reply("replace", {rows_of(claim)[0].line_id: 1})
    claim_answers.answer(actor=market.weaves, claim_id=claim.id, reply=reply)
    claim_answers.send_replacement(actor=market.weaves, claim_id=claim.id)
    _third, third = came(market, (market.batik, 1))
    a_claim(third)
    assert broken(claim_promises.ALL) == set()
    return market


CORRUPTIONS = [
    ("R1", "update claim_line set maker_part = maker_part + 1 where maker_part > 0"),
    ("R1", "update claim_line set maker_part = 1 where maker_part = 0"),
    ("R2", "update refund set amount = amount - 1 where doc_type = 'claim'"),
    ("R2", "update refund set state = 'failed' where doc_type = 'claim'"),
    ("R2", "update claim set paid_at = now(), offer = 'money' where state = 'open'"),
    ("R3", "update order_line set given = 0 where id in (select line_id from claim_line"
            " where maker_part > 0)"),
    ("R3", "update claim set fee_back = fee_back + 1 where fee_back > 0"),
    ("R4", "update parcel set earned_at = now() + interval '1 hour' where earned_at is null"
            " and id in (select parcel_id from claim where state = 'open')"),
    ("R4", "update claim set closed_at = null where paid_at is not null"),
    ("R5", "update claim_line set back_good = 0 where back_good = 1"),
    ("R5", "update movement set quantity = quantity + 1 where doc_type = 'claim_back'"),
    ("R5", "update movement set lot_id = (select min(id) from lot) where"
            " doc_type = 'claim_back'"),
    ("R6", "update claim set replaced_at = null"),
    ("R6", "update hold set quantity = quantity + 1 where doc_type = 'claim'"),
    ("R6", "update hold set state = 'allocated' where doc_type = 'claim'"),
]  # fmt: skip


def test_a_planted_corruption_is_found(house, subtests):
    db.session.execute(text("alter table movement disable trigger all"))
    for promise, corruption in CORRUPTIONS:
        savepoint = db.session.begin_nested()
        with subtests.test(f"{promise}: {corruption}"):
            assert db.session.execute(text(corruption)).rowcount > 0
            assert promise in broken(claim_promises.ALL)
        savepoint.rollback()
    assert broken(claim_promises.ALL) == set()


def test_every_promise_is_proved():
    assert {promise for promise, _corruption in CORRUPTIONS} == {p.id for p in claim_promises.ALL}
