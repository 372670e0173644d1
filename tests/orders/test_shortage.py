"""Promised goods that are not there: the same goods from elsewhere, or no money for them."""

import pytest

from cooperatives import goods, shortfalls
from cooperatives.goods import Portion
from cooperatives.models import Hold, Shortfall
from core import doctor, tasks
from core.actors import SYSTEM
from core.db import db
from core.notices import Notice
from core.tasks import Task
from orders import endings, fulfilment, handover, parcels, shortage, transfers
from orders.models import Event, Refund
from tests.cooperatives.factories import (
    a_doc,
    a_listing,
    a_lot,
    a_seller,
    a_variant,
    level,
    promised,
)
from tests.orders.factories import (
    a_market,
    attempt_of,
    balances,
    order,
    parcels_of,
    run_jobs,
)

pytestmark = pytest.mark.service
TIWUL = 18_000


@pytest.fixture
def market(app):
    return a_market(units=5)


@pytest.fixture(autouse=True)
def the_house_is_in_order(app):
    yield
    db.session.expire_all()
    found = doctor.examine_on(db.session(), app.extensions["doctor"])
    assert [(finding.invariant.id, finding.rows) for finding in found] == []


def pay(placed, market):
    attempt = attempt_of(placed)
    transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    run_jobs()


def lose(lot, place, units):
    """Somebody drops them; nothing of it is mended before `run_jobs`."""
    goods.write_off(
        actor=SYSTEM,
        doc=a_doc("waste"),
        place_id=place.id,
        portions=[Portion(lot.id, units)],
        reason="tumpah",
    )


def picked_up(market, units, method="cash_pickup"):
    """Tiwul to be picked up at the kiosk, which has five."""
    placed = order((market.tiwul, units), pickup=market.kiosk, method=method)
    run_jobs()
    return placed, parcels_of(placed)[0]


def lines_of(parcel):
    db.session.expire_all()
    return [
        (line.lot_id, line.quantity, line.given) for line in parcels.goods(db.session(), parcel.id)
    ]


def events(placed):
    db.session.expire_all()
    query = db.session.query(Event.what).filter_by(order_id=placed.id).order_by(Event.id)
    return [row.what for row in query]


def open_tasks(parcel):
    query = db.session.query(Task.kind).filter_by(doc_id=str(parcel.id), closed_at=None)
    return {row.kind for row in query}


def how_mended():
    return [row.mended_how for row in db.session.query(Shortfall).order_by(Shortfall.id)]


def test_another_lot_of_the_same_owner_takes_its_place(market):
    placed, parcel = picked_up(market, 4)
    other = a_lot(market.tiwul, market.kiosk, 3, days=150)
    lose(market.lots[1], market.kiosk, 3)
    run_jobs()
    assert lines_of(parcel) == [(market.lots[1].id, 2, 0), (other.id, 2, 0)]
    assert level(other, market.kiosk) == (3, 2, 0)
    assert placed.total == 4 * TIWUL
    assert how_mended() == ["2 replaced, 0 not given"]
    assert "goods_replaced" in events(placed)
    assert "parcel.changed" in open_tasks(parcel)


@pytest.fixture
def shared(market):
    """A product of the cooperative, of which two members have brought units to the kiosk."""
    cooperative_shop = a_seller(market.cooperative, kind="cooperative")
    return a_variant(a_listing(cooperative_shop, name="Carica"), price=TIWUL)


def test_her_own_lot_comes_before_anothers_even_if_that_expires_first(market, shared):
    first = a_lot(shared, market.kiosk, 5, days=100, owner=market.maker)
    placed = order((shared, 5), pickup=market.kiosk, method="cash_pickup")
    (parcel,) = parcels_of(placed)
    hers = a_lot(shared, market.kiosk, 1, days=190, owner=market.maker)
    theirs = a_lot(shared, market.kiosk, 5, days=120, owner=market.weaver)
    lose(first, market.kiosk, 3)
    run_jobs()
    found = {line.lot_id: line for line in parcels.goods(db.session(), parcel.id)}
    assert {lot: line.quantity for lot, line in found.items()} == {
        first.id: 2,
        hers.id: 1,
        theirs.id: 2,
    }
    assert found[hers.id].seller_id == market.maker.id
    assert found[theirs.id].seller_id == market.weaver.id
    assert found[theirs.id].terms_id == theirs.terms_id


def test_a_line_replaced_altogether_is_the_others_alone(market, shared):
    first = a_lot(shared, market.kiosk, 5, days=100, owner=market.maker)
    placed = order((shared, 5), pickup=market.kiosk, method="cash_pickup")
    (parcel,) = parcels_of(placed)
    theirs = a_lot(shared, market.kiosk, 5, days=120, owner=market.weaver)
    lose(first, market.kiosk, 5)
    run_jobs()
    (line,) = parcels.goods(db.session(), parcel.id)
    assert (line.lot_id, line.quantity, line.seller_id) == (theirs.id, 5, market.weaver.id)
    handover.give_out(actor=market.keeps, parcel_id=parcel.id)
    assert level(theirs, market.kiosk) == (0, 0, 0)


def test_who_brought_the_buyer_keeps_her_part(market):
    a_lot(market.tiwul, market.kiosk, 5, days=150)
    _placed, parcel = picked_up(market, 5)
    (line,) = parcels.goods(db.session(), parcel.id)
    line.affiliate_part, line.maker_part = 500, line.maker_part - 500
    line.affiliate_id = market.weaves.person_id
    db.session.commit()
    lose(market.lots[1], market.kiosk, 2)
    run_jobs()
    found = parcels.goods(db.session(), parcel.id)
    assert [(line.affiliate_part, line.affiliate_id) for line in found] == [
        (300, market.weaves.person_id),
        (200, market.weaves.person_id),
    ]


def test_a_line_that_has_the_lot_already_grows(market):
    other = a_lot(market.tiwul, market.kiosk, 4, days=150)
    placed, parcel = picked_up(market, 7)
    assert lines_of(parcel) == [(market.lots[1].id, 5, 0), (other.id, 2, 0)]
    lose(market.lots[1], market.kiosk, 2)
    run_jobs()
    assert lines_of(parcel) == [(market.lots[1].id, 3, 0), (other.id, 4, 0)]
    assert placed.total == 7 * TIWUL


def test_the_price_agreed_stays_when_the_shop_asks_more_now(market):
    placed, parcel = picked_up(market, 4)
    a_lot(market.tiwul, market.kiosk, 4, days=150)
    market.tiwul.price = 25_000
    db.session.commit()
    lose(market.lots[1], market.kiosk, 5)
    run_jobs()
    (line,) = parcels.goods(db.session(), parcel.id)
    assert (line.price, line.total, placed.total) == (TIWUL, 4 * TIWUL, 4 * TIWUL)


def test_what_is_paid_and_gone_is_owed_back(market):
    placed, parcel = picked_up(market, 4, method="transfer")
    pay(placed, market)
    lose(market.lots[1], market.kiosk, 4)
    run_jobs()
    assert balances()["refund_due"] == -3 * TIWUL
    assert how_mended() == ["0 replaced, 3 not given"]
    assert "goods_gone" in events(placed)
    fulfilment.accept(actor=market.keeps, parcel_id=parcel.id)
    assert lines_of(parcel) == [(market.lots[1].id, 4, 1)]
    assert balances()["refund_due"] == -3 * TIWUL
    handover.give_out(actor=market.keeps, parcel_id=parcel.id)
    assert level(market.lots[1], market.kiosk) == (0, 0, 0)


def test_declining_afterwards_pays_the_rest_back_once(market):
    placed, parcel = picked_up(market, 4, method="transfer")
    pay(placed, market)
    lose(market.lots[1], market.kiosk, 4)
    run_jobs()
    fulfilment.decline(actor=market.keeps, parcel_id=parcel.id, reason="gone")
    assert balances()["refund_due"] == -4 * TIWUL
    assert sum(refund.amount for refund in db.session.query(Refund)) == placed.total


def test_a_cash_bill_gets_smaller(market):
    placed, parcel = picked_up(market, 4)
    lose(market.lots[1], market.kiosk, 3)
    run_jobs()
    db.session.refresh(placed)
    assert (placed.total, attempt_of(placed).amount) == (2 * TIWUL, 2 * TIWUL)
    handover.give_out(actor=market.keeps, parcel_id=parcel.id, cash_seen=2 * TIWUL)
    assert balances() == {"cash": 2 * TIWUL, "held": -2 * TIWUL}


def test_a_keeper_who_saw_the_old_amount_is_told(market):
    placed, parcel = picked_up(market, 4)
    lose(market.lots[1], market.kiosk, 3)
    run_jobs()
    with pytest.raises(handover.CashChanged):
        handover.give_out(actor=market.keeps, parcel_id=parcel.id, cash_seen=4 * TIWUL)
    assert attempt_of(placed).state != "captured"


def test_after_acceptance_the_given_pieces_shrink(market):
    placed, parcel = picked_up(market, 4, method="transfer")
    pay(placed, market)
    (line,) = parcels.goods(db.session(), parcel.id)
    fulfilment.accept(actor=market.keeps, parcel_id=parcel.id, given={line.id: 3})
    lose(market.lots[1], market.kiosk, 4)
    run_jobs()
    assert lines_of(parcel) == [(market.lots[1].id, 4, 1)]
    assert balances()["refund_due"] == -3 * TIWUL
    assert open_tasks(parcel) == {"parcel.pack", "parcel.changed"}
    handover.give_out(actor=market.keeps, parcel_id=parcel.id)
    assert open_tasks(parcel) == set()


def test_what_the_maker_would_not_give_anyway_is_not_missed(market):
    placed, parcel = picked_up(market, 4, method="transfer")
    pay(placed, market)
    (line,) = parcels.goods(db.session(), parcel.id)
    fulfilment.accept(actor=market.keeps, parcel_id=parcel.id, given={line.id: 1})
    lose(market.lots[1], market.kiosk, 3)
    run_jobs()
    assert lines_of(parcel) == [(market.lots[1].id, 4, 1)]
    assert balances()["refund_due"] == -3 * TIWUL
    assert how_mended() == ["0 replaced, 0 not given"]


def test_after_acceptance_other_goods_are_given_instead(market):
    placed, parcel = picked_up(market, 4)
    fulfilment.accept(actor=market.keeps, parcel_id=parcel.id)
    fulfilment.pack(actor=market.keeps, parcel_id=parcel.id)
    other = a_lot(market.tiwul, market.kiosk, 1, days=150)
    lose(market.lots[1], market.kiosk, 3)
    run_jobs()
    assert lines_of(parcel) == [(market.lots[1].id, 3, 2), (other.id, 1, 1)]
    db.session.refresh(placed)
    assert placed.total == 3 * TIWUL
    handover.give_out(actor=market.keeps, parcel_id=parcel.id)
    assert balances()["cash"] == 3 * TIWUL


@pytest.mark.parametrize("packed", [False, True])
def test_a_parcel_with_nothing_left_ends_and_its_fee_goes_back(market, packed):
    placed = order((market.batik, 2))
    pay(placed, market)
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    if packed:
        fulfilment.pack(actor=market.weaves, parcel_id=parcel.id)
    lose(market.lots[2], market.homes[1], 5)
    run_jobs()
    db.session.refresh(placed)
    db.session.refresh(parcel)
    assert (parcel.state, placed.state) == ("cancelled", "cancelled")
    assert balances() == {"bank": placed.total, "refund_due": -placed.total}
    assert open_tasks(parcel) == set()
    told = db.session.query(Notice).filter_by(event_key=f"parcel:{parcel.id}:gone").one()
    assert told.person_id == market.weaves.person_id


def test_one_empty_parcel_does_not_end_the_other(market):
    placed = order((market.batik, 1), (market.tiwul, 7))
    pay(placed, market)
    lose(market.lots[2], market.homes[1], 5)
    run_jobs()
    states = {parcel.place_id: parcel.state for parcel in parcels_of(placed)}
    assert states.pop(market.homes[1].id) == "cancelled"
    assert set(states.values()) == {"to_accept"}
    assert placed.state == "paid"


def test_a_cash_order_with_nothing_left_is_cancelled(market):
    placed, _parcel = picked_up(market, 2)
    lose(market.lots[1], market.kiosk, 5)
    run_jobs()
    db.session.refresh(placed)
    assert (placed.state, placed.total) == ("cancelled", 0)
    assert balances() == {}


def test_an_unpaid_order_gets_other_goods_that_lapse_like_the_first(market):
    placed = order((market.tiwul, 5), pickup=market.kiosk)
    other = a_lot(market.tiwul, market.kiosk, 5, days=150)
    lose(market.lots[1], market.kiosk, 2)
    run_jobs()
    assert placed.state == "awaiting_payment"
    hold = db.session.query(Hold).filter_by(lot_id=other.id).one()
    assert (hold.state, hold.quantity, hold.until) == ("held", 2, placed.pay_by)
    pay(placed, market)
    assert balances() == {"bank": placed.total, "held": -placed.total}


def test_an_unpaid_order_without_goods_ends_and_late_money_goes_back(market):
    placed = order((market.tiwul, 5), pickup=market.kiosk)
    attempt = attempt_of(placed)
    lose(market.lots[1], market.kiosk, 1)
    run_jobs()
    db.session.refresh(placed)
    assert placed.state == "cancelled"
    assert events(placed)[-2:] == ["goods_gone_unpaid", "cancelled"]
    assert level(market.lots[1], market.kiosk) == (4, 0, 0)
    transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    assert balances() == {"bank": placed.total, "surplus_due": -placed.total}


def test_money_that_comes_before_the_news_makes_it_a_paid_order(market):
    placed = order((market.tiwul, 5), pickup=market.kiosk)
    lose(market.lots[1], market.kiosk, 1)
    (row,) = db.session.query(Shortfall).all()
    with pytest.raises(shortage.PaymentOpen):
        shortage.mend(actor=SYSTEM, shortfall_id=row.id)
    transfers.confirm(
        actor=market.treasurers[0], attempt_id=attempt_of(placed).id, amount=placed.total
    )
    shortage.mend(actor=SYSTEM, shortfall_id=row.id, is_closed=True)
    db.session.refresh(placed)
    assert placed.state == "paid"
    assert balances()["refund_due"] == -TIWUL


def test_hearing_the_news_twice_changes_nothing(market):
    placed, parcel = picked_up(market, 4, method="transfer")
    pay(placed, market)
    a_lot(market.tiwul, market.kiosk, 1, days=150)
    lose(market.lots[1], market.kiosk, 4)
    (row,) = db.session.query(Shortfall).all()
    for _ in range(3):
        shortage.mend_shortage.run(shortfall_id=row.id)
    assert balances()["refund_due"] == -2 * TIWUL
    assert [quantity for _lot, quantity, _given in lines_of(parcel)] == [3, 1]
    assert db.session.query(Refund).count() == 1


def test_two_losses_are_settled_once_each(market):
    placed, _parcel = picked_up(market, 5, method="transfer")
    pay(placed, market)
    lose(market.lots[1], market.kiosk, 1)
    lose(market.lots[1], market.kiosk, 2)
    run_jobs()
    assert balances()["refund_due"] == -3 * TIWUL
    lose(market.lots[1], market.kiosk, 1)
    run_jobs()
    assert balances()["refund_due"] == -4 * TIWUL
    assert placed.state == "paid"


def test_until_it_is_mended_nobody_answers_or_hands_over(market):
    _placed, parcel = picked_up(market, 4)
    lose(market.lots[1], market.kiosk, 3)
    who = {"actor": market.keeps, "parcel_id": parcel.id}
    for act in (fulfilment.accept, handover.give_out):
        with pytest.raises(parcels.BeingMended):
            act(**who)
    with pytest.raises(parcels.BeingMended):
        fulfilment.decline(**who, reason="gone")
    run_jobs()
    fulfilment.accept(**who)
    lose(market.lots[1], market.kiosk, 1)
    with pytest.raises(parcels.BeingMended):
        fulfilment.pack(**who)
    run_jobs()


def test_a_shortfall_of_an_order_that_ended_is_only_closed(market):
    placed, _parcel = picked_up(market, 4)
    lose(market.lots[1], market.kiosk, 3)
    endings.cancel(actor=SYSTEM, order_id=placed.id)
    run_jobs()
    assert how_mended() == ["the order had ended"]
    assert db.session.query(Refund).count() == 0


def test_only_orders_are_mended_here(market):
    promised(wishes=[(market.batik, 5)], doc=a_doc("sample"))
    lose(market.lots[2], market.homes[1], 1)
    run_jobs()
    (row,) = db.session.query(Shortfall).all()
    assert row.mended_at is None
    assert shortfalls.list_open(db.session(), market.homes[1].id) == [row]


def test_the_parts_of_replaced_goods_add_up(market):
    a_lot(market.tiwul, market.kiosk, 5, days=120)
    _placed, parcel = picked_up(market, 5)
    (before,) = (parcels.frozen(line) for line in parcels.goods(db.session(), parcel.id))
    lose(market.lots[1], market.kiosk, 2)
    run_jobs()
    one, other = (parcels.frozen(line) for line in parcels.goods(db.session(), parcel.id))
    assert one + other == before


def test_the_tasks_link_to_the_page_of_who_shall_do_them(market):
    _placed, parcel = picked_up(market, 4)
    fulfilment.accept(actor=market.keeps, parcel_id=parcel.id)
    lose(market.lots[1], market.kiosk, 3)
    run_jobs()
    waiting = tasks.list_for(db.session(), market.keeps)
    assert {task.link for task in waiting} == {f"/kios-kerja/paket/{parcel.id}"}
    assert {task.kind for task in waiting} == {"parcel.pack", "parcel.changed"}
