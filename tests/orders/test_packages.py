"""Packages of several makers through the ordinary checkout: agreed, priced, shared, withdrawn."""

import pytest
from sqlalchemy import select, text

from cooperatives import ledger
from cooperatives.accounts import Page
from cooperatives.models import JointPart
from cooperatives.models.books import Kind
from cooperatives.packages import offers, shown
from cooperatives.packages.offers import NoWholePieces, TooDear, TooFew, TooMany
from cooperatives.rights import COORDINATE
from core.actors import GUEST
from core.db import db
from core.errors import NotFound
from orders import claim_answers, earning, fulfilment, handover, transfers
from orders.checkout import TotalChanged, place_order
from orders.claim_answers import Reply
from orders.models import Line
from tests.orders.claim_factories import a_claim, came, earn_everything, rows_of
from tests.orders.factories import (
    a_market,
    asked,
    attempt_of,
    balances,
    findings,
    holder,
    order,
    parcels_of,
    run_jobs,
)

pytestmark = pytest.mark.service
PRICE = 200_001


@pytest.fixture
def market(session):
    found = a_market()
    found.coordinates = holder(COORDINATE, found.cooperative.id)
    return found


def propose(market, price=PRICE, units=None, actor=None):
    return offers.propose(
        actor=actor or market.coordinates,
        organisation_id=market.cooperative.id,
        name="Oleh-oleh Wonosobo",
        story="Manis dan hangat.",
        price=price,
        units=units or {market.tiwul.id: 1, market.batik.id: 1},
    )


def agreed(market, **more):
    package = propose(market, **more)
    answer(market, package)
    return package


def answer(market, package, agrees=True):
    for actor, seller in ((market.sells, market.maker), (market.weaves, market.weaver)):
        offers.answer(actor=actor, package_id=package.id, seller_id=seller.id, agrees=agrees)


def broken():
    return {promise for promise, _rows in findings()}


def goods_of(placed):
    query = select(Line).where(Line.order_id == placed.id, Line.kind == "goods")
    return list(db.session.scalars(query.order_by(Line.position)))


@pytest.mark.parametrize("many", [1, 3])
def test_an_agreed_package_has_its_price_and_everybody_her_part(market, many):
    package = agreed(market)
    placed = order((market.tiwul, many), (market.batik, many))
    lines = goods_of(placed)
    assert placed.goods_total == many * PRICE
    assert {line.package_id for line in lines} == {package.id}
    pieces = {
        part.variant_id: part.piece_price
        for part in db.session.scalars(select(JointPart).where(JointPart.package_id == package.id))
    }
    assert {line.variant_id: line.price for line in lines} == pieces
    for line in lines:
        assert line.maker_part + line.cooperative_part + line.kiosk_part + line.operator_part == (
            line.total
        )
    assert findings() == []


@pytest.mark.parametrize("units", [(1, 2), (2, 1), (1, 0)])
def test_what_is_no_whole_package_costs_what_it_always_costs(market, units):
    agreed(market)
    wishes = zip((market.tiwul, market.batik), units, strict=True)
    placed = order(*[(one, count) for one, count in wishes if count])
    assert placed.goods_total == units[0] * 18_000 + units[1] * 185_000
    assert {line.package_id for line in goods_of(placed)} == {None}


def test_before_all_agree_and_after_one_withdraws_there_is_no_package_price(market):
    package = propose(market)
    offers.answer(actor=market.sells, package_id=package.id, seller_id=market.maker.id, agrees=True)
    assert order((market.tiwul, 1), (market.batik, 1)).goods_total == 203_000
    with pytest.raises(NotFound):
        shown.get_open(db.session(), package.slug)
    answer(market, package)
    assert shown.get_open(db.session(), package.slug).full == 203_000
    wanted = asked((market.tiwul, 1), (market.batik, 1), total=1)
    with pytest.raises(TotalChanged) as before:
        place_order(actor=GUEST, asked=wanted)
    answer(market, package, agrees=False)
    with pytest.raises(TotalChanged) as after:
        place_order(actor=GUEST, asked=wanted)
    assert after.value.total - before.value.total == 203_000 - PRICE


def test_an_ended_package_is_nobodys(market):
    package = agreed(market)
    offers.end(actor=market.coordinates, package_id=package.id)
    assert order((market.tiwul, 1), (market.batik, 1)).goods_total == 203_000
    with pytest.raises(NotFound):
        answer(market, package)


def test_only_her_own_part_is_hers_and_only_the_groups_coordinator_proposes(market):
    package = propose(market)
    with pytest.raises(NotFound):
        offers.answer(
            actor=market.weaves, package_id=package.id, seller_id=market.maker.id, agrees=True
        )
    with pytest.raises(NotFound):
        propose(market, actor=market.sells)
    with pytest.raises(NotFound):
        offers.end(actor=market.sells, package_id=package.id)


@pytest.mark.parametrize(
    ("price", "tiwul", "batik", "refused"),
    [
        (203_001, 1, 1, TooDear),
        (400_001, 2, 2, NoWholePieces),
        (1, 1, 1, NoWholePieces),
        (100_000, 0, 1, TooMany),
        (100_000, 1, 21, TooMany),
    ],
)
def test_a_price_or_content_that_cannot_be_is_refused(market, price, tiwul, batik, refused):
    with pytest.raises(refused):
        propose(market, price, {market.tiwul.id: tiwul, market.batik.id: batik})


def test_goods_of_one_maker_are_no_package(market):
    with pytest.raises(TooFew):
        propose(market, 18_000, {market.tiwul.id: 1})


@pytest.mark.parametrize(
    ("promise", "corruption"),
    [
        ("P1", "update joint_package set price = price + 1"),
        ("P2", "update joint_part set seller_id = (select max(seller_id) from joint_part)"),
        ("P3", "update joint_part set piece_price = piece_price + 1"),
    ],
)
def test_the_doctor_sees_a_package_that_is_not_what_was_agreed(market, promise, corruption):
    agreed(market)
    order((market.tiwul, 1), (market.batik, 1))
    assert findings() == []
    db.session.execute(text(corruption))
    assert promise in broken()


def stands(market, seller):
    page = Page(Kind.MAKER, market.cooperative.id, earning.maker_of(seller))
    return -ledger.balance(db.session(), page)


def her_part(goods):
    """Of her goods 5 % are the group's and 2 % the operator's, each half up; the rest is hers."""
    return goods - (goods * 5 + 50) // 100 - (goods * 2 + 50) // 100


def parcel_with(placed, place):
    return next(one for one in parcels_of(placed) if one.place_id == place.id)


def test_of_a_paid_package_one_piece_goes_back_and_each_has_hers_to_the_rupiah(market):
    """Two packages are paid and come; one piece of one maker is spoilt. The other loses nothing."""
    agreed(market)
    placed, _first = came(market, (market.tiwul, 2), (market.batik, 2))
    pieces = {line.variant_id: line.price for line in goods_of(placed)}
    batik, tiwul = pieces[market.batik.id], pieces[market.tiwul.id]
    assert (batik + tiwul, batik + tiwul < 203_000) == (PRICE, True)
    claim = a_claim(parcel_with(placed, market.homes[1]), 1)
    (row,) = rows_of(claim)
    claim_answers.answer(
        actor=market.weaves, claim_id=claim.id, reply=Reply("money", {row.line_id: 1}, False)
    )
    assert balances()["refund_due"] == -batik
    earn_everything()
    left = balances()
    (given_back,) = rows_of(claim)
    assert stands(market, market.maker) == her_part(2 * tiwul)
    assert stands(market, market.weaver) == her_part(2 * batik) - given_back.maker_part
    assert abs(stands(market, market.weaver) - her_part(batik)) <= 1
    others = -(left["cooperative"] + left["operator"] + left["courier"])
    hers = stands(market, market.weaver) + stands(market, market.maker)
    assert hers + others + batik == placed.total
    assert findings() == []


def test_who_cannot_send_her_part_is_paid_back_alone(market):
    """The other piece of the package keeps its price: it was promised, sent and is paid so."""
    agreed(market)
    placed = order((market.tiwul, 1), (market.batik, 1))
    attempt = attempt_of(placed)
    transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    run_jobs()
    pieces = {line.variant_id: line.total for line in goods_of(placed)}
    hers, theirs = parcel_with(placed, market.kiosk), parcel_with(placed, market.homes[1])
    fulfilment.decline(actor=market.weaves, parcel_id=theirs.id, reason="gone")
    run_jobs()
    assert balances()["refund_due"] == -(pieces[market.batik.id] + theirs.fee)
    fulfilment.accept(actor=market.keeps, parcel_id=hers.id)
    handover.hand_over(actor=market.keeps, parcel_id=hers.id)
    handover.deliver(actor=market.keeps, parcel_id=hers.id)
    earn_everything()
    assert stands(market, market.maker) == her_part(pieces[market.tiwul.id])
    assert stands(market, market.weaver) == 0
    assert findings() == []
