"""The rupiah of one order that a helper may take on: below, at, above, and many in one day."""

import pytest

from core import files
from core.actors import Actor
from core.db import db
from orders import fulfilment, transfers
from orders.fulfilment import OddQuantity
from sellers.helping import limits, mandates
from sellers.helping.consent import Limits
from sellers.rights import ORDERS
from tests.cooperatives.help_factories import THUMB, a_mandate, terms
from tests.factories import a_person
from tests.orders.factories import a_market, attempt_of, order, parcels_of, run_jobs

pytestmark = pytest.mark.service

BATIK = 185_000


@pytest.fixture(autouse=True)
def storage(own_storage):
    """Proofs of these tests go into a folder of their own."""


@pytest.fixture
def market(app):
    return a_market()


def helped(market, most):
    """Somebody who answers orders for the weaver, up to so many rupiah."""
    helper_id = a_person("Umi").id
    return a_mandate(market.weaver, helper_id, ORDERS, limits=Limits(order_rupiah=most))[1]


def a_parcel(market, pieces=1):
    placed = order((market.batik, pieces))
    attempt = attempt_of(placed)
    transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    (parcel,) = parcels_of(placed)
    run_jobs()
    return parcel


def is_taken_on(actor, parcel, given=None):
    try:
        fulfilment.accept(actor=actor, parcel_id=parcel.id, given=given)
    except limits.BeyondLimit:
        db.session.rollback()
    db.session.expire_all()
    return parcel.accepted_at is not None


@pytest.mark.parametrize("pieces", [1, 2])
@pytest.mark.parametrize(
    ("above", "taken"), [(-BATIK, False), (-1, False), (0, True), (1, True), (None, True)]
)
def test_an_order_is_taken_on_up_to_what_was_agreed(market, pieces, above, taken):
    most = None if above is None else max(1, pieces * BATIK + above)
    assert is_taken_on(helped(market, most), a_parcel(market, pieces)) is taken


def test_each_order_counts_by_itself_however_many_come_in_a_day(market):
    helper = helped(market, 2 * BATIK)
    for pieces in (1, 2, 2, 1):
        assert is_taken_on(helper, a_parcel(market, pieces))
    assert not is_taken_on(helper, a_parcel(market, 3))
    assert is_taken_on(helper, a_parcel(market, 1))


def test_a_part_of_a_large_order_is_still_a_large_order(market):
    helper, parcel = helped(market, BATIK), a_parcel(market, 2)
    (line_id,) = [line.id for line in fulfilment.parcels.goods(db.session(), parcel.id)]
    assert not is_taken_on(helper, parcel, {line_id: 1})
    with pytest.raises(OddQuantity):
        fulfilment.accept(
            actor=Actor(market.weaver.person_id), parcel_id=parcel.id, given={line_id: 3}
        )
    assert is_taken_on(Actor(market.weaver.person_id), parcel)  # The owner knows no limit.


def test_a_new_agreement_brings_its_own_limit(market):
    helper, parcel = helped(market, BATIK - 1), a_parcel(market)
    assert not is_taken_on(helper, parcel)
    mandates.record(
        actor=Actor(market.weaver.person_id), seller_id=market.weaver.id,
        terms=terms(helper.person_id, ORDERS, limits=Limits(order_rupiah=BATIK)),
        proof=files.store(THUMB),
    )  # fmt: skip
    assert is_taken_on(helper, parcel)
